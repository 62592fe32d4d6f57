"""What an edition of a product consists of, once its folder has been read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from lipei.rules.engine import Rule
from lipei.rules.facts import Fact


@dataclass(frozen=True, slots=True)
class Words:
    """The same in Chinese and in English."""

    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Clause:
    """An article that a column carries. `is_verified` is false where the wording was recalled
    and has not been read again in the original."""

    key: str
    zh: str
    en: str
    is_verified: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A document that a claim under this product needs.

    `part` is the part of the loss that needs it ("" where every claim does). Papers with the
    same `one_of` stand for one another: any one of them is enough.
    """

    slug: str
    zh: str
    en: str
    part: str
    one_of: str


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example that a claims officer can dispute: what is given, and the columns
    that must come of it."""

    name: str
    facts: Mapping[str, object]
    terms: Mapping[str, object]
    expected: Mapping[str, int]


@dataclass(frozen=True)
class Edition:
    """A formula edition with its terms, as a policy bought it or as the day of loss finds it.

    In force from `starts_on` to `ends_on`, both days included (None: still in force), counted
    by the day of the loss or by the first day of insurance (`chosen_by`).
    """

    name: str
    product: str
    title: Words
    chosen_by: Literal["loss", "policy"]
    starts_on: date
    ends_on: date | None
    facts: Mapping[str, Fact]
    terms: Mapping[str, Fact]
    parts: Mapping[str, Words]
    clauses: Mapping[str, Clause]
    papers: tuple[Paper, ...]
    cases: tuple[Case, ...]
    rules: tuple[Rule, ...]
    told: tuple[Rule | Fact, ...]
    """The steps of the sheet in the order in which they are told."""

    def holds_on(self, day: date) -> bool:
        """Whether this edition is in force on the day, both ends included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def papers_for(self, *parts: str) -> tuple[Paper, ...]:
        """The papers that every claim needs, and those of the named parts of the loss."""
        return tuple(p for p in self.papers if not p.part or p.part in parts)

    @property
    def columns(self) -> Mapping[str, Rule | Fact]:
        """Every column by name: facts, terms, and what the rules make of them."""
        return {**self.facts, **self.terms, **{r.column: r for r in self.rules}}
