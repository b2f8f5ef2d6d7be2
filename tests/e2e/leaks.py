# SPDX-License-Identifier: GPL-3.0-or-later
"""Where something that was typed may have stayed: memory of a process, files, the screen."""
import os
import pathlib
import signal
import stat
import subprocess

ENCODINGS = ("utf-8", "utf-16-le", "utf-32-le")
PIECE = 10          # characters: what was typed half, or overwritten half, is found too
LARGEST_FILE = 64 << 20
PAGE = os.sysconf("SC_PAGE_SIZE")


class Canary:
    """A text that nothing else on this machine contains, in every form in which libraries keep text."""

    def __init__(self, label, text):
        self.label = label
        self.text = text
        pieces = {text} if len(text) < PIECE + 2 else {text[:PIECE], text[-PIECE:]}
        self.needles = [(encoding, piece.encode(encoding)) for piece in sorted(pieces) for encoding in ENCODINGS]

    def found_in(self, data):
        """(encoding, offset) of each of its forms that is there, the first place of each."""
        return [(encoding, at) for encoding, needle in self.needles if (at := data.find(needle)) >= 0]


class Hit:
    def __init__(self, canary, encoding, place, around):
        self.canary, self.encoding, self.place, self.around = canary, encoding, place, around

    def __str__(self):
        shown = "".join(chr(byte) if 0x20 <= byte < 0x7F else "." for byte in self.around)
        return f"{self.canary.label} ({self.encoding}) in {self.place}: {shown}"


def search(data, canaries, place):
    """Hits in some bytes; `place(offset)` names where they lie."""
    return [Hit(canary, encoding, place(at), data[max(0, at - 48):at + 64])
            for canary in canaries for encoding, at in canary.found_in(data)]


# -- memory ---------------------------------------------------------------------------------------------------------------


def writable_maps(pid):
    """(first, last + 1, name) of what the process can write to; code and files read in can hold nothing that was typed."""
    for line in pathlib.Path(f"/proc/{pid}/maps").read_text().splitlines():
        addresses, rights, _, _, _, *name = line.split(None, 5)
        if "w" in rights and "r" in rights and not (name and name[0].startswith(("/dev/", "[vvar"))):
            first, last = (int(address, 16) for address in addresses.split("-"))
            yield first, last, name[0].strip() if name else "anonymous"


def present_pages(pid, first, last):
    """Runs of pages that exist, in memory or swapped out: most of a thread's stack never did."""
    with open(f"/proc/{pid}/pagemap", "rb") as pages:
        pages.seek(first // PAGE * 8)
        flags = pages.read((last - first) // PAGE * 8)[7::8]
    begin = None
    for index, flag in enumerate(flags + b"\0"):
        if flag & 0xC0 and begin is None:
            begin = index
        elif not flag & 0xC0 and begin is not None:
            yield first + begin * PAGE, first + index * PAGE
            begin = None


def search_memory(pid, canaries):
    """Hits in the memory of a process, which is stopped meanwhile."""
    hits = []
    os.kill(pid, signal.SIGSTOP)
    try:
        memory = os.open(f"/proc/{pid}/mem", os.O_RDONLY)
        try:
            for first, last, name in writable_maps(pid):
                for begin, end in present_pages(pid, first, last):
                    data = os.pread(memory, end - begin, begin)
                    hits += search(data, canaries, lambda at: f"{name} {begin:x}+{at:x}")
        finally:
            os.close(memory)
    finally:
        os.kill(pid, signal.SIGCONT)
    return hits


def unlinked_files(pid):
    """Files that the process holds open but that have no name any more."""
    for entry in pathlib.Path(f"/proc/{pid}/fd").iterdir():
        try:
            if os.readlink(entry).endswith(" (deleted)") and entry.is_file():
                yield entry
        except OSError:
            continue


# -- files ----------------------------------------------------------------------------------------------------------------


def is_somebody_elses(folder):
    """Builds and checkouts are of developers, not of the product."""
    return any((folder / name).exists() for name in (".git", "CMakeLists.txt", "CMakeCache.txt"))


def files_since(top, since):
    """Files below a folder that were written after a time."""
    for folder, folders, names in os.walk(top, onerror=lambda _: None):
        folder = pathlib.Path(folder)
        if is_somebody_elses(folder) or os.path.ismount(folder) and str(folder) != str(top):
            folders.clear()
            continue
        for name in names:
            path = folder / name
            try:
                status = path.lstat()
            except OSError:
                continue
            if stat.S_ISREG(status.st_mode) and status.st_ctime >= since and status.st_size <= LARGEST_FILE:
                yield path


def search_files(paths, canaries):
    hits = []
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError:
            continue
        hits += search(data, canaries, lambda at: f"{path}+{at:x}")
        hits += [Hit(canary, "file name", str(path), b"") for canary in canaries if canary.text in str(path)]
    return hits


# -- the screen -----------------------------------------------------------------------------------------------------------


def screen(environment):
    """The picture that the display server really shows: (width, height, bytes a line, bytes a pixel, pixels)."""
    dump = subprocess.run(["xwd", "-root", "-silent"], env=environment, stdout=subprocess.PIPE, check=True).stdout
    field = lambda number: int.from_bytes(dump[number * 4:number * 4 + 4], "big")
    pixels = dump[field(0) + field(19) * 12:]
    return field(4), field(5), field(12), field(11) // 8, pixels


def different_rows(one, other, left_out):
    """Rows of two pictures that differ outside some boxes (x, y, width, height)."""
    width, height, line, depth, _ = one
    rows = []
    for y in range(height):
        spans, begin = [], 0
        for x, _, wide, _ in sorted(box for box in left_out if box[1] <= y < box[1] + box[3]):
            spans.append((begin, max(begin, x)))
            begin = max(begin, x + wide)
        spans.append((begin, width))
        if any(one[4][y * line + a * depth:y * line + b * depth] != other[4][y * line + a * depth:y * line + b * depth]
               for a, b in spans):
            rows.append(y)
    return rows
