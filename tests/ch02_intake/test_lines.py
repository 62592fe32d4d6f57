"""A report says of which line it is and answers the questions of that line, and no other's."""

import pytest

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.channels import file_claim
from lipei.ch02_intake.covers import ANSWERS_FOR
from lipei.ch02_intake.lines import LINES, answered
from lipei.ch02_intake.registration import link_policy
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.test_api_claims import staff

pytestmark = pytest.mark.django_db(transaction=True)
STAY = (("stay", "discharged"), ("diagnosis", "肺炎"))


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def filed(**told: object) -> Claim:
    """What Zhou Guodong reports, of a policy that nobody knows unless told."""
    plain = {"policy": "", "others": "none", "other_name": "", "other_plate": "", "damage": (),
             "other_phone": "", "uploads": (), "fault": "unknown", "proof": "none"}  # fmt: skip
    answer = file_claim(steps.report(**{**plain, **told}), by=steps.claimant(), key="a-line-1")
    return Claim.objects.get(number=answer["number"])


def test_an_illness_without_a_policy_is_a_claim_of_health_and_not_of_a_car(department):
    claim = filed(line="health", cause="illness", answers=STAY)
    assert (claim.line, claim.flags) == ("health", ["unmatched"])
    assert [(e.product, e.thing) for e in claim.exposures.all()] == [
        ("health_inpatient", "insured"),
    ]  # fmt: skip
    assert answered("health", claim.facts["answers"]) == [
        ("现在怎么样？", "已经出院"), ("诊断", "肺炎"),
    ]  # fmt: skip
    link_policy(claim.number, policy=steps.inpatient_policy().number, by="staff/linyue")
    part = claim.exposures.get()
    assert part.payee.name == steps.demonstration.INSURED[0]


@pytest.mark.parametrize(
    ("cause", "covers"),
    [
        ("illness", ["health_inpatient"]), ("critical_illness", ["critical_illness"]),
        ("other", ["health_inpatient"]),
    ],
)  # fmt: skip
def test_without_a_policy_the_usual_covers_of_the_cause_are_asked_of(department, cause, covers):
    claim = filed(line="health", cause=cause)
    assert [e.product for e in claim.exposures.order_by("position")] == covers


@pytest.mark.parametrize(
    ("told", "field"),
    [
        ({"line": "marine"}, "line"),
        ({"line": "health", "answers": (("stay", "on the moon"),)}, "stay"),
        ({"line": "health", "answers": (("stopped", "yes"),)}, "answers"),
        ({"line": "health", "answers": (*STAY, ("stay", "in_hospital"))}, "answers"),
        ({"answers": STAY}, "answers"),
    ],
)
def test_an_answer_that_nobody_asked_for_is_refused(department, told, field):
    with refused("choice_unknown") as no:
        filed(cause="illness", **told)
    assert no.value.params["field"] == field
    assert not Claim.objects.exists()


def test_a_policy_of_another_line_is_refused_and_without_a_word_its_own_line_counts(department):
    policy = steps.report().policy
    with refused("policy_of_another_line"):
        filed(line="property", cause="fire", policy=policy)
    assert filed(cause="scrape", policy=policy).line == "motor"


def test_a_program_reports_a_stay_with_its_answers(department):
    policy = steps.inpatient_policy()
    told = {
        "lost_at": steps.clock.now().isoformat(), "place": "第六人民医院", "cause": "illness",
        "story": "住院了。", "policy": policy.number, "caller": policy.insured.name,
        "phone": steps.INSURED_PHONE, "consented": True, "line": "health",
        "answers": [{"question": "stay", "answer": "in_hospital"}],
    }  # fmt: skip
    api = staff("wangmin")
    wrong = {**told, "answers": [{"question": "horoscope", "answer": "lion"}]}
    no = api.post("/reports", status=422, **wrong)
    assert "question" in str(no["errors"])
    filed_now = api.post("/reports", status=201, **told)
    claim = Claim.objects.get(number=filed_now["number"])
    assert claim.facts["answers"] == {"stay": "in_hospital"}


def test_every_line_asks_of_covers_that_are_known_and_of_each_question_once(department):
    for line in LINES.values():
        assert set(line.usual) <= set(ANSWERS_FOR)
        names = [one.name for one in line.questions]
        assert len(names) == len(set(names))
        assert {"insured", "other"} <= set(line.relations)
