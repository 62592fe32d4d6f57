"""The estimate interval rests on a dated table, keeps to the cover, and promises nothing."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipei.rules import FactRefused
from lipei.rules.estimate import (
    HERE,
    MOST_COUNT,
    MOST_DAMAGES,
    Cover,
    Damage,
    estimate,
    price_table,
    read_prices,
)

DAY = date(2025, 6, 10)
TABLE = price_table(DAY)
BUMPER = Damage("front_bumper", "dent")
COVER = Cover("own_damage_2020", "repair_cost_fen", terms={"sum_insured_fen": 15_000_000})
DAMAGES = st.lists(
    st.builds(
        Damage,
        st.sampled_from(sorted(TABLE.parts)),
        st.sampled_from(sorted(TABLE.severities)),
        st.integers(1, 4),
    ),
    min_size=1,
    max_size=12,
)
VEHICLES = st.sampled_from(sorted(TABLE.vehicles))


def test_the_interval_is_the_sum_of_its_rows():
    made = estimate([BUMPER, Damage("headlamp", "broken", 2)], vehicle="small", reported_on=DAY)
    assert [(r.zh, r.work_zh, r.count, r.low_fen, r.high_fen) for r in made.basis] == [
        ("前保险杠", "凹陷", 1, 35_000, 65_000),
        ("前大灯", "破损或需更换", 2, 80_000, 300_000),
    ]
    assert (made.low_fen, made.high_fen) == (115_000, 365_000)
    assert made.prices == "prices_2025"


def test_the_disclaimer_stands_beside_the_interval():
    made = estimate([BUMPER], vehicle="small", reported_on=DAY)
    assert made.disclaimer == "estimate.not_a_promise"
    assert "不构成赔付承诺" in made.disclaimer_zh
    assert "not a promise to pay" in made.disclaimer_en


def test_the_cover_limits_the_interval():
    bare = estimate([BUMPER], vehicle="small", reported_on=DAY, cover=COVER)
    assert (bare.low_fen, bare.high_fen) == (35_000, 65_000)
    terms = {"sum_insured_fen": 60_000, "deductible_fen": 40_000}
    limited = Cover("own_damage_2020", "repair_cost_fen", terms=terms)
    made = estimate([BUMPER], vehicle="small", reported_on=DAY, cover=limited)
    assert (made.low_fen, made.high_fen) == (0, 20_000)
    assert (made.repair_low_fen, made.repair_high_fen) == (35_000, 65_000)


def test_the_compulsory_cover_limits_the_interval_of_the_other_car():
    facts = {"is_at_fault": True, "medical_loss_fen": 0, "death_loss_fen": 0}
    other = Cover("compulsory_motor_2020", "property_loss_fen", facts=facts)
    damages = [Damage("rear_door", "broken"), Damage("rear_fender", "broken")]
    made = estimate(damages, vehicle="premium", reported_on=DAY, cover=other)
    assert (made.low_fen, made.high_fen) == (200_000, 200_000)


@given(DAMAGES, VEHICLES)
def test_low_is_never_above_high_with_a_cover_or_without(damages, vehicle):
    for cover in (None, COVER):
        made = estimate(damages, vehicle=vehicle, reported_on=DAY, cover=cover)
        assert 0 <= made.low_fen <= made.high_fen
        assert sum(row.low_fen for row in made.basis) == made.repair_low_fen


@given(DAMAGES, VEHICLES)
def test_the_same_ticks_give_the_same_estimate_and_another_part_never_lowers_it(damages, vehicle):
    made = estimate(damages, vehicle=vehicle, reported_on=DAY)
    assert estimate(damages, vehicle=vehicle, reported_on=DAY) == made
    more = estimate([*damages, BUMPER], vehicle=vehicle, reported_on=DAY)
    assert more.low_fen > made.low_fen
    assert more.high_fen > made.high_fen


@pytest.mark.parametrize("part", sorted(TABLE.parts))
@pytest.mark.parametrize("vehicle", sorted(TABLE.vehicles))
def test_a_worse_damage_never_costs_less(part, vehicle):
    scratch, dent, broken = (TABLE.prices[part, s, vehicle] for s in TABLE.severities)
    assert scratch <= dent <= broken
    assert scratch[1] <= dent[1] <= broken[1]


def test_the_table_knows_what_a_claimant_can_tick():
    assert list(TABLE.severities) == ["scratch", "dent", "broken"]
    assert {"front_bumper", "front_door", "headlamp", "front_fender", "mirror"} <= set(TABLE.parts)
    assert {"windscreen", "bonnet", "boot_lid", "wheel", "paint"} <= set(TABLE.parts)


@pytest.mark.parametrize(
    ("damages", "vehicle", "on", "field", "reason"),
    [
        ([], "small", DAY, "damages", "missing"),
        ([BUMPER] * (MOST_DAMAGES + 1), "small", DAY, "damages", "too_large"),
        ([Damage("wing", "dent")], "small", DAY, "part", "unknown"),
        ([Damage("front_bumper", "gone")], "small", DAY, "severity", "unknown"),
        ([Damage("front_bumper", "dent", 0)], "small", DAY, "count", "too_small"),
        ([Damage("front_bumper", "dent", MOST_COUNT + 1)], "small", DAY, "count", "too_large"),
        ([BUMPER], "tank", DAY, "vehicle", "unknown"),
        ([BUMPER], "small", date(2024, 12, 31), "reported_on", "no_edition"),
    ],
)
def test_a_tick_that_means_nothing_is_refused_by_name(damages, vehicle, on, field, reason):
    with pytest.raises(FactRefused) as caught:
        estimate(damages, vehicle=vehicle, reported_on=on)
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_the_estimate_is_plain_json():
    made = estimate([BUMPER], vehicle="small", reported_on=DAY, cover=COVER)
    assert json.loads(json.dumps(made.as_json()))["high_fen"] == 65_000


def test_a_table_with_a_low_above_its_high_is_not_used(tmp_path):
    text = (HERE / "prices_2025.toml").read_text("utf-8")
    broken = tmp_path / "prices_2026.toml"
    broken.write_text(text.replace("small = [25_000, 40_000]", "small = [45_000, 40_000]", 1))
    with pytest.raises(ValueError, match="prices_2026"):
        read_prices(broken)
