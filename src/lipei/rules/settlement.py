"""One claim or a whole frame of claims, settled by an edition of a product."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike

from lipei.rules.engine import Frame, run
from lipei.rules.facts import Column, FactRefused, refuse_unknown
from lipei.rules.products.edition import Edition
from lipei.rules.products.load import edition as edition_named
from lipei.rules.steps import Step, steps_of


@dataclass(frozen=True)
class Settlement:
    """What an edition makes of one claim.

    `facts` and `terms` are the complete inputs, defaults filled in; `columns` holds every
    column as a whole number (fen, basis points, days; yes is 1).
    """

    edition: Edition
    facts: Mapping[str, int]
    terms: Mapping[str, int]
    columns: Mapping[str, int]

    @property
    def benefit_fen(self) -> int:
        """What is paid."""
        return self.columns["benefit_fen"]

    @cached_property
    def steps(self) -> tuple[Step, ...]:
        """The way from what was asked to what is paid; its sum is the amount paid."""
        return steps_of(self.edition, columns=self.columns)


def settle(
    edition: Edition | str,
    *,
    facts: Mapping[str, object],
    terms: Mapping[str, object] | None = None,
) -> Settlement:
    """Settle one claim.

    `facts` are those of the claim, `terms` those of the policy where they differ from the
    edition's own. Amounts are whole fen, rates basis points, yes and no are bool. Raises
    FactRefused naming the field that is missing, unknown, negative or too large.
    """
    chosen = edition if isinstance(edition, Edition) else edition_named(edition)
    bought = terms or {}
    refuse_unknown(facts, known=chosen.facts)
    refuse_unknown(bought, known=chosen.terms)
    told = {name: fact.checked(facts.get(name)) for name, fact in chosen.facts.items()}
    held = {name: term.checked(bought.get(name)) for name, term in chosen.terms.items()}
    row = {name: fact.column_of(told[name]) for name, fact in chosen.facts.items()}
    row |= {name: term.column_of(held[name]) for name, term in chosen.terms.items()}
    columns = {name: int(column[0]) for name, column in run(chosen.rules, row).items()}
    return Settlement(chosen, told, held, columns)


def settle_many(
    edition: Edition | str,
    *,
    frame: Mapping[str, ArrayLike],
    terms: Mapping[str, ArrayLike] | None = None,
) -> Frame:
    """Settle a frame of claims, one row each; every column is kept.

    Facts are columns of whole numbers or bool, or one value for all rows; terms likewise,
    given apart or as columns of the frame. Raises FactRefused with field and row.
    """
    chosen = edition if isinstance(edition, Edition) else edition_named(edition)
    known = {**chosen.facts, **chosen.terms}
    given = {**frame, **(terms or {})}
    refuse_unknown(given, known=known)
    height = _height(given)
    checked: dict[str, Column] = {
        name: fact.checked_column(given.get(name), height=height) for name, fact in known.items()
    }
    return run(chosen.rules, checked)


def failed_cases(edition: Edition) -> list[str]:
    """Every worked case that an edition does not keep, in a sentence; empty where it keeps
    them all. Raises FactRefused where a case states a fact that may not be."""
    failed = []
    for case in edition.cases:
        columns = settle(edition, facts=case.facts, terms=case.terms).columns
        failed += [
            f"{case.name}: {name} is {columns[name]}, not {int(wanted)}"
            for name, wanted in case.expected.items()
            if columns[name] != wanted
        ]
    return failed


def _height(given: Mapping[str, ArrayLike]) -> int:
    """The number of rows: that of the first column which is not one value for all."""
    for name, column in given.items():
        shape = np.shape(column)
        if len(shape) > 1:
            raise FactRefused(name, "wrong_kind")
        if shape:
            return int(shape[0])
    return 1
