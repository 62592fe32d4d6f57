"""The rest-day roster: brought in by two persons, never guessed, and clocks counted again."""

from datetime import date, datetime, timedelta

import pytest
import time_machine

from lipei.ch01_general import roster
from lipei.ch01_general.models import Clock
from lipei.kit import calendar, clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.manual import install, shipped
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
MANAGER, COMPLIANCE = "staff/zhouwei", "staff/hege"


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())
    calendar.install(())


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def ahead() -> int:
    """A year that nobody has announced."""
    return max(calendar.current().years) + 1


def table(year: int, *rest: date, work: tuple[date, ...] = ()) -> dict[str, object]:
    return {"year": year, "papers": ["国办发明电〔2026〕7 号"],
            "rest": {"春节": [day.isoformat() for day in rest]},
            "work": {"春节": [day.isoformat() for day in work]}}  # fmt: skip


def brought_in(year: int, row: dict[str, object]) -> None:
    made = roster.propose_rest_year(year, table=row, reason="国务院公布", by=MANAGER)
    roster.approve_rest_year(year, edition=made.edition, by=COMPLIANCE)


def week_of(year: int) -> list[date]:
    """The first whole week of February, Monday to Friday."""
    monday = next(day for day in (date(year, 2, n) for n in range(1, 8)) if day.weekday() == 0)
    return [monday + timedelta(days=n) for n in range(5)]


def clock_into(year: int) -> Clock:
    """A clock of seven working days that began on the Friday before that week."""
    claim = steps.filed(damage=())
    friday = datetime.combine(week_of(year)[0] - timedelta(days=3), datetime.min.time())
    began = friday.replace(hour=10, tzinfo=clock.LOCAL)
    made = Clock(claim=claim, clause="1.1-e", edition="2025", started_at=began)
    made.due_at = clock.due_at(shipped().clause("1.1-e"), began)
    made.save()
    return made


def test_a_year_holds_once_another_person_approved_it(department):
    year = ahead()
    week = week_of(year)
    made = roster.propose_rest_year(year, table=table(year, *week), reason="公布", by=MANAGER)
    assert calendar.is_workday(week[0])
    with refused("duty_missing"):
        roster.approve_rest_year(year, edition=made.edition, by=MANAGER)
    roster.approve_rest_year(year, edition=made.edition, by=COMPLIANCE)
    assert not calendar.is_workday(week[0])
    assert calendar.is_announced(week[0])
    assert roster.year_shown(year).papers == ("国办发明电〔2026〕7 号",)


def test_a_year_that_nobody_announced_is_never_guessed(department):
    assert not roster.year_shown(ahead()).is_announced
    assert not calendar.is_announced(date(ahead(), 10, 1))


def test_a_table_that_cannot_stand_is_refused(department):
    year = ahead()
    week = week_of(year)
    wrong = {
        "roster_empty": table(year),
        "roster_wrong": table(year, week[0], work=(week[0],)),
        "roster_plain_workday": table(year, week[0], work=(week[1],)),
    }
    for slug, row in wrong.items():
        with refused(slug):
            roster.propose_rest_year(year, table=row, reason="公布", by=MANAGER)
    with refused("roster_wrong"):
        roster.propose_rest_year(year, table=table(year - 1, week[0]), reason="公布", by=MANAGER)
    with refused("duty_missing"):
        roster.propose_rest_year(year, table=table(year, *week), reason="公布", by=steps.CLERK)


def test_running_clocks_are_counted_again_once_and_each_claim_is_told_of_it(department):
    year = ahead()
    held = clock_into(year)
    before = held.due_at
    brought_in(year, table(year, *week_of(year)))
    roster.recount_clocks(year)
    held.refresh_from_db()
    assert held.due_at == before + timedelta(days=7)
    told = [e for e in history(held.claim.subject) if e.verb == "general.clocks_recounted"]
    assert len(told) == 1
    assert told[0].facts["why"] == "rest_days"
    assert roster.recount_clocks(year) == 0, "a second run moves nothing"
    assert len(history(held.claim.subject)) == told[0].number


def test_a_clock_that_would_have_been_due_already_is_due_now(department):
    """A make-up Saturday brings the end forward, behind the present: nobody is late for it."""
    year = ahead()
    held = clock_into(year)
    week = week_of(year)
    saturdays = (week[0] + timedelta(days=5), week[0] + timedelta(days=6))
    at = held.due_at - timedelta(hours=20)
    with time_machine.travel(at, tick=False):
        row = table(year, date(year, 10, 1), work=saturdays)
        made = roster.propose_rest_year(year, table=row, reason="公布", by=MANAGER)
        roster.approve_rest_year(year, edition=made.edition, by=COMPLIANCE)
        roster.recount_clocks(year)
    held.refresh_from_db()
    assert held.due_at == at


def test_before_it_is_approved_it_is_told_how_many_clocks_would_move(department):
    year = ahead()
    clock_into(year)
    every, moved = roster.would_move(table(year, *week_of(year)), year=year)
    assert (every, moved) == (1, 1)
    assert calendar.is_workday(week_of(year)[0]), "a look changes no calendar"


def test_the_missing_year_warns_when_clocks_reach_into_it_and_in_december_loudly(department):
    last = ahead() - 1
    for day, told in (
        (date(last, 6, 1), None), (date(last, 11, 20), (last + 1, False)),
        (date(last, 12, 1), (last + 1, True)), (date(last + 1, 1, 2), (last + 1, True)),
    ):  # fmt: skip
        with time_machine.travel(datetime(day.year, day.month, day.day, 12, tzinfo=clock.LOCAL)):
            assert roster.missing_year() == told
