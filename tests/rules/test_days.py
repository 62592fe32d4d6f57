"""Months and years are full on the same day of the month, or on its last day (P10)."""

import calendar
from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipei.rules.days import (
    FIRST_DAY,
    LAST_DAY,
    day_number,
    day_of,
    days_between,
    full_months,
    full_years,
)
from lipei.rules.yuan import in_words

DAYS = st.dates(FIRST_DAY, LAST_DAY)


def column(day):
    return np.array([day_number(day)])


@pytest.mark.parametrize(
    ("start", "end", "months"),
    [
        (date(2021, 1, 31), date(2021, 2, 27), 0),
        (date(2021, 1, 31), date(2021, 2, 28), 1),
        (date(2020, 1, 31), date(2020, 2, 28), 0),
        (date(2020, 1, 31), date(2020, 2, 29), 1),
        (date(2021, 2, 28), date(2021, 3, 27), 0),
        (date(2021, 2, 28), date(2021, 3, 28), 1),
        (date(2021, 3, 15), date(2025, 6, 10), 50),
        (date(2005, 7, 1), date(2010, 10, 29), 63),
        (date(2021, 5, 5), date(2021, 5, 5), 0),
        (date(2021, 5, 5), date(2020, 5, 5), 0),
        (date(1950, 12, 1), date(1970, 1, 1), 229),
    ],
)
def test_full_months(start, end, months):
    assert full_months(column(start), column(end)).tolist() == [months]


@given(DAYS, DAYS)
def test_months_and_years_are_those_of_the_calendar(start, end):
    months = (end.year - start.year) * 12 + end.month - start.month
    last = calendar.monthrange(end.year, end.month)[1]
    wanted = max(0, months - (end.day < min(start.day, last)))
    assert full_months(column(start), column(end)).tolist() == [wanted]
    assert full_years(column(start), column(end)).tolist() == [wanted // 12]
    assert days_between(column(start), column(end)).tolist() == [(end - start).days]


@given(DAYS)
def test_a_day_and_its_number_are_one(day):
    assert day_of(day_number(day)) == day
    assert day_number(day) == np.datetime64(day).astype(int)


def test_a_day_is_told_as_a_person_reads_it():
    columns = {"admitted_on": day_number(date(2025, 6, 9))}
    assert in_words("{admitted_on}入院", columns=columns, language="zh") == "2025年6月9日入院"
    assert in_words("in on {admitted_on}", columns=columns, language="en") == "in on 2025-06-09"
