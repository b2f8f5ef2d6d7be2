# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be seen from outside of a case: the kiosk's queue and log, the printed raster, the district's record."""
import datetime
import json
import pathlib
import subprocess
import xml.etree.ElementTree as ElementTree

from stage import StageError, wait_for


def queue(stage):
    return json.loads(stage.control("queue", "list", "--kiosk", stage.folder / "kiosk", "--json"))["cases"]


def logged_utc_ms(stage, event, word):
    """When the kiosk's log first says `event` on a line with `word`; None when it does not."""
    for line in (stage.folder / "kiosk.log").read_text(errors="replace").splitlines():
        if f" {event} " in line and word in line:
            stamp = line[line.index("20"):].split(" ")[0]
            return datetime.datetime.fromisoformat(stamp.replace("Z", "+00:00")).timestamp() * 1000
    return None


def wait_for_case(stage, receipt, good, seconds=40):
    """The queue's row of a case, once `good(row)`."""
    def check():
        row = next((row for row in queue(stage) if row["number"] == receipt), None)
        return row if row and good(row) else None
    return wait_for(f"case {receipt}", seconds, check)


def raster_picture(raster, picture):
    """The 1-bit PWG raster a printer received, as a PGM file with a little blur (what a camera's lens does)."""
    data = pathlib.Path(raster).read_bytes()
    if data[:4] != b"RaS2":
        raise StageError(f"{raster} is no PWG raster")
    header = data[4:4 + 1796]
    field = lambda offset: int.from_bytes(header[offset:offset + 4], "big")
    width, height, bits, line = field(372), field(376), field(388), field(392)
    if bits != 1:
        raise StageError(f"{raster} has {bits} bits a pixel")
    black_is_one = field(400) == 3
    rows, at = [], 4 + 1796
    while len(rows) < height:
        repeat = data[at] + 1
        at += 1
        row = bytearray()
        while len(row) < line:
            count = data[at]
            at += 1
            if count < 128:
                row += data[at:at + 1] * (count + 1)
                at += 1
            else:
                row += data[at:at + 257 - count]
                at += 257 - count
        rows += [bytes(row)] * repeat
    pixels = bytearray()
    for row in rows[:height]:
        for x in range(width):
            dark = (row[x >> 3] >> (7 - (x & 7)) & 1) == (1 if black_is_one else 0)
            pixels.append(0 if dark else 255)
    pathlib.Path(picture).write_bytes(b"P5 %d %d 255\n" % (width, height) + bytes(pixels))
    return picture


def qr_text(raster):
    """What a reader makes of the receipt's QR code."""
    picture = raster_picture(raster, str(raster) + ".pgm")
    run = subprocess.run(["zbarimg", "-q", "--nodbus", "--raw", "-Sdisable", "-Sqrcode.enable", picture],
                         stdout=subprocess.PIPE, text=True)
    text = run.stdout.strip()
    if not text:
        raise StageError(f"no QR code can be read on {raster}")
    return text


def record_values(xml):
    """A record's leaves: positional path -> text, namespaces left out."""
    values = {}

    def walk(element, path):
        children = list(element)
        if not children:
            values[path] = element.text or ""
        names = [child.tag.split("}")[-1] for child in children]
        counts = {}
        for child, name in zip(children, names):
            counts[name] = counts.get(name, 0) + 1
            several = names.count(name) > 1
            walk(child, f"{path}/{name}[{counts[name]}]" if several else f"{path}/{name}")

    root = ElementTree.fromstring(xml)
    walk(root, "/" + root.tag.split("}")[-1])
    return values
