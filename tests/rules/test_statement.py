"""The sheet tells a sum so that the claimant can follow it, sign it and compute it again."""

import json

import pytest

from lipei.rules import FactRefused, settle
from lipei.rules.statement import (
    canonical,
    digest_of,
    joint_digest,
    recomputed,
    sheet,
)

BOUGHT = {"sum_insured_fen": 15_000_000, "deductible_fen": 50_000, "add_on_rate_bp": 1_000}


def own_damage(reference="E-1", **facts):
    settled = settle("own_damage_2020", facts={"repair_cost_fen": 940_000} | facts, terms=BOUGHT)
    return sheet(settled, reference=reference)


def told(made):
    return [(step.zh, step.sign, step.amount_fen) for step in made.steps]


def test_the_sheet_goes_from_what_was_asked_to_what_is_paid():
    assert told(own_damage()) == [
        ("定损修理费用", "+", 940_000),
        ("减：绝对免赔额", "-", 50_000),
        ("减：绝对免赔率特约", "-", 89_000),
        ("车辆损失应赔", "=", 801_000),
        ("车损险赔款合计", "=", 801_000),
    ]


def test_a_line_gives_its_reason_and_its_clause_in_both_languages():
    rate = own_damage().steps[2]
    assert (rate.why_zh, rate.why_en) == ("保单约定 10%", "10% by the policy")
    assert rate.clause_zh == "附加绝对免赔率特约条款"
    assert rate.clause_en == "Add-on clause on an absolute deductible rate"
    deductible = own_damage().steps[1]
    assert deductible.why_zh == "保单约定 500.00 元"


def test_a_part_of_the_loss_stands_together_with_its_own_sum():
    parts = own_damage(rescue_spent_fen=40_000).parts
    assert [(p.key, p.zh, p.amount_fen) for p in parts] == [
        ("car", "车辆损失", 801_000),
        ("rescue", "施救费用", 40_000),
        ("", "合计", 0),
    ]


def test_a_sheet_of_nothing_still_says_that_nothing_is_paid():
    made = own_damage(repair_cost_fen=0)
    assert told(made) == [("车损险赔款合计", "=", 0)]


def test_a_refused_part_says_why_it_is_not_paid():
    settled = settle(
        "compulsory_motor_2020",
        facts={
            "is_at_fault": True,
            "is_property_own": True,
            "property_loss_fen": 400_000,
            "medical_loss_fen": 0,
            "death_loss_fen": 0,
        },
    )
    steps = sheet(settled, reference="E-1").steps
    assert [(s.sign, s.amount_fen) for s in steps] == [
        ("+", 400_000),
        ("-", 400_000),
        ("=", 0),
        ("=", 0),
    ]
    assert steps[1].why_zh == "被保险人自己的财产不属于交强险赔偿范围"


def test_the_digest_is_that_of_the_canonical_text_and_survives_storage():
    made = own_damage()
    stored = json.loads(json.dumps(made.as_json()))
    assert made.digest == digest_of(canonical(stored))
    assert made.digest.startswith("sha256:")
    assert len(made.digest) == 71


@pytest.mark.parametrize(
    "other",
    [
        own_damage("E-2"),
        own_damage(repair_cost_fen=940_001),
        own_damage(recovered_fen=1),
    ],
)
def test_another_exposure_or_another_fen_is_another_digest(other):
    assert other.digest != own_damage().digest
    assert own_damage().digest == own_damage().digest


def test_several_sheets_are_signed_together_in_their_order():
    one, two = own_damage("E-1"), own_damage("E-2")
    assert joint_digest([one, two]) != joint_digest([two, one])
    assert joint_digest([one, two]) == joint_digest([own_damage("E-1"), own_damage("E-2")])


def test_the_amount_is_computed_again_from_the_stored_sheet():
    stored = json.loads(own_damage().canonical)
    assert recomputed(stored).benefit_fen == stored["benefit_fen"] == 801_000
    assert stored["benefit_capitals"] == "人民币捌仟零壹拾元整"


def test_a_sheet_with_a_changed_input_computes_another_amount_or_is_refused():
    stored = json.loads(own_damage().canonical)
    stored["facts"][0]["value"] = 940_100
    assert recomputed(stored).benefit_fen == 801_090
    stored["facts"][0]["value"] = -1
    with pytest.raises(FactRefused):
        recomputed(stored)


def test_the_sheet_says_whether_every_clause_was_read_in_the_original():
    settled = settle(
        "compulsory_motor_2020",
        facts={
            "is_at_fault": True,
            "property_loss_fen": 1,
            "medical_loss_fen": 0,
            "death_loss_fen": 0,
        },
    )
    assert sheet(settled, reference="E-1").is_verified
    assert not own_damage().is_verified
