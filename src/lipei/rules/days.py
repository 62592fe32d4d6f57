"""A day is the whole number of days since 1970-01-01; months and years are counted full."""

from datetime import date

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int64]

EPOCH = date(1970, 1, 1).toordinal()
MONTHS_A_YEAR = 12
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
    from_month, from_day = _month_and_day(start)
    to_month, to_day = _month_and_day(end)
    is_full = (to_day >= from_day) | (to_day == _length(to_month))
    months: Days = np.maximum(to_month - from_month - ~is_full, 0)
    return months


def full_years(start: Days, end: Days) -> Days:
    """Years that are full on the day `end`: an age where `start` is the day of birth. Whoever
    was born on 29 February is a year older on 28 February of a common year."""
    return full_months(start, end) // MONTHS_A_YEAR


def _month_and_day(number: Days) -> tuple[Days, Days]:
    """The month, counted from January 1970, and the day within it, from 1."""
    month = number.astype("M8[D]").astype("M8[M]")
    return month.astype(np.int64), number - _first_of(month) + 1


def _length(month: Days) -> Days:
    length: Days = _first_of((month + 1).astype("M8[M]")) - _first_of(month.astype("M8[M]"))
    return length


def _first_of(month: NDArray[np.datetime64]) -> Days:
    return month.astype("M8[D]").astype(np.int64)
