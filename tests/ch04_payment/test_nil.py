"""What comes to nothing is closed and told why; no clock runs on, and objections stay open."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.aims import sweep_clocks
from lipei.ch01_general.models import Claim, Clock, Exposure, Message, Staff
from lipei.ch02_intake.channels import Damage
from lipei.ch03_assessment.adjudication import QUESTIONS, decide_claim
from lipei.ch03_assessment.disputes import answer_dispute, object_to
from lipei.ch03_assessment.models import Dispute
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.vouchers import close_claim, close_nil
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)
YES = dict.fromkeys(QUESTIONS, True)
ALONE = {"others": "none", "damage": (Damage("own_vehicle", "front_bumper", "dent"),)}


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def told(claim: Claim) -> list[str]:
    return list(Message.objects.filter(claim=claim).values_list("template", flat=True))


def late(claim: Claim) -> list[str]:
    """What is breached of a claim, seventy days from now."""
    with time_machine.travel(clock.now() + timedelta(days=70), tick=False):
        sweep_clocks()
    return list(claim.clocks.exclude(breached_at=None).values_list("clause", flat=True))


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def approved(department):
    """Two sums wait for the claimant; nothing is closed yet."""
    return steps.surveyed(steps.registered(steps.accepted(steps.filed())))


@pytest.fixture
def nil(approved):
    """As it stands between the approval of a nil part and its closing."""
    Exposure.objects.filter(claim=approved, position=2).update(benefit_fen=0)
    return approved


def unpaid() -> Claim:
    """A claim whose only sum is nil."""
    return steps.surveyed(steps.registered(steps.accepted(steps.filed(**ALONE))), own_fen=0)


def test_a_claim_of_which_nothing_is_payable_ends_and_its_claimant_is_told(department):
    claim = unpaid()
    part = claim.exposures.get()
    assert (claim.stage, claim.is_open, part.sides) == ("closed", False, ["zero"])
    assert "nil" in told(claim)
    assert "sheet_ready" not in told(claim)
    left = set(claim.clocks.filter(stopped_at=None).values_list("clause", flat=True))
    assert left == {"1.3-k", "1.3-k-final", "9.2-a"}
    claim = steps.archived(claim)
    assert claim.stage == "archived"
    assert late(claim) == []


def test_a_nil_part_does_not_keep_the_rest_from_payment_nor_the_claim_from_its_shelf(department):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())), other_fen=0)
    assert dict(claim.exposures.values_list("position", "stage")) == {1: "approved", 2: "closed"}
    assert sorted(told(claim))[-2:] == ["sheet_ready", "survey"]
    assert "nil" in told(claim)
    claim = steps.archived(steps.closed(steps.paid(steps.agreed(claim))))
    assert set(claim.exposures.values_list("stage", flat=True)) == {"archived"}
    assert not Clock.objects.filter(claim=claim, stopped_at=None).exists()
    assert late(claim) == []


def test_the_claim_closes_also_where_the_nil_part_is_the_last_one(nil):
    Exposure.objects.filter(claim=nil, position=2).update(reserve_fen=0)
    claim = steps.closed(steps.paid(steps.agreed(nil)))
    assert claim.is_open
    with refused("not_all_paid"):
        close_claim(claim.number, by=steps.MAKER)
    close_nil(claim.number, position=2, by=steps.MAKER)
    steps.hear()
    assert steps.again(claim).stage == "closed"
    with refused("claim_closed"):
        close_claim(claim.number, by=steps.MAKER)


def test_only_a_nil_sum_that_is_approved_is_closed_so_and_by_the_duty(nil):
    for position, by, slug in (
        (1, steps.MAKER, "part_not_nil"),
        (2, steps.CLERK, "duty_missing"),
        (9, steps.MAKER, "claim_not_found"),
    ):
        with refused(slug):
            close_nil(nil.number, position=position, by=by)
    close_nil(nil.number, position=2, by=steps.MAKER)
    with refused("stage_not_reached"):
        close_nil(nil.number, position=2, by=steps.MAKER)
    assert [e.verb for e in history(nil.subject)].count("payment.zero_closed") == 1


@pytest.mark.clause("1.3-l")
def test_a_loss_that_comes_to_nothing_is_decided_by_a_person(department):
    claim = steps.registered(steps.accepted(steps.filed(**ALONE)))
    Claim.objects.filter(pk=claim.pk).update(facts={**claim.facts, "recovered_fen": 180_000})
    claim = steps.surveyed(claim)
    assert (claim.stage, claim.exposures.get().benefit_fen) == ("reviewing", 0)
    decide_claim(claim.number, position=1, approve=True, answers=YES, remark="",
                 by=steps.REVIEWER)  # fmt: skip
    steps.hear()
    assert steps.again(claim).stage == "closed"


@pytest.mark.clause("3.4-a")
def test_an_objection_is_taken_before_and_after_a_nil_part_is_closed(nil):
    by = steps.claimant()
    object_to(nil.number, position=2, words="对方车确实受损", by=by)
    with refused("objection_open"):
        close_nil(nil.number, position=2, by=steps.MAKER)
    answer_dispute(nil.number, position=2, answer="现场未见痕迹。", again=False,
                   by=steps.REVIEWER)  # fmt: skip
    steps.hear()
    part = nil.exposures.get(position=2)
    assert (part.stage, part.sides) == ("closed", ["zero"])
    object_to(nil.number, position=2, words="请再看一次照片", by=by)
    assert Dispute.objects.filter(answered_at=None).count() == 1


def test_the_phone_says_that_nothing_is_payable_and_why(claimant_client, department):
    claim = unpaid()
    page = claimant_client().get(f"/m/claims/{claim.number}/").content.decode()
    for words in ("没有可赔金额，已办结", "查勘没有登记到这一部分的损失", "不同意可提异议"):
        assert words in page
    for words in ("赔款已到账", "正在核赔", "看计算、确认金额"):
        assert words not in page


def test_a_nil_part_that_was_left_is_closed_on_the_claim_page(nil, staff_client):
    url = f"/claims/{nil.number}/acts/nil/"
    clerk, finance = staff_client("wangmin"), staff_client("zhaolin")
    assert url not in clerk.get(f"/claims/{nil.number}/").content.decode()
    assert clerk.post(url, {"position": 2}).status_code == 403
    assert url in finance.get(f"/claims/{nil.number}/").content.decode()
    form = finance.get(url).content.decode()
    assert "查勘没有登记到" not in form
    assert "损失按条款扣减后没有可赔金额" in form
    seen = form.split('name="seen" value="')[1].split('"')[0]
    assert finance.post(url, {"seen": seen, "position": 1}).status_code == 422
    assert finance.post(url, {"seen": seen, "position": 2}).status_code == 302
    assert nil.exposures.get(position=2).stage == "closed"
    assert not Order.objects.filter(exposure__claim=nil, exposure__position=2).exists()


def test_a_nil_part_is_closed_over_the_api(nil):
    finance = caller(Staff.objects.get(username="zhaolin"), ["claims.work"])
    url = f"/api/v1/claims/{nil.number}/nil-closing"

    def asked(position: int, key: str):
        return finance.post(
            url, {"position": position}, content_type="application/json",
            headers={"Idempotency-Key": key},
        )  # fmt: skip

    no = asked(1, "close-nil-0001")
    assert (no.status_code, no.json()["slug"]) == (409, "part_not_nil")
    for _ in range(2):
        assert asked(2, "close-nil-0002").status_code == 200
    assert nil.exposures.get(position=2).stage == "closed"
