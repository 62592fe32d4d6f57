"""What people see of money, clocks and private values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import translation

from lipei.manual import clause
from lipei.site.desk.words import limit_words
from lipei.site.faces import clock_face, masked, span_words, yuan_words

NOW = datetime(2025, 11, 10, 9, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_nine():
    with time_machine.travel(NOW, tick=False), translation.override("zh-hans"):
        yield


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "0.00"),
        (1, "0.01"),
        (-1, "−0.01"),
        (950_000, "9,500.00"),
        (123_456_789_012_345_678, "1,234,567,890,123,456.78"),
        (-36_005, "−360.05"),
    ],
)
def test_fen_become_yuan_exactly(fen, words):
    assert yuan_words(fen) == words


def test_the_mark_of_the_currency_stands_after_the_minus():
    assert yuan_words(-950_000, sign=True) == "−¥9,500.00"


@pytest.mark.parametrize("not_fen", [9500.0, "950000", True, None])
def test_what_is_no_whole_fen_is_refused(not_fen):
    with pytest.raises(TypeError):
        yuan_words(not_fen)


@pytest.mark.parametrize(
    ("span", "zh", "en"),
    [
        (timedelta(seconds=59), "不到 1 分", "under 1 min"),
        (timedelta(minutes=26), "26 分", "26 min"),
        (timedelta(hours=1), "1 时", "1 h"),
        (timedelta(hours=1, minutes=40), "1 时 40 分", "1 h 40 min"),
        (timedelta(days=2), "2 日", "2 d"),
        (timedelta(days=1, hours=22, minutes=59), "1 日 22 时", "1 d 22 h"),
        (-timedelta(hours=1, minutes=35), "1 时 35 分", "1 h 35 min"),
    ],
)
def test_a_span_is_said_in_its_two_largest_units(span, zh, en):
    assert span_words(span) == zh
    with translation.override("en"):
        assert span_words(span) == en


def test_a_clock_is_calm_until_three_quarters_are_gone():
    started = NOW - 74 * HOUR
    face = clock_face(started + 100 * HOUR, started_at=started)
    assert (face.level, face.words, face.used) == ("ok", "剩 1 日 2 时", 74)


def test_a_clock_warns_from_three_quarters_on():
    started = NOW - 75 * HOUR
    assert clock_face(started + 100 * HOUR, started_at=started).level == "warn"


def test_an_overdue_clock_says_by_how_much():
    face = clock_face(NOW - timedelta(minutes=95), started_at=NOW - 10 * HOUR)
    assert (face.level, face.words, face.used) == ("over", "超 1 时 35 分", 100)


def test_the_very_instant_of_the_due_time_is_not_overdue():
    assert clock_face(NOW, started_at=NOW - HOUR).level == "warn"


def test_a_counted_share_goes_before_the_wall_clock():
    face = clock_face(NOW + HOUR, started_at=NOW - 99 * HOUR, used_bp=2_000)
    assert (face.level, face.used) == ("ok", 20)


def test_a_paused_clock_says_why_and_shows_no_countdown():
    face = clock_face(NOW + HOUR, state="paused", reason="等补件")
    assert (face.level, face.words, face.due_ms) == ("idle", "已暂停：等补件", None)


def test_a_clock_that_has_not_started_says_what_it_waits_for():
    assert clock_face(None, reason="待材料齐全").words == "未起算：待材料齐全"
    assert clock_face(None).words == "未起算"


def test_a_met_clock_says_in_time_or_how_late():
    assert clock_face(NOW, state="met", met_at=NOW).words == "按时完成"
    late = clock_face(NOW - 2 * HOUR, state="met", met_at=NOW)
    assert (late.level, late.words) == ("late", "晚 2 时 完成")


@pytest.mark.parametrize(
    ("value", "kind", "seen"),
    [
        ("13800006021", "phone", "138****6021"),
        ("11010119900307123X", "id", "110****123X"),
        ("6222021234568841", "bank", "****8841"),
        ("沪A6K27P", "plate", "沪A***7P"),
        ("周国栋", "name", "周**"),
        ("12", "phone", "**"),
        ("", "bank", ""),
    ],
)
def test_the_middle_of_a_private_value_is_hidden(value, kind, seen):
    assert masked(value, kind=kind) == seen


@pytest.mark.parametrize(
    ("value", "unit", "zh", "en"),
    [
        (1, "workdays", "1 个工作日", "1 working day"),
        (3, "workdays", "3 个工作日", "3 working days"),
        (1, "hours", "1 小时", "1 hour"),
        (2, "hours", "2 小时", "2 hours"),
        (1, "years", "1 年", "1 year"),
    ],
)
def test_what_a_clause_allows_is_said_with_one_and_with_many(value, unit, zh, en):
    row = clause("1.3-d")
    row = replace(row, limits=(replace(row.limits[0], value=value, unit=unit),))
    assert limit_words(row) == zh
    with translation.override("en"):
        assert limit_words(row) == en
