"""Who takes the benefit of an insured who has died: never the dead, somebody with papers."""

import re

import pytest
from django.test import override_settings

from lipei.ch01_general.actors import actor
from lipei.ch01_general.duties import send_code
from lipei.ch01_general.models import Party
from lipei.ch01_general.reading import claim_seen
from lipei.ch02_intake.materials import handed_kinds
from lipei.ch03_assessment.adjudication import calculate_claim, joint_digest_of, submit_for_review
from lipei.ch04_payment.beneficiaries import name_beneficiary
from lipei.ch04_payment.methods import Signature, agree_to_sums, may_sign, sums_open
from lipei.kit.refusal import Refused
from lipei.site.demonstration import with_check_digit
from tests import steps

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.clause("4.1-b")]
WIDOW, HER_PHONE = "林素芬", "13922224444"
HER_ID = with_check_digit("31010119900101001")


def died(*, cause: str = "death", told: bool = True):
    """An accident that killed the insured, as far as its sum."""
    policy = steps.insured("accident", ("accident", {"sum_insured_fen": 4_000_000}))
    claim = steps.keyed(policy, cause, days_ago=30)
    claim = steps.registered(steps.handed_over(claim))
    if told:
        claim = steps.told(claim, is_death=True, born_on="1988-09-16",
                           established_on=steps.day(claim, after=1))  # fmt: skip
    return claim


def named(claim, **changes: object) -> int:
    told: dict[str, object] = {
        "position": 1, "name": WIDOW, "id_number": HER_ID, "relation": "spouse",
        "phone_number": HER_PHONE, "paper": "beneficiary_proof",
    }  # fmt: skip
    return name_beneficiary(claim.number, by=steps.CLERK, **{**told, **changes})  # type: ignore[arg-type]


def payees(claim) -> list[str]:
    rows = claim.exposures.select_related("payee").order_by("position")
    return [one.payee.name if one.payee else "" for one in rows]


def test_a_reported_death_names_nobody_and_asks_for_the_papers_of_the_beneficiary(department):
    claim = died(told=False)
    assert payees(claim) == [""]
    assert claim.materials.filter(kind="beneficiary_proof").exists()
    alive = steps.keyed(claim.policy, "disability", days_ago=40)
    assert payees(alive) == [claim.policy.insured.name]
    assert not alive.materials.filter(kind="beneficiary_proof").exists()


def test_who_is_told_to_have_died_is_paid_no_more_and_again_where_that_was_wrong(department):
    claim = died(cause="accident", told=False)
    assert payees(claim) == [claim.policy.insured.name]
    steps.told(claim, is_death=True)
    assert payees(claim) == [""]
    steps.told(claim, is_death=False)
    assert payees(claim) == [claim.policy.insured.name]


def test_a_death_told_by_mistake_takes_nothing_from_the_living_once_it_is_put_right(department):
    claim = died(cause="accident", told=False)
    steps.told(claim, is_death=True)
    named(claim, paper=min(handed_kinds(claim)))
    assert payees(claim) == [WIDOW]
    steps.told(claim, is_death=False)
    assert payees(claim) == [claim.policy.insured.name]


def test_no_death_goes_to_a_reviewer_before_the_beneficiary_is_known(department):
    claim = died()
    calculate_claim(claim.number, by=steps.CLERK)
    with pytest.raises(Refused) as no:
        submit_for_review(claim.number, by=steps.CLERK)
    assert no.value.slug == "beneficiary_untold"
    named(claim)
    submit_for_review(claim.number, by=steps.CLERK)
    assert payees(claim) == [WIDOW]


@pytest.mark.parametrize(
    ("changes", "slug"),
    [
        ({"relation": "friend"}, "choice_unknown"),
        ({"paper": "disability_report"}, "paper_not_handed"),
        ({"name": " "}, "text_missing"),
        ({"id_number": "310101199001010015"}, "identity_number_wrong"),
    ],
)
def test_a_beneficiary_without_relation_paper_name_or_identity_is_refused(
    department, changes, slug
):
    claim = died()
    with pytest.raises(Refused) as no:
        named(claim, **changes)
    assert no.value.slug == slug
    assert payees(claim) == [""]


def test_the_dead_are_refused_under_any_name(department):
    claim = died()
    dead = with_check_digit(f"{steps.demonstration.INSURED[2]}004")
    with pytest.raises(Refused) as no:
        named(claim, id_number=dead)
    assert no.value.slug == "deceased_not_payee"


def test_a_living_insured_keeps_being_paid(department):
    claim = died(cause="accident", told=False)
    with pytest.raises(Refused) as no:
        named(claim)
    assert no.value.slug == "payee_named_already"
    assert payees(claim) == [claim.policy.insured.name]


def test_the_beneficiary_may_be_put_right_until_the_sum_is_agreed(department):
    claim = died()
    first = named(claim)
    second = named(claim, name="林建国", id_number=with_check_digit("31010119950505001"),
                   relation="child")  # fmt: skip
    assert first != second
    assert named(claim) == first
    assert payees(claim) == [WIDOW]


def test_the_beneficiary_signs_and_is_paid_and_nobody_in_the_name_of_the_dead(department):
    claim = died()
    dead, her = claim.policy.insured, named(claim)
    claim = steps.approved(claim)
    assert not may_sign(claim, party_id=dead.pk)
    with pytest.raises(Refused) as no:
        signed(claim, dead)
    assert no.value.slug == "signer_not_insured"
    widow = Party.objects.get(pk=her)
    assert claim_seen(claim.number, acting=actor(f"party/{her}")) == claim
    signed(claim, widow)
    claim = steps.paid(steps.again(claim))
    assert [(e.payee_id, e.paid_fen) for e in claim.exposures.all()] == [(her, 4_000_000)]


def test_the_reporter_who_is_the_beneficiary_goes_on_under_their_own_sign_in(department):
    claim = died()
    asked = Party.objects.create(phone=HER_PHONE, signs_in_by=HER_PHONE)
    claim.reporter = asked
    claim.save()
    assert named(claim) == asked.pk
    asked.refresh_from_db()
    assert (asked.name, asked.id_tail) == (WIDOW, HER_ID[-4:])


def signed(claim, party: Party) -> None:
    with override_settings(LIPEI_DEMO=True):
        code = send_code(party.reached_at, purpose=f"agree/{claim.number}")
    sums = sums_open(list(claim.exposures.order_by("position")))
    agree_to_sums(
        claim.number, choices={e.position: "accept" for e, _ in sums},
        sheets_digest=joint_digest_of([c for _, c in sums]),
        signature=Signature("name", party.name), code=code, by=f"party/{party.pk}",
    )  # fmt: skip


def test_the_desk_asks_who_takes_it_before_anything_else(department, staff_client):
    claim, clerk = died(), staff_client("wangmin")
    page = clerk.get(f"/claims/{claim.number}/").content.decode()
    assert f"/claims/{claim.number}/acts/beneficiary/" in page
    form = clerk.get(f"/claims/{claim.number}/acts/beneficiary/").content.decode()
    assert "受益人身份证号" in form
    assert claim.policy.insured.name not in form.split("<form")[1]
    told = {"position": 1, "name": WIDOW, "id_number": HER_ID, "relation": "spouse",
            "phone_number": HER_PHONE, "paper": "beneficiary_proof",
            "seen": re.findall(r'name="seen" value="([^"]*)"', form)[0]}  # fmt: skip
    answer = clerk.post(f"/claims/{claim.number}/acts/beneficiary/", told)
    assert answer.status_code == 302, answer.content.decode()
    assert payees(claim) == [WIDOW]
