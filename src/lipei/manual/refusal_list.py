"""Every "no" of the department: what a person reads, and the clause behind it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lipei.manual.clauses import CLAUSE_ID
from lipei.manual.reading import HERE, Row, distinct, placeholders, rows, tables

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
def refusals() -> dict[str, Refusal]:
    """All refusals by slug, read once."""
    return read_refusals(HERE / "refusals.toml")


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
