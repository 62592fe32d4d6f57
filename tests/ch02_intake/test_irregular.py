"""2.4 What cannot flow straight is marked, looked into by another, settled; never refused."""

import pytest

from lipei.ch01_general.models import Party, Staff
from lipei.ch02_intake.irregular import flag_claim, settle_flag, withdraw_claim, withdraw_part
from lipei.ch02_intake.models import Flag
from lipei.ch02_intake.registration import open_part
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


def parts(claim) -> list[tuple[str, list[str]]]:
    rows = steps.again(claim).exposures.order_by("position")
    return [(one.stage, one.sides) for one in rows]


def taken_back(claim, position: int = 2, *, reason: str = "对方自己修好了") -> None:
    withdraw_part(claim.number, position=position, by=steps.claimant(), reason=reason)


@pytest.mark.clause("2.4-g")
def test_one_part_is_taken_back_and_the_others_go_on(department):
    claim = steps.registered(steps.accepted(steps.filed()))
    taken_back(claim)
    assert parts(claim) == [("registered", []), ("closed", ["withdrawn"])]
    other = claim.exposures.get(position=2)
    assert (other.reserve_fen, other.clocks.filter(stopped_at=None).count()) == (0, 0)
    assert claim.exposures.get(position=1).clocks.filter(stopped_at=None).exists()
    told = steps.again(claim)
    assert (told.is_open, told.stage, told.flags) == (True, "registered", [])
    entry = history(claim.subject)[-1]
    assert (entry.verb, entry.facts["position"]) == ("intake.part_withdrawn", 2)
    assert "修好" not in entry.line


def test_the_last_part_is_taken_back_with_the_claim(department):
    claim = steps.filed()
    taken_back(claim)
    with refused("last_part"):
        taken_back(claim, 1)
    with refused("too_late_to_withdraw"):
        taken_back(claim)
    withdraw_claim(claim.number, by=steps.claimant(), reason="自行处理")
    assert parts(claim) == [("closed", ["withdrawn"])] * 2
    assert not steps.again(claim).is_open


def test_a_part_that_is_decided_or_without_a_reason_stays(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    assert parts(claim)[1][0] == "approved"
    with refused("too_late_to_withdraw"):
        taken_back(claim)
    early = steps.filed()
    with refused("reason_missing"):
        taken_back(early, reason=" ")
    assert parts(early)[1][1] == []


def test_what_was_asked_for_that_part_alone_is_asked_for_no_more(department):
    claim = steps.filed()
    before = set(claim.materials.values_list("kind", flat=True))
    victim = open_part(claim.number, product="compulsory_motor", thing="person", label="伤者甲",
                       reserve_fen=100_000, by=steps.CLERK)  # fmt: skip
    assert set(claim.materials.values_list("kind", flat=True)) > before
    taken_back(claim, victim)
    assert set(claim.materials.values_list("kind", flat=True)) == before
    assert not claim.materials.filter(unlocks__contains=[victim]).exists()


def test_only_who_may_object_takes_a_part_back(department):
    claim = steps.filed()
    with refused("duty_missing"):
        withdraw_part(claim.number, position=2, by=steps.CLERK, reason="客户来电")
    with refused("claim_not_found"):
        withdraw_part(claim.number, position=2, by=steps.claimant("13800006022"), reason="不是我的")


def test_a_claimant_takes_one_part_back_on_the_phone_and_a_program_too(department, claimant_client):
    claim = steps.filed()
    phone, where = claimant_client(), f"/m/claims/{claim.number}/withdraw/"
    page = phone.get(where).content.decode()
    assert "整个案件" in page
    assert "对方的车" in page
    told = {"what": "2", "reason": "对方自己修好了", "typed": "撤"}
    assert phone.post(where, told).status_code == 422
    assert parts(claim)[1] == ("estimated", [])
    assert phone.post(where, {**told, "typed": "撤回"}).status_code == 302
    assert parts(claim)[1] == ("closed", ["withdrawn"])
    assert "整个案件" not in phone.get(where).content.decode().split("<form")[1].split("reason")[0]
    another = steps.filed()
    program = caller(Party.objects.get(phone=steps.PHONE), ["claims.report"])
    answer = program.post(
        f"/api/v1/claims/{another.number}/exposures/2/withdrawal", {"reason": "对方自己修好了"},
        content_type="application/json", headers={"Idempotency-Key": "part-taken-back"},
    )  # fmt: skip
    assert answer.json()["stage"] == steps.again(another).stage
    assert parts(another)[1] == ("closed", ["withdrawn"])
