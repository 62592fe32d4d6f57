"""Counts time limits minute by minute, without a line of the clock that it is held against.

It reads the tables of rest days itself, walks the calendar day by day and the time grain by
grain, and works on Chinese wall time in whole seconds since 1970. `random_case` draws what it
is asked: starts around midnight, around holidays and make-up Saturdays, pauses of all kinds.
"""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

import lipei.kit
from lipei.kit.clock import LOCAL, Pause
from lipei.manual import Clause, Limit, clause

EPOCH = datetime(1970, 1, 1)
MINUTE = 60
DAY = 24 * 60 * 60
DAY_MINUTES = 24 * 60
SHORT = 2 * 60 * 60
REASON = "supplement_notice"
YEARS_AHEAD = 2
EXACT = {"seconds": 1, "minutes": 60, "hours": 3600}
Days = dict[date, bool]
Span = tuple[int, int | None]


class Case(NamedTuple):
    """One question: a clause, a start, pauses."""

    clause: Clause
    start: datetime
    pauses: tuple[Pause, ...]


@cache
def table() -> Days:
    """Every day that a State Council paper speaks of: True is a working day."""
    spoken: Days = {}
    folder = Path(lipei.kit.__file__).parent / "restdays"
    for path in sorted(folder.glob("*.json")):
        year = json.loads(path.read_text("utf-8"))
        for listed, is_work in ((year["rest"], False), (year["work"], True)):
            for days in listed.values():
                spoken.update({date.fromisoformat(day): is_work for day in days})
    return spoken


@cache
def works(day: date) -> bool:
    """Whether a day is a working day: the papers first, then Monday to Friday."""
    return table().get(day, day.isoweekday() <= 5)


def slow_due(case: Case) -> datetime | None:
    """The due instant, found by letting the time run."""
    limit = case.clause.limits[0]
    spans = [
        (seconds(pause.from_at), None if pause.until_at is None else seconds(pause.until_at))
        for pause in case.pauses
        if pause.reason in case.clause.pauses
    ]
    if limit.unit in EXACT:
        found = _run(seconds(case.start), limit.value * EXACT[limit.unit], spans)
        return None if found is None else instant(found)
    first = _received(case)
    ticks = limit.value if limit.unit in {"days", "workdays"} else _days_of(limit, first)
    last = _tick(first, ticks, spans, only_work=limit.unit == "workdays")
    if last is None:
        return None
    while case.clause.rolls and not works(last):
        last += timedelta(days=1)
    return instant(_midnight(last) + DAY)


def seconds(at: datetime) -> int:
    """Chinese wall time as whole seconds since 1970."""
    wall = at.astimezone(LOCAL).replace(tzinfo=None)
    return int((wall - EPOCH).total_seconds())


def instant(stamp: int) -> datetime:
    """The aware instant of a wall time."""
    return (EPOCH + timedelta(seconds=stamp)).replace(tzinfo=LOCAL)


def _midnight(day: date) -> int:
    return seconds(datetime.combine(day, time(0), LOCAL))


def _received(case: Case) -> date:
    local = case.start.astimezone(LOCAL)
    day, closes = local.date(), case.clause.closes_at
    if closes is None:
        return day
    if works(day) and (local.hour, local.minute, local.second) > (
        closes.hour,
        closes.minute,
        0,
    ):
        day += timedelta(days=1)
    while not works(day):
        day += timedelta(days=1)
    return day


def _days_of(limit: Limit, first: date) -> int:
    """Walk on until the month is right, then to its day of the same number or its last."""
    months = limit.value * (12 if limit.unit == "years" else 1)
    day, passed = first, 0
    while passed < months:
        before, day = day, day + timedelta(days=1)
        passed += before.month != day.month
    while day.day < first.day and (day + timedelta(days=1)).month == day.month:
        day += timedelta(days=1)
    return (day - first).days


def _run(start: int, allowed: int, spans: list[Span]) -> int | None:
    """Let grains of time pass and count those in which no pause is running."""
    if not allowed:
        return start
    grain = 1 if allowed <= SHORT else MINUTE
    paused = sum(max(0, until - max(begin, start)) for begin, until in spans if until)
    stamps = start + grain * np.arange((allowed + paused) // grain + 2, dtype=np.int64)
    running = np.ones(len(stamps), dtype=bool)
    for begin, until in spans:
        running &= ~((stamps >= begin) & (True if until is None else stamps < until))
    passed = np.cumsum(running) * grain
    return _first(stamps + grain, passed >= allowed)


def _tick(first: date, ticks: int, spans: list[Span], *, only_work: bool) -> date | None:
    """Let minutes pass; at each 24:00 the day that ends counts unless a pause is running."""
    if not ticks:
        return first
    begin = (_midnight(first) + DAY) // MINUTE
    days = ticks * (2 if only_work else 1) + (30 if only_work else 0)
    days += sum((until - since) // DAY + 2 for since, until in spans if until)
    minutes = np.arange(begin + 1, begin + days * DAY_MINUTES + 1, dtype=np.int32)
    counts = minutes % DAY_MINUTES == 0
    for since, until in spans:
        paused = minutes > since // MINUTE
        if until is not None:
            paused &= minutes <= until // MINUTE
        counts &= ~paused
    ended = [instant(int(minutes[at]) * MINUTE - 1).date() for at in np.flatnonzero(counts)]
    counted = [day for day in ended if works(day) or not only_work]
    return counted[ticks - 1] if len(counted) >= ticks else None


def _first(stamps: NDArray[np.int64], reached: NDArray[np.bool_]) -> int | None:
    place = int(np.argmax(reached))
    return int(stamps[place]) if reached[place] else None


UNITS: tuple[tuple[str, tuple[int, ...], int], ...] = (
    ("seconds", (0, 5, 30, 60), 5),
    ("minutes", (1, 90, 240), 10),
    ("hours", (1, 2, 48, 72), 20),
    ("days", (0, 1, 3, 5, 10, 30, 60), 30),
    ("workdays", (0, 1, 2, 3, 7, 10, 20), 30),
    ("months", (1, 2, 6, 12), 2),
    ("years", (1, 2), 1),
)


def random_case(random: Random) -> Case:
    """One question, drawn so that the edges are met often."""
    unit, values, _ = random.choices(UNITS, [weight for *_, weight in UNITS])[0]
    limit = Limit("limit", random.choice(values), unit, "<=")
    drawn = replace(
        clause("K2"),
        limits=(limit,),
        rolls=random.random() < 0.5,
        pauses=(REASON,) if random.random() < 0.8 else (),
        closes_at=time(17, 30) if random.random() < 0.2 else None,
    )
    start = _random_start(random)
    reach = {"months": 31 * DAY, "years": 366 * DAY, "days": DAY, "workdays": 2 * DAY}
    span = limit.value * reach.get(unit, EXACT.get(unit, 1)) + 60
    count = random.choices((0, 1, 2, 4), (4, 3, 2, 1))[0]
    return Case(drawn, start, tuple(_random_pause(random, start, span) for _ in range(count)))


def _random_start(random: Random) -> datetime:
    day = date(2012, 1, 1) + timedelta(days=random.randrange((2026 + YEARS_AHEAD - 2012) * 365))
    kind = random.random()
    if kind < 0.4:
        day = random.choice(sorted(table())) + timedelta(days=random.randint(-3, 1))
    elif kind < 0.5:
        day = date(random.randint(2012, 2027), random.choice((1, 2, 8, 12)), 28)
        day += timedelta(days=random.randint(0, 3))
    minute = random.randrange(24 * 60)
    if random.random() < 0.3:
        minute = random.choice((0, 1, 2, 17 * 60 + 29, 17 * 60 + 30, 17 * 60 + 31, 1438, 1439))
    return datetime.combine(day, time(minute // 60, minute % 60), LOCAL).astimezone(UTC)


def _random_pause(random: Random, start: datetime, span: int) -> Pause:
    begin = start + timedelta(minutes=random.randint(-span // 10, span) // MINUTE)
    length = random.choice((0, 1, 30, 12 * 60, 24 * 60, 5 * 24 * 60, span // MINUTE))
    if random.random() < 0.3:
        begin = begin.astimezone(LOCAL).replace(hour=0, minute=random.choice((0, 0, 1)))
    end = begin + timedelta(minutes=random.randint(0, max(length, 1)))
    if random.random() < 0.2:
        end = (end.astimezone(LOCAL) + timedelta(days=1)).replace(hour=0, minute=0)
    reason = REASON if random.random() < 0.8 else "appraisal"
    return Pause(begin, None if random.random() < 0.1 else end, reason)
