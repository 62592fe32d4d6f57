"""The clock: worked examples by name, and the fast count against a minute-by-minute one."""

import os
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from random import Random

import pytest
import time_machine

from lipei.kit import clock
from lipei.kit.clock import (
    LOCAL,
    Pause,
    alarms,
    due_at,
    due_text,
    is_kept,
    reckon,
    remaining,
    used_bp,
    warn_at,
)
from lipei.manual import Clause, Limit, clause, shipped
from tests.kit.slow_clock import random_case, slow_due

CASES = 10_000
NOTICE = "supplement_notice"


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LOCAL)


def of(value: int, unit: str, *, rolls: bool = False, pauses: bool = True) -> Clause:
    """A clause of so many units, on the model of the law's determination clock."""
    return replace(
        clause("K2"),
        limits=(Limit("limit", value, unit, "<="),),
        rolls=rolls,
        pauses=(NOTICE,) if pauses else (),
    )


def test_the_fast_count_agrees_with_a_minute_by_minute_one() -> None:
    seed = int(os.environ.get("LIPEI_TEST_SEED", "0")) or Random().randrange(1, 10**9)
    random = Random(seed)
    for number in range(CASES):
        case = random_case(random)
        fast = due_at(case.clause, case.start, pauses=case.pauses)
        slow = slow_due(case)
        assert fast == slow, f"LIPEI_TEST_SEED={seed}, case {number}: {case}"


def test_papers_of_a_friday_are_answered_on_the_make_up_sunday() -> None:
    assert due_text(due_at(clause("1.3-d"), at("2025-09-26 10:00"))) == "2025-09-28 24:00"


def test_without_a_make_up_day_papers_of_a_friday_are_answered_on_monday() -> None:
    assert due_text(due_at(clause("1.3-d"), at("2025-09-19 10:00"))) == "2025-09-22 24:00"


def test_three_days_of_law_that_end_in_the_holiday_roll_behind_it() -> None:
    due = reckon(of(3, "days", rolls=True), at("2025-09-29 10:00"))
    assert due.at is not None
    assert due.unrolled_at is not None
    assert due_text(due.at) == "2025-10-09 24:00"
    assert due_text(due.unrolled_at) == "2025-10-02 24:00"


def test_three_days_of_the_manual_end_in_the_holiday() -> None:
    assert due_text(due_at(clause("1.2-e"), at("2025-09-29 10:00"))) == "2025-10-02 24:00"


def test_a_clock_of_law_that_ends_on_a_make_up_saturday_stays_there() -> None:
    due = due_at(of(3, "days", rolls=True), at("2025-10-08 10:00"))
    assert due_text(due) == "2025-10-11 24:00"


def test_the_start_day_does_not_count_however_early_it_began() -> None:
    early, late = at("2025-03-03 00:00"), at("2025-03-03 23:59")
    assert due_at(of(3, "days"), early) == due_at(of(3, "days"), late) == at("2025-03-07")


def test_a_start_written_in_another_zone_counts_by_the_chinese_day() -> None:
    start = datetime(2025, 3, 2, 16, 0, tzinfo=UTC)
    assert due_at(of(1, "days"), start) == at("2025-03-05")


def test_hours_run_exactly_and_through_the_night() -> None:
    assert due_at(clause("1.3-b"), at("2025-12-31 23:15:30")) == at("2026-01-01 01:15:30")


def test_an_hour_limit_is_kept_at_its_last_instant_and_a_day_limit_before_midnight() -> None:
    two_hours, due = clause("1.3-b"), at("2025-03-03 12:00")
    assert is_kept(two_hours, due=due, met=due)
    assert not is_kept(two_hours, due=due, met=due + timedelta(microseconds=1))
    three_days, midnight = clause("1.2-e"), at("2025-03-07")
    assert is_kept(three_days, due=midnight, met=midnight - timedelta(microseconds=1))
    assert not is_kept(three_days, due=midnight, met=midnight)
    assert not is_kept(three_days, due=midnight, met=None)


@pytest.mark.parametrize(
    ("unit", "value", "start", "last"),
    [
        ("months", 1, "2025-01-31", "2025-02-28"),
        ("months", 1, "2024-01-31", "2024-02-29"),
        ("months", 13, "2024-11-30", "2025-12-30"),
        ("years", 1, "2024-02-29", "2025-02-28"),
        ("years", 4, "2024-02-29", "2028-02-29"),
        ("years", 2, "2025-06-15", "2027-06-15"),
    ],
)
def test_months_and_years_end_on_the_same_day_or_the_last_one(
    unit: str, value: int, start: str, last: str
) -> None:
    assert due_text(due_at(of(value, unit), at(start + " 09:00"))) == last + " 24:00"


def test_papers_after_closing_count_as_come_in_on_the_next_working_day() -> None:
    notice = clause("1.3-d")
    assert due_text(due_at(notice, at("2025-03-03 17:30"))) == "2025-03-04 24:00"
    assert due_text(due_at(notice, at("2025-03-03 17:30:01"))) == "2025-03-05 24:00"


def test_papers_that_come_in_later_are_never_due_earlier() -> None:
    notice = clause("1.3-d")
    starts = [at("2025-09-24 00:00") + timedelta(minutes=15 * step) for step in range(2000)]
    dues = [due_at(notice, start) for start in starts]
    assert dues == sorted(dues)


def test_the_compulsory_list_of_papers_does_not_wait_for_the_next_morning() -> None:
    assert due_text(due_at(clause("K6-list"), at("2025-03-03 20:00"))) == "2025-03-04 24:00"


def test_a_pause_takes_out_the_days_at_whose_end_it_runs() -> None:
    pauses = [Pause(at("2025-03-10 15:00"), at("2025-03-13 09:00"), NOTICE)]
    assert due_at(of(30, "days"), at("2025-03-03 10:00")) == at("2025-04-03")
    paused = due_at(of(30, "days"), at("2025-03-03 10:00"), pauses=pauses)
    assert paused == at("2025-04-06")


def test_a_pause_within_one_day_takes_nothing_out() -> None:
    pauses = [Pause(at("2025-03-10 09:00"), at("2025-03-10 18:00"), NOTICE)]
    assert due_at(of(30, "days"), at("2025-03-03 10:00"), pauses=pauses) == at("2025-04-03")


def test_overlapping_pauses_count_once() -> None:
    pauses = [
        Pause(at("2025-03-10 09:00"), at("2025-03-13 18:00"), NOTICE),
        Pause(at("2025-03-12 09:00"), at("2025-03-14 18:00"), NOTICE),
    ]
    assert due_at(of(30, "days"), at("2025-03-03 10:00"), pauses=pauses) == at("2025-04-07")


def test_hours_stand_still_while_a_pause_lasts() -> None:
    pauses = [Pause(at("2025-03-03 11:00"), at("2025-03-03 11:40"), NOTICE)]
    due = due_at(of(2, "hours"), at("2025-03-03 10:00"), pauses=pauses)
    assert due == at("2025-03-03 12:40")


def test_a_running_pause_leaves_the_due_time_open_and_the_rest_standing() -> None:
    pauses = [Pause(at("2025-03-10 15:00"), None, NOTICE)]
    start = at("2025-03-03 10:00")
    assert due_at(of(30, "days"), start, pauses=pauses) is None
    assert alarms(of(30, "days"), start, pauses=pauses) == ()
    two, pauses = of(2, "hours"), [Pause(at("2025-03-03 10:30"), None, NOTICE)]
    for hour in ("11:00", "18:00"):
        left = remaining(two, start, at=at("2025-03-03 " + hour), pauses=pauses)
        assert left == timedelta(minutes=90)


def test_a_pause_that_begins_after_the_limit_ran_out_changes_nothing() -> None:
    pauses = [Pause(at("2025-03-07 00:00"), None, NOTICE)]
    assert due_at(of(3, "days"), at("2025-03-03 10:00"), pauses=pauses) == at("2025-03-07")


def test_only_a_reason_that_the_clause_names_pauses_it() -> None:
    start = at("2025-03-03 10:00")
    pauses = [Pause(at("2025-03-10 15:00"), at("2025-03-20 09:00"), "appraisal")]
    assert due_at(clause("K2"), start, pauses=pauses) == due_at(clause("K2"), start)
    asked = [Pause(*pauses[0][:2], reason=NOTICE)]
    assert due_at(clause("K2"), start, pauses=asked) != due_at(clause("K2"), start)
    assert due_at(clause("K5"), start, pauses=asked) == due_at(clause("K5"), start)


def test_the_advance_warns_on_day_45_and_is_ordered_on_day_55() -> None:
    found = alarms(clause("K5"), at("2025-03-03 10:00"))
    assert [(alarm.name, alarm.at) for alarm in found] == [
        ("warn", at("2025-04-17")),
        ("order", at("2025-04-27")),
    ]
    assert warn_at(clause("K5"), at("2025-03-03 10:00")) == at("2025-04-17")


def test_limitation_warns_before_its_end() -> None:
    found = alarms(clause("K8"), at("2025-03-03 10:00"), limit="other")
    assert [alarm.name for alarm in found] == ["half_year", "two_months", "month"]
    assert found[-1].at == at("2027-03-04") - timedelta(days=30)


def test_an_hour_limit_warns_when_its_share_is_used_up() -> None:
    assert warn_at(clause("1.3-b"), at("2025-03-03 10:00")) == at("2025-03-03 11:30")


def test_a_limit_of_working_days_warns_at_the_opening_of_a_working_day() -> None:
    assert warn_at(clause("1.3-h"), at("2025-03-03 10:00")) == at("2025-03-14")
    assert warn_at(clause("1.3-d"), at("2025-03-07 10:00")) == at("2025-03-10")


def test_alarms_stand_on_the_day_before_a_rest_day_moved_the_end() -> None:
    law = replace(of(30, "days", rolls=True), warn_bp=0, warn_days=(("warn", -5),))
    assert alarms(law, at("2025-09-03 10:00"))[0].at == at("2025-10-04") - timedelta(days=5)


def test_the_monthly_table_is_due_on_the_5th_or_the_working_day_before() -> None:
    table = clause("1.4-a")
    assert due_text(due_at(table, at("2025-08-31 23:00"))) == "2025-09-05 24:00"
    assert due_text(due_at(table, at("2025-06-30 23:00"))) == "2025-07-04 24:00"
    assert due_text(due_at(table, at("2025-12-31 23:00"))) == "2026-01-05 24:00"


def test_the_monthly_table_of_september_has_no_working_day_before_the_5th() -> None:
    assert due_text(due_at(clause("1.4-a"), at("2025-09-30 23:00"))) == "2025-10-05 24:00"


def test_a_limit_with_several_numbers_is_asked_by_name() -> None:
    start = at("2025-03-03 10:00")
    assert due_text(due_at(clause("K8"), start, limit="life")) == "2030-03-04 24:00"
    assert due_text(due_at(clause("3.1-a"), start)) == "2025-03-03 24:00"
    assert due_text(due_at(clause("3.1-a"), start, limit="remote")) == "2025-03-06 24:00"
    with pytest.raises(KeyError, match=r"3\.1-a has no number nowhere"):
        due_at(clause("3.1-a"), start, limit="nowhere")


def test_a_due_day_in_a_year_not_announced_is_provisional() -> None:
    assert not reckon(of(3, "workdays"), at("2026-12-01 10:00")).provisional
    assert reckon(of(3, "workdays"), at("2026-12-28 10:00")).provisional
    assert reckon(of(30, "days", rolls=True), at("2026-12-28 10:00")).provisional
    assert not reckon(of(30, "days"), at("2026-12-28 10:00")).provisional


def test_the_used_share_leaves_paused_time_out() -> None:
    two, start = of(2, "hours"), at("2025-03-03 10:00")
    pauses = [Pause(at("2025-03-03 11:00"), at("2025-03-03 12:00"), NOTICE)]
    shares = [
        used_bp(two, start, at=at("2025-03-03 " + hour), pauses=pauses)
        for hour in ("09:00", "10:00", "10:30", "11:30", "12:30", "13:00", "14:00")
    ]
    assert shares == [0, 0, 2500, 5000, 7500, 10_000, 15_000]


def test_a_naive_instant_and_a_pause_upside_down_are_refused() -> None:
    with pytest.raises(ValueError, match="without a time zone"):
        due_at(of(1, "hours"), datetime(2025, 3, 3))
    upside_down = [Pause(at("2025-03-04"), at("2025-03-03"), NOTICE)]
    with pytest.raises(ValueError, match="ends before it begins"):
        due_at(of(1, "hours"), at("2025-03-03"), pauses=upside_down)


def test_what_is_no_time_has_no_due_day() -> None:
    with pytest.raises(ValueError, match="fen is no unit of time"):
        due_at(clause("1.3-i"), at("2025-03-03"))
    with pytest.raises(KeyError, match="K7 has no number"):
        due_at(clause("K7"), at("2025-03-03"))


def test_a_midnight_is_written_as_24_00_of_the_day_that_ends() -> None:
    assert due_text(at("2025-10-03 00:00")) == "2025-10-02 24:00"
    assert due_text(at("2025-10-03 00:00").astimezone(UTC)) == "2025-10-02 24:00"
    assert due_text(at("2025-10-03 08:05")) == "2025-10-03 08:05"


def test_today_is_the_day_in_china() -> None:
    with time_machine.travel(datetime(2025, 3, 2, 17, 0, tzinfo=UTC), tick=False):
        assert clock.now() == datetime(2025, 3, 2, 17, 0, tzinfo=UTC)
        assert clock.today() == date(2025, 3, 3)


def test_the_clock_of_law_rolls_even_when_a_pause_moved_its_end() -> None:
    pauses = [Pause(at("2025-04-02 10:00"), at("2025-04-03 10:00"), NOTICE)]
    due = due_at(of(3, "days", rolls=True), at("2025-03-31 10:00"), pauses=pauses)
    assert due_text(due or at("1970-01-01")) == "2025-04-07 24:00"


def test_every_running_clock_of_the_register_can_be_counted() -> None:
    start = datetime.combine(date(2025, 3, 3), time(9), LOCAL)
    from_register = [one for one in map(clause, shipped().ids()) if one.runs]
    assert len(from_register) > 20
    for one in from_register:
        for limit in one.limits:
            if limit.unit in {"fen", "bp"}:
                continue
            due = due_at(one, start, limit=limit.name)
            assert due >= start
            early = [alarm.at for alarm in alarms(one, start, limit=limit.name)]
            assert all(start - timedelta(days=1) < alarm < due for alarm in early), one.id
