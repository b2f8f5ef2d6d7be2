# SPDX-License-Identifier: GPL-3.0-or-later
"""A resume ticket, end to end: taken at the start, the power cut in the middle of the longest form, scanned again, handed
in; and then it is worth nothing any more."""
import json
import os
import pathlib
import re
import shutil
import signal
import tempfile
import time
import unittest

from evidence import qr_text, queue, record_values, wait_for_case
from robot import Robot
from stage import ROOT, Stage, wait_for

BUILD = os.environ.get("YIMEN_BUILD", "build/asan")
CUT_AT = 30


class PowerCut(Exception):
    pass


class TicketTaker(Robot):
    """Takes the ticket that is offered, and counts the answers until the power goes."""

    cut_at = CUT_AT

    def on_ticket_offer(self, tree):
        self.picture("ticket-offer")
        self.press("ticket")

    def on_ticket(self, tree):
        wait_for("the ticket", 40, lambda: list((self.stage.rig_folder / "paper").glob("*.pwg")))
        self.picture("ticket")
        self.press("have-ticket")

    def on_question(self, tree):
        if self.cut_at and len(self.typed) >= self.cut_at:
            raise PowerCut
        super().on_question(tree)


def screen_refs(tree):
    return sorted({node["ref"] for node in tree.nodes if node["ref"]})


class Ticket(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-ticket-"))
        os.chmod(cls.folder, 0o755)
        cls.stage = Stage(cls.folder / "stage", BUILD)
        cls.reader = cls.folder / "reader"
        os.mkfifo(cls.reader)
        try:
            cls.stage.provision()
            cls.stage.start_printer()
            cls.stage.start_district()
            cls.stage.start_screen(1080, 1920)
            cls.stage.start_kiosk("--code-device", cls.reader)
        except BaseException:
            cls.stage.stop()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.stage.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def tearDown(self):
        if self._outcome.result.failures + self._outcome.result.errors:
            for name in ("kiosk", "district"):
                print(f"--- {name}\n{self.stage.tail(name)}")

    def scan(self, text):
        """As a code reader does: one line."""
        with open(self.reader, "w") as line:
            line.write(text + "\r\n")

    def papers(self):
        return sorted((self.stage.rig_folder / "paper").glob("*.pwg"))

    def on_disk(self, *texts):
        """Which of these are in clear anywhere in the kiosk's or the district's folder."""
        found = []
        for side in ("kiosk", "district"):
            for path in (self.stage.folder / side).rglob("*"):
                if path.is_file() and "content" not in path.parts and "forms" not in path.parts:
                    data = path.read_bytes()
                    found += [(text, path) for text in texts if text.encode() in data]
        return found

    def test_a_power_cut_in_the_longest_form_loses_nothing(self):
        plan = json.loads((ROOT / "app/demo/residents/expenditure-relief.json").read_text())
        robot = TicketTaker(self.stage, plan, os.environ.get("YIMEN_PICTURES"))
        with self.assertRaises(PowerCut):
            robot.walk(until=("saved",))
        ticket = qr_text(self.papers()[-1])
        self.assertRegex(ticket, r"^YT1:[A-Za-z0-9_-]{66}$")
        self.assertNotIn(plan["id_number"][-4:], ticket)
        before = robot.tree()
        self.assertEqual(before.screen, "question")
        time.sleep(0.5)
        self.stage.end("kiosk", signal.SIGKILL)
        self.stage.end("district")  # its own kiosk needs nobody
        self.assertEqual(self.on_disk(plan["id_number"], plan["name"]["text"]), [])

        self.stage.start_kiosk("--code-device", self.reader)
        robot.wait_screen("attract")
        self.assertEqual(len(queue(self.stage)), 0)
        self.scan("https://somewhere.example/else")
        wait_for("the calm answer", 10, lambda: robot.tree().overlay == "code")
        robot.press("close")
        self.scan(ticket)
        robot.wait_screen("code")
        robot.picture("code")
        robot.type_keys("1111")
        wait_for("the wrong code", 20, lambda: robot.tree().find("problem"))
        self.assertNotIn("1111", robot.ask("tree"))
        robot.type_keys(plan["id_number"][-4:])
        after = robot.wait_screen("question", seconds=30)
        self.assertEqual(screen_refs(after), screen_refs(before), "the same question")
        robot.picture("back-again")

        self.stage.start_district()
        robot.cut_at = None
        tree = robot.walk(until=("saved",))
        receipt = tree.find("receipt-number")["value"]
        wait_for_case(self.stage, receipt, lambda row: row["state"] == "received", seconds=60)
        shown = self.stage.control("district", "show", "--district", self.stage.folder / "district", receipt, "--reason",
                                   "end-to-end test")
        record = record_values(json.loads(shown)["record_xml"])
        self.assertEqual(record["/data/applicant/name"], robot.typed.pop("name"))
        self.assertEqual(record["/data/applicant/id_number"], robot.typed.pop("id_number"))
        self.assertGreater(len(robot.typed), CUT_AT)
        for ref, answer in robot.typed.items():
            got = record.get(ref)
            if re.fullmatch(r"\d{8}", answer) and got and "-" in got:
                got = got.replace("-", "")
            self.assertEqual(got, answer, ref)

        for _ in range(8):
            tree = robot.tree()
            if tree.screen == "attract":
                break
            robot.press("rate.5" if tree.find("rate.5") and not tree.find("rate.5")["chosen"] else "next")
        self.scan(ticket)
        tree = robot.wait_screen("problem")
        self.assertIn("TICKET-SPENT", tree.text())
        robot.picture("spent")
        robot.press("back")
        robot.wait_screen("attract")
        self.assertEqual(self.stage.end("kiosk"), 0, self.stage.tail("kiosk"))
        self.assertEqual(self.on_disk(plan["id_number"], plan["name"]["text"]), [])


if __name__ == "__main__":
    unittest.main()
