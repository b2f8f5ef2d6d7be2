# SPDX-License-Identifier: GPL-3.0-or-later
"""A telephone: a real browser without scripts, as narrow as an old one, driven over its own pipe."""
import base64
import json
import os
import pathlib
import subprocess

WIDTH, HEIGHT = 360, 740
ARGUMENTS = ["chromium", "--headless=new", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors", "--no-first-run",
             "--remote-debugging-pipe"]


class Phone:
    def __init__(self, folder, language="zh-CN"):
        theirs_in, self.to_it = os.pipe()
        self.from_it, theirs_out = os.pipe()
        command = [*ARGUMENTS, f"--user-data-dir={folder}", f"--accept-lang={language}", "about:blank"]
        # It reads on 3 and writes on 4.
        self.process = subprocess.Popen(["bash", "-c", f'exec "$@" 3<&{theirs_in} 4>&{theirs_out}', "phone", *command],
                                        pass_fds=(theirs_in, theirs_out), stdin=subprocess.DEVNULL,
                                        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(theirs_in)
        os.close(theirs_out)
        self.heard, self.number, self.events, self.session = b"", 0, [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        self.ask("Page.enable")
        self.ask("Emulation.setScriptExecutionDisabled", value=True)
        self.ask("Emulation.setDeviceMetricsOverride", width=WIDTH, height=HEIGHT, deviceScaleFactor=2, mobile=True)

    def close(self):
        os.close(self.to_it)  # it ends when nobody speaks to it
        self.process.wait(timeout=30)
        os.close(self.from_it)

    def hear(self):
        while b"\0" not in self.heard:
            piece = os.read(self.from_it, 1 << 16)
            if not piece:
                raise RuntimeError("the browser ended")
            self.heard += piece
        message, self.heard = self.heard.split(b"\0", 1)
        return json.loads(message)

    def ask(self, method, **parameters):
        self.number += 1
        question = {"id": self.number, "method": method, "params": parameters}
        if self.session:
            question["sessionId"] = self.session
        os.write(self.to_it, json.dumps(question).encode() + b"\0")
        while True:
            message = self.hear()
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return message["result"]
            self.events.append(message.get("method"))

    def wait_loaded(self):
        while "Page.loadEventFired" not in self.events:
            self.events.append(self.hear().get("method"))
        self.events.clear()

    def open(self, url):
        self.events.clear()
        self.ask("Page.navigate", url=url)
        self.wait_loaded()

    def find(self, selector):
        root = self.ask("DOM.getDocument")["root"]["nodeId"]
        return self.ask("DOM.querySelector", nodeId=root, selector=selector)["nodeId"]

    def html(self):
        return self.ask("DOM.getOuterHTML", nodeId=self.ask("DOM.getDocument")["root"]["nodeId"])["outerHTML"]

    def address(self):
        history = self.ask("Page.getNavigationHistory")
        return history["entries"][history["currentIndex"]]["url"]

    def press(self, selector):
        node = self.find(selector)
        self.ask("DOM.scrollIntoViewIfNeeded", nodeId=node)
        box = self.ask("DOM.getBoxModel", nodeId=node)["model"]["content"]
        x, y = (box[0] + box[4]) / 2, (box[1] + box[5]) / 2
        for kind in ("mousePressed", "mouseReleased"):
            self.ask("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, selector, text):
        self.press(selector)
        self.ask("Input.insertText", text=text)

    def send(self):
        self.events.clear()
        self.press("button")
        self.wait_loaded()

    def picture(self, path):
        shot = self.ask("Page.captureScreenshot", captureBeyondViewport=True)["data"]
        pathlib.Path(path).write_bytes(base64.b64decode(shot))

    def is_wider_than_itself(self):
        return self.ask("Page.getLayoutMetrics")["cssContentSize"]["width"] > WIDTH
