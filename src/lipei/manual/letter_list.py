"""The letters 文书 of the department: their words in Chinese and English, and what they fill in."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from lipei.manual.clauses import CLAUSE_ID
from lipei.manual.reading import HERE, Row, distinct, placeholders, rows, tables

ROWS = "{rows}"
THE_MANUAL = re.compile(r"手册|\bmanual\b", re.IGNORECASE)
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Wording:
    """Title and body of a letter in one language."""

    title: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    """One letter of the register: its number, its words, the blanks that it must fill.

    `has_rows`: its body holds {rows} on a line of its own, where a table goes.
    """

    slug: str
    number: str
    clause: str
    blanks: frozenset[str]
    has_rows: bool
    zh: Wording
    en: Wording

    def wording(self, language: str) -> Wording:
        """The words in a language, zh or en."""
        return self.en if language == "en" else self.zh


@cache
def letters() -> dict[str, Template]:
    """Every letter that ships, by slug, read once. ValueError names the row that is wrong."""
    found = [_template(row) for row in rows(tables(HERE / "letters.toml"), "letter")]
    distinct((one.slug for one in found), what="letter")
    distinct((one.number for one in found), what="letter number")
    return {one.slug: one for one in found}


def wrong_words(template: Template, wording: Wording) -> str:
    """What keeps these words from being this letter: "title", "blanks", "rows", "manual"; empty
    where nothing does.

    Every blank must be filled and no other, the table stands once where there is one, and the
    words cite law and policy terms, never the manual (A-11).
    """
    used = placeholders(wording.body) | placeholders(wording.title)
    paragraphs = wording.body.split("\n\n")
    if not wording.title or not wording.body:
        return "title"
    if used - {"rows"} != template.blanks:
        return "blanks"
    if (paragraphs.count(ROWS) == 1) is not template.has_rows or (
        "rows" in used and not template.has_rows
    ):
        return "rows"
    return "manual" if THE_MANUAL.search(wording.title + wording.body) else ""


def _template(columns: Mapping[str, object]) -> Template:
    row = Row(columns, name=f"letter {columns.get('slug', '?')}")
    found = Template(
        slug=row.text("slug"), number=row.text("number"), clause=row.text("clause"),
        blanks=frozenset(row.texts("blanks")), has_rows=row.flag("rows"),
        zh=Wording(row.text("title_zh"), row.text("body_zh")),
        en=Wording(row.text("title_en"), row.text("body_en")),
    )  # fmt: skip
    row.done()
    if not CLAUSE_ID.fullmatch(found.clause):
        raise row.wrong(f"clause {found.clause!r} is no clause id")
    for wording in (found.zh, found.en):
        why = wrong_words(found, wording)
        if why:
            raise row.wrong(f"its words do not fit: {why}")
    return found
