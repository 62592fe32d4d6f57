"""What no figure of a health or accident cover is computed from is refused by name."""

from datetime import date

import numpy as np
import pytest

from lipei.rules import FactRefused, edition, settle, settle_many

BASES = {
    "health_inpatient_2020": (
        {
            "insured_from_on": date(2024, 1, 1),
            "year_from_on": date(2025, 1, 1),
            "year_to_on": date(2025, 12, 31),
            "occurred_on": date(2025, 3, 1),
            "admitted_on": date(2025, 3, 1),
            "discharged_on": date(2025, 3, 11),
            "was_settled_socially": True,
            "catalogue_cost_fen": 100_000,
        },
        {},
    ),
    "hospital_cash_2020": (
        {
            "insured_from_on": date(2024, 1, 1),
            "occurred_on": date(2025, 3, 1),
            "admitted_on": date(2025, 3, 1),
            "discharged_on": date(2025, 3, 11),
        },
        {"daily_fen": 20_000},
    ),
    "accident_2014": (
        {
            "insured_from_on": date(2025, 1, 1),
            "insured_to_on": date(2025, 12, 31),
            "born_on": date(1985, 5, 20),
            "accident_on": date(2025, 3, 1),
            "established_on": date(2025, 6, 1),
        },
        {"sum_insured_fen": 50_000_000},
    ),
    "accident_medical_2014": (
        {
            "insured_from_on": date(2025, 1, 1),
            "insured_to_on": date(2025, 12, 31),
            "accident_on": date(2025, 3, 1),
            "treated_on": date(2025, 3, 2),
            "cost_fen": 100_000,
        },
        {"limit_fen": 2_000_000},
    ),
    "critical_illness_2020": (
        {
            "effective_on": date(2025, 1, 1),
            "diagnosed_on": date(2025, 7, 20),
            "stage_code": "severe",
            "premiums_paid_fen": 648_000,
        },
        {"sum_insured_fen": 30_000_000},
    ),
}


@pytest.mark.parametrize(
    ("name", "wrong", "field", "reason"),
    [
        ("health_inpatient_2020", {"catalogue_cost_fen": -1}, "catalogue_cost_fen", "negative"),
        ("health_inpatient_2020", {"catalogue_cost_fen": 10**15}, None, "too_large"),
        ("health_inpatient_2020", {"catalogue_cost_fen": None}, None, "missing"),
        ("health_inpatient_2020", {"was_settled_socially": None}, None, "missing"),
        ("health_inpatient_2020", {"discharged_on": date(2025, 2, 28)}, None, "out_of_order"),
        ("health_inpatient_2020", {"occurred_on": "2025-03-02"}, "admitted_on", "out_of_order"),
        ("health_inpatient_2020", {"year_from_on": "2023-12-31"}, None, "out_of_order"),
        ("health_inpatient_2020", {"year_to_on": "2024-12-31"}, None, "out_of_order"),
        ("health_inpatient_2020", {"social_payed_fen": 1}, None, "unknown"),
        ("health_inpatient_2020", {"bed_cost_fen": 0.5}, None, "wrong_kind"),
        ("hospital_cash_2020", {"discharged_on": "2025-02-28"}, None, "out_of_order"),
        ("hospital_cash_2020", {"daily_fen": 100_000_001}, None, "too_large"),
        ("hospital_cash_2020", {"daily_fen": None}, None, "missing"),
        ("hospital_cash_2020", {"deducted_before_days": 1}, "same_cause_discharged_on", "needed"),
        ("accident_2014", {"established_on": "2025-02-28"}, None, "out_of_order"),
        ("accident_2014", {"born_on": "2025-03-02"}, "accident_on", "out_of_order"),
        ("accident_2014", {"insured_to_on": "2024-12-31"}, None, "out_of_order"),
        ("accident_2014", {"grade_11_count": 1}, None, "unknown"),
        ("accident_2014", {"grade_1_count": 101}, None, "too_large"),
        ("accident_2014", {"sum_insured_fen": 0}, None, "too_small"),
        ("accident_2014", {"grade_10_bp": 2_001}, "grade_9_bp", "below"),
        ("accident_medical_2014", {"treated_on": "2025-02-28"}, None, "out_of_order"),
        ("critical_illness_2020", {"stage_code": "early"}, None, "unknown"),
        ("critical_illness_2020", {"stage_code": None}, None, "missing"),
        ("critical_illness_2020", {"diagnosed_on": "2024-12-31"}, None, "out_of_order"),
        ("critical_illness_2020", {"mild_bp": 3_001}, None, "too_large"),
        ("critical_illness_2020", {"middle_bp": 2_999}, None, "below"),
        ("critical_illness_2020", {"ended_before_count": 2}, None, "too_large"),
    ],
)
def test_what_cannot_be_is_refused_by_name(name, wrong, field, reason):
    facts, terms = BASES[name]
    settle(name, facts=facts, terms=terms)
    (told,) = wrong
    of_policy = {n: v for n, v in wrong.items() if n in edition(name).terms}
    of_claim = {n: v for n, v in wrong.items() if n not in of_policy}
    with pytest.raises(FactRefused) as caught:
        settle(name, facts=facts | of_claim, terms=terms | of_policy)
    assert (caught.value.field, caught.value.reason) == (field or told, reason)


@pytest.mark.parametrize("name", BASES)
def test_a_frame_names_its_keys_and_keeps_the_rows_of_one_together(name):
    facts, terms = BASES[name]
    rows = {n: v if isinstance(v, str | bool) else [v] * 3 for n, v in facts.items()}
    frame = {n: as_column(v) for n, v in rows.items()}
    with pytest.raises(FactRefused) as caught:
        settle_many(name, frame=frame, terms=terms)
    assert caught.value.reason == "missing"
    keys = dict.fromkeys(edition(name).keys, np.array([1, 2, 1]))
    with pytest.raises(FactRefused) as caught:
        settle_many(name, frame=frame | keys, terms=terms)
    assert (caught.value.reason, caught.value.row) == ("unsorted", 2)


def as_column(values):
    if isinstance(values, str):
        return edition("critical_illness_2020").facts["stage_code"].place_of(values)
    if isinstance(values, bool):
        return np.full(3, values)
    return np.array(values, "M8[D]" if isinstance(values[0], date) else np.int64)
