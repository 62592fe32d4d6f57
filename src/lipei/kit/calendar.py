"""Working days of mainland China: Monday to Friday, less rest days, plus make-up days (调休).

The tables of announced years lie in `restdays/`; the hub adds years with `install()`. In a year
that is not announced yet every weekday counts as a working day and nothing else: no holiday is
guessed, so a due day comes rather too early than too late, and `is_announced` says that it is
provisional and must be counted again when the State Council has spoken.
"""

import json
from array import array
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import local
from typing import Any

FIRST_YEAR = 1949
LAST_YEAR = 2199
SATURDAY = 5
DECEMBER = 12
LAST_WEEK_FROM = 25  # a year's table has reached back to 29 December of the year before


@dataclass(frozen=True, slots=True)
class RestYear:
    """One announced year: its rest days, its make-up working days, and the papers behind it.

    A table may speak of the last days of the year before.
    """

    year: int
    rest: frozenset[date]
    work: frozenset[date]
    papers: tuple[str, ...] = ()


def read_year(text: str) -> RestYear:
    """One year from its JSON: {"year", "papers", "rest": {holiday: [days]}, "work": {…}}.

    Raises ValueError when a day stands on both lists or far outside its year.
    """
    found = json.loads(text)
    year = RestYear(
        year=int(found["year"]),
        rest=_days(found["rest"]),
        work=_days(found["work"]),
        papers=tuple(found.get("papers", ())),
    )
    _check(year)
    return year


def shipped_years() -> tuple[RestYear, ...]:
    """The announced years that ship with Lipei, oldest first."""
    folder = Path(__file__).parent / "restdays"
    return tuple(read_year(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))


def shipped_rows() -> dict[int, dict[str, Any]]:
    """The tables of the announced years that ship with Lipei as they are written, by holiday."""
    folder = Path(__file__).parent / "restdays"
    rows = (json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json")))
    return {row["year"]: row for row in rows}


def _days(named: Mapping[str, Iterable[str]]) -> frozenset[date]:
    return frozenset(date.fromisoformat(day) for days in named.values() for day in days)


def _check(year: RestYear) -> None:
    if not FIRST_YEAR <= year.year <= LAST_YEAR:
        raise ValueError(f"rest days of {year.year}: out of range")
    if both := year.rest & year.work:
        raise ValueError(f"rest days of {year.year}: {min(both)} is on both lists")
    for day in year.rest | year.work:
        late = day.year == year.year - 1 and day.month == DECEMBER
        if day.year != year.year and not late:
            raise ValueError(f"rest days of {year.year}: {day} lies in another year")


class WorkCalendar:
    """Working days laid out once as two arrays, so that every question is one look-up.

    `_before[i]`: working days before the i-th day of the calendar; `_work[k]`: the k-th working
    day as a proleptic ordinal.
    """

    def __init__(self, years: Iterable[RestYear]) -> None:
        """Raises ValueError when a table contradicts itself. A later year's word wins."""
        self.years = {year.year: year for year in sorted(years, key=lambda one: one.year)}
        spoken: dict[int, bool] = {}
        for year in self.years.values():
            _check(year)
            spoken.update({day.toordinal(): False for day in year.rest})
            spoken.update({day.toordinal(): True for day in year.work})
        self._spoken = spoken
        self._first = date(FIRST_YEAR, 1, 1).toordinal()
        self._end = date(LAST_YEAR, 12, 31).toordinal() + 1
        self._before = array("l", [0])
        self._work = array("l")
        for ordinal in range(self._first, self._end):
            if spoken.get(ordinal, (ordinal - 1) % 7 < SATURDAY):
                self._work.append(ordinal)
            self._before.append(len(self._work))

    def count(self, first: int, last: int) -> int:
        """How many working days lie from one ordinal to another, both included."""
        if last < first:
            return 0
        return self._before[self._at(last) + 1] - self._before[self._at(first)]

    def nth(self, after: int, number: int) -> int:
        """The ordinal of the n-th working day after a day (the day itself does not count)."""
        assert number > 0, number
        place = self._before[self._at(after) + 1] + number - 1
        if place >= len(self._work):
            raise ValueError(f"the calendar ends with {LAST_YEAR}")
        return self._work[place]

    def is_work(self, ordinal: int) -> bool:
        """Whether the day of this ordinal is a working day."""
        at = self._at(ordinal)
        return self._before[at + 1] > self._before[at]

    def is_announced(self, day: date) -> bool:
        """Whether the day's nature is final.

        The last week of December is final only when the next year is announced too.
        """
        late = day.month == DECEMBER and day.day >= LAST_WEEK_FROM
        return day.year in self.years and (not late or day.year + 1 in self.years)

    def _at(self, ordinal: int) -> int:
        if not self._first <= ordinal < self._end:
            raise ValueError(f"no calendar for this day: only {FIRST_YEAR} to {LAST_YEAR}")
        return ordinal - self._first


class _Installed:
    calendar: WorkCalendar | None = None


class _Trial(local):
    calendar: WorkCalendar | None = None


_Tried = _Trial()


def current() -> WorkCalendar:
    """The calendar in use: shipped years, with those that the hub installed."""
    if _Tried.calendar is not None:
        return _Tried.calendar
    if _Installed.calendar is None:
        _Installed.calendar = WorkCalendar(shipped_years())
    return _Installed.calendar


def install(years: Iterable[RestYear]) -> None:
    """Use these years beside the shipped ones from now on; a shipped year is replaced.

    The calendar is exchanged whole. ValueError when a table contradicts itself.
    """
    merged = {year.year: year for year in (*shipped_years(), *years)}
    _Installed.calendar = WorkCalendar(merged.values())


@contextmanager
def instead(other: WorkCalendar) -> Iterator[None]:
    """Count by another calendar for as long as a look at it takes, in this thread alone."""
    _Tried.calendar = other
    try:
        yield
    finally:
        _Tried.calendar = None


def is_workday(day: date) -> bool:
    """Whether a day is a working day."""
    return current().is_work(day.toordinal())


def is_weekday(day: date) -> bool:
    """Whether a day is one from Monday to Friday, whatever was announced."""
    return (day.toordinal() - 1) % 7 < SATURDAY


def is_announced(day: date) -> bool:
    """Whether it is final that a day is a working day or not (its year is announced)."""
    return current().is_announced(day)


def workday_after(day: date, *, number: int = 1) -> date:
    """The n-th working day after a day."""
    return date.fromordinal(current().nth(day.toordinal(), number))


def workday_from(day: date) -> date:
    """The day itself if it is a working day, else the next one."""
    return day if is_workday(day) else workday_after(day)


def workday_until(day: date) -> date:
    """The day itself if it is a working day, else the last one before it."""
    while not is_workday(day):
        day = date.fromordinal(day.toordinal() - 1)
    return day


def workdays_between(first: date, last: date) -> int:
    """How many working days lie from one day to another, both included."""
    return current().count(first.toordinal(), last.toordinal())
