# SPDX-License-Identifier: GPL-3.0-or-later
"""A form author: a form that a spreadsheet was converted to is checked, then walked through in the kiosk's window."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from evidence import record_values
from robot import Robot
from stage import ROOT, Stage, wait_for

BUILD = os.environ.get("YIMEN_BUILD", "build/asan")
FORM = ROOT / "tests/unit/content/author/home_visit.xml"

AUTHOR = {
    "service": "preview",
    "who": "self",
    "members": 2,
    "answers": {
        "/data/visit_date": "20261101",
        "/data/street": "370212003",
        "/data/community": "370212003200",
        "/data/risks": ["handrail", "other"],
        "/data/risks_other": "0",
        "/data/person/name": {"pinyin": [["zhang", "张"], ["san", "三"]], "text": "张三"},
        "/data/person/age": "81",
        "/data/person/alone": "yes",
    },
}


class Author(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-author-"))
        self.stage = Stage(self.folder / "stage", BUILD)
        self.stage.folder.mkdir()
        self.form = self.folder / "home_visit.xml"
        shutil.copy(FORM, self.form)

    def tearDown(self):
        if self.stage.alive("preview"):
            self.assertEqual(self.stage.end("preview"), 0, self.stage.tail("preview"))
        self.stage.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def open_preview(self, *extra):
        self.stage.start_screen(1080, 1920)
        self.stage.start("preview", [self.stage.program("yimenctl"), "form", "preview", str(self.form), "--width", "1080",
                                     "--height", "1920", "--tree-socket", self.stage.tree_socket, *extra])
        wait_for("the preview", 30, lambda: self.stage.tree_answers() or not self.stage.alive("preview"))
        self.assertTrue(self.stage.alive("preview"), self.stage.tail("preview"))
        return Robot(self.stage, AUTHOR)

    def test_the_converted_form_is_clean(self):
        told = self.stage.control("form", "check", "--lists", ROOT / "assets/divisions", self.form)
        self.assertIn("0 warnings, 0 notes", told)

    def test_a_walk_to_the_end_keeps_nothing_and_shows_the_record(self):
        robot = self.open_preview()
        tree = robot.wait_screen("notice")
        self.assertIn("预览", tree.find("preview")["name"])
        tree = robot.walk(until=("problem",))
        self.assertIn("预览到这里结束", tree.text())
        self.assertIn("没有保存", tree.text())
        self.assertIsNotNone(tree.find("preview"), "every page says that it is a preview")
        written = (self.stage.folder / "preview.log").read_text()
        record = record_values(written[written.index("<data"):written.index("</data>") + len("</data>")])
        self.assertEqual(record["/data/person[2]/name"], "张三", "one instance to begin with, one added")
        self.assertEqual(record["/data/old"], "2")
        robot.press("back")
        robot.wait_screen("review")
        self.assertFalse((self.stage.folder / "kiosk").exists())

    def test_a_changed_file_is_shown_and_a_broken_one_told(self):
        robot = self.open_preview("--language", "en")
        robot.wait_screen("notice")
        robot.press("next")
        robot.wait_screen("question")
        text = self.form.read_text()
        self.form.write_text(text.replace("count( /data/person )", "count(("))
        wait_for("a finding", 20, lambda: "error" in self.stage.tail("preview"))
        self.assertEqual(robot.tree().screen, "question", "the form that works stays")
        self.form.write_text(text.replace("Date of the visit", "Day of the visit"))
        robot.wait_screen("notice")
        robot.press("next")
        self.assertIn("Day of the visit", robot.wait_screen("question").text())

    def test_what_cannot_be_shown_is_said(self):
        for name, content, said in (("x.xlsx", "PK", "converted first"), ("y.xml", "<html/>", "y.xml"), (None, None, "none.xml")):
            path = self.folder / (name or "none.xml")
            if content:
                path.write_text(content)
            run = subprocess.run([self.stage.program("yimenctl"), "form", "preview", str(path)], env=self.stage.environment,
                                 cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
            self.assertNotEqual(run.returncode, 0)
            self.assertIn(said, run.stderr)
