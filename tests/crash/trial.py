# SPDX-License-Identifier: GPL-3.0-or-later
"""A real kiosk without a window, a real district, and the count of what became of every case.

Used by the trials beside it. A trial that this machine cannot carry out ends with `skip`, visibly, never as passed.
"""
import collections
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "app/demo"))
from evidence import queue  # noqa: E402
from stage import Stage, StageError, wait_for  # noqa: E402

SKIPPED = 77  # the exit code of a test that could not run


def skip(name, why):
    print(f"SKIPPED: {name}: {why}")
    sys.exit(SKIPPED)


def can(command):
    """Does a command that needs rights or a kernel's help work here?"""
    try:
        return subprocess.run(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False


class Trial:
    """One kiosk, one district. What residents were told is kept however the kiosk ends."""

    def __init__(self, name, build):
        self.name, self.begun = name, time.monotonic()
        self.place = pathlib.Path(tempfile.mkdtemp(prefix=f"yimen-{name}-"))
        self.stage = Stage(self.place / "stage", ROOT / build)
        self.counter = self.reader = None
        self.kiosk_prefix = []  # what the kiosk's process is started through
        self.told = collections.Counter()
        self.printed = set()
        self.refused = collections.Counter()
        self.words = collections.Counter()
        self.heard = threading.Condition()
        self.kills = 0

    def __enter__(self):
        self.stage.provision()
        return self

    def __exit__(self, kind, *_):
        self.end_counter(signal.SIGKILL)
        self.stage.stop()
        if kind is None:
            shutil.rmtree(self.place, ignore_errors=True)
        else:
            print(f"{self.name}: what it left is in {self.place}", file=sys.stderr)

    # -- the kiosk ------------------------------------------------------------------------------------------------

    @property
    def folder(self):
        return self.stage.folder / "kiosk"

    def read(self, pipe):
        for line in pipe:
            word, _, what = line.strip().partition(" ")
            self.words[word] += 1
            if word == "saved":
                self.told[what] += 1
            elif word == "printed":
                self.printed.add(what)
            elif word == "refused":
                self.refused[what] += 1
            elif word == "stuck":
                print(f"\n{self.name}: stuck at {what}", file=sys.stderr)
            with self.heard:
                self.heard.notify_all()

    def wait_for_word(self, word, times=1, seconds=120):
        """Until this kiosk has said it so often, however busy the machine is."""
        def said():
            return self.words[word] >= times or self.counter.poll() is not None
        with self.heard:
            while not said():
                seconds -= 1
                if not self.heard.wait(1) and seconds < 0:
                    raise StageError(f"{self.name}: the kiosk does not say {word}")
        if self.words[word] < times:
            raise StageError(f"the kiosk ended before it said {word}: " + self.stage.tail("kiosk"))

    def start_counter(self, *arguments):
        self.words.clear()
        log = open(self.stage.folder / "kiosk.log", "ab")
        command = [*self.kiosk_prefix, str(self.stage.build / "tests/crash/counter"), str(self.folder),
                   *map(str, arguments)]
        self.counter = subprocess.Popen(command, cwd=ROOT, env=self.stage.environment, stdout=subprocess.PIPE,
                                        stderr=log, stdin=subprocess.DEVNULL, text=True)
        log.close()
        self.reader = threading.Thread(target=self.read, args=(self.counter.stdout,), daemon=True)
        self.reader.start()

    def end_counter(self, how=signal.SIGTERM):
        """Its exit code; None when it was not running."""
        if self.counter is None:
            return None
        counter, self.counter = self.counter, None
        if counter.poll() is None:
            counter.send_signal(how)
        try:
            code = counter.wait(30)
        except subprocess.TimeoutExpired:
            counter.kill()
            counter.wait()
            raise StageError("the kiosk does not end on SIGTERM") from None
        self.reader.join(10)
        if how == signal.SIGKILL:
            self.kills += code == -signal.SIGKILL
        return code

    # -- the count ------------------------------------------------------------------------------------------------

    def ledger(self):
        return queue(self.stage)

    def district_list(self):
        return json.loads(self.stage.control("district", "list", "--district", self.stage.folder / "district"))

    def drain(self, seconds=60):
        """Nobody comes any more; the kiosk sends what it has."""
        self.start_counter("--cases", 0)

        def sent():
            if self.counter.poll() is not None:
                raise StageError("the kiosk ended while sending: " + self.stage.tail("kiosk"))
            return self.words["open"] and all(row["state"] == "received" for row in self.ledger())
        try:
            wait_for("everything to be sent", seconds, sent)
        finally:
            code = self.end_counter()
        if code != 0:
            raise StageError(f"the kiosk ended with {code}: " + self.stage.tail("kiosk"))

    def check(self):
        """Residents' papers, the kiosk's ledger and the district's list must agree. Gives back the number of cases."""
        ledger = {row["number"]: row["instance"] for row in self.ledger()}
        district = [(row["receipt"], row["instance"]) for row in self.district_list()]
        at_district = collections.Counter(number for number, _ in district)
        instances = collections.Counter(instance for _, instance in district)
        faults = {
            "lost": [number for number in self.told if not at_district[number]],
            "doubled": [number for number, times in at_district.items() if times > 1]
                       + [instance for instance, times in instances.items() if times > 1]
                       + [number for number, times in self.told.items() if times > 1],
            "receipts-unbacked": [number for number in self.printed if number not in ledger],
            "unknown-to-the-kiosk": [number for number, instance in district if ledger.get(number) != instance],
            "not-at-the-district": [number for number in ledger if not at_district[number]],
        }
        if any(faults.values()):
            raise StageError(f"{self.name}: " + ", ".join(f"{name} {found}" for name, found in faults.items() if found))
        self.stage.control("audit", "verify", "--kiosk", self.folder)
        heads = self.place / "heads"
        heads.write_text(self.stage.control("district", "heads", "--district", self.stage.folder / "district"))
        if heads.read_text():  # what the district was told must be in the chain as it is
            self.stage.control("audit", "verify", "--kiosk", self.folder, "--head", heads)
        self.stage.control("district", "audit", "--district", self.stage.folder / "district")
        return len(ledger)

    def verdict(self, more=""):
        cases = self.check()
        print(f"{self.name}: saved {cases} told {len(self.told)} printed {len(self.printed)} received {cases} lost 0 "
              f"doubled 0 receipts-unbacked 0{more}, {time.monotonic() - self.begun:.0f} s")


def run(main):
    """Turns what went wrong into words and an exit code."""
    os.chdir(ROOT)
    try:
        main()
    except StageError as failure:
        sys.exit(str(failure))
