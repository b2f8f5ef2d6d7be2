# SPDX-License-Identifier: GPL-3.0-or-later
"""查办到哪了, end to end: the receipt's number and the last four tell how far the case is; a wrong four does not; with the
code on the receipt it is printed again under a new token, and the application is withdrawn."""
import json
import unittest

from evidence import qr_text, record_values
from handed_in import HandedIn, plan
from robot import Robot
from stage import wait_for


class Track(HandedIn):
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

        for name in ("reprint", "withdraw", "add"):
            self.assertIsNone(tree.find("track." + name), "the number alone gives no rights")
        self.assertIn("二维码", tree.find("wants-receipt")["name"])
        robot.press("next")

        before = len(self.papers())
        self.show_receipt(robot, qr_text(self.papers()[-1]), last_four)
        robot.wait_screen("track-case", seconds=40)
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

    def record(self, receipt):
        return record_values(self.show(receipt)["record_xml"])

    def row(self, receipt):
        return next(row for row in json.loads(self.district("list")) if row["receipt"] == receipt)


if __name__ == "__main__":
    unittest.main()
