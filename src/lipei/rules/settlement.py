"""One claim or a whole frame of claims, settled by an edition of a product."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import ArrayLike

from lipei.rules.coherence import refuse_the_incoherent
from lipei.rules.engine import Frame, run
from lipei.rules.facts import NO, YES, Column, Fact, FactRefused, refuse_unknown
from lipei.rules.products.edition import Edition
from lipei.rules.products.load import edition as edition_named
from lipei.rules.steps import Step, steps_of

Given = Mapping[str, object]
Value = TypeVar("Value")


class Told(NamedTuple):
    """The complete inputs of one claim, defaults filled in, as whole numbers (yes is 1, a date
    the days since 1970-01-01)."""

    facts: Mapping[str, int]
    terms: Mapping[str, int]


@dataclass(frozen=True)
class Settlement:
    """What an edition makes of one claim.

    `facts` and `terms` are the complete inputs. `together` are those of all claims that were
    settled at once, this one at `row`; `frame` holds every column of them.
    """

    edition: Edition
    together: tuple[Told, ...]
    row: int
    frame: Frame = field(repr=False, compare=False)

    @property
    def facts(self) -> Mapping[str, int]:
        """The facts of this claim, defaults filled in."""
        return self.together[self.row].facts

    @property
    def terms(self) -> Mapping[str, int]:
        """The terms of this claim's policy, defaults filled in."""
        return self.together[self.row].terms

    @cached_property
    def columns(self) -> Mapping[str, int]:
        """Every column as a whole number (fen, basis points, days; yes is 1)."""
        return {name: self._at(column) for name, column in self.frame.items()}

    @property
    def benefit_fen(self) -> int:
        """What is paid."""
        return self._at(self.frame["benefit_fen"])

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The way from what was asked to what is paid; its sum is the amount paid."""
        return steps_of(self.edition, columns=self.columns)

    def _at(self, column: Column) -> int:
        return int(column[self.row] if column.ndim else column)


def settle(
    edition: Edition | str,
    *,
    facts: Given,
    terms: Given | None = None,
) -> Settlement:
    """Settle one claim.

    `facts` are those of the claim, `terms` those of the policy where they differ from the
    edition's own. Amounts are whole fen, rates basis points, yes and no are bool, a date is a
    `date`, its text 2025-06-10 or the days since 1970-01-01. Raises FactRefused naming the
    field that is missing, unknown, negative, too large or out of order.
    """
    return settle_together(edition, rows=(facts,), terms=terms)[0]


def settle_together(
    edition: Edition | str,
    *,
    rows: Sequence[Given],
    terms: Given | Sequence[Given] | None = None,
) -> tuple[Settlement, ...]:
    """Settle claims that share a sum or a limit, one settlement for each row, in their order.

    `rows` are the facts of each, `terms` those of the one policy or of each row. A key that is
    not given holds them all together. Raises FactRefused like `settle`, with the row where
    there are several.
    """
    chosen = edition if isinstance(edition, Edition) else edition_named(edition)
    if not rows:
        return ()
    bought = [terms or {}] * len(rows) if terms is None or isinstance(terms, Mapping) else terms
    told = tuple(
        Told(
            _told(facts, chosen.facts, row=None if len(rows) == 1 else row),
            _told(held, chosen.terms, row=None if len(rows) == 1 else row),
        )
        for row, (facts, held) in enumerate(zip(rows, bought, strict=True))
    )
    if len(told) == 1:
        refuse_the_incoherent(chosen, {**told[0].facts, **told[0].terms})
        made = run(chosen.rules, _one(chosen, told[0]))
    else:
        frame = _several(chosen, told)
        refuse_the_incoherent(chosen, frame)
        made = run(chosen.rules, frame)
    return tuple(Settlement(chosen, told, row, made) for row in range(len(rows)))


def _one(edition: Edition, told: Told) -> Frame:
    """One claim, every figure of it standing alone."""
    values = np.array([*told.facts.values(), *told.terms.values()], np.int64)
    frame: Frame = dict(zip(edition.given, values, strict=True))
    for name in edition.flags:
        frame[name] = NO if frame[name] == 0 else YES
    return frame


def _several(edition: Edition, told: Sequence[Told]) -> Frame:
    frame: Frame = {n: f.column_from([t.facts[n] for t in told]) for n, f in edition.facts.items()}
    return frame | {n: f.column_from([t.terms[n] for t in told]) for n, f in edition.terms.items()}


def settle_many(
    edition: Edition | str,
    *,
    frame: Mapping[str, ArrayLike],
    terms: Mapping[str, ArrayLike] | None = None,
) -> Frame:
    """Settle a frame of claims, one row each; every column is kept.

    Facts are columns of whole numbers or bool (dates also datetime64[D]), or one value for all
    rows; terms likewise, given apart or as columns of the frame. A frame of several rows must
    give its keys. Raises FactRefused with field and row.
    """
    chosen = edition if isinstance(edition, Edition) else edition_named(edition)
    given = {**frame, **(terms or {})}
    refuse_unknown(given, known=chosen.given)
    height = _height(given)
    for key in chosen.keys:
        if height > 1 and given.get(key) is None:
            raise chosen.given[key].refused("missing")
    checked: dict[str, Column] = {
        name: fact.checked_column(_given(fact, given), height=height)
        for name, fact in chosen.given.items()
    }
    refuse_the_incoherent(chosen, checked)
    made = run(chosen.rules, checked)
    return {n: c if c.ndim else cast("Column", np.broadcast_to(c, height)) for n, c in made.items()}


def failed_cases(edition: Edition) -> list[str]:
    """Every worked case that an edition does not keep, in a sentence; empty where it keeps
    them all. Raises FactRefused where a case states a fact that may not be."""
    failed = []
    for case in edition.cases:
        facts, terms = [row.facts for row in case.rows], [row.terms for row in case.rows]
        made = settle_together(edition, rows=facts, terms=terms)
        for settled, row in zip(made, case.rows, strict=True):
            where = f" (row {settled.row})" if len(made) > 1 else ""
            failed += [
                f"{case.name}{where}: {name} is {settled.columns[name]}, not {int(wanted)}"
                for name, wanted in row.expected.items()
                if settled.columns[name] != wanted
            ]
    return failed


def _told(given: Given, known: Mapping[str, Fact], *, row: int | None) -> dict[str, int]:
    refuse_unknown(given, known=known)
    told: dict[str, int] = {}
    for name, fact in known.items():
        if fact.default is not None and not fact.unless and given.get(name) is None:
            told[name] = fact.default
        else:
            told[name] = fact.checked(_given(fact, given), row=row)
    return told


def _given(fact: Fact, given: Mapping[str, Value]) -> Value | int | None:
    """What was given for a fact; nothing (0) where another one stands in its place."""
    value = given.get(fact.name)
    if value is None and fact.unless and given.get(fact.unless) is not None:
        return fact.least
    return value


def _height(given: Mapping[str, ArrayLike]) -> int:
    """The number of rows: that of the first column which is not one value for all."""
    for name, column in given.items():
        shape = np.shape(column)
        if len(shape) > 1:
            raise FactRefused(name, "wrong_kind")
        if shape:
            return int(shape[0])
    return 1
