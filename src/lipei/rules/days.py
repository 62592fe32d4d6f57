"""A day is the whole number of days since 1970-01-01; months and years are counted full."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from lipei.rules.money import alone, stand_alone

Days = NDArray[np.int64]

EPOCH = date(1970, 1, 1).toordinal()
MARCH_OF_YEAR_0, CYCLE = 719_468, 146_097
MONTHS_A_YEAR, SHORTEST_MONTH = 12, 28
FIRST_DAY, LAST_DAY = date(1900, 1, 1), date(2200, 1, 1)


def day_number(day: date) -> int:
    """The number of a day: 1970-01-01 is 0, the day after it 1."""
    return day.toordinal() - EPOCH


def day_of(number: int) -> date:
    """The day of a number. Raises ValueError outside the years 1 to 9999."""
    return date.fromordinal(number + EPOCH)


def days_between(start: Days, end: Days) -> Days:
    """Days from start to end: none on the same day, negative where end comes first."""
    between: Days = end - start
    return between


def full_months(start: Days, end: Days) -> Days:
    """Months that are full on the day `end`; none where it comes before `start`.

    A month is full on the same day of the month, or on the month's last day where it has no
    such day (民法典 202): from 31 January the first month is full on 28 February, not on the
    27th (benefit_rules P10).
    """
    if stand_alone(start, end):
        return alone(_full_months_of_one(int(start), int(end)))
    start, end = np.broadcast_arrays(start, end)
    from_month, from_day = _month_and_day(start)
    to_month, to_day = _month_and_day(end)
    is_short = to_day < from_day
    late = np.flatnonzero(is_short & (to_day >= SHORTEST_MONTH))
    if late.size:
        is_short[late] = _month_and_day(end[late] + 1)[0] == to_month[late]
    months: Days = np.maximum(to_month - from_month - is_short, 0)
    return months


def _full_months_of_one(start: int, end: int) -> int:
    first, last = day_of(start), day_of(end)
    is_short = last.day < first.day and last.month == day_of(end + 1).month
    months = (last.year - first.year) * MONTHS_A_YEAR + last.month - first.month
    return max(months - is_short, 0)


def full_years(start: Days, end: Days) -> Days:
    """Years that are full on the day `end`: an age where `start` is the day of birth. Whoever
    was born on 29 February is a year older on 28 February of a common year."""
    return full_months(start, end) // MONTHS_A_YEAR


def _month_and_day(number: Days) -> tuple[Days, Days]:
    """The month, counted from March of the year 0, and the day within it, from 1.

    A year that begins in March has its leap day last, so that whole-number division finds the
    year within 400 (a cycle of the calendar) and the month within the year (153 days in 5).
    """
    day = number + MARCH_OF_YEAR_0
    cycle = day // CYCLE
    day = day - cycle * CYCLE
    year = (day - day // 1_460 + day // 36_524 - day // (CYCLE - 1)) // 365
    day = day - (365 * year + year // 4 - year // 100)
    month = (5 * day + 2) // 153
    return (cycle * 400 + year) * MONTHS_A_YEAR + month, day - (153 * month + 2) // 5 + 1
