# SPDX-License-Identifier: GPL-3.0-or-later
"""What the tests of a case that was handed in share."""
import json
import os
import pathlib
import shutil
import tempfile
import unittest

from evidence import qr_text, wait_for_case
from robot import Robot
from stage import ROOT, Stage

BUILD = os.environ.get("YIMEN_BUILD", "build/asan")


def plan(service, **changes):
    return json.loads((ROOT / f"app/demo/residents/{service}.json").read_text()) | changes


class HandedIn(unittest.TestCase):
    """A counter of its own for each test, and the way to a case that was handed in."""

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-counter-"))
        os.chmod(self.folder, 0o755)
        self.stage = Stage(self.folder / "stage", BUILD)
        self.stage.provision()
        self.stage.start_printer()
        self.stage.start_district()
        self.stage.start_screen(1080, 1920)
        self.stage.fit()
        self.stage.start_kiosk()

    def tearDown(self):
        failures = self._outcome.result.failures + self._outcome.result.errors
        if failures:
            for name in ("kiosk", "district"):
                print(f"--- {name}\n{self.stage.tail(name)}")
        self.stage.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- helpers --------------------------------------------------------------------------------------------------

    def district(self, *words):
        return self.stage.control("district", words[0], "--district", self.stage.folder / "district", *words[1:])

    def show(self, receipt):
        return json.loads(self.district("show", receipt, "--reason", "end-to-end test"))

    def apply(self, resident):
        robot = Robot(self.stage, resident)
        receipt = robot.walk(until=("saved",)).find("receipt-number")["value"]
        wait_for_case(self.stage, receipt, lambda row: row["state"] == "received" and row["receipt"] == "printed", seconds=90)
        self.leave(robot)
        return receipt

    def leave(self, robot):
        for _ in range(8):
            tree = robot.tree()
            if tree.screen == "attract":
                return
            robot.press("rate.5" if tree.find("rate.5") and not tree.find("rate.5")["chosen"] else "next")
        self.assertEqual(robot.tree().screen, "attract")

    def find_case(self, robot, receipt, last_four):
        robot.wait_screen("attract")
        robot.press("track")
        robot.wait_screen("track-find")
        robot.fill("field.number", receipt)
        if robot.tree().screen == "track-find":
            robot.press("next")
        robot.wait_screen("track-factor")
        self.type_factor(robot, last_four)

    def papers(self):
        return sorted((self.stage.rig_folder / "paper").glob("*.pwg"))

    def show_receipt(self, robot, code, last_four):
        """With the code on the receipt: what only its owner may do."""
        robot.wait_screen("attract")
        self.stage.hold_up(code)
        robot.wait_screen("track-factor")
        self.type_factor(robot, last_four)

    def type_factor(self, robot, last_four):
        for character in last_four:
            robot.press(f"key.{character}")
        robot.press("next", settle=False)
