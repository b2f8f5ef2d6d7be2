# SPDX-License-Identifier: GPL-3.0-or-later
"""One counter, end to end, on real parts: what a resident, a clerk, a technician and a power cut do to it."""
import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import time
import unittest

from evidence import qr_text, queue, record_values, wait_for_case
from robot import Robot
from stage import ROOT, Stage, wait_for

BUILD = os.environ.get("YIMEN_BUILD", "build/asan")


def plan(service, **changes):
    return json.loads((ROOT / f"app/demo/residents/{service}.json").read_text()) | changes


def page(url):
    """What a phone's browser shows at an address."""
    with tempfile.TemporaryDirectory() as profile:
        run = subprocess.run(["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors",
                              f"--user-data-dir={profile}", "--accept-lang=zh-CN", "--dump-dom", url],
                             stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, timeout=90)
    return run.stdout


class Counter(unittest.TestCase):
    """One stage for all tests: they follow one another as the days at a counter do."""

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-e2e-"))
        os.chmod(cls.folder, 0o755)
        cls.stage = Stage(cls.folder / "stage", BUILD)
        try:
            cls.stage.provision()
            cls.stage.start_printer()
            cls.stage.start_district()
            cls.stage.start_screen(1080, 1920)
        except BaseException:
            cls.stage.stop()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.stage.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def setUp(self):
        if not self.stage.alive("kiosk"):
            self.stage.start_kiosk()

    def tearDown(self):
        failures = self._outcome.result.failures + self._outcome.result.errors
        if failures:
            for name in ("kiosk", "district"):
                print(f"--- {name}\n{self.stage.tail(name)}")

    # -- helpers --------------------------------------------------------------------------------------------------

    def visit(self, resident):
        """A robot that has just seen its case saved, and the receipt number it was given."""
        robot = Robot(self.stage, resident)
        tree = robot.walk(until=("saved",))
        return robot, tree.find("receipt-number")["value"]

    def end_kiosk(self):
        """Ends it as the service manager does; a sanitizer's finding shows in its exit code."""
        self.assertEqual(self.stage.end("kiosk"), 0, self.stage.tail("kiosk"))

    def leave(self, robot):
        for _ in range(8):
            tree = robot.tree()
            if tree.screen == "attract":
                return
            if tree.overlay != "none":
                robot.press("close" if tree.find("close") else "stay")
                continue
            robot.press("rate.5" if tree.find("rate.5") and not tree.find("rate.5")["chosen"] else "next")
        self.assertEqual(robot.tree().screen, "attract")

    def papers(self):
        return sorted((self.stage.rig_folder / "paper").glob("*.pwg"))

    def received(self, receipt, printed=True):
        row = wait_for_case(self.stage, receipt, lambda row: row["state"] == "received" and
                            (not printed or row["receipt"] == "printed"), seconds=60)
        times = wait_for("the district's desk", 10, lambda: self.district_list().count(receipt))
        self.assertEqual(times, 1, "the district has the case once")
        return row

    def district_list(self):
        return self.stage.control("district", "list", "--district", self.stage.folder / "district")

    def record(self, receipt):
        shown = self.stage.control("district", "show", "--district", self.stage.folder / "district", receipt, "--reason",
                                   "end-to-end test")
        return record_values(json.loads(shown)["record_xml"])

    def staff(self, robot, number):
        for _ in range(5):
            robot.touch(robot.tree().find("brand"))
        robot.wait_screen("staff-pin")
        robot.type_keys(number)
        robot.press("key.enter")
        robot.type_keys(self.stage.pins()[number])
        robot.press("key.enter", settle=False)

    # -- tests ----------------------------------------------------------------------------------------------------

    def test_1_a_household_applies_and_the_district_has_every_answer(self):
        before = len(self.papers())
        robot, receipt = self.visit(plan("expenditure-relief"))
        self.assertEqual(robot.seen[:4], ["attract", "notice", "who", "identity"])
        self.received(receipt)
        self.leave(robot)

        papers = self.papers()
        self.assertEqual(len(papers), before + 1, "one receipt came out of the printer")
        address = qr_text(papers[-1])
        self.assertIn(f"?n={receipt}&s=", address)
        self.assertLessEqual(len(address), 203)
        self.assertIn("已收件", page(address))

        record = self.record(receipt)
        self.assertEqual(record["/data/visit/receipt_number"], receipt)
        self.assertEqual(record["/data/applicant/name"], robot.typed.pop("name"))
        self.assertEqual(record["/data/applicant/id_number"], robot.typed.pop("id_number"))
        self.assertGreater(len(robot.typed), 25)
        for ref, answer in robot.typed.items():
            got = record.get(ref)
            if re.fullmatch(r"\d{8}", answer) and got and "-" in got:
                got = got.replace("-", "")
            self.assertEqual(got, answer, ref)
        papers = " ".join(f"{paper}:{answer}" for paper, answer in plan("expenditure-relief")["papers"].items())
        self.assertEqual(record["/data/visit/papers"], papers, "asked only of whom they concern")

    def test_2_urgent_help_is_saved_and_printed_while_the_district_is_away(self):
        self.stage.end("district")
        robot, receipt = self.visit(plan("urgent-relief"))
        wait_for_case(self.stage, receipt, lambda row: row["receipt"] == "printed")
        self.assertNotEqual(queue(self.stage)[0]["state"], "received")
        self.assertIn(f"?n={receipt}&s=", qr_text(self.papers()[-1]))
        self.leave(robot)
        self.stage.start_district()
        self.received(receipt)
        self.assertEqual(self.record(receipt)["/data/event/type"], "fire")

    def test_3_killed_right_after_saved_nothing_is_lost_or_doubled(self):
        self.stage.end("district")
        robot, receipt = self.visit(plan("urgent-relief"))
        self.stage.end("kiosk", signal.SIGKILL)
        printed = len(self.papers())
        self.stage.start_kiosk()
        tree = robot.wait_screen("attract")
        self.assertIsNotNone(tree.find("notice"), "the attract screen says that a case was just saved")
        self.assertEqual([row["number"] for row in queue(self.stage)].count(receipt), 1)
        self.stage.start_district()
        self.received(receipt, printed=False)
        time.sleep(2)
        self.assertLessEqual(len(self.papers()), printed + 1, "no second receipt comes by itself")

    def test_4_without_paper_number_and_code_stay_and_nothing_prints_later(self):
        self.stage.printer_knob("paper-out", self.stage.rig_folder)
        before = len(self.papers())
        robot, receipt = self.visit(plan("urgent-relief"))
        tree = wait_for("the printer's answer", 30, lambda: (lambda t: t if t.find("reprint") else None)(robot.tree()))
        self.assertIsNotNone(tree.find("qr"))
        self.assertEqual(tree.find("receipt-number")["value"], receipt)
        self.leave(robot)
        self.stage.printer_knob("refill", self.stage.rig_folder)
        self.received(receipt, printed=False)
        time.sleep(3)
        self.assertEqual(len(self.papers()), before, "after the refill nothing prints by itself")

    def test_5_a_clerk_prints_a_marked_copy_and_a_technician_tests_the_machine(self):
        receipt = queue(self.stage)[0]["number"]
        robot = Robot(self.stage, plan("urgent-relief"))
        before = len(self.papers())
        self.staff(robot, "1001")
        robot.wait_screen("staff-queue")
        robot.press(f"case.{receipt}")
        robot.wait_screen("staff-case")
        robot.press("case-reprint")
        wait_for("the copy", 30, lambda: len(self.papers()) > before)
        self.assertIn(f"?n={receipt}&s=", qr_text(self.papers()[-1]))
        row = next(row for row in queue(self.stage) if row["number"] == receipt)
        self.assertGreaterEqual(row["prints"], 2)
        robot.press("back")
        robot.wait_screen("staff-queue")
        robot.press("back")
        robot.wait_screen("attract")

        self.staff(robot, "9001")
        robot.wait_screen("technician")
        robot.press("self-test")
        tree = wait_for("the self-test", 40, lambda: (lambda t: t if len(t.starting("check.")) >= 5 and not any(
            "running" in n["value"] for n in t.starting("check.")) else None)(robot.tree()))
        self.assertFalse([n["name"] for n in tree.starting("check.") if n["value"] == "bad"])
        robot.press("back")
        robot.wait_screen("attract")

    def test_6_the_audit_chain_holds_and_no_name_is_in_clear_on_the_disk(self):
        self.end_kiosk()
        self.assertRegex(self.stage.control("audit", "verify", "--kiosk", self.stage.folder / "kiosk"), r"\d+ entries, head")
        heads = self.folder / "heads"
        heads.write_text(self.stage.control("district", "heads", "--district", self.stage.folder / "district"))
        self.assertIn("whose head was given", self.stage.control("audit", "verify", "--kiosk", self.stage.folder / "kiosk",
                                                                 "--head", heads))
        canaries = ["张三".encode(), b"370212198802291011", b"13800000000"]
        for side in ("kiosk", "district"):
            for path in (self.stage.folder / side).rglob("*"):
                if path.is_file() and "content" not in path.parts and "forms" not in path.parts:
                    data = path.read_bytes()
                    for canary in canaries:
                        self.assertNotIn(canary, data, path)
        for name in ("kiosk", "district"):
            log = (self.stage.folder / f"{name}.log").read_bytes()
            for canary in canaries:
                self.assertNotIn(canary, log, name)

    def test_7_a_form_file_that_is_broken_leaves_the_other_services_open(self):
        assets = self.folder / "assets"
        shutil.copytree(ROOT / "assets", assets)
        (assets / "forms/expenditure_relief.xml").write_text("<h:html>\n<broken\n")
        self.end_kiosk()
        self.stage.start_kiosk("--assets", assets)
        robot = Robot(self.stage, plan("expenditure-relief"))
        robot.press("service.expenditure-relief")
        robot.wait_screen("problem", seconds=10)
        robot.press("back")
        robot.wait_screen("attract")
        robot, receipt = self.visit(plan("urgent-relief"))
        self.leave(robot)
        self.received(receipt, printed=False)
        log = (self.stage.folder / "kiosk.log").read_text(errors="replace")
        self.assertRegex(log, r"expenditure_relief\.xml.*line \d")
        self.end_kiosk()

    def test_8_a_district_with_a_foreign_certificate_gets_nothing(self):
        authority = self.stage.folder / "kiosk/keys/ca.crt"
        good = authority.read_bytes()
        self.end_kiosk()
        foreign = self.folder / "foreign.crt"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout",
                        str(self.folder / "foreign.key"), "-out", str(foreign), "-subj", "/CN=foreign", "-days", "2"],
                       check=True, stderr=subprocess.DEVNULL)
        authority.write_bytes(foreign.read_bytes())
        self.stage.start_kiosk()
        robot, receipt = self.visit(plan("urgent-relief"))
        self.leave(robot)
        time.sleep(3)
        row = next(row for row in queue(self.stage) if row["number"] == receipt)
        self.assertNotEqual(row["state"], "received")
        self.end_kiosk()
        authority.write_bytes(good)
        self.stage.start_kiosk()
        self.received(receipt, printed=False)


if __name__ == "__main__":
    unittest.main()
