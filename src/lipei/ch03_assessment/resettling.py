"""Kept calculations settled once more by another edition, many at a time.

Each keeps the facts with which it was settled and the terms that its policy bought; what the
policy left open, the other edition fills in. What was settled together is settled together.
Nothing is dropped: what the edition cannot settle comes back with the field and the reason.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import polars as pl

from lipei.ch03_assessment.models import Calculation
from lipei.rules import Edition, FactRefused, edition
from lipei.rules.batch import settle_frame
from lipei.rules.batch.checking import Checked, checked
from lipei.rules.batch.reading import ROW, sorting_keys
from lipei.rules.engine import Rule
from lipei.rules.facts import Column, Fact
from lipei.rules.money import Flag

BENEFIT = "benefit_fen"
Told = dict[str, Any]


@dataclass(frozen=True)
class Why:
    """Why an edition cannot settle a claim: the field, the reason, and both in words."""

    field: str
    reason: str
    zh: str
    en: str


NO_SUM = Why(
    BENEFIT,
    "steps",
    "计算步骤之和不等于赔款",
    "the steps of the sheet do not add up to what is paid",
)


@dataclass
class Again:
    """What another edition makes of some calculations, in their order.

    `steps` holds every told column of each, `beside` the columns that were asked for beside them,
    None where it cannot be settled for `why`; `unknown` counts the facts of which the edition
    knows nothing.
    """

    steps: list[dict[str, int] | None]
    beside: list[dict[str, int] | None]
    why: dict[int, Why] = field(default_factory=dict)
    unknown: Counter[str] = field(default_factory=Counter)


def settled_by(
    chosen: Edition, calculations: Sequence[Calculation], *, bought: Mapping[int, Sequence[Told]],
    beside: Sequence[str] = (), instead: Mapping[tuple[int, int], Told] | None = None,
) -> Again:  # fmt: skip
    """Settle calculations of one product by an edition, at once.

    `bought` holds for each calculation (by its key) the terms that the policy of each of its
    rows bought, in the order of the rows; `instead`, by calculation and row, facts that stand in
    place of those with which it was settled.
    """
    made = Again([None] * len(calculations), [None] * len(calculations))
    others = instead or {}
    rows: list[Told] = []
    place: list[tuple[int, bool]] = []
    for at, one in enumerate(calculations):
        known = _edition_of(one)
        for row, told in enumerate(one.rows):
            given = _told(chosen, known, told, bought[one.pk][row], group=at)
            rows.append(given | others.get((one.pk, row), {}))
            place.append((at, row == one.row))
            made.unknown.update(n for n in told["facts"] if n not in chosen.facts)
    _one_group_each(chosen, rows)
    good = checked(_frame(chosen, rows), chosen)
    _collect(made, chosen, good, place, beside=beside)
    return made


def told_names(chosen: Edition) -> tuple[str, ...]:
    """The columns that stand on the sheet of an edition, in their order."""
    return tuple(c.column if isinstance(c, Rule) else c.name for c in chosen.told)


# The parts


def _edition_of(calculation: Calculation) -> Edition | None:
    """The edition by which it was settled; none where the house no longer has it."""
    try:
        return edition(calculation.edition)
    except FactRefused:
        return None


def _told(
    chosen: Edition, known: Edition | None, told: Mapping[str, Told], bought: Told, *, group: int
) -> Told:
    facts = {n: v for n, v in told["facts"].items() if n in chosen.facts}
    if known is not None:
        facts = {n: _spoken(known.facts.get(n), v) for n, v in facts.items()}
    terms = {
        n: v for n, v in told["terms"].items()
        if n in chosen.terms and (n in bought or chosen.terms[n].default is None)
    }  # fmt: skip
    return {**facts, **terms, "": group}


def _spoken(fact: Fact | None, value: Any) -> Any:  # noqa: ANN401  a fact is a number or a flag
    """A code by its word: its place in the list may be another one in another edition."""
    return fact.spoken(value) if fact is not None and fact.kind == "code" else value


def _one_group_each(chosen: Edition, rows: Sequence[Told]) -> None:
    """Give the keys numbers under which only what was settled together stands together."""
    for key in chosen.keys:
        numbers: dict[tuple[int, Any], int] = {}
        for row in rows:
            row[key] = numbers.setdefault((row[""], row.get(key)), len(numbers) + 1)


def _frame(chosen: Edition, rows: Sequence[Told]) -> pl.DataFrame:
    columns = [pl.Series(ROW, range(len(rows)), dtype=pl.Int64)]
    for name, fact in chosen.given.items():
        values = [row.get(name) for row in rows]
        first = next((v for v in values if v is not None), None)
        if first is None and fact.default is not None:
            continue
        kinds: dict[type, pl.DataType] = {bool: pl.Boolean(), str: pl.String()}
        kind = kinds.get(type(first), pl.Int64())
        columns.append(pl.Series(name, values, dtype=kind, strict=False))
    return pl.DataFrame(columns)


def _collect(
    made: Again, chosen: Edition, good: Checked, place: Sequence[tuple[int, bool]], *,
    beside: Sequence[str],
) -> None:  # fmt: skip
    """Give each calculation its own row; one row that may not stand bars all beside it."""
    for rejected in good.rejects:
        for row, name, reason, zh, en in rejected.select(
            ROW, "field", "reason", "zh", "en"
        ).iter_rows():
            made.why.setdefault(place[row][0], Why(name, reason, zh, en))
    if not good.height:
        return
    told = [*told_names(chosen), BENEFIT]
    names = [*told, *beside]
    columns: dict[str, Column] = dict(good.columns)
    columns |= settle_frame(
        chosen, good.columns, keys=sorting_keys(chosen),
        wanted=[n for n in names if n not in good.columns],
    )  # fmt: skip
    whole = {n: _in_every_row(columns[n], height=good.height) for n in dict.fromkeys(names)}
    is_sum = _adds_up(chosen, whole)
    asked = {name: column.tolist() for name, column in whole.items()}
    for at, row in enumerate(good.kept[ROW].to_list()):
        calculation, is_own = place[row]
        if not is_sum[at]:
            made.why.setdefault(calculation, NO_SUM)
        if is_own and calculation not in made.why:
            made.steps[calculation] = {name: int(asked[name][at]) for name in told}
            made.beside[calculation] = {name: int(asked[name][at]) for name in beside}


def _in_every_row(column: Column, *, height: int) -> Column:
    """A column with its rows, also where one value stands alone for all."""
    return column if column.ndim else np.full(height, column)


def _adds_up(chosen: Edition, columns: Mapping[str, Column]) -> Flag:
    """Where the steps of the sheet add up to what is paid, and none of them is negative."""
    running: dict[str, Column] = {}
    good: Flag = np.ones(columns[BENEFIT].size, np.bool_)
    for step, name in zip(chosen.told, told_names(chosen), strict=True):
        amount = columns[name].astype(np.int64, copy=False)
        good &= amount >= 0
        if step.sign == "=":
            within = [n for part, n in running.items() if step.part in ("", part)]
            good &= sum(within) == amount
        else:
            change = amount if step.sign == "+" else -amount
            running[step.part] = running.get(step.part, 0) + change
    return good
