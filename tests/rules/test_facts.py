"""A fact that no figure may be computed from is refused by name."""

import numpy as np
import pytest

from lipei.rules import FactRefused, edition, settle, settle_many

GOOD = {"repair_cost_fen": 500_000}
BOUGHT = {"sum_insured_fen": 15_000_000}


def refusal_of(facts, terms=None):
    with pytest.raises(FactRefused) as caught:
        settle("own_damage_2020", facts=facts, terms=BOUGHT | (terms or {}))
    return caught.value.field, caught.value.reason


@pytest.mark.parametrize(
    ("facts", "refusal"),
    [
        ({}, ("repair_cost_fen", "missing")),
        ({"repair_cost_fen": None}, ("repair_cost_fen", "missing")),
        ({"repair_cost_fen": -1}, ("repair_cost_fen", "negative")),
        ({"repair_cost_fen": 10**15}, ("repair_cost_fen", "too_large")),
        ({"repair_cost_fen": 10**13 + 1}, ("repair_cost_fen", "too_large")),
        ({"repair_cost_fen": 10**30}, ("repair_cost_fen", "too_large")),
        ({"repair_cost_fen": 5000.0}, ("repair_cost_fen", "wrong_kind")),
        ({"repair_cost_fen": "5000"}, ("repair_cost_fen", "wrong_kind")),
        ({"repair_cost_fen": True}, ("repair_cost_fen", "wrong_kind")),
        (GOOD | {"is_total_loss": 1}, ("is_total_loss", "wrong_kind")),
        (GOOD | {"salvage_fen": 1}, ("salvage_fen", "unknown")),
    ],
)
def test_a_bad_fact_is_refused_with_field_and_reason(facts, refusal):
    assert refusal_of(facts) == refusal


@pytest.mark.parametrize(
    ("terms", "refusal"),
    [
        ({"sum_insured_fen": None}, ("sum_insured_fen", "missing")),
        ({"sum_insured_fen": 0}, ("sum_insured_fen", "too_small")),
        ({"add_on_rate_bp": 10_001}, ("add_on_rate_bp", "too_large")),
        ({"add_on_rate": 1}, ("add_on_rate", "unknown")),
    ],
)
def test_a_bad_term_is_refused_like_a_fact(terms, refusal):
    assert refusal_of(GOOD, terms) == refusal


def test_the_largest_fact_is_still_settled_exactly():
    settled = settle(
        "third_party_2020",
        facts={
            "fault_share_bp": 3_333,
            "property_loss_fen": 10**13,
            "property_compulsory_fen": 0,
            "medical_loss_fen": 10**13,
            "medical_compulsory_fen": 0,
            "death_loss_fen": 10**13,
            "death_compulsory_fen": 0,
        },
        terms={"limit_fen": 10**13},
    )
    assert settled.columns["liability_fen"] == 9_999_000_000_000
    assert settled.benefit_fen == 9_999_000_000_000


def test_the_refusal_speaks_both_languages():
    with pytest.raises(FactRefused) as caught:
        settle("own_damage_2020", facts={"repair_cost_fen": -1}, terms=BOUGHT)
    assert caught.value.zh == "定损修理费用：不能是负数"
    assert caught.value.en == "Repair cost as assessed: must not be negative"


@pytest.mark.parametrize(
    ("column", "reason", "row"),
    [
        ([1, 2, -3, -4], "negative", 2),
        ([1, 10**15, 3, 4], "too_large", 1),
        (np.array([1, 2**64 - 1, 3, 4], np.uint64), "too_large", 1),
        ([1.0, 2.0, 3.0, 4.0], "wrong_kind", None),
        ([True, False, True, True], "wrong_kind", None),
        (["1", "2", "3", "4"], "wrong_kind", None),
        ([1, None, 3, 4], "wrong_kind", None),
        ([10**30, 1, 1, 1], "wrong_kind", None),
        ([1, 2], "uneven", None),
    ],
)
def test_a_bad_column_is_refused_with_its_first_bad_row(column, reason, row):
    frame = {"rescue_spent_fen": [0, 0, 0, 0], "repair_cost_fen": column}
    with pytest.raises(FactRefused) as caught:
        settle_many("own_damage_2020", frame=frame, terms=BOUGHT)
    assert (caught.value.field, caught.value.reason) == ("repair_cost_fen", reason)
    assert caught.value.row == row


def test_a_fact_must_be_given_where_its_absence_would_be_a_guess():
    required = {n for n, f in edition("compulsory_motor_2020").facts.items() if f.default is None}
    assert required == {
        "is_at_fault",
        "property_loss_fen",
        "medical_loss_fen",
        "death_loss_fen",
    }
