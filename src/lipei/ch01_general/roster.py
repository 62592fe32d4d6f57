"""The rest-day roster 节假日安排: a year as the State Council announced it, by two persons.

A year that is not announced is never guessed: its weekdays count as working days, so due times
come rather too early than too late, and they are counted again when the year comes in.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from lipei.ch01_general import events, snapshot
from lipei.ch01_general.actors import actor
from lipei.ch01_general.case import Case, due_again
from lipei.ch01_general.models import Claim, Clock, Revision
from lipei.ch01_general.revisions import (
    Kind,
    Row,
    approve_revision,
    approved_rows,
    propose_revision,
    return_revision,
)
from lipei.kit import calendar, clock, jobs
from lipei.kit.calendar import WorkCalendar, read_year
from lipei.kit.refusal import Refused
from lipei.manual import clause, installed

CHUNK = 200
DECEMBER = 12
RECOUNTER = "system/roster"

# Commands


def propose_rest_year(year: int, *, table: Row, reason: str, by: str) -> Revision:
    """Propose the roster of a year; a year that is announced already is corrected by it."""
    return propose_revision(REST_YEAR, key=str(year), row=table, reason=reason, by=by)


def approve_rest_year(year: int, *, edition: int, by: str) -> Revision:
    """Let the roster of a year hold from now on; clocks that still run are counted again."""
    return approve_revision(REST_YEAR, key=str(year), edition=edition, by=by)


def return_rest_year(year: int, *, edition: int, why: str, by: str) -> Revision:
    """Return a proposed roster with the reason."""
    return return_revision(REST_YEAR, key=str(year), edition=edition, why=why, by=by)


def recount_claim(claim_id: int, *, year: int, by: str) -> int:
    """Count the running clocks of a claim again by the calendar that holds now; how many moved.

    One entry a claim, none where nothing moved. A clock whose new due time has passed already
    is due now: nobody is late for a day that was announced today.
    """
    with transaction.atomic():
        claim = Claim.objects.select_for_update().get(pk=claim_id)
        case = Case(claim, actor(by), duty="")
        moved = case.recount()
        if moved:
            case.record(events.CLOCKS_RECOUNTED, clause="1.4-g", year=year, why="rest_days")
            case.close()
    return moved


# Queries


@dataclass(frozen=True)
class YearShown:
    """One year of the roster: its rest days and make-up days by holiday, and where it is from."""

    year: int
    rest: Mapping[str, list[date]]
    work: Mapping[str, list[date]]
    papers: tuple[str, ...]
    is_shipped: bool

    @property
    def is_announced(self) -> bool:
        """Whether anybody has spoken of this year."""
        return bool(self.rest)


def year_shown(year: int) -> YearShown:
    """A year as it holds now: as people brought it in, as it ships, or not announced."""
    held = next((one for one in reversed(approved_rows("rest_year")) if one.key == str(year)), None)
    row = held.row if held else SHIPPED.get(year)
    return shown_of(row, year=year, is_shipped=held is None)


def shown_of(row: Row | None, *, year: int, is_shipped: bool = False) -> YearShown:
    """A row of the roster by holiday, each with its days."""
    told = row or {"rest": {}, "work": {}}
    return YearShown(
        year, _by_holiday(told["rest"]), _by_holiday(told["work"]),
        tuple(told.get("papers", ())), is_shipped,
    )  # fmt: skip


def missing_year() -> tuple[int, bool] | None:
    """The nearest year that is not announced, if its days matter already, and whether loudly.

    This year's always matters; next year's from the day on which the longest clock of the law
    (K5) reaches into it, and in December loudly: it is loaded before the 31st (6.3-f).
    """
    today = clock.today()
    reaches = today + timedelta(days=clause("K5").value)
    years = calendar.current().years
    if today.year not in years:
        return today.year, True
    if reaches.year in years:
        return None
    return today.year + 1, today.month == DECEMBER


def affected(year: int) -> QuerySet[Clock]:
    """The running clocks whose due time rests on the days of a year."""
    first = _midnight(date(year - 1, DECEMBER, 25))
    rests = sorted({
        one.id for one in installed()
        if one.runs and (one.rolls or one.pulls or one.closes_at is not None
                         or any(limit.unit == "workdays" for limit in one.limits))
    })  # fmt: skip
    return Clock.objects.filter(
        clause__in=rests, stopped_at=None, due_at__gte=first,
        started_at__lt=_midnight(date(year + 1, 1, 1)),
    )  # fmt: skip


def would_move(row: Row, *, year: int) -> tuple[int, int]:
    """How many running clocks rest on a year, and how many of them another roster would move."""
    table = read_year(json.dumps(row))
    other = WorkCalendar({**calendar.current().years, year: table}.values())
    rows = list(affected(year)[: CHUNK * CHUNK])
    with calendar.instead(other):
        moved = sum(due_again(one)[0] != one.due_at for one in rows)
    return len(rows), moved


# Jobs


@app.task(name="lipei.recount_clocks", retry=jobs.STUBBORN)
def recount_clocks(year: int, *, after: int = 0) -> int:
    """Count the clocks that rest on a year again, claim by claim; the rest in a next job.

    Run twice, the second run moves nothing.
    """
    snapshot.learn()
    claims = list(
        affected(year).filter(claim__gt=after).order_by("claim").values_list("claim", flat=True)
        .distinct()[:CHUNK]
    )  # fmt: skip
    moved = sum(recount_claim(claim, year=year, by=RECOUNTER) for claim in claims)
    if len(claims) == CHUNK:
        with transaction.atomic():
            jobs.queue("lipei.recount_clocks", year=year, after=claims[-1])
    return moved


# The parts


def _by_holiday(told: Mapping[str, list[str]]) -> dict[str, list[date]]:
    return {name: [date.fromisoformat(day) for day in days] for name, days in told.items()}


def _check(key: str, row: Row) -> None:
    """Refuse a table that contradicts itself, that is of another year, or that says nothing."""
    try:
        table = read_year(json.dumps(row))
    except (AttributeError, KeyError, TypeError, ValueError) as wrong:
        raise Refused("roster_wrong", why=str(wrong), field="table") from None
    if str(table.year) != key:
        raise Refused("roster_wrong", why=f"{table.year} ≠ {key}", field="table")
    if not table.rest:
        raise Refused("roster_empty", field="table")
    plain = sorted(day for day in table.work if calendar.is_weekday(day))
    if plain:
        raise Refused("roster_plain_workday", day=plain[0].isoformat(), field="table")


def _then(revision: Revision) -> None:
    jobs.queue("lipei.recount_clocks", lock=f"roster/{revision.pk}", year=int(revision.key))


@snapshot.part
def _install(version: int) -> None:
    """The years that people brought in beside the shipped ones, each as approved last."""
    held = [(one.pk, one.row) for one in approved_rows("rest_year")]
    if (marks := tuple(pk for pk, _row in held)) != _Brought.marks:
        calendar.install(read_year(json.dumps(row)) for _pk, row in held)
        _Brought.marks = marks


class _Brought:
    marks: tuple[int, ...] = ()


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)


REST_YEAR = Kind("rest_year", is_dated=False, check=_check, then=_then)
SHIPPED: Mapping[int, Row] = calendar.shipped_rows()
