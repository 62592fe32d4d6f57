"""2.4 What cannot flow straight is marked, looked into by another, settled; never refused."""

import pytest

from lipei.ch01_general.models import Staff
from lipei.ch02_intake.irregular import flag_claim, settle_flag, withdraw_claim
from lipei.ch02_intake.models import Flag
from lipei.ch03_assessment.adjudication import QUESTIONS, decide_claim
from lipei.ch03_assessment.straight import reasons_of
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)
RAISER, SETTLER = "staff/hege", "staff/zhouwei"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def flagged(department):
    claim = steps.filed()
    flag_claim(claim.number, kind="contradictory", by=RAISER, reason="时间对不上")
    return steps.again(claim)


def bars(claim) -> bool:
    """Whether a flag keeps the claim from the straight way."""
    reasons = {r["name"]: r["passed"] for r in reasons_of(claim, list(claim.exposures.all()))}
    return not reasons["no_flag"]


def test_a_settled_flag_is_gone_and_its_conclusion_is_kept(flagged):
    assert bars(flagged)
    settle_flag(flagged.number, kind="contradictory", outcome="cleared", reason="监控时间有误差",
                by=SETTLER)  # fmt: skip
    claim = steps.again(flagged)
    assert not bars(claim)
    flag = Flag.objects.get()
    assert (flag.outcome, flag.settled_by) == ("cleared", SETTLER)
    assert flag.facts == {"reason": "时间对不上", "settled_why": "监控时间有误差"}
    told = history(claim.subject)[-1]
    assert (told.verb, told.facts["outcome"]) == ("intake.flag_settled", "cleared")
    assert "监控" not in told.line
    flag_claim(claim.number, kind="contradictory", by=RAISER, reason="又有新证词")
    assert bars(steps.again(claim))


def test_a_flag_is_settled_by_another_with_the_duty_a_conclusion_and_a_reason(flagged):
    for kind, outcome, reason, by, slug in (
        ("contradictory", "cleared", "x", RAISER, "same_person"),
        ("contradictory", "cleared", "x", steps.CLERK, "duty_missing"),
        ("contradictory", "cleared", " ", SETTLER, "reason_missing"),
        ("contradictory", "perhaps", "x", SETTLER, "choice_unknown"),
        ("media", "cleared", "x", SETTLER, "flag_not_found"),
    ):
        with refused(slug):
            settle_flag(flagged.number, kind=kind, outcome=outcome, reason=reason, by=by)
    assert bars(steps.again(flagged))


def test_a_manager_settles_a_flag_on_the_claim_page(flagged, staff_client):
    url = f"/claims/{flagged.number}/acts/settle/"
    manager = staff_client("zhouwei")
    page = manager.get(f"/claims/{flagged.number}/").content.decode()
    assert "说法矛盾" in page
    assert url in page
    assert staff_client("wangmin").get(url).status_code == 403
    form = manager.get(url).content.decode()
    assert "时间对不上" in form
    seen = form.split('name="seen" value="')[1].split('"')[0]
    told = {"seen": seen, "kind": "contradictory", "outcome": "dealt_with", "reason": "已更正"}
    assert manager.post(url, {**told, "reason": ""}).status_code == 422
    assert manager.post(url, told).status_code == 302
    page = manager.get(f"/claims/{flagged.number}/").content.decode()
    assert url not in page
    assert "异常标记已处理" in page


def test_a_flag_is_settled_over_the_api(flagged):
    manager = caller(Staff.objects.get(username="zhouwei"), ["claims.work"])

    def asked(key: str, **changes: object):
        told = {"kind": "contradictory", "outcome": "mistaken", "reason": "标错案件", **changes}
        return manager.post(
            f"/api/v1/claims/{flagged.number}/flags/settling", told,
            content_type="application/json", headers={"Idempotency-Key": key},
        )  # fmt: skip

    assert asked("settle-0001", outcome="perhaps").status_code == 422
    assert asked("settle-0002").status_code == 200
    assert asked("settle-0003").json()["slug"] == "flag_not_found"
    assert steps.again(flagged).flags == []


@pytest.mark.clause("2.4-d")
def test_at_intake_a_claim_is_marked_and_never_refused(department):
    claim = steps.filed()
    running = set(claim.clocks.filter(stopped_at=None).values_list("clause", "due_at"))
    stage = claim.stage
    flag_claim(claim.number, kind="suspected_fraud", by=RAISER)
    claim = steps.again(claim)
    assert "suspected_fraud" in claim.flags
    assert (claim.is_open, claim.stage) == (True, stage)
    assert set(claim.clocks.filter(stopped_at=None).values_list("clause", "due_at")) == running
    for approve, remark in ((False, "不赔"), (True, "")):
        with refused("stage_not_reached"):
            decide_claim(claim.number, position=1, approve=approve, remark=remark,
                         answers=dict.fromkeys(QUESTIONS, True), by=steps.REVIEWER)  # fmt: skip
    with refused("choice_unknown"):
        flag_claim(claim.number, kind="refused", by=RAISER)


def test_only_the_claimant_takes_a_claim_back_and_says_why(department):
    claim = steps.filed()
    with refused("duty_missing"):
        withdraw_claim(claim.number, reason="不要了", by=steps.CLERK)
    with refused("reason_missing"):
        withdraw_claim(claim.number, reason=" ", by=steps.claimant())
    withdraw_claim(claim.number, reason="自行处理", by=steps.claimant())
    claim = steps.again(claim)
    assert (claim.is_open, claim.stage) == (False, "closed")
    running = claim.clocks.filter(stopped_at=None).values_list("clause", flat=True)
    assert set(running) == {"9.2-a", "1.3-k-final"}, "only its file is left to be arranged"
