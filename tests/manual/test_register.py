"""The register: what stands in it, what it refuses to read, which edition answers."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, time
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from lipei.manual import (
    Clause,
    Register,
    clause,
    clause_from,
    columns_of,
    install,
    installed,
    section,
    sections,
    shipped,
)
from lipei.manual.register import SHIPPED, read_edition

ROW: dict[str, Any] = {
    "id": "1.3-b",
    "section": "1.3",
    "kind": "clock",
    "origin": "manual",
    "article": "1.3.1",
    "value": 2,
    "unit": "hours",
    "trigger": "intake.upload_completed",
    "ends": ["intake.estimate_shown"],
    "summary_zh": "两小时内给出区间。",
    "summary_en": "A range within two hours.",
}


@pytest.fixture
def _shipped_afterwards() -> Iterator[None]:
    yield
    install(shipped())


def read(**changes: Any) -> Clause:
    """The row with some columns changed; None takes a column out."""
    row = {name: found for name, found in {**ROW, **changes}.items() if found is not None}
    return clause_from(row, edition=SHIPPED, effective_from=date(2025, 1, 1))


def test_the_manual_has_twelve_chapters_of_four_sections() -> None:
    numbers = [one.number for one in sections()]
    assert numbers == [f"{ch}.{part}" for ch in range(1, 13) for part in range(1, 5)]
    assert section("2.2").module == "lipei.ch02_intake.materials"
    assert section("10.3").chapter == 10
    with pytest.raises(KeyError, match=r"no section 13\.1"):
        section("13.1")


def test_every_section_names_a_module_of_its_own_in_a_chapter_that_exists() -> None:
    modules = [one.module for one in sections()]
    assert len(set(modules)) == 48
    for module in modules:
        assert find_spec(module.rpartition(".")[0]) is not None, module


def test_chapter_1_and_the_clocks_of_law_are_complete() -> None:
    wanted = [f"1.1-{letter}" for letter in "abcdefghi"]
    wanted += [f"1.2-{letter}" for letter in "abcdefghijk"]
    wanted += [f"1.3-{letter}" for letter in "abcdefghijkl"]
    wanted += [f"1.4-{letter}" for letter in "abcdef"]
    wanted += ["K1", "K2", "K3", "K4", "K5", "K6-list", "K6-decide", "K6-pay"]
    wanted += ["K7", "K8", "K9"]
    assert set(wanted) <= set(installed().ids())


@pytest.mark.parametrize(
    ("id", "value", "unit", "operator"),
    [
        ("1.1-a", 60, "days", "<="),
        ("1.1-b", 9500, "bp", ">"),
        ("1.2-d", 30, "seconds", "<="),
        ("1.2-e", 3, "days", "<="),
        ("1.2-f", 100, "bp", "<="),
        ("1.2-g", 90, "minutes", "<="),
        ("1.3-b", 2, "hours", "<="),
        ("1.3-d", 1, "workdays", "<="),
        ("1.3-e", 5_000_00, "fen", "<="),
        ("1.3-f", 5_000_00, "fen", ">"),
        ("1.3-h", 10, "workdays", "<="),
        ("1.3-i", 50_000_00, "fen", "<="),
        ("1.3-i-credit", 3, "days", "<="),
        ("1.3-k", 30, "days", "<="),
        ("1.4-a", 5, "day_of_month", "<="),
        ("1.4-d", 3, "persons", ">="),
        ("K2", 30, "days", "<="),
        ("K3", 10, "days", "<="),
        ("K4", 3, "days", "<="),
        ("K5", 60, "days", "<="),
        ("K6-list", 1, "days", "<="),
        ("K6-decide", 5, "days", "<="),
        ("K6-pay", 10, "days", "<="),
        ("K9", 30, "days", "<="),
        ("2.2-i", 10_000_00, "fen", ">="),
        ("2.3-a", 72, "hours", "<="),
    ],
)
def test_the_numbers_of_the_manual_stand_in_the_register(
    id: str, value: int, unit: str, operator: str
) -> None:
    found = clause(id)
    assert (found.value, found.unit, found.operator) == (value, unit, operator)


@pytest.mark.clause("1.3-e")
def test_exactly_five_thousand_yuan_is_small_and_one_fen_more_is_not() -> None:
    assert clause("1.3-e").allows(5_000_00)
    assert not clause("1.3-e").allows(5_000_01)
    assert clause("1.3-f").allows(5_000_01)
    assert not clause("1.3-f").allows(5_000_00)


def test_exactly_95_percent_on_time_is_a_miss() -> None:
    assert not clause("1.1-b").allows(9500)
    assert clause("1.1-b").allows(9501)


def test_the_loss_ratio_band_includes_both_ends() -> None:
    band = clause("1.1-c")
    assert [band.allows(bp) for bp in (8499, 8500, 9000, 9001)] == [False, True, True, False]


def test_only_the_determination_clock_pauses_and_only_for_the_supplement_notice() -> None:
    pausing = {one.id: one.pauses for one in installed() if one.pauses}
    assert pausing == {"K2": ("supplement_notice",)}


def test_only_clauses_of_law_roll_and_law_outranks_the_manual() -> None:
    for one in installed():
        assert one.origin == "law" or not one.rolls, one.id
    assert clause("K2").rolls
    assert not clause("1.1-a").rolls
    assert clause("K2").rank < clause("1.1-a").rank


def test_no_template_name_of_an_unknown_instrument_is_cited_as_law() -> None:
    for one in installed():
        if one.origin == "law":
            assert "办法" not in one.article, one.id


def test_a_repetition_takes_its_number_from_the_clause_it_repeats() -> None:
    assert clause("9.1-b").limits == clause("1.3-k").limits
    assert clause("K1").closes_at == time(17, 30)
    assert not clause("K1").runs
    assert clause("1.3-d").runs


def test_a_clause_says_which_exposures_it_speaks_of() -> None:
    assert clause("K6-list").applies_to({"motor", "compulsory"})
    assert not clause("K6-list").applies_to({"motor"})
    assert clause("1.1-e").applies_to({"undisputed"})
    assert not clause("1.1-e").applies_to({"undisputed", "inpatient"})


def test_summaries_stand_in_both_languages() -> None:
    for one in installed():
        assert any("\u4e00" <= letter <= "\u9fff" for letter in one.summary_zh), one.id
        assert one.summary_zh.endswith("。"), one.id
        assert one.summary_en.isascii(), one.id


def test_a_row_survives_the_way_to_the_database_and_back() -> None:
    for one in installed():
        stored = json.loads(json.dumps(columns_of(one), sort_keys=True))
        assert clause_from(stored, edition="never used") == one


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"unit": "fortnights"}, "unknown unit 'fortnights'"),
        ({"operator": "about"}, "unknown operator 'about'"),
        ({"kind": "wish"}, "unknown kind 'wish'"),
        ({"origin": "rumour"}, "unknown origin 'rumour'"),
        ({"section": "2.2"}, "id does not belong to section 2.2"),
        ({"id": "1.3-bb"}, "id must look like"),
        ({"value": None, "unit": None}, "a clock needs a time"),
        ({"value": 5, "unit": "fen"}, "a clock needs a time"),
        ({"trigger": None}, "a clock needs a time"),
        ({"value": True}, "value must be a whole number"),
        ({"value": 1.5}, "value must be a whole number"),
        ({"value": -1}, "a number is negative"),
        ({"operator": "between", "upper": 1}, "upper end is below"),
        ({"rolls": True}, "only clocks of law roll"),
        ({"pauses": ["appraisal"]}, "unknown pause 'appraisal'"),
        ({"applies": ["tiny"]}, "unknown trait 'tiny'"),
        ({"per": ["decade"]}, "unknown period 'decade'"),
        ({"article": None}, "article is missing"),
        ({"summary_en": None}, "summary_en must be a text"),
        ({"summary_zh": " 空格"}, "summary_zh must be a text"),
        ({"trigger": "Upload done"}, "moment 'Upload done'"),
        ({"effective_to": date(2024, 12, 31)}, "effective_to lies before"),
        ({"effective_to": "tomorrow"}, "effective_to must be a day"),
        ({"closes_at": "late"}, "closes_at must be a time of day"),
        ({"warn_bp": 10_000}, "warn_bp is a share"),
        ({"warn_days": {"warn": 0}}, "the start day gives no warning"),
        ({"same_as": "K2"}, "takes its numbers from the clause"),
        ({"colour": "red"}, r"unknown columns \['colour'\]"),
        ({"limits": ["x"]}, "limits must hold tables"),
        ({"limits": [{"value": 1}]}, "limits must name each table"),
        ({"value": None, "limits": {"x": 1}}, "limit x: unit must be a text"),
        ({"limits": {"x": {"value": 1, "unit": "days"}}}, "exclude each other"),
    ],
)
def test_a_wrong_row_is_named(changes: dict[str, Any], why: str) -> None:
    with pytest.raises(ValueError, match=why) as error:
        read(**changes)
    assert str(error.value).startswith(f"clause {changes.get('id', '1.3-b')}")


def test_a_clause_that_stands_twice_is_named(tmp_path: Path) -> None:
    row = '[[clause]]\nid = "K7"\n'
    head = '[edition]\nname = "x"\neffective_from = 2025-01-01\n'
    path = tmp_path / "twice.toml"
    path.write_text(head + row + row, "utf-8")
    with pytest.raises(ValueError, match="clause K7: stands twice"):
        read_edition(path)
    path.write_text("edition = [", "utf-8")
    with pytest.raises(ValueError, match=r"twice\.toml"):
        read_edition(path)


def test_a_clause_awaits_a_section_of_the_manual_or_none() -> None:
    assert clause("1.2-d").awaits == "5.1"
    assert clause("1.3-b").awaits == ""
    with pytest.raises(ValueError, match=r"clause 1\.3-b: awaits unknown section '13\.1'"):
        Register([read(awaits="13.1")], sections=sections())


def test_an_unknown_section_and_a_repetition_of_nothing_are_named() -> None:
    with pytest.raises(ValueError, match=r"clause 1\.3-b: unknown section '1\.3'"):
        Register([read()], sections=[section("2.2")])
    lost = replace(read(), limits=(), same_as="1.3-z")
    with pytest.raises(ValueError, match=r"clause 1\.3-b: repeats unknown '1\.3-z'"):
        Register([lost], sections=sections())


def two_editions() -> Register:
    """Two hours until the end of 2025, one hour from 2026 on."""
    old = replace(read(), effective_to=date(2025, 12, 31))
    new = read(value=1, edition="2026", effective_from=date(2026, 1, 1))
    return Register([new, old], sections=sections(), version=7)


def test_the_edition_in_force_on_the_day_answers() -> None:
    register = two_editions()
    hours = [
        register.clause("1.3-b", at=day).value
        for day in (date(2025, 12, 31), date(2026, 1, 1), date(2030, 1, 1))
    ]
    assert hours == [2, 1, 1]
    assert register.clause("1.3-b").value == 1


def test_a_running_clock_can_ask_for_the_edition_under_which_it_started() -> None:
    assert two_editions().clause("1.3-b", edition=SHIPPED).value == 2
    with pytest.raises(KeyError, match="not in force"):
        two_editions().clause("1.3-b", edition="1999")


def test_a_day_before_the_oldest_edition_is_answered_from_it() -> None:
    assert two_editions().clause("1.3-b", at=date(2019, 1, 1)).value == 2


def test_a_clause_that_starts_later_than_the_rest_is_not_in_force_before() -> None:
    later = read(id="1.3-c", effective_from=date(2026, 1, 1))
    register = Register([read(), later], sections=sections())
    assert [one.id for one in register.of_section("1.3", at=date(2025, 6, 1))] == ["1.3-b"]
    with pytest.raises(KeyError, match="not in force"):
        register.clause("1.3-c", at=date(2025, 6, 1))


def test_editions_that_overlap_are_refused() -> None:
    new = read(value=1, edition="2026", effective_from=date(2026, 1, 1))
    with pytest.raises(ValueError, match="edition 2026 overlaps 2025"):
        Register([read(), new], sections=sections())


@pytest.mark.usefixtures("_shipped_afterwards")
def test_an_installed_snapshot_answers_from_then_on() -> None:
    install(two_editions())
    assert installed().version == 7
    assert clause("1.3-b").value == 1
    with pytest.raises(KeyError, match="no clause K2"):
        clause("K2")


@pytest.mark.usefixtures("_shipped_afterwards")
def test_a_changed_number_is_changed_where_it_is_repeated() -> None:
    changed = [
        clause_from(
            {**columns_of(one), "limits": {"limit": {"value": 20, "unit": "days"}}},
            edition=SHIPPED,
        )
        if one.id == "1.3-k"
        else one
        for one in shipped()
    ]
    install(Register(changed, sections=sections(), version=1))
    assert clause("9.1-b").value == 20
