"""Posts and duties: who may do what, and which duties never meet in one hand."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from lipei.manual.reading import HERE, Row, distinct, rows, tables

DUTY = re.compile(r"[a-z]+(\.[a-z_]+)?")
SCOPES = frozenset({"claim", "person"})


@dataclass(frozen=True, slots=True)
class Post:
    """A post of the department, or a party outside it, with the duties that it carries."""

    code: str
    zh: str
    en: str
    side: str
    duties: frozenset[str]


@dataclass(frozen=True, slots=True)
class Duty:
    """One thing that a person may do, as a dotted word (claims.register)."""

    name: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Apart:
    """Two duties that are kept apart.

    Scope "claim": one person may hold both but never use both on the same claim.
    Scope "person": nobody may hold both at all.
    """

    first: str
    second: str
    scope: str
    clause: str


@dataclass(frozen=True, slots=True)
class Posts:
    """The whole list: posts by code, duties by name, and what is kept apart."""

    by_code: Mapping[str, Post]
    duties: Mapping[str, Duty]
    apart: tuple[Apart, ...]
    alone: tuple[str, ...]

    def duties_of(self, codes: Iterable[str]) -> frozenset[str]:
        """All duties of a person who holds these posts."""
        return frozenset().union(*(self.by_code[code].duties for code in codes))

    def bars(self, duty: str, *, done: Iterable[str]) -> Apart | None:
        """The rule that bars a duty on a claim on which the person did `done`, or none."""
        already = set(done)
        for rule in self.apart:
            others = {rule.first: rule.second, rule.second: rule.first}
            if others.get(duty) in already:
                return rule
        return None

    def clash(self, codes: Iterable[str]) -> tuple[str, str] | None:
        """Two posts (or duties) that one person may not hold together, or none."""
        held = sorted(set(codes))
        for code in held:
            if code in self.alone and len(held) > 1:
                return code, next(other for other in held if other != code)
        duties = self.duties_of(held)
        for rule in self.apart:
            if rule.scope == "person" and {rule.first, rule.second} <= duties:
                return rule.first, rule.second
        return None


def read_posts(path: Path) -> Posts:
    """The posts of one file. ValueError names the row that is wrong."""
    source = tables(path)
    duties = [_duty(row) for row in rows(source, "duty")]
    distinct((duty.name for duty in duties), what="duty")
    known = frozenset(duty.name for duty in duties)
    listed = [_post(row, known=known) for row in rows(source, "post")]
    distinct((post.code for post, _ in listed), what="post")
    return Posts(
        by_code={post.code: post for post, _ in listed},
        duties={duty.name: duty for duty in duties},
        apart=tuple(_apart(row, known=known) for row in rows(source, "apart")),
        alone=tuple(post.code for post, alone in listed if alone),
    )


@cache
def posts() -> Posts:
    """The posts that ship with Lipei, read once."""
    return read_posts(HERE / "posts.toml")


def _duty(columns: Mapping[str, object]) -> Duty:
    row = Row(columns, name=f"duty {columns.get('name', '?')}")
    found = Duty(name=row.text("name"), zh=row.text("zh"), en=row.text("en"))
    row.done()
    if not DUTY.fullmatch(found.name):
        raise row.wrong("name must look like claims.register")
    return found


def _post(columns: Mapping[str, object], *, known: frozenset[str]) -> tuple[Post, bool]:
    row = Row(columns, name=f"post {columns.get('code', '?')}")
    listed = row.texts("duties")
    found = Post(
        code=row.text("code"),
        zh=row.text("zh"),
        en=row.text("en"),
        side=row.one_of("side", allowed={"staff", "customer", "partner"}),
        duties=frozenset(listed),
    )
    alone = row.flag("alone")
    row.done()
    distinct(listed, what=f"{row.name}, duty")
    if unknown := sorted(found.duties - known):
        raise row.wrong(f"unknown duties {unknown}")
    return found, alone


def _apart(columns: Mapping[str, object], *, known: frozenset[str]) -> Apart:
    row = Row(columns, name=f"apart {columns.get('first', '?')}/{columns.get('second', '?')}")
    found = Apart(
        first=row.one_of("first", allowed=known),
        second=row.one_of("second", allowed=known),
        scope=row.one_of("scope", allowed=SCOPES),
        clause=row.text("clause"),
    )
    row.done()
    if found.first == found.second:
        raise row.wrong("a duty is not kept apart from itself")
    return found
