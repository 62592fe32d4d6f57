"""The estimate interval 预赔区间 of a small motor loss, from the parts that a claimant ticks.

It rests on a dated table of reference prices, is limited by the cover like any settlement,
and is no promise to pay.
"""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from lipei.rules.facts import FactRefused
from lipei.rules.products.edition import Edition, Words
from lipei.rules.products.load import edition
from lipei.rules.settlement import settle

HERE = Path(__file__).parent
DISCLAIMER = "estimate.not_a_promise"
MOST_DAMAGES = 60
MOST_COUNT = 20


@dataclass(frozen=True, slots=True)
class Damage:
    """A part of the car as the claimant ticked it: which, how badly, how many of it."""

    part: str
    severity: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Cover:
    """The cover that an estimate is limited by; the repair cost is put into `cost_fact`."""

    edition: Edition | str
    cost_fact: str
    facts: Mapping[str, object] = field(default_factory=dict)
    terms: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class EstimateRow:
    """What one ticked part may cost to mend (fen, for all `count` of it)."""

    part: str
    severity: str
    count: int
    zh: str
    en: str
    work_zh: str
    work_en: str
    low_fen: int
    high_fen: int


@dataclass(frozen=True, slots=True)
class Estimate:
    """The interval: what may be paid (`low_fen` to `high_fen`), what the repair may cost, and
    the rows that it rests on. `disclaimer` is the key of the words that must stand beside it,
    `disclaimer_zh` and `disclaimer_en` are those words."""

    low_fen: int
    high_fen: int
    repair_low_fen: int
    repair_high_fen: int
    basis: tuple[EstimateRow, ...]
    vehicle: str
    prices: str
    disclaimer: str
    disclaimer_zh: str
    disclaimer_en: str

    def as_json(self) -> dict[str, object]:
        """The estimate as plain JSON values."""
        told = {one.name: getattr(self, one.name) for one in fields(self)}
        rows = [{one.name: getattr(row, one.name) for one in fields(row)} for row in self.basis]
        return {**told, "basis": rows}


@dataclass(frozen=True)
class PriceTable:
    """Reference prices by part, severity and class of vehicle (low and high, fen)."""

    name: str
    starts_on: date
    vehicles: Mapping[str, Words]
    severities: Mapping[str, Words]
    parts: Mapping[str, Words]
    disclaimer: Words
    prices: Mapping[tuple[str, str, str], tuple[int, int]]


def estimate(
    damages: Sequence[Damage],
    *,
    vehicle: str,
    reported_on: date,
    cover: Cover | None = None,
) -> Estimate:
    """The interval for the ticked damages of a vehicle of this class.

    Prices are those of the table in force on `reported_on`. With a `cover` the interval is
    what that cover would pay for the low and for the high repair cost. Raises FactRefused:
    "vehicle", "damages", "part", "severity", "count", "reported_on", or a fact of the cover.
    """
    table = price_table(reported_on)
    if vehicle not in table.vehicles:
        raise FactRefused("vehicle", "unknown", zh="车型类别", en="Class of vehicle")
    if not damages:
        raise FactRefused("damages", "missing", zh="受损部位", en="Damaged parts")
    if len(damages) > MOST_DAMAGES:
        raise FactRefused("damages", "too_large", zh="受损部位", en="Damaged parts")
    rows = tuple(_row(table, damage, vehicle) for damage in damages)
    repair = sum(row.low_fen for row in rows), sum(row.high_fen for row in rows)
    ends = sorted(_payable(cover, repair))
    assert repair[0] <= repair[1]
    return Estimate(
        low_fen=ends[0],
        high_fen=ends[1],
        repair_low_fen=repair[0],
        repair_high_fen=repair[1],
        basis=rows,
        vehicle=vehicle,
        prices=table.name,
        disclaimer=DISCLAIMER,
        disclaimer_zh=table.disclaimer.zh,
        disclaimer_en=table.disclaimer.en,
    )


def price_table(on: date) -> PriceTable:
    """The reference prices in force on a day. Raises FactRefused("reported_on")."""
    held = [table for table in _price_tables() if table.starts_on <= on]
    if not held:
        raise FactRefused("reported_on", "no_edition", zh="参考价格", en="Reference prices")
    return held[-1]


def _row(table: PriceTable, damage: Damage, vehicle: str) -> EstimateRow:
    if damage.part not in table.parts:
        raise FactRefused("part", "unknown", zh="受损部位", en="Damaged part")
    if damage.severity not in table.severities:
        raise FactRefused("severity", "unknown", zh="受损程度", en="Severity")
    if damage.count < 1:
        raise FactRefused("count", "too_small", zh="数量", en="Number")
    if damage.count > MOST_COUNT:
        raise FactRefused("count", "too_large", zh="数量", en="Number")
    low, high = table.prices[damage.part, damage.severity, vehicle]
    part, work = table.parts[damage.part], table.severities[damage.severity]
    return EstimateRow(
        part=damage.part,
        severity=damage.severity,
        count=damage.count,
        zh=part.zh,
        en=part.en,
        work_zh=work.zh,
        work_en=work.en,
        low_fen=low * damage.count,
        high_fen=high * damage.count,
    )


def _payable(cover: Cover | None, costs_fen: Sequence[int]) -> Sequence[int]:
    """What the cover would pay for each cost, were it the only one."""
    if cover is None:
        return costs_fen
    chosen = cover.edition if isinstance(cover.edition, Edition) else edition(cover.edition)
    return [
        settle(chosen, facts={**cover.facts, cover.cost_fact: cost}, terms=cover.terms).benefit_fen
        for cost in costs_fen
    ]


@cache
def _price_tables() -> tuple[PriceTable, ...]:
    read = (read_prices(path) for path in HERE.glob("prices_*.toml"))
    return tuple(sorted(read, key=lambda table: table.starts_on))


def read_prices(path: Path) -> PriceTable:
    """Read a table of reference prices; it must be complete, and no low above its high."""
    paper: dict[str, Any] = tomllib.loads(path.read_text("utf-8"))
    vehicles, severities = _words(paper["vehicles"]), _words(paper["severities"])
    prices = {
        (part, severity, vehicle): tuple(row[severity][vehicle])
        for part, row in paper["parts"].items()
        for severity in severities
        for vehicle in vehicles
    }
    for key, (low, high) in prices.items():
        if not 0 < low <= high:
            raise ValueError(f"{path.name}: {key} runs from {low} to {high}")
    return PriceTable(
        name=path.stem,
        starts_on=paper["starts_on"],
        vehicles=vehicles,
        severities=severities,
        parts=_words(paper["parts"]),
        disclaimer=Words(paper["disclaimer"]["zh"], paper["disclaimer"]["en"]),
        prices=prices,
    )


def _words(rows: Mapping[str, Mapping[str, str]]) -> dict[str, Words]:
    return {key: Words(row["zh"], row["en"]) for key, row in rows.items()}
