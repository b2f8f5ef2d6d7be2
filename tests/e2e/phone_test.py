# SPDX-License-Identifier: GPL-3.0-or-later
"""办到哪了 on a telephone, end to end: from the paper's code alone no more than "received"; with the last four typed there
the state, what comes next and what is missing; in a real browser without scripts, with the public process and the one
that holds the verifiers apart."""
import os
import pathlib
import ssl
import unittest
import urllib.request

from evidence import qr_text, record_values
from handed_in import HandedIn, plan
from phone import Phone
from stage import wait_for

PICTURES = os.environ.get("YIMEN_PICTURES")


class PhonePage(HandedIn):
    def test_the_owner_reads_on_a_telephone_what_the_paper_alone_does_not_say(self):
        receipt = self.apply(plan("expenditure-relief"))
        wait_for("the opener", 20, lambda: "opened" in self.district("list"))
        last_four = record_values(self.show(receipt)["record_xml"])["/data/applicant/id_number"][-4:]
        url = qr_text(sorted((self.stage.rig_folder / "paper").glob("*.pwg"))[-1])
        self.assertEqual(self.stage.end("kiosk"), 0)
        self.split_district()
        phone = Phone(self.folder / "phone")
        try:
            self.look(phone, url, receipt, last_four)
        finally:
            phone.close()
        for name in ("district", "owner"):
            log = (self.stage.folder / f"{name}.log").read_text(errors="replace")
            self.assertNotIn("factor=", log)
            self.assertNotIn(f"={last_four}", log)

    def split_district(self):
        """The public process has no lookup key: it asks the owner's desk over a socket."""
        self.stage.end("district")
        folder = str(self.stage.folder / "district")
        self.stage.start("owner", [self.stage.program("yimen-district"), "--dir", folder, "--role", "owner"])
        wait_for("the socket", 20, lambda: pathlib.Path(folder, "owner.sock").exists())
        self.stage.start_district("public")

    def look(self, phone, url, receipt, last_four):
        phone.open(url)
        page = phone.html()
        self.assertIn("已收件", page)
        for word in ("临时救助（支出型）", "接下来", "还没交的材料"):
            self.assertNotIn(word, page, "the paper alone")
        self.keep(phone, "phone-paper-alone")

        phone.type("#factor", "0000" if last_four != "0000" else "1111")
        phone.send()
        self.assertIn("还可以试 4 次", phone.html())
        self.keep(phone, "phone-no-fit")

        if last_four[-1] == "X":
            phone.press("#x")
        phone.type("#factor", last_four.rstrip("X"))
        phone.send()
        page = phone.html()
        for word in ("临时救助（支出型）", "接下来", "区里已经收到"):
            self.assertIn(word, page)
        self.assertNotIn("<form", page)
        self.assertNotIn(last_four, phone.address())
        self.assertFalse(phone.is_wider_than_itself(), "nobody must push the page sideways")
        self.assertIn(f"{receipt[:6]} {receipt[6:9]} {receipt[9:15]} {receipt[15:]}", page)
        self.keep(phone, "phone-owner")

        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        with urllib.request.urlopen(url, context=context, timeout=20) as answer:
            self.assertIn("form-action 'self'", answer.headers["Content-Security-Policy"])
            self.assertIsNone(answer.headers["Set-Cookie"])

    def keep(self, phone, name):
        if PICTURES:
            phone.picture(pathlib.Path(PICTURES) / f"{name}.png")


if __name__ == "__main__":
    unittest.main()
