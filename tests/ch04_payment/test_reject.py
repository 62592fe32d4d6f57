"""An order that is wrong goes back with its reason: void, never changed, and made anew."""

import pytest

from lipei.ch01_general.models import Exposure, Staff
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.release import (
    clearances_missing,
    prepare_payment,
    reject_payment,
    release_payment,
)
from lipei.kit.journal import history
from lipei.kit.models import Transfer
from lipei.kit.refusal import Refused
from tests import steps
from tests.site.conftest import caller

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "账户不是收款人本人的"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def claim(department, settings):
    settings.LIPEI_DEMO = True
    return steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))


@pytest.fixture
def order(claim) -> Order:
    return prepared(claim)


def prepared(claim) -> Order:
    payee = claim.exposures.get(position=1).payee
    made = prepare_payment(claim.number, position=1, account=steps.account_of(payee).pk,
                           by=steps.MAKER)  # fmt: skip
    steps.hear()
    return made


@pytest.mark.clause("4.1-f")
def test_a_rejected_order_is_void_with_its_reason_and_the_sum_waits_for_a_new_one(claim, order):
    reject_payment(order.number, reason=WHY, by=steps.CHECKER)
    order.refresh_from_db()
    assert (order.state, order.void_by, order.void_reason) == ("void", steps.CHECKER, WHY)
    part = claim.exposures.get(position=1)
    assert (part.stage, part.paid_fen, part.agreed_fen) == ("agreed", 0, 180_000)
    assert not Transfer.objects.exists()
    for slug, act in (
        ("order_already_used", lambda: release_payment(order.number, by=steps.CHECKER)),
        ("order_already_used", lambda: reject_payment(order.number, reason="x", by=steps.CHECKER)),
    ):
        with refused(slug):
            act()
    told = history(claim.subject)[-1]
    assert (told.verb, told.clause) == ("payment.rejected", "4.1-f")
    assert WHY not in told.line


@pytest.mark.clause("4.1-e")
def test_the_new_order_has_a_number_seal_and_clearances_of_its_own(claim, order):
    reject_payment(order.number, reason=WHY, by=steps.CHECKER)
    payee = claim.exposures.get(position=1).payee
    again = prepare_payment(claim.number, position=1, account=steps.account_of(payee).pk,
                            by=steps.MAKER)  # fmt: skip
    assert again.number != order.number
    assert again.seal != order.seal
    assert clearances_missing(again) == ["papers", "names", "risk"]
    steps.hear()
    release_payment(again.number, by=steps.CHECKER)
    assert Transfer.objects.get().key == f"order/{again.number}"


@pytest.mark.clause("4.1-a")
def test_a_broken_seal_leaves_a_way_out(claim, order):
    Account.objects.filter(pk=order.account_id).update(number_digest="f" * 64)
    with refused("seal_broken"):
        release_payment(order.number, by=steps.CHECKER)
    reject_payment(order.number, reason="封签不符", by=steps.CHECKER)
    release_payment(prepared(claim).number, by=steps.CHECKER)


def test_an_order_is_sent_back_by_the_second_person_with_a_reason_and_before_it_is_out(order):
    for by, reason, slug in (
        (steps.CHECKER, " ", "reason_missing"),
        (steps.MAKER, WHY, "same_person"),
        (steps.CLERK, WHY, "duty_missing"),
    ):
        with refused(slug):
            reject_payment(order.number, reason=reason, by=by)
    release_payment(order.number, by=steps.CHECKER)
    with refused("order_already_used"):
        reject_payment(order.number, reason=WHY, by=steps.CHECKER)
    assert Transfer.objects.count() == 1


def test_finance_sends_back_on_its_page_and_the_maker_reads_why(order, staff_client):
    checker, maker = staff_client("qianjin"), staff_client("zhaolin")
    url = f"/pay/{order.number}/reject/"
    assert url in checker.get("/pay/?view=check").content.decode()
    assert url not in maker.get("/pay/?view=check").content.decode()
    assert staff_client("wangmin").post(url, {"reason": WHY}).status_code == 403
    checker.post(url, {"reason": " "})
    assert "没有办成" in checker.get("/pay/?view=check").content.decode()
    assert checker.post(url, {"reason": WHY}).status_code == 303
    assert Order.objects.get(pk=order.pk).state == "void"
    waiting = maker.get("/pay/?view=make").content.decode()
    assert f"上一张被退回：{WHY}" in waiting
    claim = Exposure.objects.get(pk=order.exposure_id).claim
    tab = maker.get(f"/claims/{claim.number}/payment/").content.decode()
    assert WHY in tab


def test_an_order_is_sent_back_over_the_api(order):
    checker = caller(Staff.objects.get(username="qianjin"), ["payments.work"])

    def asked(key: str, reason: str):
        return checker.post(
            f"/api/v1/orders/{order.number}/rejection", {"reason": reason},
            content_type="application/json", headers={"Idempotency-Key": key},
        )  # fmt: skip

    assert asked("reject-0001", " ").status_code == 422
    for _ in range(2):
        answer = asked("reject-0002", WHY)
        assert (answer.status_code, answer.json()["state"]) == (200, "void")
    assert asked("reject-0003", WHY).json()["slug"] == "order_already_used"
