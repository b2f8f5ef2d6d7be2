# SPDX-License-Identifier: GPL-3.0-or-later
"""补正, end to end: the district asks for two answers and a paper, the resident comes back with the receipt and answers them."""
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
REASONS = ["这个号码打不通，请再写一遍。", "和户口簿上写的不一样，请看一看。", "上次的单据缺第二页，请带齐。"]


def plan(service, **changes):
    return json.loads((ROOT / f"app/demo/residents/{service}.json").read_text()) | changes


class Correction(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-correction-"))
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
        robot.type_keys(last_four)
        robot.press("next", settle=False)
        return robot.wait_screen("track-case", seconds=40)

    # -- the story ------------------------------------------------------------------------------------------------

    def test_what_is_wanted_is_answered_at_the_counter_and_the_district_sees_both(self):
        resident = plan("expenditure-relief")
        receipt = self.apply(resident)
        before = self.show(receipt)
        old_phone = resident["answers"]["/data/contact/phone"]
        self.assertEqual(record_values(before["record_xml"])["/data/contact/phone"], old_phone)

        listed = self.district("correct", "--receipt", receipt, "--actor", "1001",
                               "--field", "/data/contact/phone", "--reason", REASONS[0],
                               "--field", "/data/member[2]/relation", "--reason", REASONS[1],
                               "--paper", "medical-proof", "--reason", REASONS[2]).strip()
        self.assertEqual(self.show(receipt)["status"], "14")

        answers = {"/data/answer/a1": "13900000002", "/data/answer/a2": "parent"}
        robot = Robot(self.stage, resident | {"answers": answers, "papers": {"medical-proof": "clerk"}})
        tree = self.find_case(robot, receipt, resident["id_number"][-4:])
        self.assertIsNotNone(tree.find("track.correct"), tree.text())
        robot.press("track.correct")
        tree = robot.wait_screen("wanted")
        for reason in REASONS:
            self.assertIn(reason, tree.text(), "the district's own words, in full")
        self.assertIn(" 2 · ", tree.text(), "which of the household")
        tree = robot.walk(until=("saved",))
        answer = tree.find("receipt-number")["value"]
        self.assertEqual(answer[15], "5", "a correction's receipt is of type 5")
        self.assertEqual(robot.typed, answers)
        self.assertNotIn("identity", robot.seen)
        wait_for_case(self.stage, answer, lambda row: row["state"] == "received" and row["receipt"] == "printed", seconds=60)
        self.assertEqual(len(queue(self.stage)), 2)
        paper = sorted((self.stage.rig_folder / "paper").glob("*.pwg"))[-1]
        self.assertIn(f"?n={answer}&s=", qr_text(paper))
        self.leave(robot)

        def answered():
            case = self.show(receipt)
            return case if case["status"] != "14" else None
        case = wait_for("the case to go on", 30, answered)
        self.assertEqual(case["status"], "10")
        (told,) = case["corrections"]
        self.assertEqual((told["list"], told["state"], told["answered_by"]["receipt"]), (listed, "answered", answer))
        phone, relation, proof = told["items"]
        self.assertEqual((phone["before"], phone["after"], phone["differs"]), (old_phone, "13900000002", True))
        self.assertEqual(relation["after"], "parent")
        self.assertEqual(proof["answer"], "clerk")
        self.assertEqual(self.show(answer)["of_instance"], case["instance"])

        # Nothing is wanted any more, and the resident sees both.
        tree = self.find_case(robot, receipt, resident["id_number"][-4:])
        self.assertIsNone(tree.find("track.correct"))


if __name__ == "__main__":
    unittest.main()
