"""Whose policy it is: who may report on it, and who learns of a report of it."""

from datetime import timedelta

import pytest

from lipei.ch01_general.duties import add_staff
from lipei.ch01_general.endorsing import Told, change_policy
from lipei.ch01_general.models import Branch, Claim, Party
from lipei.ch01_general.tokens import PARTY_SCOPES, SCOPES
from lipei.kit import clock, sealed
from lipei.kit.models import Entry
from tests.site.conftest import IDENTITY, POLICY, caller
from tests.site.test_api_hostile import post, problem, report

pytestmark = pytest.mark.django_db
PROOF = {"holder": "周晓芸", "id_number": IDENTITY}


def filed(client, **changes) -> Claim:
    response = post(client, "/claims", report(**changes))
    assert response.status_code == 201, response.content.decode()
    return Claim.objects.get(number=response.json()["number"])


def test_ones_own_policies_are_listed_with_covers_and_a_masked_plate(phone_app, policy):
    told = phone_app.get("/api/v1/policies").json()
    assert told["next"] == ""
    (mine,) = told["items"]
    assert (mine["number"], mine["line"], mine["plate"]) == (POLICY, "motor", "粤B***45")
    assert [cover["product"] for cover in mine["covers"]] == ["own_damage", "compulsory_motor"]


def test_nobody_lists_the_policies_of_another(other_app, desk, policy):
    assert other_app.get("/api/v1/policies").json()["items"] == []
    assert desk.get("/api/v1/policies").json()["items"] == []


def test_the_insured_reports_on_their_own_policy(phone_app, policy):
    claim = filed(phone_app)
    assert (claim.policy, claim.flags) == (policy, [])


def test_a_stranger_who_knows_the_number_gets_no_policy_but_is_heard(other_app, policy):
    claim = filed(other_app)
    assert (claim.policy, claim.plate, claim.flags) == (None, "", ["unmatched"])
    assert claim.facts["policy_told"] == POLICY
    told = other_app.get(f"/api/v1/claims/{claim.number}").json()
    assert "粤B12345" not in str(told)


def test_a_strangers_report_blocks_no_insured(phone_app, other_app, policy):
    filed(other_app)
    assert filed(phone_app, another=False).policy == policy


def test_a_stranger_never_learns_the_number_of_the_insureds_claim(phone_app, other_app, policy):
    first = filed(phone_app)
    theirs = post(other_app, "/claims", report(another=False))
    assert theirs.status_code == 201
    assert first.number not in theirs.content.decode()


@pytest.mark.parametrize(
    "proof",
    [
        {"holder": "周晓芸"}, {"id_number": IDENTITY}, {**PROOF, "holder": "周晓云"},
        {**PROOF, "id_number": "11010119900307889X"},
    ],
)  # fmt: skip
def test_half_a_proof_is_none(other_app, policy, proof):
    assert filed(other_app, relation="driver", **proof).policy is None


def test_a_driver_who_names_the_insured_reports_on_the_policy(other_app, stranger, policy):
    claim = filed(other_app, relation="driver", **PROOF)
    assert claim.policy == policy
    own = claim.exposures.get(product="own_damage")
    assert own.payee == policy.insured
    stranger.refresh_from_db()
    assert (stranger.name, stranger.id_digest) == ("吴明", "")


def test_a_second_report_is_refused_without_the_number_of_anothers_claim(
    phone_app, other_app, policy
):
    first = filed(phone_app)
    told = problem(post(other_app, "/claims", report(another=False, **PROOF)), 409)
    assert told["slug"] == "report_duplicate_elsewhere"
    assert first.number not in str(told)
    mine = problem(post(phone_app, "/claims", report(another=False)), 409)
    assert (mine["slug"], first.number in mine["detail"]) == ("report_duplicate", True)


def test_the_insured_sees_what_a_driver_reported_on_their_policy(phone_app, other_app, policy):
    claim = filed(other_app, relation="driver", **PROOF)
    assert phone_app.get(f"/api/v1/claims/{claim.number}").status_code == 200
    listed = phone_app.get("/api/v1/claims").json()["items"]
    assert [one["number"] for one in listed] == [claim.number]
    told = problem(post(phone_app, "/claims", report(another=False)), 409)
    assert claim.number in told["detail"]


# Who proves to be the insured


def test_an_insured_with_a_new_phone_becomes_known_by_name_and_identity(policy, claimant):
    unknown = Party.objects.create(name="", phone="13700001111")
    app = caller(unknown, PARTY_SCOPES)
    claim = filed(app, **PROOF)
    unknown.refresh_from_db()
    assert (unknown.name, unknown.id_digest) == (claimant.name, claimant.id_digest)
    assert sealed.unseal(unknown.id_sealed) == IDENTITY
    assert unknown.identified_at is not None
    assert claim.exposures.get(product="own_damage").payee == unknown
    assert [one["number"] for one in app.get("/api/v1/policies").json()["items"]] == [POLICY]
    assert filed(app).policy == policy
    entry = Entry.objects.get(verb="general.party_identified")
    assert (entry.subject, IDENTITY in entry.line) == (f"party/{unknown.pk}", False)


def test_who_is_identified_stays_who_they_are(branch, policy):
    known = Party.objects.create(name="吴明", phone="13700001111", id_digest=sealed.digest("x"))
    claim = filed(caller(known, PARTY_SCOPES), **PROOF)
    known.refresh_from_db()
    assert (claim.policy, known.name) == (policy, "吴明")
    assert claim.exposures.get(product="own_damage").payee == policy.insured


# Who of the house takes reports


def staff_app(code, held, username="zhao"):
    person = add_staff(
        username=username, name="赵某", number=username, password="long-enough-secret",
        branch=Branch.objects.get(code=code), held=held, by="system/test",
    )  # fmt: skip
    return caller(person, SCOPES)


def test_staff_with_the_duty_report_on_any_policy_of_their_branch(desk, policy):
    assert filed(desk).policy == policy
    unmatched = filed(desk, policy="")
    assert (unmatched.branch, unmatched.flags) == (policy.branch, ["unmatched"])


def test_an_archivist_takes_no_reports_whatever_the_token_says(policy):
    app = staff_app("4403", [("AR", 1, "档案室")])
    for number in (POLICY, ""):
        told = problem(post(app, "/claims", report(policy=number)), 403)
        assert told["slug"] == "duty_missing"
    assert not Claim.objects.exists()


def test_a_policy_of_another_branch_is_unknown_to_staff(policy):
    Branch.objects.create(code="3101", name="浦东支公司", path="/1/31/3101/")
    app = staff_app("3101", [("SP", 1, "理赔一部")])
    for number in (POLICY, "NO-SUCH-POLICY"):
        told = problem(post(app, "/claims", report(policy=number)), 404)
        assert told["slug"] == "policy_not_found"
    assert filed(app, policy="").branch.code == "3101"


# One policy, for people of the house


def test_the_house_reads_a_policy_as_it_stood(desk, phone_app, policy):
    at = clock.now() - timedelta(days=10)
    change_policy(POLICY, told=Told("endorsed", {"plate": "粤B54321"}, at, "E-1"), by="system/core")
    place = f"/api/v1/policies/{POLICY}"
    now = desk.get(place).json()
    assert (now["plate"], now["insured"], now["in_force"]) == ("粤B54321", "周**", True)
    assert [(v["kind"], v["reference"]) for v in now["versions"]] == [
        ("issued", ""), ("endorsed", "E-1"),
    ]  # fmt: skip
    before = desk.get(place, {"at": (at - timedelta(days=1)).isoformat()}).json()
    assert before["plate"] == "粤B12345"
    assert IDENTITY not in str(now)
    assert problem(phone_app.get(place), 404)["slug"] == "policy_not_found"
    assert problem(desk.get("/api/v1/policies/NONE"), 404)["slug"] == "policy_not_found"
