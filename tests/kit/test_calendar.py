"""Working days: the announced years, the make-up days, and the years nobody announced yet."""

import json
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from lipei.kit import calendar
from lipei.kit.calendar import (
    RestYear,
    WorkCalendar,
    install,
    is_announced,
    is_workday,
    read_year,
    shipped_years,
    workday_after,
    workday_from,
    workday_until,
    workdays_between,
)

SHARED = Path(__file__).parents[3] / "shared" / "data" / "holiday-cn"


@pytest.fixture
def _shipped_afterwards() -> Iterator[None]:
    yield
    install([])


def test_the_shipped_years_say_what_their_source_says() -> None:
    if not SHARED.is_dir():
        pytest.skip("the holiday tables of the source are not beside this checkout")
    for year in shipped_years():
        source = json.loads((SHARED / f"{year.year}.json").read_text("utf-8"))
        said = {date.fromisoformat(row["date"]): row["isOffDay"] for row in source["days"]}
        assert {day for day, is_off in said.items() if is_off} == year.rest
        assert {day for day, is_off in said.items() if not is_off} == year.work
        assert list(year.papers) == source["papers"]


def test_the_years_from_2007_to_2026_are_shipped_with_their_licence() -> None:
    assert [year.year for year in shipped_years()] == list(range(2007, 2027))
    folder = Path(calendar.__file__).parent / "restdays"
    assert "MIT License" in (folder / "LICENSE").read_text("utf-8")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ("2025-09-28", True),  # a Sunday made up
        ("2025-09-30", True),
        ("2025-10-01", False),
        ("2025-10-11", True),  # a Saturday made up
        ("2025-10-12", False),
        ("2022-12-31", False),  # spoken of by the table of 2023
        ("2018-12-29", True),  # a Saturday, made up by the table of 2019
    ],
)
def test_rest_days_and_make_up_days_are_known(day: str, expected: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is expected


def test_counting_working_days_agrees_with_asking_each_day() -> None:
    first = date(2024, 1, 1)
    days = [first + timedelta(days=step) for step in range(1100)]
    working = [day for day in days if is_workday(day)]
    for number in (1, 2, 7, 100, 500):
        assert workday_after(first - timedelta(days=1), number=number) == working[number - 1]
    assert workdays_between(first, days[-1]) == len(working)
    assert workdays_between(days[-1], first) == 0


def test_the_next_and_the_last_working_day_around_a_holiday() -> None:
    assert workday_from(date(2025, 10, 1)) == date(2025, 10, 9)
    assert workday_until(date(2025, 10, 8)) == date(2025, 9, 30)
    assert workday_from(date(2025, 9, 28)) == workday_until(date(2025, 9, 28))


def test_in_a_year_not_announced_weekdays_work_and_nothing_is_guessed() -> None:
    assert is_workday(date(2027, 10, 1))
    assert not is_workday(date(2027, 10, 2))
    assert not is_announced(date(2027, 10, 1))


def test_the_last_week_of_december_waits_for_the_next_year() -> None:
    assert is_announced(date(2025, 12, 31))
    assert is_announced(date(2026, 12, 24))
    assert not is_announced(date(2026, 12, 31))


@pytest.mark.usefixtures("_shipped_afterwards")
def test_a_year_that_is_announced_later_is_installed() -> None:
    year = RestYear(2027, frozenset({date(2027, 10, 1)}), frozenset({date(2026, 12, 27)}))
    install([year])
    assert not is_workday(date(2027, 10, 1))
    assert is_workday(date(2026, 12, 27))
    assert is_announced(date(2026, 12, 31))


@pytest.mark.usefixtures("_shipped_afterwards")
def test_an_installed_year_replaces_the_shipped_one() -> None:
    install([RestYear(2025, frozenset({date(2025, 3, 3)}), frozenset())])
    assert not is_workday(date(2025, 3, 3))
    assert is_workday(date(2025, 10, 1))


@pytest.mark.parametrize(
    ("rest", "work", "why"),
    [
        ([date(2027, 1, 1)], [date(2027, 1, 1)], "on both lists"),
        ([date(2026, 11, 30)], [], "lies in another year"),
        ([date(2028, 1, 1)], [], "lies in another year"),
    ],
)
def test_a_table_that_contradicts_itself_is_refused(
    rest: list[date], work: list[date], why: str
) -> None:
    with pytest.raises(ValueError, match=why):
        install([RestYear(2027, frozenset(rest), frozenset(work))])
    assert 2027 not in calendar.current().years


def test_a_year_is_read_from_its_text() -> None:
    text = '{"year": 2027, "papers": [], "rest": {"元旦": ["2027-01-01"]}, "work": {}}'
    assert read_year(text).rest == {date(2027, 1, 1)}


def test_days_beyond_the_calendar_are_refused() -> None:
    with pytest.raises(ValueError, match="only 1949 to 2199"):
        is_workday(date(1948, 12, 31))
    with pytest.raises(ValueError, match="calendar ends with 2199"):
        WorkCalendar([]).nth(date(2199, 12, 30).toordinal(), 5)
