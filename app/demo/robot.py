# SPDX-License-Identifier: GPL-3.0-or-later
"""A resident without a body: reads the kiosk's semantic tree, presses real pixels with xdotool.

It knows the screens by what they ask, not by their order: a plan (app/demo/residents/*.json) says who it is and what it would
answer to each question; `Robot.walk` then does what a person would do on whatever screen is shown.
"""
import json
import pathlib
import re
import socket
import subprocess
import time

from stage import ROOT, StageError, wait_for


class Tree:
    def __init__(self, data):
        self.data = data
        self.screen = data["screen"]
        self.overlay = data["overlay"]
        self.nodes = data["nodes"]

    def find(self, node_id):
        """The node of that id, the topmost (an overlay's) first."""
        for node in reversed(self.nodes):
            if node["id"] == node_id:
                return node
        return None

    def starting(self, prefix):
        return [node for node in self.nodes if node["id"].startswith(prefix)]

    def text(self):
        return "\n".join(filter(None, (part for node in self.nodes for part in (node["name"], node["value"]))))


def overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def types(node):
    """A key that is pressed often and quickly: a letter, a digit, a candidate."""
    return node["role"] == "key" and not node["id"].startswith(("key.layer.", "key.digits", "key.shift", "key.done"))


def resident(service):
    """The made-up resident of a service, and what they answer."""
    return json.loads((ROOT / f"app/demo/residents/{service}.json").read_text())


class Robot:
    def __init__(self, stage, plan, pictures=None):
        self.stage = stage
        self.plan = plan
        self.pictures = pathlib.Path(pictures) if pictures else None
        self.picture_count = 0
        self.seen = []          # screens in order
        self.typed = {}         # what was answered: ref or name -> text as the record should hold it
        self.receipt = None
        self.times = {}         # event -> UTC ms
        self.done_refs = set()
        self.members_added = 0
        self.touches = []       # the latest ones: the node, and when

    # -- senses ---------------------------------------------------------------------------------------------------

    def ask(self, question):
        with socket.socket(socket.AF_UNIX) as client:
            client.settimeout(20)
            client.connect(self.stage.tree_socket)
            client.sendall(question.encode() + b"\n")
            answer = b""
            while not answer.endswith(b"\n"):
                chunk = client.recv(1 << 16)
                if not chunk:
                    break
                answer += chunk
        return answer.decode()

    def tree(self):
        return Tree(json.loads(self.ask("tree")))

    def picture(self, name):
        if not self.pictures:
            return
        self.picture_count += 1
        path = self.pictures / f"{self.picture_count:02d}-{name}.png"
        self.ask(f"screenshot {path}")

    def wait_screen(self, *screens, seconds=20):
        def check():
            tree = self.tree()
            return tree if tree.screen in screens and tree.overlay == "none" else None
        return wait_for(" or ".join(screens), seconds, check)

    # -- hands ----------------------------------------------------------------------------------------------------

    def touch(self, node):
        """Slower than a trembling hand: the same control or spot counts again after half a second (a key: 80 ms), whatever was
        touched in between."""
        for before, at in self.touches:
            both_type = types(before) and types(node)
            if before["id"] == node["id"] or (overlap(before["bounds"], node["bounds"]) and not both_type):
                time.sleep(max(0.0, at + (0.2 if both_type else 0.55) - time.monotonic()))
        x, y, width, height = node["bounds"]
        self.xdotool("mousemove", x + width // 2, y + height // 2, "click", 1)
        self.touches = self.touches[-7:] + [(node, time.monotonic())]

    def touch_answered(self, node, what):
        """Touches, and waits until the picture has answered: the kiosk has taken the touch in by then, however busy it is."""
        before = self.ask("tree")
        self.touch(node)
        wait_for(f"an answer to {what}", 30, lambda: self.ask("tree") != before)
        self.touches[-1] = node, time.monotonic()

    def xdotool(self, *arguments):
        subprocess.run(["xdotool", *map(str, arguments)], env=self.stage.environment, check=True)

    def press(self, node_id, settle=True):
        """Touches a node, after turning to the page it is on, and waits until the picture has answered."""
        tree = self.turn_to(node_id)
        node = tree.find(node_id)
        if node is None:
            raise StageError(f"no {node_id} on {tree.screen}: {[n['id'] for n in tree.nodes if n['id']]}")
        if settle:
            self.touch_answered(node, f"{node_id} on {tree.screen}")
        else:
            self.touch(node)
        return node

    def turn_to(self, node_id):
        for _ in range(60):
            tree = self.tree()
            node = tree.find(node_id)
            if node is None or node["visible"]:
                return tree
            # Pages are numbered from 1; 0 means that the node is on every page.
            self.press_unpaged(tree, "page.down" if node["page"] > tree.data["page"] else "page.up")
        raise StageError(f"{node_id} does not come into view")

    def press_unpaged(self, tree, node_id):
        self.touch_answered(tree.find(node_id), f"{node_id} on {tree.screen}")

    def type_keys(self, text):
        for letter in text:
            self.type_key({" ": "space"}.get(letter, letter))

    def type_key(self, name):
        """A key may be on another layer of the keyboard (digits of a wide screen's pinyin layer, the words of an address)."""
        for layer in (None, "symbols", "letters", "pinyin"):
            if layer:
                self.press("key.layer." + layer)
            if self.tree().find("key." + name):
                self.press("key." + name, settle=False)
                time.sleep(0.04)
                return
        raise StageError(f"no key {name}")

    def type_pinyin(self, words):
        """words: [["zhang", "张"], ...]: types the letters, takes the candidate that reads so."""
        for letters, wanted in words:
            if wanted == "□":
                self.write_character()
                continue
            if not letters:
                self.type_keys(wanted)
                continue
            if not self.tree().find("key.layer.pinyin")["chosen"]:
                self.press("key.layer.pinyin")
            self.compose(letters)
            self.choose_candidate(wanted)

    def write_character(self):
        """A character that no keyboard has: three strokes with the finger."""
        self.press("character")
        self.wait_screen("character")
        x, y, width, height = self.tree().find("pad")["bounds"]
        for from_x, from_y, to_x, to_y in ((.2, .3, .8, .3), (.5, .1, .5, .9), (.2, .7, .8, .7)):
            self.xdotool("mousemove", x + int(width * from_x), y + int(height * from_y), "mousedown", 1)
            for part in range(1, 11):
                self.xdotool("mousemove", x + int(width * (from_x + (to_x - from_x) * part / 10)),
                             y + int(height * (from_y + (to_y - from_y) * part / 10)))
            self.xdotool("mouseup", 1)
        self.picture("character")
        self.press("next")

    def compose(self, letters):
        """Types the letters of characters, and waits until the candidates are those of all of them."""
        self.type_keys(letters)
        wait_for(f"the letters {letters}", 30,
                 lambda: re.sub(r"[^a-z]", "", self.tree().find("preedit")["name"]) == letters)

    def choose_candidate(self, wanted):
        for _ in range(40):
            tree = self.tree()
            for node in tree.starting("candidate."):
                if node["name"] == wanted:
                    self.touch_answered(node, f"the candidate {wanted}")
                    return
            if tree.find("candidates.more") is None:
                break
            self.press_unpaged(tree, "candidates.more")
        raise StageError(f"no candidate {wanted}")

    # -- a person's ways ------------------------------------------------------------------------------------------

    def fill(self, node_id, answer):
        if not self.tree().find(node_id)["active"]:
            self.press(node_id)
        if isinstance(answer, dict):
            self.type_pinyin(answer["pinyin"])
        else:
            self.type_keys(answer)
        tree = self.tree()
        if tree.find("key.done"):
            self.press("key.done")

    def answer_for(self, ref):
        plain = "/".join(step.split("[")[0] for step in ref.split("/"))
        own = next((item for item in self.plan.get("items", []) if plain.startswith(f"/data/{item}/")), None)
        for plan in [self.plan] + [resident(item) for item in ([own] if own else self.plan.get("items", []))]:
            for name in (ref, plain, plain.replace(f"/data/{own}/", "/data/", 1)):
                if name in plan["answers"]:
                    return plan["answers"][name]
        return None

    def questions(self):
        """Answers what this screen asks and the plan knows, in reading order; questions may appear while answering."""
        for _ in range(40):
            tree = self.tree()
            todo = next(((node["ref"], node) for node in tree.nodes
                         if node["role"] in ("radio", "check", "field") and node["ref"] and node["ref"] not in self.done_refs
                         and self.answer_for(node["ref"]) is not None), None)
            if todo is None:
                return
            self.answer_one(*todo)

    def answer_one(self, ref, node):
        answer = self.answer_for(ref)
        self.done_refs.add(ref)
        if node["role"] == "field":
            self.fill(node["id"], answer)
            self.typed[ref] = answer["text"] if isinstance(answer, dict) else answer
            return
        values = answer if isinstance(answer, list) else [answer]
        for value in values:
            choice = next((n for n in self.tree().nodes if n["ref"] == ref
                           and (n["id"].endswith("." + value) or n["id"].startswith("trigger."))), None)
            if choice is None:
                raise StageError(f"no choice {value} for {ref}")
            self.press(choice["id"])
        self.typed[ref] = " ".join(values)

    def on_attract(self, tree):
        if self.plan.get("language") and tree.data["language"] != self.plan["language"]:
            self.press("language." + self.plan["language"])
        if self.plan["service"] == "urgent-relief":
            self.press("urgent")
        elif self.plan.get("touch"):
            self.press(self.plan["touch"])
        elif tree.find("service." + self.plan["service"]):
            self.press("service." + self.plan["service"])
        else:
            self.press("door." + self.plan["door"])

    def on_bundles(self, tree):
        self.press("bundle." + self.plan["bundle"])

    def on_items(self, tree):
        for item in self.plan["items"]:
            self.press("item." + item)
        self.picture("items-chosen")
        self.press("next")

    def on_services(self, tree):
        self.press("service." + self.plan["service"])

    def on_who(self, tree):
        self.press("choice." + self.plan.get("who", "self"))
        if self.tree().screen == "who":
            self.press("next")

    def on_identity(self, tree):
        self.fill("field.name", self.plan["name"])
        self.fill("field.id-number", self.plan["id_number"])
        self.typed["name"] = self.plan["name"]["text"]
        self.typed["id_number"] = self.plan["id_number"]
        self.picture("identity-filled")
        self.press("next")

    def on_code(self, tree):
        """Leaves neither number nor telephone, and wants no digits of their own. Only that code may be left out."""
        if not tree.find("no-code"):
            raise StageError(f"a code is asked for that no resident here has:\n{tree.text()}")
        self.press("no-code")

    def on_question(self, tree):
        self.questions()
        if self.pictures:
            self.picture("question-answered")
        self.press("next")

    def on_fit(self, tree):
        """Takes the list home, reads about one of them, and then asks the adviser."""
        self.press("print")
        self.wait_slip()
        self.picture("fit-printed")
        self.press(next(node["id"] for node in tree.starting("policy.")))
        self.wait_screen("policy")
        self.picture("policy")
        self.press("back")
        self.wait_screen("fit")
        self.press("adviser")

    def wait_slip(self):
        """Until the printer has said what became of it."""
        def check():
            tree = self.tree()
            words = json.loads((ROOT / f"assets/i18n/{tree.data['language']}/policy.json").read_text())
            said = tree.find("slip-state")
            return said if said and said["name"] != words["slip.printing"] else None
        wait_for("the slip", 30, check)

    def on_repeat(self, tree):
        # "members" is how many there are to be: some forms begin with one.
        listed = len(tree.starting("instance."))
        self.members_added = max(self.members_added, listed)
        if self.members_added < self.plan.get("members", 0):
            self.members_added += 1
            self.press("add")
        else:
            self.press("next")

    def on_papers(self, tree):
        for paper, answer in self.plan.get("papers", {}).items():
            if tree.find(f"paper.{paper}.{answer}"):
                self.press(f"paper.{paper}.{answer}")
        self.picture("papers-answered")
        self.press("next")

    def on_consent(self, tree):
        self.press("choice.agree")
        self.press("next")

    def on_signature(self, tree):
        pad = tree.find("pad")
        x, y, width, height = pad["bounds"]
        strokes = [[(0.2, 0.3), (0.5, 0.3)], [(0.35, 0.2), (0.35, 0.7), (0.2, 0.8)], [(0.55, 0.25), (0.8, 0.35)], [(0.7, 0.2), (0.6, 0.75), (0.85, 0.7)]]
        for stroke in strokes:
            points = [(x + int(width * px), y + int(height * py)) for px, py in stroke]
            self.xdotool("mousemove", *points[0], "mousedown", 1)
            for point in points[1:]:
                self.xdotool("mousemove", *point)
            self.xdotool("mouseup", 1)
        self.picture("signed")
        self.press_next(tree)

    def press_next(self, tree):
        self.times["submit"] = time.time() * 1000
        self.press("next")

    def walk(self, until=("saved",), limit=200):
        """Acts on one screen after another until one of `until` is shown; gives back its tree."""
        for _ in range(limit):
            tree = self.wait_quiet()
            self.times[tree.screen] = time.time() * 1000
            if not self.seen or self.seen[-1] != tree.screen or tree.screen in ("question", "consent"):
                self.seen.append(tree.screen)
                self.picture(tree.screen)
            if tree.screen in until:
                return tree
            if tree.overlay != "none":
                self.press("close" if tree.find("close") else "stay")
                continue
            if tree.screen == "problem":
                raise StageError("the kiosk reports a problem: " + tree.text())
            getattr(self, "on_" + tree.screen.replace("-", "_"), self.press_next)(tree)
        raise StageError("the visit does not end: " + " ".join(self.seen))

    def wait_quiet(self):
        def check():
            tree = self.tree()
            return None if tree.screen == "saving" else tree
        return wait_for("the saving to end", 30, check)
