# SPDX-License-Identifier: GPL-3.0-or-later
"""Every sentence for people that stands in assets/, with its place, language and key."""
import csv
import json
import re
from pathlib import Path
from xml.etree import ElementTree

LANGUAGES = ("zh", "en", "ko")
XFORMS = "{http://www.w3.org/2002/xforms}"
LITERAL = re.compile(r"'([^']*)'")
SENTENCE = re.compile(r"[\u4e00-\u9fff\uac00-\ud7a3]|[a-z] [a-z]")
ASSETS = Path(__file__).resolve().parents[3] / "assets"


class Sentence:
    """One text: `place` for people ("assets/i18n/zh/screen.json"), `area` (i18n, policies, forms), language, key."""

    def __init__(self, area, path, language, key, text):
        self.area, self.language, self.key, self.text = area, language, key, text
        self.place = f"assets/{path.relative_to(ASSETS)}"

    def says(self, problem):
        """One line of a report about this sentence."""
        return f"{self.place}: {self.key} ({self.language}): {problem}"


def catalogues():
    """The sentences of the programs."""
    for language in LANGUAGES:
        for path in sorted((ASSETS / "i18n" / language).glob("*.json")):
            for key, text in json.loads(path.read_text()).items():
                yield Sentence("i18n", path, language, key, text)


def spoken(node, key):
    """Every object below `node` that has a text in Chinese, with the way to it."""
    if isinstance(node, dict):
        if isinstance(node.get("zh"), str):
            yield key, node
            return
        for name, child in node.items():
            yield from spoken(child, f"{key}.{node['id'] if name != 'id' and 'id' in node else ''}.{name}")
    elif isinstance(node, list):
        for child in node:
            yield from spoken(child, key)


def policies():
    """The sentences of the policy catalogue."""
    path = ASSETS / "policies" / "policies.json"
    for key, texts in spoken(json.loads(path.read_text()), "policies"):
        for language in LANGUAGES:
            if texts.get(language):
                yield Sentence("policies", path, language, re.sub(r"\.+", ".", key), texts[language])


def spoken_parts(value):
    """What a <value> says: its words, and the sentences that an output chooses between."""
    yield " ".join("".join(value.itertext()).split())
    for output in value.iter(f"{XFORMS}output"):
        yield from (part for part in LITERAL.findall(output.get("value")) if SENTENCE.search(part))


def forms():
    """The tables of sentences of the forms and of the blocks that they are woven from."""
    for path in sorted((ASSETS / "forms" / "texts").glob("*/*.csv")):
        with path.open(newline="") as file:
            for row in csv.DictReader(file):
                value = ElementTree.fromstring(f'<value xmlns="{XFORMS[1:-1]}">{row["text"]}</value>')
                for said in spoken_parts(value):
                    yield Sentence("forms", path, path.parent.name, row["id"], said)


def every_sentence():
    """All of the above."""
    yield from catalogues()
    yield from policies()
    yield from forms()


def rows(name):
    """The rows of a table beside this file, without its notes."""
    with (Path(__file__).parent / name).open(newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))
