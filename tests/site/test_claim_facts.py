"""The facts of a sum on their page and at the API, for a claim of any line, to its statement."""

import re

import pytest
from django.test import Client
from django.utils import translation

from lipei.ch03_assessment.adjudication import calculate_claim, calculation_of
from lipei.ch03_assessment.models import ToldFact
from lipei.rules import edition, edition_names, settle_together
from lipei.site.fact_forms import FactForm, written
from lipei.site.journey.sums import proof_link
from tests import steps
from tests.site.test_api_claims import staff

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def clerk(staff_client) -> Client:
    return staff_client("wangmin")


@pytest.fixture
def inpatient(department):
    return steps.registered(steps.handed_over(steps.keyed(steps.inpatient_policy(), "illness")))


def stay(claim, **changes: str) -> dict[str, str]:
    """What a clerk writes of a stay, in the units that people write."""
    return {
        "paper": "claim_request", "occurred_on": steps.day(claim),
        "admitted_on": steps.day(claim), "discharged_on": steps.day(claim, after=8),
        "was_settled_socially": "1", "catalogue_cost_fen": "18,600.00",
        "social_paid_fen": "9600", **changes,
    }  # fmt: skip


def act(clerk: Client, claim, key: str, **told: str):
    """Ask for an act and do it, as one who has seen the claim as it stands."""
    url = f"/claims/{claim.number}/acts/{key}/"
    seen = re.search(r'name="seen" value="(\d+)"', clerk.get(url).content.decode())
    assert seen
    return clerk.post(url, {"seen": seen[1], **told}, follow=True)


def facts_url(claim, position: int = 1, about: str = "cover") -> str:
    return f"/claims/{claim.number}/facts/{position}/{about}/"


def test_a_stay_in_hospital_is_told_calculated_and_read_by_its_claimant(
    clerk, inpatient, claimant_client, settings
):
    page = clerk.get(f"/claims/{inpatient.number}/facts/", follow=True)
    shown = page.content.decode()
    assert page.status_code == 200
    assert "医保目录内费用" in shown
    assert "来自保单，请核对" in shown
    answer = clerk.post(facts_url(inpatient), stay(inpatient))
    assert answer.status_code == 302
    claim = steps.again(inpatient)
    assert claim.stage == "assessed"
    assert ToldFact.objects.get(name="insured_from_on").told_by == steps.CLERK
    assert "填写，依据" in clerk.get(facts_url(inpatient)).content.decode()
    sheet = act(clerk, claim, "calculate", tab="calc")
    assert "6,300.00" in sheet.content.decode()
    steps.submit_for_review(claim.number, by=steps.CLERK)
    steps.hear()
    reader = claimant_client(steps.INSURED_PHONE).get(f"/m/claims/{claim.number}/calc/")
    assert reader.status_code == 200
    assert "6,300.00" in reader.content.decode()
    proof = Client().get(proof_link(calculation_of(claim.exposures.get())))
    assert "与确认书上的计算书完全一致" in proof.content.decode()


def test_the_form_reads_in_english_too(clerk, inpatient):
    shown = clerk.get(facts_url(inpatient), headers={"Accept-Language": "en"}).content.decode()
    assert "Costs in the catalogue" in shown
    assert "From the policy, please check" in shown


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"catalogue_cost_fen": "many"}, "id_catalogue_cost_fen_error"),
        ({"catalogue_cost_fen": "-5"}, "id_catalogue_cost_fen_error"),
        ({"discharged_on": "1999-01-01"}, "id_discharged_on_error"),
        ({"was_settled_socially": "maybe"}, "id_was_settled_socially_error"),
        ({"paper": ""}, "id_paper_error"),
        ({"paper": "loss_list"}, "id_paper_error"),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    clerk, inpatient, wrong, words
):
    answer = clerk.post(facts_url(inpatient), stay(inpatient, **wrong))
    shown = answer.content.decode()
    assert answer.status_code == 422
    assert words in shown
    assert 'value="9600"' in shown
    assert not ToldFact.objects.exists()


def seen_on(page) -> str:
    """What a drawn page knows of the facts, as its form sends it back."""
    found = re.search(r'name="seen" value="(\d+)"', page.content.decode())
    assert found
    return found[1]


def test_an_emptied_field_takes_back_what_was_told(clerk, inpatient):
    clerk.post(facts_url(inpatient), stay(inpatient))
    seen = seen_on(clerk.get(facts_url(inpatient)))
    clerk.post(facts_url(inpatient), stay(inpatient, social_paid_fen="", seen=seen))
    assert calculate_claim(inpatient.number, by=steps.CLERK) == {1: 1_494_000}


def test_the_second_of_two_is_told_what_changed_and_loses_nothing_typed(
    clerk, inpatient, staff_client
):
    url, other = facts_url(inpatient), staff_client("lijun")
    assert clerk.post(url, stay(inpatient)).status_code == 302
    seen = seen_on(clerk.get(url))
    first = stay(inpatient, seen=seen, social_paid_fen="9,700.00", catalogue_cost_fen="18,700.00")
    assert other.post(url, first).status_code == 302
    mine = stay(inpatient, seen=seen, social_paid_fen="9,800.00")
    told = clerk.post(url, mine)
    shown = told.content.decode()
    assert told.status_code == 409
    assert "李军刚刚改为 9,700.00，您填的是 9,800.00" in shown
    assert "李军刚刚改为 18,700.00，已替您带入" in shown
    assert 'value="9,800.00"' in shown
    assert 'value="18,700.00"' in shown
    assert ToldFact.objects.filter(name="social_paid_fen").latest("pk").value == 970_000
    again = mine | {"seen": seen_on(told), "catalogue_cost_fen": "18,700.00"}
    assert clerk.post(url, again).status_code == 302
    assert ToldFact.objects.filter(name="social_paid_fen").latest("pk").value == 980_000
    assert ToldFact.objects.filter(name="catalogue_cost_fen").latest("pk").value == 1_870_000


def test_what_another_tells_is_not_taken_back_by_a_page_that_never_saw_it(
    clerk, inpatient, staff_client
):
    url = facts_url(inpatient)
    seen = seen_on(clerk.get(url))
    assert staff_client("lijun").post(url, stay(inpatient, seen=seen)).status_code == 302
    wrong = clerk.post(url, stay(inpatient, seen=seen, social_paid_fen="", paper=""))
    assert "李军刚刚改为 9,600.00，已替您带入" in wrong.content.decode()
    assert calculate_claim(inpatient.number, by=steps.CLERK) == {1: 630_000}


def test_the_same_told_twice_or_after_something_else_is_no_change(clerk, inpatient, staff_client):
    url = facts_url(inpatient)
    told = stay(inpatient, seen=seen_on(clerk.get(url)), catalogue_cost_fen="18,600.00",
                social_paid_fen="9,600.00")  # fmt: skip
    for who in (clerk, clerk, staff_client("lijun")):
        assert who.post(url, told).status_code == 302
    assert ToldFact.objects.filter(name="social_paid_fen").count() == 1


def test_a_page_that_was_refused_still_knows_only_what_it_knew(clerk, inpatient, staff_client):
    url = facts_url(inpatient)
    seen = seen_on(clerk.get(url))
    refused = clerk.post(url, stay(inpatient, seen=seen, paper=""))
    assert (refused.status_code, seen_on(refused)) == (422, seen)


def test_the_page_is_for_who_tells_facts_and_for_parts_that_are_there(
    clerk, inpatient, staff_client
):
    assert staff_client("xujing").get(facts_url(inpatient)).status_code == 403
    assert clerk.get(facts_url(inpatient, 7)).status_code == 404
    assert clerk.get(facts_url(inpatient, 1, "injury")).status_code == 404
    assert clerk.get(facts_url(inpatient, 1, "weather")).status_code == 404


def test_a_calculated_part_is_read_and_no_longer_told(clerk, inpatient):
    clerk.post(facts_url(inpatient), stay(inpatient))
    calculate_claim(inpatient.number, by=steps.CLERK)
    shown = clerk.get(facts_url(inpatient)).content.decode()
    assert "现在只能看" in shown
    assert clerk.post(facts_url(inpatient), stay(inpatient)).status_code == 409


def test_two_victims_are_opened_told_and_settled_on_the_pages(clerk, department):
    claim = steps.registered(steps.accepted(steps.filed(injured=True)))
    victim = {"what": "compulsory_motor:person", "reserve_fen": "50000"}
    for label in ("伤者甲", "伤者乙"):
        assert act(clerk, claim, "part", label=label, **victim).status_code == 200
    assert act(clerk, claim, "part", label="伤者甲", **victim).status_code == 409
    claim = steps.surveyed(steps.again(claim))
    victims = claim.exposures.filter(thing="person", product="compulsory_motor")
    victims = victims.order_by("position")
    for victim, cost in zip(victims, ("12000", "24000"), strict=True):
        told = {"paper": "claim_request", "medical_cost_fen": cost}
        page = facts_url(claim, victim.position, "injury")
        assert "医疗费" in clerk.get(page).content.decode()
        assert clerk.post(page, told).status_code == 302
    shown = clerk.get(facts_url(claim, victims[0].position)).content.decode()
    assert "来自人身损害的计算" in shown
    assert "12,000.00" in shown
    calculate_claim(claim.number, by=steps.CLERK)
    assert [victim.benefit_fen for victim in victims.all()] == [600_000, 1_200_000]
    for victim in victims:
        proof = Client().get(proof_link(calculation_of(victim)))
        assert "与确认书上的计算书完全一致" in proof.content.decode()


def test_a_program_tells_the_facts_of_a_fire_to_its_sheet(department):
    policy = steps.insured("property", ("property", {"sum_insured_fen": 80_000_000}))
    claim = steps.registered(steps.handed_over(steps.keyed(policy, "fire")))
    api, at = staff("wangmin"), f"/claims/{claim.number}"
    (asked,) = api.get(f"{at}/facts")
    assert (asked["edition"], asked["missing"]) == ("property_2025", "value_fen")
    body = {"position": 1, "paper": "loss_list", "facts": {"value_fen": 100_000_000}}
    assert api.post(f"{at}/facts", key="a-fire-once", **body) == {"names": ["value_fen"]}
    assert api.post(f"{at}/facts", key="a-fire-once", **body) == {"names": ["value_fen"]}
    wrong = api.post(f"{at}/facts", status=422, **{**body, "facts": {"loss_fen": -1}})
    assert (wrong["slug"], wrong["field"]) == ("fact_refused", "loss_fen")
    api.post(f"{at}/facts", **{**body, "facts": {"loss_fen": 10_000_000}})
    (told,) = api.get(f"{at}/facts")
    assert told["missing"] == ""
    row = next(one for one in told["facts"] if one["name"] == "loss_fen")
    assert (row["value"], row["paper"], row["told_by"]) == (10_000_000, "loss_list", steps.CLERK)
    assert api.post(f"{at}/calculation") == {"sums": [{"position": 1, "benefit_fen": 8_000_000}]}
    (sheet,) = api.get(f"{at}/sums")
    assert sheet["benefit_fen"] == 8_000_000
    api.post(f"{at}/facts", status=409, **body)


def test_a_program_opens_a_victim_and_tells_an_injury(department):
    claim = steps.registered(steps.accepted(steps.filed(injured=True)))
    api, at = staff("wangmin"), f"/claims/{claim.number}"
    victim = {"product": "compulsory_motor", "thing": "person", "label": "伤者甲"}
    opened = api.post(f"{at}/exposures", **victim, reserve_fen=5_000_000)
    assert opened == {"position": 3}
    no = api.post(f"{at}/exposures", status=422, **{**victim, "thing": "insured"},
                  reserve_fen=5_000_000)  # fmt: skip
    assert no["slug"] == "cover_not_held"
    facts = {"injured_on": steps.day(claim), "medical_cost_fen": 1_200_000}
    body = {"position": 3, "about": "injury", "paper": "claim_request", "facts": facts}
    assert api.post(f"{at}/facts", **body)["names"] == ["injured_on", "medical_cost_fen"]
    assert api.post(f"{at}/calculation")["sums"] == [{"position": 3, "benefit_fen": 1_200_000}]
    nobody = api.post(f"{at}/injury", status=409, injured=False)
    assert nobody["slug"] == "victims_are_open"


def test_a_report_on_a_health_policy_is_keyed_without_a_vehicle(clerk, department):
    policy = steps.inpatient_policy()
    form = clerk.get("/claims/new/", {"policy": policy.number}).content.decode()
    assert "疾病住院" in form
    assert "对方车牌" not in form
    told = {
        "policy": policy.number, "channel": "phone", "caller": "孙小梅",
        "phone": steps.INSURED_PHONE, "relation": "insured", "lost_at": "2026-01-02T10:00",
        "place": "张江路 8 号", "cause": "illness", "story": "住院了。", "consented": "on",
    }  # fmt: skip
    wrong = clerk.post("/claims/new/", {**told, "cause": "collision"})
    assert wrong.status_code == 422
    taken = clerk.post("/claims/new/", {**told, "lost_at": f"{steps.clock.today()}T00:00"},
                       follow=True)  # fmt: skip
    shown = taken.content.decode()
    assert "健康险" in shown
    assert "疾病住院" in shown


@pytest.mark.parametrize("name", edition_names())
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_formula_is_asked_by_its_form_and_gives_its_first_case_to_the_fen(name, language):
    made = edition(name)
    case = made.cases[0]
    rows = []
    with translation.override(language):
        for row in case.rows:
            given = {**row.facts, **row.terms}
            data = {
                n: written(made.given[n], made.given[n].spoken(made.given[n].checked(v)))
                for n, v in given.items()
            }
            form = FactForm(made.given, held={}, data=data)
            assert form.is_valid(), form.errors
            assert all(str(field) for field in form)
            rows.append(form.told)
    facts = [{n: v for n, v in told.items() if n in made.facts} for told in rows]
    terms = [{n: v for n, v in told.items() if n in made.terms} for told in rows]
    settled = settle_together(made, rows=facts, terms=terms)
    for one, row in zip(settled, case.rows, strict=True):
        assert {n: one.columns[n] for n in row.expected} == dict(row.expected)
