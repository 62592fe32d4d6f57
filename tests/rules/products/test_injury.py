"""Bodily injury: what it feeds, and what it refuses rather than guess."""

from datetime import date

import pytest

from lipei.rules import FactRefused, edition_for, settle, settle_together

FIGURES = {"region_code": "shanghai", "figures_year_code": "y2023"}
DIED = FIGURES | {
    "injured_on": date(2024, 3, 1),
    "born_on": date(1984, 3, 2),
    "fixed_on": date(2024, 3, 5),
    "is_death": True,
    "wage_year_code": "y2022",
}


def test_the_heads_go_from_dependants_to_the_victim_to_the_covers():
    """A pedestrian dies: each figure is what the one before it made."""
    child = FIGURES | {"born_on": date(2016, 3, 5), "counted_on": DIED["fixed_on"]}
    child |= {"labour_lost_bp": 10_000, "supporters_count": 2}
    living = settle("dependants_living_2022", facts=child).benefit_fen
    told = {"medical_cost_fen": 2_500_000, "mental_distress_fen": 5_000_000}
    on_foot = {"is_victim_on_foot": True, "is_victim_at_fault": True, "fault_share_bp": 7_000}
    injury = settle(
        "bodily_injury_2022", facts=DIED | told | on_foot | {"dependants_living_fen": living}
    ).columns
    lost = {f"{head}_loss_fen": injury[f"{head}_fen"] for head in ("medical", "death")}
    lost["property_loss_fen"] = 0
    mental = {"mental_distress_fen": injury["mental_fen"], "is_mental_first": True}
    first = settle("compulsory_motor_2020", facts=lost | mental | {"is_at_fault": True}).columns
    assert (first["medical_fen"], first["death_fen"]) == (1_800_000, 18_000_000)
    borne = {"property_compulsory_fen": 0, "medical_compulsory_fen": first["medical_fen"]}
    borne["death_compulsory_fen"] = first["death_ordinary_fen"]
    share = {"fault_share_bp": injury["liable_share_bp"]}
    rest = settle("third_party_2020", facts=lost | borne | share, terms={"limit_fen": 10**9})
    assert living == 27_459_500
    assert injury["death_fen"] == 178_954_000 + 7_309_800 + living
    ordinary = injury["death_fen"] - 13_000_000
    assert rest.benefit_fen * 10 == (700_000 + ordinary) * 7


@pytest.mark.parametrize(
    ("changed", "field", "reason"),
    [
        ({"region_code": "beijing"}, "figures_year_code", "unlisted"),
        ({"region_code": "guizhou"}, "wage_year_code", "unlisted"),
        ({"region_code": "hongkong"}, "region_code", "unknown"),
        ({"figures_year_code": "y2031"}, "figures_year_code", "unknown"),
        ({"region_code": "untold"}, "region_code", "needed"),
        ({"wage_year_code": "untold"}, "wage_year_code", "needed"),
        ({"fixed_on": None}, "fixed_on", "needed"),
        ({"fixed_on": date(2024, 2, 29)}, "fixed_on", "out_of_order"),
        ({"born_on": None}, "born_on", "needed"),
        ({"hospital_days": 3}, "meals_day_fen", "needed"),
        ({"lost_days": 3}, "earnings_year_fen", "needed"),
    ],
)
def test_what_no_figure_may_be_computed_from_is_refused_by_name(changed, field, reason):
    with pytest.raises(FactRefused) as caught:
        settle("bodily_injury_2022", facts=DIED | changed)
    assert (caught.value.field, caught.value.reason) == (field, reason)


def test_a_light_injury_needs_no_figures():
    facts = {"injured_on": date(2024, 3, 1), "medical_cost_fen": 80_000}
    assert settle("bodily_injury_2022", facts=facts).benefit_fen == 80_000


def test_the_day_of_the_injury_decides_between_town_and_country():
    assert edition_for("bodily_injury", lost_on=date(2022, 4, 30)).name == "bodily_injury_2004"
    assert edition_for("bodily_injury", lost_on=date(2022, 5, 1)).name == "bodily_injury_2022"


def test_dependants_of_one_victim_are_counted_from_one_day():
    child = FIGURES | {"born_on": date(2016, 3, 5), "labour_lost_bp": 10_000}
    rows = [child | {"counted_on": date(2024, 3, day)} for day in (5, 6)]
    with pytest.raises(FactRefused) as caught:
        settle_together("dependants_living_2022", rows=rows)
    assert (caught.value.field, caught.value.reason) == ("counted_on", "unlike")
