"""The only reader of time, and the only place that counts it.

How a time limit is counted (Civil Code 200-204):

- Seconds, minutes and hours run exactly from the moment of the start; the limit is reached at
  the due instant, and who acts at that very instant has kept it.
- Days, working days, months and years: the start day does not count. The limit ends at 24:00
  of its last day. The due instant is the midnight that follows, and does not belong to it.
- Months and years end on the day of the same number, or on the last day of a shorter month.
- A clock of law whose last day is no working day ends on the next one. Promises of the manual
  do not move. Alarms stand on the day before it was moved.
- A pause counts only if the clause names its reason. Hours stand still while it lasts. A day
  counts at its 24:00, and only if no pause is running then: a pause of one day's morning costs
  nothing, a pause from the 3rd to the 6th takes out three days, whatever the times of day. For
  months and years the days taken out are added at the end.
- A report that is due on a day of the month starts with any instant of the month that it
  reports on, and is due in the next one.
- While a pause is running that the clock has reached, the due time is open (None).
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, overload
from zoneinfo import ZoneInfo

from lipei.kit import calendar
from lipei.manual import Clause, Limit, tell_today

LOCAL = ZoneInfo("Asia/Shanghai")
EXACT = {
    "seconds": timedelta(seconds=1),
    "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1),
}
MONTHS = {"months": 1, "years": 12}
MONTHS_A_YEAR = 12
FULL_BP = 10_000
NEVER = 1 << 40
SLACK = timedelta(minutes=1)
"""How far in the future something may have happened: clocks are set right by small steps."""


class Pause(NamedTuple):
    """A time that may not count: from, until (none while it lasts), and its reason."""

    from_at: datetime
    until_at: datetime | None
    reason: str


class Alarm(NamedTuple):
    """A moment before the due time at which somebody is told, by name ("warn", "order")."""

    name: str
    at: datetime


class Due(NamedTuple):
    """When a limit runs out.

    `at` is none while a pause is running. `unrolled_at` is where it stood before a rest day
    moved it. `provisional` says that it rests on a year whose rest days are not announced.
    """

    at: datetime | None
    unrolled_at: datetime | None
    provisional: bool


Span = tuple[datetime, datetime | None, str]


def now() -> datetime:
    """The present instant, aware, in UTC. Nothing else in Lipei reads the time."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in China."""
    return now().astimezone(LOCAL).date()


@overload
def due_at(clause: Clause, start: datetime, *, limit: str | None = None) -> datetime: ...
@overload
def due_at(
    clause: Clause, start: datetime, *, pauses: Sequence[Span], limit: str | None = None
) -> datetime | None: ...
def due_at(
    clause: Clause,
    start: datetime,
    *,
    pauses: Sequence[Span] = (),
    limit: str | None = None,
) -> datetime | None:
    """The instant at which the time that a clause allows has run out; none while it pauses.

    `limit` names the number where a clause has several. Raises KeyError when the clause has no
    such number, ValueError for a naive instant, a pause that ends before it begins, or a unit
    that is no time.
    """
    return reckon(clause, start, pauses=pauses, limit=limit).at


def reckon(
    clause: Clause,
    start: datetime,
    *,
    pauses: Sequence[Span] = (),
    limit: str | None = None,
) -> Due:
    """The due instant with what a reader of it should know. Errors as in `due_at`."""
    one = clause.limit(limit)
    spans = _counting(clause, pauses)
    if one.unit in EXACT:
        at = _exact(start, one.value * EXACT[one.unit], spans=spans)
        return Due(at, at, False)
    first = _first_day(clause, start)
    last = _day_after(first, _days_of(one, first), unit=one.unit, spans=spans)
    if last is None:
        return Due(None, None, False)
    final = _moved(clause, last, first=first)
    provisional = (one.unit == "workdays" or clause.rolls or clause.pulls) and not all(
        calendar.is_announced(date.fromordinal(day)) for day in (first, last, final)
    )
    return Due(_midnight(final + 1), _midnight(last + 1), provisional)


def is_kept(
    clause: Clause, *, due: datetime, met: datetime | None, limit: str | None = None
) -> bool:
    """Whether what the clause asks for happened in time.

    An hour's limit is kept at its last instant; a day's limit ends before the midnight that is
    its due instant. What never happened was not in time.
    """
    if met is None:
        return False
    return met <= due if clause.limit(limit).unit in EXACT else met < due


def remaining(
    clause: Clause,
    start: datetime,
    *,
    at: datetime,
    pauses: Sequence[Span] = (),
    limit: str | None = None,
) -> timedelta:
    """The time left at an instant; negative when overdue; standing still while a pause runs."""
    due = due_at(clause, start, pauses=_ended(pauses, at=at), limit=limit)
    assert due is not None
    return due - at


def used_bp(
    clause: Clause,
    start: datetime,
    *,
    at: datetime,
    pauses: Sequence[Span] = (),
    limit: str | None = None,
) -> int:
    """The share of the time that is used up at an instant, paused time left out.

    In basis points: 10,000 when it is due, more when overdue, 0 before the start.
    """
    ended = _ended(pauses, at=at)
    left = remaining(clause, start, at=at, pauses=ended, limit=limit)
    passed = max(at - start, timedelta(0))
    for from_at, until_at in _merged(_counting(clause, ended)):
        assert until_at is not None
        passed -= max(min(until_at, at) - max(from_at, start), timedelta(0))
    whole = passed + left
    return passed * FULL_BP // whole if whole > timedelta(0) else FULL_BP


def alarms(
    clause: Clause,
    start: datetime,
    *,
    pauses: Sequence[Span] = (),
    limit: str | None = None,
) -> tuple[Alarm, ...]:
    """The moments at which somebody is told before a limit runs out, earliest first.

    A share of an hour limit falls where that share of its time is used. In limits of days an
    alarm stands at the 00:00 that opens a counted day: the day after the share is used up, the
    n-th day from the start, or the n-th day before the end, always without rest-day moves.
    Empty while a running pause leaves them open.
    """
    one = clause.limit(limit)
    spans = _counting(clause, pauses)
    if one.unit in EXACT:
        share = one.value * EXACT[one.unit] * clause.warn_bp // FULL_BP
        at = _exact(start, share, spans=spans) if clause.warn_bp else None
        return () if at is None else (Alarm("warn", at),)
    first = _first_day(clause, start)
    days = _days_of(one, first)
    wanted = list(clause.warn_days)
    if clause.warn_bp:
        wanted.append(("warn", days * clause.warn_bp // FULL_BP + 1))
    found = []
    for name, number in wanted:
        count = number if number > 0 else days
        day = _day_after(first, count, unit=one.unit, spans=spans)
        if day is not None:
            found.append(Alarm(name, _midnight(day if number > 0 else day + 1 + number)))
    return tuple(sorted(found, key=lambda alarm: alarm.at))


def warn_at(
    clause: Clause,
    start: datetime,
    *,
    pauses: Sequence[Span] = (),
    limit: str | None = None,
) -> datetime | None:
    """The first alarm of a clause, or none where it has none or a pause leaves it open."""
    found = alarms(clause, start, pauses=pauses, limit=limit)
    return found[0].at if found else None


def due_text(at: datetime) -> str:
    """An instant as it is written to people: a midnight is 24:00 of the day that ends."""
    local = at.astimezone(LOCAL)
    if local.time() == time(0):
        return f"{local.date() - timedelta(days=1)} 24:00"
    return local.strftime("%Y-%m-%d %H:%M")


def _counting(clause: Clause, pauses: Sequence[Span]) -> list[tuple[datetime, datetime | None]]:
    """The pauses that this clause accepts, by their beginning."""
    if not pauses:
        return []
    found = []
    for from_at, until_at, reason in pauses:
        if until_at is not None and until_at < from_at:
            raise ValueError(f"a pause of {clause.id} ends before it begins")
        if reason in clause.pauses:
            found.append((from_at, until_at))
    return sorted(found, key=lambda span: span[0])


def _ended(pauses: Sequence[Span], *, at: datetime) -> list[Span]:
    """The pauses as they would stand if the one that is running ended at an instant."""
    return [
        (from_at, at if until_at is None or until_at > at else until_at, reason)
        for from_at, until_at, reason in pauses
        if from_at <= at
    ]


def _merged(
    spans: Sequence[tuple[datetime, datetime | None]],
) -> list[tuple[datetime, datetime | None]]:
    """The same paused time without overlaps. Wants spans by their beginning."""
    found: list[tuple[datetime, datetime | None]] = []
    for from_at, until_at in spans:
        last = found[-1][1] if found else from_at
        if last is None:
            break
        if found and from_at <= last:
            longer = until_at if until_at is None else max(last, until_at)
            found[-1] = (found[-1][0], longer)
        else:
            found.append((from_at, until_at))
    return found


def _exact(
    start: datetime,
    allowed: timedelta,
    *,
    spans: Sequence[tuple[datetime, datetime | None]],
) -> datetime | None:
    """The instant at which so much time has run outside the pauses; none if one never ends."""
    at, left = _aware(start).astimezone(UTC), allowed
    for from_at, until_at in spans:
        free = from_at - at
        if free >= left or not left:
            break
        if until_at is None:
            return None
        left -= max(free, timedelta(0))
        at = max(at, until_at)
    return (at.astimezone(UTC) + left).astimezone(LOCAL)


def _first_day(clause: Clause, start: datetime) -> int:
    """The start day, which does not count, as an ordinal.

    Where the clause has a closing hour, what comes in after it, or on a rest day, counts as
    come in on the next working day.
    """
    local = _aware(start).astimezone(LOCAL)
    day = local.toordinal()
    if clause.closes_at is None:
        return day
    work = calendar.current()
    in_time = work.is_work(day) and local.time() <= clause.closes_at
    return day if in_time else work.nth(day, 1)


def _days_of(limit: Limit, first: int) -> int:
    """How many days the limit counts from its start day: as many as it says, or the days up to
    the day of the same number in a later month."""
    if limit.unit in {"days", "workdays"}:
        return limit.value
    start = date.fromordinal(first)
    if limit.unit == "day_of_month":
        return _later_month(start, months=1, day=limit.value).toordinal() - first
    if limit.unit not in MONTHS:
        raise ValueError(f"{limit.unit} is no unit of time")
    months = limit.value * MONTHS[limit.unit]
    return _later_month(start, months=months, day=start.day).toordinal() - first


def _later_month(start: date, *, months: int, day: int) -> date:
    years, month = divmod(start.month - 1 + months, MONTHS_A_YEAR)
    year = start.year + years
    return date(year, month + 1, min(day, monthrange(year, month + 1)[1]))


def _day_after(
    day: int,
    count: int,
    *,
    unit: str,
    spans: Sequence[tuple[datetime, datetime | None]],
) -> int | None:
    """The ordinal of the n-th counted day after a day; none if a pause never ends."""
    work = calendar.current() if unit == "workdays" else None
    for from_at, until_at in spans:
        before = from_at.astimezone(LOCAL).toordinal() - 1
        free = max(before - day, 0) if work is None else work.count(day + 1, before)
        if free >= count:
            break
        if until_at is None:
            return None
        count -= free
        day = max(day, until_at.astimezone(LOCAL).toordinal() - 1)
    if work is None or not count:
        return day + count
    return work.nth(day, count)


def _moved(clause: Clause, day: int, *, first: int) -> int:
    """The last day after rest days: the next working day for law; the last one before it where
    the clause rather wants it early, if there is one after the start day."""
    work = calendar.current()
    if clause.rolls and not work.is_work(day):
        return work.nth(day, 1)
    if clause.pulls and (count := work.count(first + 1, day)):
        return work.nth(first, count)
    return day


def _midnight(day: int) -> datetime:
    """00:00 in China of the day of an ordinal."""
    return datetime.fromordinal(day).replace(tzinfo=LOCAL)


def _aware(at: datetime) -> datetime:
    if at.tzinfo is None:
        raise ValueError("an instant without a time zone")
    return at


tell_today(today)
