"""Every "no" of the department: what a person reads, and the clause behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from lipei.manual.clauses import CLAUSE_ID
from lipei.manual.reading import HERE, Row, distinct, placeholders, rows, tables

WORDS = ("zh", "en", "next_zh", "next_en")
STATUSES = frozenset({400, 403, 404, 409, 413, 415, 422, 429, 503})
SLUG = re.compile(r"[a-z][a-z0-9_]+")


@dataclass(frozen=True, slots=True)
class Refusal:
    """One "no": the reason and the next step in Chinese and English, its clause, its status.

    Words in braces are filled by whoever refuses: "{limit}" wants a value named limit.
    """

    slug: str
    zh: str
    en: str
    next_zh: str
    next_en: str
    clause: str
    status: int

    @property
    def wants(self) -> frozenset[str]:
        """The names of the values that its words want filled."""
        return placeholders(self.zh) | placeholders(self.next_zh)


def read_refusals(path: Path) -> dict[str, Refusal]:
    """The refusals of one file by slug. ValueError names the row that is wrong."""
    found = [_refusal(row) for row in rows(tables(path), "refusal")]
    distinct((one.slug for one in found), what="refusal")
    return {one.slug: one for one in found}


@cache
def shipped_refusals() -> dict[str, Refusal]:
    """All refusals by slug as they ship, read once."""
    return read_refusals(HERE / "refusals.toml")


class _Installed:
    """The refusals with the words that people gave them; exchanged whole."""

    rows: dict[str, Refusal] | None = None


def install_words(changed: Mapping[str, Mapping[str, str]]) -> None:
    """Let refusals speak with other words from now on; those not named speak as they ship."""
    rows = dict(shipped_refusals())
    for slug, words in changed.items():
        if slug in rows and words:
            zh, en, next_zh, next_en = (words[name] for name in WORDS)
            rows[slug] = replace(rows[slug], zh=zh, en=en, next_zh=next_zh, next_en=next_en)
    _Installed.rows = rows


def refusals() -> dict[str, Refusal]:
    """All refusals by slug, with the words that hold now."""
    return _Installed.rows or shipped_refusals()


def holes_changed(slug: str, *, words: Mapping[str, str]) -> str:
    """The first text that would drop or invent a value to be filled, as "next_zh {limit}"; ""
    where every text keeps its own."""
    held = shipped_refusals()[slug]
    for name in WORDS:
        wanted, told = placeholders(getattr(held, name)), placeholders(words[name])
        bare = words[name]
        for hole in told:
            bare = bare.replace("{" + hole + "}", "")
        if wanted != told:
            return f"{name} {{{min(wanted ^ told)}}}"
        if set(bare) & set("{}"):
            return f"{name} {{}}"
    return ""


def refusal(slug: str) -> Refusal:
    """The refusal of this slug. KeyError if there is no such row: our own mistake."""
    return refusals()[slug]


def _refusal(columns: Mapping[str, object]) -> Refusal:
    row = Row(columns, name=f"refusal {columns.get('slug', '?')}")
    found = Refusal(
        slug=row.text("slug"),
        zh=row.text("zh"),
        en=row.text("en"),
        next_zh=row.text("next_zh"),
        next_en=row.text("next_en"),
        clause=row.text("clause"),
        status=row.whole("status"),
    )
    row.done()
    if not SLUG.fullmatch(found.slug):
        raise row.wrong("slug must be lower case with underscores")
    if not CLAUSE_ID.fullmatch(found.clause):
        raise row.wrong(f"clause {found.clause!r} is no clause id")
    if found.status not in STATUSES:
        raise row.wrong(f"status {found.status} is not one that a refusal may have")
    if placeholders(found.zh) != placeholders(found.en) or placeholders(
        found.next_zh
    ) != placeholders(found.next_en):
        raise row.wrong("the two languages want different values filled")
    return found
