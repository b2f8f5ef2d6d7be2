# SPDX-License-Identifier: GPL-3.0-or-later
"""补正, end to end: the district asks for two answers and a paper, the resident comes back with the receipt and answers them."""
import unittest

from evidence import qr_text, queue, record_values, wait_for_case
from handed_in import HandedIn, plan
from robot import Robot
from stage import wait_for

REASONS = ["这个号码打不通，请再写一遍。", "和户口簿上写的不一样，请看一看。", "上次的单据缺第二页，请带齐。"]


class Correction(HandedIn):
    def test_what_is_wanted_is_answered_at_the_counter_and_the_district_sees_both(self):
        resident = plan("expenditure-relief")
        receipt = self.apply(resident)
        before = self.show(receipt)
        old_phone = resident["answers"]["/data/contact/phone"]
        self.assertEqual(record_values(before["record_xml"])["/data/contact/phone"], old_phone)

        listed = self.district("correct", "--receipt", receipt, "--actor", "1001", "--days", "15",
                               "--field", "/data/contact/phone", "--reason", REASONS[0],
                               "--field", "/data/member[2]/relation", "--reason", REASONS[1],
                               "--paper", "medical-proof", "--reason", REASONS[2]).strip()
        self.assertEqual(self.show(receipt)["status"], "14")

        answers = {"/data/answer/a1": "13900000002", "/data/answer/a2": "parent"}
        robot = Robot(self.stage, resident | {"answers": answers, "papers": {"medical-proof": "clerk"}})
        self.show_receipt(robot, qr_text(self.papers()[-1]), resident["id_number"][-4:])
        tree = robot.wait_screen("track-case", seconds=40)
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
        paper = self.papers()[-1]
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
        self.show_receipt(robot, qr_text(self.papers()[0]), resident["id_number"][-4:])
        tree = robot.wait_screen("track-case", seconds=40)
        self.assertIsNone(tree.find("track.correct"))


if __name__ == "__main__":
    unittest.main()
