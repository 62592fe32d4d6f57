"""3.4 An objection is written down at once and answered by somebody else, in writing."""

import pytest

from lipei.ch03_assessment.disputes import answer_dispute, ask_for_person, object_to
from lipei.ch03_assessment.models import Dispute
from lipei.kit.refusal import Refused
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("1.3-l-review")
@pytest.mark.parametrize(("days", "late"), [(1, set()), (2, {"1.3-l-review"})])
def test_a_review_by_a_person_is_done_within_a_working_day(days, late):
    with morning():
        claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
        ask_for_person(claim.number, by=steps.claimant())
    with on(days):
        for position in (1, 2):
            answer_dispute(claim.number, position=position, answer="金额无误", again=False,
                           by="staff/zhouwei")  # fmt: skip
    assert "1.3-l-review" in stopped(claim)
    assert broken(claim) & {"1.3-l-review"} == late


@pytest.mark.clause("3.4-a")
def test_an_objection_needs_words_and_a_sum_and_its_answer_needs_words_and_an_objection():
    with morning():
        claim = steps.registered(steps.accepted(steps.filed()))
        with refused("stage_not_reached"):
            object_to(claim.number, position=1, words="工时费偏低", by=steps.claimant())
        claim = steps.surveyed(claim)
        with refused("no_open_dispute"):
            answer_dispute(claim.number, position=1, answer="已复核", again=False,
                           by=steps.REVIEWER)  # fmt: skip
        with refused("reason_missing"):
            object_to(claim.number, position=1, words=" ", by=steps.claimant())
        object_to(claim.number, position=1, words="工时费偏低", by=steps.claimant())
        with refused("reason_missing"):
            answer_dispute(claim.number, position=1, answer=" ", again=False, by=steps.REVIEWER)
        answer_dispute(claim.number, position=1, answer="已复核", again=False, by=steps.REVIEWER)
    assert Dispute.objects.get().outcome == "stands"
