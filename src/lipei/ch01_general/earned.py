"""Earned premium by month, line and branch, as the ledger of the company tells it (X12).

A figure that is told again otherwise is put right forward: the difference is a further row, and
what was told before stays. Where nothing was told, there is no figure, never nought.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from django.db import transaction
from django.db.models import Sum

from lipei.ch01_general import events
from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import Branch, EarnedPremium
from lipei.ch01_general.policy_rows import LINES
from lipei.kit import checks, clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused
from lipei.kit.tables import Fault, Reading, amount_cell, code_cell, day_cell, guessed, open_table

DUTY = "policies.import"
FIELDS = {
    "month": ("月份", "会计月", "会计期间"),
    "line": ("险类", "业务线", "险种大类", "line of business"),
    "branch": ("机构", "机构代码", "branch code"),
    "amount": ("已赚保费", "已赚净保费", "earned premium"),
}
LONGEST_MONTH = 7
MOST_YEARS = 20


@dataclass(frozen=True)
class Figure:
    """Earned premium of a month, a line and a branch in fen; it may lie below nought."""

    month: date
    line: str
    branch: str
    amount_fen: int


# Commands


def tell_earned_premium(figure: Figure, *, by: str) -> int:
    """Take a figure in; the change that it makes to what was told before, 0 if it is the same.

    Refuses a month that has not begun, an unknown line, and a branch that is not theirs.
    """
    if figure.month.day != 1 or figure.month > clock.today():
        raise Refused("month_wrong", field="month")
    if figure.line not in LINES.values():
        raise Refused("choice_unknown", field="line")
    with transaction.atomic():
        branch = Branch.objects.select_for_update().filter(code=figure.branch).first()
        if branch is None or not actor(by).may(DUTY, branch.path):
            raise Refused("branch_unknown", field="branch")
        rows = EarnedPremium.objects.filter(month=figure.month, line=figure.line, branch=branch)
        before = rows.aggregate(told=Sum("amount_fen"))["told"]
        change_fen = figure.amount_fen - (before or 0)
        if before is not None and not change_fen:
            return 0
        EarnedPremium.objects.create(
            month=figure.month, line=figure.line, branch=branch, amount_fen=change_fen,
            corrects=before is not None, told_by=by,
        )  # fmt: skip
        record(f"month/{figure.month:%Y-%m}", events.EARNED_PREMIUM_TOLD, by=by, clause="2.3-f",
               line=figure.line, branch=branch.code, amount_fen=figure.amount_fen,
               change_fen=change_fen)  # fmt: skip
    return change_fen


# Queries


def earned_fen(first: date, last: date, *, line: str = "", branch_path: str = "/") -> int | None:
    """Earned premium of the months from `first` to `last`, both included, of a line (all of
    them without one) below a branch; none where no figure was told for one of the months."""
    rows = EarnedPremium.objects.filter(
        month__gte=first, month__lte=last, branch__path__startswith=branch_path
    )
    rows = rows.filter(line=line) if line else rows
    told = rows.order_by().values_list("month").annotate(Sum("amount_fen"))
    by_month = {month: int(fen) for month, fen in told}
    wanted = list(months(first, last))
    return sum(by_month[m] for m in wanted) if all(m in by_month for m in wanted) else None


def earned_seen(first: date, last: date, *, line: str, acting: Actor) -> int | None:
    """Earned premium as a person of the house may see it: of their own branches.

    Refuses who has no part in reports, and a range that is upside down.
    """
    paths = acting.paths("reports.view") or acting.paths(DUTY)
    if acting.party_id is not None or not paths:
        raise Refused("duty_missing", duty="reports.view")
    if last < first or last.year - first.year > MOST_YEARS:
        raise Refused("days_upside_down", field="last")
    outer = [p for p in paths if not any(p != o and p.startswith(o) for o in paths)]
    found = [earned_fen(first, last, line=line, branch_path=path) for path in outer]
    told = [fen for fen in found if fen is not None]
    return sum(told) if len(told) == len(found) else None


def months(first: date, last: date) -> Iterable[date]:
    """The first days of the months from one to another, both included."""
    number = first.year * 12 + first.month - 1
    while number <= last.year * 12 + last.month - 1:
        yield date(number // 12, number % 12 + 1, 1)
        number += 1


def read_figures(path: Path) -> tuple[list[Figure], list[Fault]]:
    """The figures of a table (month, line, branch, amount in yuan), and what is wrong with it.

    Refuses what is no table, and one that lacks a column.
    """
    table = open_table(path)
    mapping = guessed(table.columns, known=FIELDS)
    for name in FIELDS:
        if name not in mapping:
            raise Refused("column_missing", field=name)
    figures: list[Figure] = []
    faults: list[Fault] = []
    for row in table.rows():
        reading = Reading(row, mapping=mapping)
        month = reading.needed("month", month_cell)
        line = reading.needed("line", partial(code_cell, codes=LINES))
        branch = reading.needed("branch", partial(checks.plain_text, limit=12, lines=False))
        amount = reading.needed("amount", signed_cell)
        faults += reading.faults
        if not reading.faults and month and line and branch and amount is not None:
            figures.append(Figure(month, line, branch, amount))
    return figures, faults


def month_cell(value: object, *, field: str) -> date:
    """A month as people write it: 2026-05, 2026/5, 202605, 2026年5月, or any of its days."""
    text = "".join(str(value).split()).replace("年", "-").replace("/", "-").removesuffix("月")
    if text.isdigit() and len(text) == LONGEST_MONTH - 1:
        text = f"{text[:4]}-{text[4:]}"
    whole = text if text.count("-") > 1 else f"{text}-1"
    return day_cell(whole, field=field).replace(day=1)


def signed_cell(value: object, *, field: str) -> int:
    """An amount in yuan that may lie below nought: -1,234.50 or (1,234.50)."""
    text = "".join(str(value).split())
    below = text.startswith(("-", "－")) or (text.startswith("(") and text.endswith(")"))
    fen = amount_cell(text.strip("-－()"), field=field)
    return -fen if below else fen
