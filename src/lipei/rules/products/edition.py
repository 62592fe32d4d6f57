"""What an edition of a product consists of, once its folder has been read."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

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
class CaseRow:
    """One claim of a case: what is given, and the columns that must come of it."""

    facts: Mapping[str, object]
    terms: Mapping[str, object]
    expected: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Case:
    """A worked example that a claims officer can dispute: one claim, or several that are
    settled together (the victims of one accident, the stays of one year)."""

    name: str
    rows: tuple[CaseRow, ...]


@dataclass(frozen=True, slots=True)
class Accumulator:
    """A limit or deductible that several claims use up.

    `scope` says whose it is: the insured person's in a year of the policy or for good, the
    event's, one person's or one part's of an event, the family's or the policy's in a year. The
    rows with the same `key` share `limit`; `opening` is the fact that tells what was used
    before, `used` the column that a claim adds to it. Claims of one frame use it up "in_turn",
    in their order, or "together", by a formula of the product. Rows of one key stand together;
    where `within` names a wider key, they do so within the rows of that.
    """

    name: str
    zh: str
    en: str
    scope: str
    key: str
    limit: str
    opening: str
    used: str
    consumed: str = "in_turn"
    within: str = ""


@dataclass(frozen=True)
class Table:
    """Figures of the clauses that are looked up by codes, as a column of the same name.

    `cells` holds one figure for each combination of the codes of the facts `by`, -1 where there
    is none. A code that was not told finds nothing (0).
    """

    name: str
    by: tuple[str, ...]
    cells: NDArray[np.int64]

    def found(self, *codes: NDArray[np.int64]) -> NDArray[np.int64]:
        """The figure for the codes of each row, -1 where the clauses have none."""
        figures: NDArray[np.int64] = self.cells[codes]
        return figures


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
    accumulators: tuple[Accumulator, ...]
    tables: tuple[Table, ...]
    papers: tuple[Paper, ...]
    cases: tuple[Case, ...]
    rules: tuple[Rule, ...]
    told: tuple[Rule | Fact, ...]
    """The steps of the sheet in the order in which they are told."""
    awaiting: bool = False
    """Whether it is settled with only once an installation has approved it."""

    def holds_on(self, day: date) -> bool:
        """Whether this edition is in force on the day, both ends included."""
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)

    def papers_for(self, *parts: str) -> tuple[Paper, ...]:
        """The papers that every claim needs, and those of the named parts of the loss."""
        return tuple(p for p in self.papers if not p.part or p.part in parts)

    @cached_property
    def given(self) -> Mapping[str, Fact]:
        """Everything that the edition is told by name: facts, then terms."""
        return {**self.facts, **self.terms}

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What is told by yes or no."""
        return tuple(name for name, fact in self.given.items() if fact.kind == "yes_no")

    @cached_property
    def columns(self) -> Mapping[str, Rule | Fact]:
        """Every column by name: facts, terms, and what the rules make of them."""
        return {**self.given, **{r.column: r for r in self.rules}}

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The facts that say which rows belong together."""
        return tuple(name for name, fact in self.given.items() if fact.kind == "key")

    @cached_property
    def joint(self) -> tuple[str, ...]:
        """The keys whose rows are worked out from one another, so that none can be settled
        without the others: all but those that are used up in turn."""
        in_turn = [a for a in self.accumulators if a.consumed == "in_turn"]
        used_up = {key for a in in_turn for key in (a.key, a.within)}
        return tuple(key for key in self.keys if key not in used_up)

    @cached_property
    def dated(self) -> tuple[tuple[str, str], ...]:
        """Each date with the one that it may not precede."""
        return tuple((n, f.not_before) for n, f in self.given.items() if f.not_before)

    @cached_property
    def needed(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each fact that must be told where any of others is, with those."""
        return tuple((n, f.needed_for) for n, f in self.given.items() if f.needed_for)

    @cached_property
    def ranked(self) -> tuple[tuple[str, str], ...]:
        """Each number with the one that it may not be below."""
        return tuple((n, f.not_below) for n, f in self.given.items() if f.not_below)

    @cached_property
    def whole(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each rate that sums to 100% over the rows with the same values, with those."""
        return tuple((n, f.whole_in) for n, f in self.given.items() if f.whole_in)

    @cached_property
    def partial(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Each rate that sums to 100% at most over the rows with the same values, with those."""
        return tuple((n, f.part_in) for n, f in self.given.items() if f.part_in)

    @cached_property
    def alike(self) -> tuple[tuple[str, str], ...]:
        """Each column with the key in whose rows it is the same: by its own declaration, and
        the opening of every accumulator."""
        told = [(name, fact.alike) for name, fact in self.given.items() if fact.alike]
        return (*told, *((a.opening, a.key) for a in self.accumulators))
