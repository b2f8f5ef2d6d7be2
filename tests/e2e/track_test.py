# SPDX-License-Identifier: GPL-3.0-or-later
"""查办到哪了, end to end: the receipt's number and the last four lead to the case; a wrong four does not; the receipt is
printed again under a new token, and the application is withdrawn."""
import json
import os
import pathlib
import shutil
import tempfile
import unittest

from evidence import qr_text, queue, record_values, wait_for_case
from robot import Robot
from stage import ROOT, Stage, wait_for

BUILD = os.environ.get("YIMEN_BUILD", "build/asan")


def plan(service, **changes):
    return json.loads((ROOT / f"app/demo/residents/{service}.json").read_text()) | changes


class Track(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-track-"))
        os.chmod(self.folder, 0o755)
        self.stage = Stage(self.folder / "stage", BUILD)
        self.stage.provision()
        self.stage.start_printer()
        self.stage.start_district()
        self.stage.start_screen(1080, 1920)
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

    # -- tests ----------------------------------------------------------------------------------------------------

    def test_a_case_is_found_its_receipt_printed_again_and_the_application_withdrawn(self):
        resident = plan("expenditure-relief")
        receipt = self.apply(resident)
        last_four = self.record(receipt)["/data/applicant/id_number"][-4:]
        robot = Robot(self.stage, resident)
        wait_for("the opener", 20, lambda: "opened" in self.row(receipt)["record"])

        self.find_case(robot, receipt, "0000" if last_four != "0000" else "1111")
        wait_for("the refusal", 30, lambda: robot.tree().find("problem"))
        self.type_factor(robot, last_four)
        tree = robot.wait_screen("track-case", seconds=40)
        self.assertIn("已收件", tree.find("state")["name"])

        before = len(self.papers())
        robot.press("track.reprint")
        wait_for("the copy", 60, lambda: len(self.papers()) > before)
        first, second = qr_text(self.papers()[-2]), qr_text(self.papers()[-1])
        self.assertNotEqual(first, second, "a new token")
        self.assertIn(f"?n={receipt}&s=", second)

        robot.press("track.withdraw")
        robot.press("withdraw-sure")
        robot.wait_screen("question")
        robot.press("next")
        robot.wait_screen("review")
        robot.press("next")
        tree = robot.wait_screen("saved", seconds=60)
        withdrawal = tree.find("receipt-number")["value"]
        self.assertNotEqual(withdrawal, receipt)
        self.leave(robot)
        wait_for("the withdrawal", 60, lambda: self.row(receipt)["status"] == "96")
        self.assertEqual([item["receipt"] for item in self.show(receipt)["linked"]], [withdrawal])
        self.assertEqual(self.stage.end("kiosk"), 0, self.stage.tail("kiosk"))

    # -- more helpers -----------------------------------------------------------------------------------------------

    def papers(self):
        return sorted((self.stage.rig_folder / "paper").glob("*.pwg"))

    def record(self, receipt):
        return record_values(self.show(receipt)["record_xml"])

    def row(self, receipt):
        return next(row for row in json.loads(self.district("list")) if row["receipt"] == receipt)

    def type_factor(self, robot, last_four):
        for character in last_four:
            robot.press(f"key.{character}")
        robot.press("next", settle=False)


if __name__ == "__main__":
    unittest.main()
