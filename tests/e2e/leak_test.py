# SPDX-License-Identifier: GPL-3.0-or-later
"""What was typed at the counter is nowhere afterwards: typed, abandoned, saved, interrupted; then everything is searched."""
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

from evidence import qr_text
from leaks import Canary, different_rows, files_since, screen, search, search_files, search_memory, unlinked_files
from robot import Robot
from stage import ROOT, Stage, wait_for

BUILD = os.environ.get("YIMEN_BUILD", "build/release")
IDLE_SECONDS = 5

# Plainly made up; the ID numbers are test vectors. A list of letters is typed with its characters chosen one by one.
SAVED = {
    "name": ("qiaoqianling", "乔茜菱"),
    "id": "810000198512310027",
    "phone": "13897531864",
    "account": "6200975310864219753",
    "bank": "vexqzwbankpqx",
    "street": "qzxvwkjhgfdw",
    "illness": "zjqvxwillnesspq",
    "amount": "86420975.31",
}
ABANDONED = {
    "name": ("wengpeiquan", "翁佩荃"),
    "id": "82000020000229003X",
    "half": "xiongzhaorui",
}
INTERRUPTED = {
    "name": ("baoyunzhen", "鲍筠蓁"),
    "id": "830000199001010012",
    "phone": "13986420975",
    "urgent-phone": "13775319862",
    "urgent-place": "wqzjvkxplace",
}
# Comes and goes: with a ticket, and while somebody else went first.
RETURNED = {
    "name": ("yinxuanqiao", "尹轩巧"),
    "id": "370212199907224514",
    "phone": "13642098157",
}


def canaries(visit, typed):
    found = []
    for label, text in typed.items():
        if isinstance(text, tuple):
            found += [Canary(f"{visit} {label} letters", text[0]), Canary(f"{visit} {label}", text[1])]
        else:
            found.append(Canary(f"{visit} {label}", text))
    return found


ALL = canaries("saved", SAVED) + canaries("abandoned", ABANDONED) + canaries("interrupted", INTERRUPTED) + canaries("returned", RETURNED)


def letters(text):
    return {"pinyin": [("", text)], "letters": text, "text": text}


def name(pair):
    return {"pinyin": [pair], "text": pair[1]}


def plan(service, typed, answers=()):
    resident = json.loads((ROOT / f"app/demo/residents/{service}.json").read_text())
    if "name" in typed:
        resident |= {"name": name(typed["name"]), "id_number": typed["id"]}
    resident["answers"] |= dict(answers)
    resident["members"] = 0
    return resident


class Typist(Robot):
    """Types names in one go, and words in Latin letters."""

    def fill(self, node_id, answer):
        if isinstance(answer, dict) and "letters" in answer:
            if not self.tree().find(node_id)["active"]:
                self.press(node_id)
            if not self.tree().find("key.shift"):
                self.press("key.layer.letters")
        super().fill(node_id, answer)

    def type_pinyin(self, words):
        for typed, wanted in words:
            if len(wanted) == 1 or not typed:
                super().type_pinyin([(typed, wanted)])
                continue
            self.compose(typed)
            for character in wanted:
                self.choose_candidate(character)

    def on_attract(self, tree):
        time.sleep(0.1)
        super().on_attract(tree)


class Leak(unittest.TestCase):
    """One kiosk that is never restarted between the visits: what one leaves behind, the next one's search finds too."""

    @classmethod
    def setUpClass(cls):
        if os.geteuid() != 0:
            raise unittest.SkipTest("only root may look into the kiosk's memory")
        cls.since = time.time() - 1
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-leak-"))
        os.chmod(cls.folder, 0o755)
        cls.stage = Stage(cls.folder / "stage", BUILD)
        try:
            cls.stage.provision()
            cls.stage.start_printer()
            cls.stage.start_district()
            cls.stage.start_screen(1080, 1920)
            cls.reader = cls.folder / "reader"
            os.mkfifo(cls.reader)
            cls.stage.start_kiosk("--idle-seconds", IDLE_SECONDS, "--code-device", cls.reader)
        except BaseException:
            cls.stage.stop()
            raise
        cls.kiosk = cls.stage.processes["kiosk"].pid
        cls.empty = cls.picture(Typist(cls.stage, {}).wait_screen("attract"))

    @classmethod
    def tearDownClass(cls):
        cls.stage.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    # -- helpers --------------------------------------------------------------------------------------------------

    @classmethod
    def picture(cls, tree):
        return screen(cls.stage.environment), tree.find("clock")["bounds"]

    def robot(self, resident):
        return Typist(self.stage, resident)

    def leave_saved(self, robot):
        """As a person leaves who has the receipt in hand."""
        for _ in range(8):
            tree = robot.tree()
            if tree.screen == "attract":
                return
            if tree.overlay != "none":
                robot.press("close" if tree.find("close") else "stay")
            else:
                robot.press("rate.5" if tree.find("rate.5") and not tree.find("rate.5")["chosen"] else "next")

    def attract(self, robot, seconds=20):
        tree = robot.wait_screen("attract", seconds=seconds)
        time.sleep(1)  # printing and sending end
        return tree

    def no_trace(self, robot):
        """Nothing in the kiosk's memory, nothing in what it would tell."""
        hits = search_memory(self.kiosk, ALL)
        hits += search(robot.ask("tree").encode(), ALL, lambda at: f"tree socket+{at:x}")
        self.nothing(hits)

    def nothing(self, hits):
        if hits:
            self.fail("".join(f"\n{hit}" for hit in hits))

    def no_ghost(self, tree):
        """Every pixel that the display server shows is as it was before anybody came, but for the clock."""
        now, clock = self.picture(tree)
        self.assertEqual(different_rows(self.empty[0], now, [self.empty[1], clock]), [])

    def locked_kilobytes(self):
        return int(re.search(r"VmLck:\s+(\d+)", pathlib.Path(f"/proc/{self.kiosk}/status").read_text())[1])

    # -- tests ----------------------------------------------------------------------------------------------------

    def test_1_the_search_finds_what_is_there(self):
        self.nothing(search_memory(self.kiosk, ALL))
        robot = self.robot(plan("expenditure-relief", SAVED))
        robot.walk(until=("identity",))
        robot.fill("field.id-number", SAVED["id"])
        self.assertTrue(search_memory(self.kiosk, [Canary("id", SAVED["id"])]))
        self.assertNotEqual(different_rows(self.empty[0], screen(self.stage.environment), []), [])
        self.assertGreater(self.locked_kilobytes(), 400, "answers and keys are kept out of the swap")
        self.assertLess(self.locked_kilobytes(), 4096)
        if robot.tree().overlay == "idle":  # searching took long
            robot.press("stay")
        robot.press("leave")
        robot.press("leave-sure")
        tree = self.attract(robot)
        self.no_trace(robot)
        self.no_ghost(tree)

    def test_2_a_visit_that_somebody_walks_away_from(self):
        robot = self.robot(plan("expenditure-relief", ABANDONED))
        robot.walk(until=("identity",))
        robot.on_identity(robot.tree())
        robot.press("back")
        robot.wait_screen("identity")
        robot.press("field.name")
        robot.type_keys(ABANDONED["half"])
        # Nothing is asked of the kiosk meanwhile: answering would use the memory that the visit gave back.
        time.sleep(2 * IDLE_SECONDS + 1)
        self.no_trace(robot)
        tree = self.attract(robot, seconds=1)
        self.no_ghost(tree)

    def test_3_a_visit_that_ends_with_a_receipt(self):
        robot = self.robot(plan("expenditure-relief", SAVED, {
            "/data/contact/phone": SAVED["phone"],
            "/data/address/detail": letters(SAVED["street"]),
            "/data/illness/disease": letters(SAVED["illness"]),
            "/data/illness/own_paid": SAVED["amount"],
            "/data/account/when": "now",
            "/data/account/card/bank": letters(SAVED["bank"]),
            "/data/account/card/number": SAVED["account"],
            "/data/account/card/again": SAVED["account"],
            "/data/account/holder/who": "self",
        }))
        robot.walk(until=("saved",))
        self.leave_saved(robot)
        tree = self.attract(robot)
        self.no_trace(robot)
        self.no_ghost(tree)

    def test_4_a_visit_that_urgent_help_interrupts(self):
        robot = self.robot(plan("expenditure-relief", INTERRUPTED, {"/data/contact/phone": INTERRUPTED["phone"]}))
        robot.walk(until=("identity",))
        robot.on_identity(robot.tree())
        self.no_ticket(robot)
        while "/data/contact/phone" not in robot.typed:
            robot.wait_screen("question")
            robot.on_question(robot.tree())
        robot.press("urgent")
        helper = self.robot(plan("urgent-relief", {}, {
            "/data/place/detail": letters(INTERRUPTED["urgent-place"]),
            "/data/contact/phone": INTERRUPTED["urgent-phone"],
        }))
        helper.walk(until=("saved",))
        self.leave_urgent(helper)
        robot.press("leave")
        robot.press("leave-sure")
        self.attract(robot)
        self.no_trace(robot)

    def no_ticket(self, robot):
        if robot.wait_screen("question", "ticket-offer").screen == "ticket-offer":
            robot.press("next")

    def test_4_a_visit_that_lets_somebody_go_first_and_comes_back_with_a_ticket(self):
        robot = self.robot(plan("expenditure-relief", RETURNED, {"/data/contact/phone": RETURNED["phone"]}))
        robot.walk(until=("ticket-offer",))
        papers = set((self.stage.rig_folder / "paper").glob("*.pwg"))
        robot.press("ticket")
        slip = wait_for("the ticket", 30, lambda: set((self.stage.rig_folder / "paper").glob("*.pwg")) - papers)
        robot.press("have-ticket")
        while "/data/contact/phone" not in robot.typed:
            robot.wait_screen("question")
            robot.on_question(robot.tree())
        self.let_somebody_go_first(robot)
        self.continue_with(robot, "2468")
        robot.press("leave")
        robot.press("leave-sure")
        tree = self.attract(robot)
        ticket = qr_text(next(iter(slip)))
        self.no_trace(robot)
        self.no_ghost(tree)
        self.nothing(search_memory(self.kiosk, [Canary("ticket", ticket)]))
        self.bring_back(robot, ticket)
        robot.press("hide")
        tree = self.attract(robot)
        self.no_trace(robot)
        self.no_ghost(tree)
        self.nothing(search_memory(self.kiosk, [Canary("ticket", ticket)]))

    def let_somebody_go_first(self, robot):
        robot.press("leave")
        robot.press("park")
        robot.wait_screen("code")
        robot.type_keys("2468")
        robot.wait_screen("code")
        robot.type_keys("2468")
        tree = self.attract(robot)
        self.no_trace(robot)  # it lies sealed
        self.no_ghost(tree)   # and nobody sees that anything lies there

    def continue_with(self, robot, code):
        robot.press("continue")
        robot.wait_screen("code")
        robot.type_keys(code)
        robot.wait_screen("question")

    def bring_back(self, robot, ticket):
        with open(self.reader, "w") as line:
            line.write(ticket + "\r\n")
        robot.wait_screen("code")
        robot.type_keys(RETURNED["id"][-4:])
        robot.wait_screen("question", seconds=30)

    def leave_urgent(self, robot):
        """Back to the application that was left for it."""
        while robot.tree().screen not in ("question", "attract"):
            robot.press("rate.5" if robot.tree().find("rate.5") else "next")
        robot.wait_screen("question")

    def test_5_the_pin_of_a_clerk_and_of_a_technician(self):
        robot = self.robot({})
        for number, work in (("1001", "staff-queue"), ("9001", "technician")):
            pin = [Canary(f"PIN of {number}", self.stage.pins()[number])]
            # So few digits may well be part of something else.
            other = {hit.place for hit in search_memory(self.kiosk, pin)}
            for _ in range(5):
                robot.touch(robot.tree().find("brand"))
            robot.wait_screen("staff-pin")
            robot.type_keys(number)
            robot.press("key.enter")
            robot.type_keys(pin[0].text)
            self.assertTrue({hit.place for hit in search_memory(self.kiosk, pin)} - other, "it is there while it is typed")
            robot.press("key.enter", settle=False)
            robot.wait_screen(work)
            robot.press("back")
            self.attract(robot)
            hits = [hit for hit in search_memory(self.kiosk, pin) if hit.place not in other]
            self.nothing(hits)

    def test_6_nothing_on_the_disk(self):
        folder = self.stage.folder
        paper = folder / "printer/paper"  # stands for paper in somebody's hand
        tops = [folder, pathlib.Path("/tmp"), pathlib.Path("/var/tmp"), pathlib.Path("/dev/shm"), pathlib.Path("/var/spool/cups")]
        paths = {path for top in tops for path in files_since(top, self.since) if paper not in path.parents}
        self.assertIn(folder / "kiosk/data/kiosk.db", paths)
        self.assertIn(folder / "kiosk.log", paths)
        paths |= set(unlinked_files(self.kiosk))
        hits = search_files(paths, ALL)
        self.nothing(hits)

    def test_7_no_core_file(self):
        limits = pathlib.Path(f"/proc/{self.kiosk}/limits").read_text()
        self.assertRegex(limits, r"Max core file size +0 +0 ")
        before = set(ROOT.glob("core*"))
        self.stage.end("kiosk", signal.SIGABRT)
        self.assertEqual(set(ROOT.glob("core*")), before)

    def test_8_a_production_kiosk_refuses_what_shows_answers(self):
        kiosk = self.folder / "production"
        shutil.copytree(self.stage.folder / "kiosk", kiosk)
        config = json.loads((kiosk / "kiosk.json").read_text())
        (kiosk / "kiosk.json").write_text(json.dumps(config | {"profile": "production"}))
        refused = {"--tree-socket": self.folder / "tree.sock", "--keep-receipts": self.folder, "--assets": ROOT / "assets",
                   "--idle-seconds": 5, "--printer": "sim"}
        for option, value in refused.items():
            with self.subTest(option):
                run = self.run_kiosk(kiosk, option, value)
                self.assertNotEqual(run.returncode, 0)
                self.assertRegex(run.stderr, rf"{option}.* is for a demo kiosk only")
        self.assertFalse((self.folder / "tree.sock").exists())
        self.assertEqual(self.run_kiosk(kiosk).returncode, 0, "without them it runs")

    def run_kiosk(self, kiosk, *more):
        command = [self.stage.program("yimen-kiosk"), "--kiosk", kiosk, "--seconds", "1", "--width", "540", "--height", "960"]
        return subprocess.run([*map(str, command), *map(str, more)], cwd=ROOT, env=self.stage.environment,
                              stderr=subprocess.PIPE, text=True, timeout=60)


if __name__ == "__main__":
    unittest.main()
