"""`lipei messages`: what the English catalogue lacks, found without gettext's own programs.

Chinese sentences stand in templates and Python; the catalogue `en` must have each of them.
"""

import argparse
import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import polib
from django.utils.translation.template import templatize

from lipei.run.home import SOURCES

LOCALE = SOURCES / "lipei" / "site" / "locale"
CATALOGUE = LOCALE / "en" / "LC_MESSAGES" / "django.po"
LEFT_OUT = ("templates/samples/",)
HAN = re.compile(r"[\u4e00-\u9fff]")
STRING = r"""u?("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')"""
IN_TEMPLATE = re.compile(
    rf" (npgettext|ngettext|pgettext|gettext|_)\({STRING}(?:, {STRING})?(?:, {STRING})?"
)
SHAPES = {
    "gettext": ("text",),
    "_": ("text",),
    "ngettext": ("text", "plural"),
    "pgettext": ("context", "text"),
    "npgettext": ("context", "text", "plural"),
}


class Message(NamedTuple):
    """One sentence to translate: its context, itself, its plural form."""

    context: str
    text: str
    plural: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """Report, `--write` what is missing, or `--check` that nothing is."""
    parser.add_argument("--write", action="store_true", help="add what is missing, empty")
    parser.add_argument("--check", action="store_true", help="fail unless it is complete")


def run(options: argparse.Namespace) -> int:
    """Say what is missing and what nothing uses any more."""
    missing, unused = compare(found(), catalogue())
    for message in missing:
        print(f"missing  {message.context + ' · ' if message.context else ''}{message.text}")
    for message in unused:
        print(f"unused   {message.text}")
    if options.write:
        write(missing, unused)
    print(f"{len(missing)} missing, {len(unused)} unused")
    return 1 if options.check and (missing or unused) else 0


def found(sources: Path = SOURCES / "lipei") -> frozenset[Message]:
    """Every sentence in the templates and the Python of the product."""
    messages: set[Message] = set()
    for path in sorted(sources.rglob("*.html")):
        if not any(part in path.as_posix() for part in LEFT_OUT):
            messages.update(in_template(path.read_text()))
    for path in sorted(sources.rglob("*.py")):
        messages.update(in_python(path.read_text()))
    return frozenset(message for message in messages if HAN.search(message.text))


def catalogue(path: Path = CATALOGUE) -> polib.POFile:
    """The English catalogue, empty when there is none."""
    if path.exists():
        return polib.pofile(str(path), wrapwidth=96)
    empty = polib.POFile(wrapwidth=96)
    empty.metadata = {
        "Language": "en",
        "Content-Type": "text/plain; charset=utf-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=2; plural=(n != 1);",
    }
    return empty


def compare(
    messages: frozenset[Message], book: polib.POFile
) -> tuple[list[Message], list[Message]]:
    """What has no finished translation, and what stands there for nothing, both sorted."""
    held = {_key(entry) for entry in book}
    done = {_key(entry) for entry in book if entry.translated()}
    return sorted(messages - done), sorted(held - messages)


def write(missing: list[Message], unused: list[Message], *, path: Path = CATALOGUE) -> None:
    """Add the missing sentences without a translation, and take out the unused ones."""
    book = catalogue(path)
    kept = [entry for entry in book if _key(entry) not in set(unused)]
    held = {_key(entry) for entry in kept}
    kept.extend(_entry(message) for message in missing if message not in held)
    fresh = catalogue(path)
    fresh.clear()
    fresh.extend(sorted(kept, key=lambda entry: (entry.msgid, entry.msgctxt or "")))
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh.save(str(path))


def in_template(text: str) -> Iterator[Message]:
    """The sentences of one template: translate, blocktranslate and _("…")."""
    for call in IN_TEMPLATE.finditer(templatize(text)):
        name, *words = call.groups()
        yield _message(name, [ast.literal_eval(word) for word in words if word])


def in_python(text: str) -> Iterator[Message]:
    """The sentences of one module: gettext and its kin, lazy or not."""
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        name = name.removesuffix("_lazy")
        words = [
            argument.value
            for argument in node.args
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
        ]
        if name in SHAPES and len(words) >= len(SHAPES[name]):
            yield _message(name, words)


def _message(name: str, words: list[str]) -> Message:
    parts = dict(zip(SHAPES[name], words, strict=False))
    return Message(parts.get("context", ""), parts["text"], parts.get("plural", ""))


def _key(entry: polib.POEntry) -> Message:
    return Message(entry.msgctxt or "", entry.msgid, entry.msgid_plural or "")


def _entry(message: Message) -> polib.POEntry:
    plural = {0: "", 1: ""} if message.plural else {}
    return polib.POEntry(
        msgid=message.text,
        msgctxt=message.context or None,
        msgid_plural=message.plural,
        msgstr_plural=plural,
        flags=["python-format"] if "%(" in message.text else [],
    )
