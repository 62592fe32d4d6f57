"""Anybody with the link works a sum out again: the same facts, the same fen, the same hash."""

import json

import pytest
from django.test import Client

from lipei.ch03_assessment.adjudication import calculation_of
from lipei.ch03_assessment.models import Calculation
from lipei.rules.statement import canonical, digest_of, recomputed, sheet
from lipei.site.journey.sums import proof_link
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_a_demonstration(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def calculation(department) -> Calculation:
    """The own car's sum of a claim that is ready to be accepted."""
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    steps.hear()
    made = calculation_of(claim.exposures.get(position=1))
    assert made is not None
    return made


def test_the_claimants_sum_leads_to_its_proof(claimant_client, calculation):
    phone = claimant_client(pocket.PHONE)
    shown = phone.get(f"/m/claims/{calculation.exposure.claim.number}/calc/").content.decode()
    assert proof_link(calculation).split(":")[0] in shown


def test_anybody_sees_the_facts_and_the_same_sum_without_signing_in(calculation):
    answer = Client().get(proof_link(calculation))
    shown = answer.content.decode()
    assert "1900-01-01" not in shown
    assert answer.status_code == 200
    assert calculation.sheet_hash in shown
    assert "与确认书上的计算书完全一致" in shown
    claim = calculation.exposure.claim
    for private in (claim.number, claim.reporter.name, claim.reporter.phone, claim.plate):
        assert private not in shown
    assert answer["Cache-Control"] == "private, no-store"


def test_sent_unchanged_the_form_gives_the_very_same_sheet(calculation):
    shown = Client().get(proof_link(calculation), {"repair_cost_fen": yuan(calculation)})
    assert shown.status_code == 200
    assert "与确认书上的计算书完全一致" in shown.content.decode()


def test_a_changed_fact_is_worked_out_again_and_said_to_be_a_trial(calculation):
    shown = Client().get(proof_link(calculation), {"repair_cost_fen": "1,234.56"})
    assert "1,234.56" in shown.content.decode()
    assert "只供核对" in shown.content.decode()
    assert calculation.sheet_hash not in shown.content.decode()


def test_a_code_is_chosen_by_its_words_and_an_unknown_one_is_told(calculation):
    told = {"new_price_fen": "200000", "registered_on": "2022-01-10", "lost_on": "2025-05-10"}
    told |= {"vehicle_code": "small_bus", "use_code": "family"}
    shown = Client().get(proof_link(calculation), told)
    assert shown.status_code == 200
    assert "九座以下客车" in shown.content.decode()
    unknown = Client().get(proof_link(calculation), told | {"use_code": "lease"})
    assert unknown.status_code in {400, 422}


@pytest.mark.parametrize("wrong", ["-1", "12.345", "many", "9" * 30, "\u202e5"])
def test_what_is_no_amount_is_told_beside_its_field(calculation, wrong):
    shown = Client().get(proof_link(calculation), {"repair_cost_fen": wrong})
    assert shown.status_code in {400, 422}


def test_a_forged_link_leads_nowhere(calculation):
    link = proof_link(calculation)
    assert Client().get(link.replace("/proof/", "/proof/x")).status_code == 404
    assert Client().get("/m/proof/1/").status_code == 404


def test_the_sheet_is_there_as_data_that_proves_itself(calculation):
    told = json.loads(Client().get(proof_link(calculation) + "sheet.json").content)
    digest = told.pop("digest")
    assert digest == calculation.sheet_hash == digest_of(canonical(told))
    again = sheet(recomputed(told), reference=told["reference"])
    assert again.benefit_fen == calculation.benefit_fen


def yuan(calculation: Calculation) -> str:
    whole, fen = divmod(calculation.facts["repair_cost_fen"], 100)
    return f"{whole}.{fen:02}"
