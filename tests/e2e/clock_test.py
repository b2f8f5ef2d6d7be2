# SPDX-License-Identifier: GPL-3.0-or-later
"""A kiosk is started at ten wrong clocks, as after a dead battery: without a network, and with one."""
import datetime
import os
import pathlib
import shutil
import sqlite3
import tempfile
import unittest

from robot import Robot, resident
from stage import Stage, wait_for

BUILD = os.environ.get("YIMEN_BUILD", "build/asan")
WRONG = ["1970-01-01", "1970-01-02", "1980-01-01", "2000-01-01", "2010-06-15", "2021-03-01", "2024-12-31", "2031-01-05",
         "2038-01-20", "2099-12-31"]


def seconds(day):
    return int(datetime.datetime.fromisoformat(day).replace(tzinfo=datetime.timezone.utc).timestamp())


class WrongClock(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="yimen-clock-"))
        cls.stage = Stage(cls.folder / "stage", BUILD)
        try:
            cls.stage.provision()
            cls.stage.start_screen(1080, 1920)
        except BaseException:
            cls.stage.stop()
            raise

    @classmethod
    def tearDownClass(cls):
        cls.stage.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def start(self, day):
        shim = pathlib.Path(BUILD).resolve() / "tests/e2e/libwrong_clock.so"
        self.assertTrue(shim.exists(), "without it the clock would be right: build wrong_clock")
        wrong = {"LD_PRELOAD": str(shim), "WRONG_CLOCK_S": str(seconds(day)),
                 "ASAN_OPTIONS": os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"}
        before = self.stage.environment
        self.stage.environment = dict(before, **wrong)
        try:
            self.stage.start_kiosk()
        finally:
            self.stage.environment = before
        return Robot(self.stage, resident("urgent-relief"))

    def another_boot(self):
        """What was known is of an earlier boot: the machine was off, and its battery died."""
        with sqlite3.connect(self.stage.folder / "kiosk/data/kiosk.db") as store:
            known = store.execute("SELECT value FROM meta WHERE key = 'clock.known'").fetchone()[0].decode()
            other = known[:-36] + "0" * 8 + known[-28:]
            store.execute("UPDATE meta SET value = ? WHERE key = 'clock.known'", (other.encode(),))

    def end(self):
        self.assertEqual(self.stage.end("kiosk"), 0, self.stage.tail("kiosk"))

    def choose(self, robot):
        """An ordinary service, from the attract screen; the screen it leads to."""
        tree = robot.tree()
        robot.press(tree.starting("service.")[0]["id"])
        return robot.tree()

    def test_alone_it_says_so_and_urgent_help_works(self):
        for day in WRONG:
            with self.subTest(day):
                self.another_boot()
                robot = self.start(day)
                tree = robot.wait_screen("attract")
                self.assertFalse((tree.find("clock") or {"name": ""})["name"])
                tree = self.choose(robot)
                self.assertEqual(tree.screen, "problem")
                self.assertIn("CLOCK-UNKNOWN", tree.text())
                robot.press("urgent")
                self.assertNotEqual(robot.tree().screen, "problem")
                self.end()

    def test_with_a_district_it_learns_the_time(self):
        self.stage.start_district()
        for day in ("1970-01-02", "2021-03-01", "2031-01-05"):
            with self.subTest(day):
                self.another_boot()
                robot = self.start(day)
                wait_for("the time", 30, lambda: robot.tree().find("clock") and robot.tree().find("clock")["name"])
                self.assertNotEqual(self.choose(robot).screen, "problem")
                self.end()
        # A restart in the same boot knows it without asking anybody.
        self.stage.end("district")
        robot = self.start("2031-01-05")
        self.assertTrue(robot.wait_screen("attract").find("clock")["name"])
        self.end()


if __name__ == "__main__":
    unittest.main()
