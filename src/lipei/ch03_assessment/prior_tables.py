"""A table of what was used up before Lipei, read row by row into what `prior` takes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from lipei.ch01_general.actors import Actor
from lipei.ch03_assessment import prior
from lipei.ch03_assessment.accumulators import Named
from lipei.ch03_assessment.models import Accumulator
from lipei.kit import checks
from lipei.kit.refusal import Refused
from lipei.kit.tables import (
    Fault,
    Limits,
    Reading,
    Row,
    amount_cell,
    day_cell,
    guessed,
    open_table,
)

LIMITS = Limits(file_bytes=20 * 1024 * 1024, unfolded_bytes=100 * 1024 * 1024, rows=prior.MOST_ROWS)
HEADS = {
    "policy": ("policy_number", "保单号", "保单号码", "policy number", "policy"),
    "identity": ("id_number", "证件号码", "证件号", "身份证号", "identity number"),
    "product": ("险种", "险种代码", "product"),
    "limit": ("limit", "限额", "限额名称", "限额或免赔额", "limit or deductible"),
    "year": ("policy_year", "保单年度", "年度", "policy year", "year"),
    "amount": ("used", "已用", "已用额", "已用合计", "used in all", "amount"),
}
"""The heads under which each field is known; `policy`, `limit` and `amount` must be there."""
NEEDED = ("policy", "limit", "amount")
MOST_COUNT = 10**6


@dataclass(frozen=True)
class Read:
    """What a table tells: its rows, or what is wrong with them."""

    rows: Sequence[prior.Told]
    faults: Sequence[Fault]


def read_prior(path: Path, *, acting: Actor) -> Read:
    """Every row of a table with every fault; the rows count only where there is none. Refuses a
    file that is no table, and one that lacks a column."""
    table = open_table(path, limits=LIMITS)
    mapping = guessed(table.columns, known=HEADS)
    lacking = [HEADS[name][1] for name in NEEDED if name not in mapping]
    if lacking:
        raise Refused("prior_columns_lacking", columns="、".join(lacking), field="file")
    rows: list[prior.Told] = []
    faults: list[Fault] = []
    seen: dict[Named, int] = {}
    for row in table.rows():
        told, wrong = _row(row, mapping=mapping, acting=acting, seen=seen)
        faults += wrong
        if told is not None:
            rows.append(told)
    return Read(rows, faults)


def year_cell(value: object, *, field: str) -> int | date:
    """A policy year: its number, or a day in it."""
    text = checks.plain_text(value, field=field, limit=20, lines=False)
    if text.isascii() and text.isdecimal() and len(text) <= 2:  # noqa: PLR2004  99 years
        return int(text)
    return day_cell(text, field=field)


def count_cell(value: object, *, field: str) -> int:
    """A number of days or times."""
    text = checks.plain_text(value, field=field, limit=20, lines=False)
    if not (text.isascii() and text.isdecimal()) or int(text) > MOST_COUNT:
        raise Refused("prior_count_wrong", field=field)
    return int(text)


def units_of(text: object, *, limit: str, policy: str, field: str) -> int:
    """How much was used, in the unit of the limit that is named: yuan, or a whole number."""
    is_money = prior.unit_meant(limit, policy=policy) == Accumulator.Unit.FEN
    return (amount_cell if is_money else count_cell)(text, field=field)


def _row(
    row: Row, *, mapping: dict[str, str], acting: Actor, seen: dict[Named, int]
) -> tuple[prior.Told | None, list[Fault]]:
    reading = Reading(row, mapping=mapping)
    policy = reading.needed("policy", _name)
    limit = reading.needed("limit", _name)
    year = reading.told("year", year_cell)
    product = reading.told("product", _name)
    identity = reading.told("identity", checks.resident_id)

    def units(text: object, *, field: str) -> int:
        return units_of(text, limit=limit or "", policy=policy or "", field=field)

    amount = reading.needed("amount", units)
    if reading.faults or policy is None or limit is None or amount is None:
        return None, reading.faults
    told = prior.Told(policy=policy, limit=limit, amount_units=amount, year=year,
                      product=product or "", identity=identity or "")  # fmt: skip
    try:
        use = prior.resolved(told, acting=acting)
        if prior.named(use) in seen:
            raise Refused("prior_twice", field="limit")
        seen[prior.named(use)] = row.number
    except Refused as no:
        reading.wrong(str(no.params.get("field", "policy")), no)
    return told, reading.faults


def _name(value: object, *, field: str) -> str:
    return checks.plain_text(value, field=field, limit=60, lines=False)
