"""The desk of finance through its forms: two persons, one payment, an answer for each row."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from lipei.ch01_general.models import Clearance, Exposure
from lipei.ch04_payment.failures import bring_back
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.release import credit_order
from lipei.ch04_payment.vouchers import make_receipt
from lipei.kit import clock
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
FINANCE = ("zhaolin", "qianjin")
KEY = {"form_key": "form-key-0001"}


@pytest.fixture
def claim(department, settings):
    """A claim whose two sums the claimant has accepted, with the accounts of both payees."""
    settings.LIPEI_DEMO = True
    made = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    for exposure in made.exposures.all():
        steps.account_of(exposure.payee)
    return made


@pytest.fixture
def maker(staff_client):
    return staff_client("zhaolin")


@pytest.fixture
def checker(staff_client):
    return staff_client("qianjin")


def chosen(claim) -> dict[str, object]:
    rows = list(claim.exposures.order_by("position"))
    accounts = {f"account-{e.pk}": Account.objects.get(party=e.payee).pk for e in rows}
    return {"exposure": [e.pk for e in rows], **accounts, **KEY}


def prepared(maker, claim) -> list[Order]:
    maker.post("/pay/prepare/", chosen(claim))
    steps.hear()
    return list(Order.objects.order_by("pk"))


def confirmed(orders: list[Order], **changes: object) -> dict[str, object]:
    seals = {f"seal-{o.number}": o.seal for o in orders}
    told = {"order": [o.number for o in orders], "confirmed": "yes", **seals, **KEY}
    return told | changes


def states() -> list[str]:
    return list(Order.objects.order_by("pk").values_list("state", flat=True))


def told_to_bank(orders: list[Order]) -> int:
    """How many jobs tell the bank of these orders; those of other tests may still stand."""
    jobs = ProcrastinateJob.objects.filter(task_name="lipei.instruct_bank")
    return jobs.filter(args__order__in=[o.number for o in orders]).count()


def page(client, view: str) -> str:
    answer = client.get("/pay/", {"view": view})
    assert answer.status_code == 200
    return answer.content.decode()


def test_sums_become_orders_and_a_second_person_lets_them_go(claim, maker, checker):
    assert "¥1,800.00" in page(maker, "make")
    orders = prepared(maker, claim)
    assert states() == ["prepared", "prepared"]
    shown = checker.post("/pay/release/", {"order": [o.number for o in orders], **KEY})
    assert "人民币叁仟叁佰元整" in shown.content.decode()
    assert states() == ["prepared", "prepared"]
    assert checker.post("/pay/release/", confirmed(orders)).status_code == 303
    assert states() == ["released", "released"]
    assert orders[0].number in page(checker, "bank")
    credit_order(orders[0].number, receipt="R-7", at=None, by="system/bank")
    make_receipt(order=orders[0].number)
    done = page(checker, "done")
    assert "R-7" in done
    voucher = Order.objects.get(pk=orders[0].pk).voucher
    paper = checker.get(f"/pay/vouchers/{voucher.number}/")
    assert b"".join(paper.streaming_content).startswith(b"%PDF")


def test_who_prepared_an_order_cannot_let_it_go(claim, maker):
    orders = prepared(maker, claim)
    assert "您参与过本案，不能复核" in page(maker, "check")
    maker.post("/pay/release/", confirmed(orders))
    assert states() == ["prepared", "prepared"]
    assert "没有办成" in page(maker, "check")


@pytest.mark.parametrize("username", ["wangmin", "lijun", "sunjie", "heyu", "itadmin"])
def test_others_see_and_do_nothing_here(claim, maker, staff_client, username):
    orders = prepared(maker, claim)
    client = staff_client(username)
    assert client.get("/pay/").status_code == 403
    for path in ("prepare", "release", f"{orders[0].number}/approve", f"{orders[0].number}/clear"):
        assert client.post(f"/pay/{path}/", confirmed(orders)).status_code == 403
    assert states() == ["prepared", "prepared"]


def test_compliance_sees_the_orders_and_pays_nothing(claim, maker, staff_client):
    orders = prepared(maker, claim)
    compliance = staff_client("hege")
    assert orders[0].number in page(compliance, "check")
    assert compliance.post("/pay/release/", confirmed(orders)).status_code == 403


def test_a_double_click_prepares_and_pays_once(claim, maker, checker):
    for _ in range(3):
        maker.post("/pay/prepare/", chosen(claim))
    assert Order.objects.count() == 2
    assert "没有办成" not in page(maker, "check")
    steps.hear()
    orders = list(Order.objects.order_by("pk"))
    for _ in range(3):
        checker.post("/pay/release/", confirmed(orders))
    assert "没有办成" not in page(checker, "bank")
    assert told_to_bank(orders) == 2


def test_two_windows_at_the_same_time_pay_once(claim, maker, staff_client):
    orders = prepared(maker, claim)
    windows = [staff_client("qianjin") for _ in range(3)]
    together = Barrier(3)

    def press(n: int) -> None:
        together.wait(10)
        windows[n].post("/pay/release/", confirmed(orders, form_key=f"window-{n}-key"))
        connection.close()

    hands = [Thread(target=press, args=(n,)) for n in range(3)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert states() == ["released", "released"]
    assert told_to_bank(orders) == 2


def test_what_was_not_shown_is_not_paid(claim, maker, checker):
    """The seal that stood on the page is the order that goes out, or none goes."""
    orders = prepared(maker, claim)
    for seal in ("", "0" * 64, orders[1].seal):
        told = confirmed(orders[:1], form_key=f"key-{seal[:8]}-x")
        checker.post("/pay/release/", told | {f"seal-{orders[0].number}": seal})
    assert states() == ["prepared", "prepared"]


def test_each_row_gets_its_own_answer(claim, maker, checker):
    orders = prepared(maker, claim)
    Clearance.objects.filter(seal=orders[1].seal, kind="risk").delete()
    checker.post("/pay/release/", confirmed(orders))
    assert states() == ["released", "prepared"]
    told = page(checker, "check")
    assert "已放款，正在通知银行" in told
    assert "没有办成" in told


def test_a_missing_clearance_is_given_by_compliance_with_a_reason(claim, maker, staff_client):
    orders = prepared(maker, claim)
    Clearance.objects.filter(seal=orders[0].seal, kind="risk").delete()
    compliance = staff_client("hege")
    path = f"/pay/{orders[0].number}/clear/"
    for wrong in ({}, {"kind": "risk"}, {"kind": "risk", "reason": "  "},
                  {"kind": "gift", "reason": "ok"}):  # fmt: skip
        compliance.post(path, wrong)
    assert not Clearance.objects.filter(seal=orders[0].seal, kind="risk").exists()
    compliance.post(path, {"kind": "risk", "reason": "已核对三次报案均不同事故"})
    given = Clearance.objects.get(seal=orders[0].seal, kind="risk")
    assert given.given_by == "staff/hege"
    assert given.basis == {"reason": "已核对三次报案均不同事故"}


@pytest.mark.parametrize("odd", ["", "x", "-1", "9" * 40, "1 OR 1=1", "<b>", "٣"])
def test_absurd_rows_change_nothing(claim, maker, checker, odd):
    pk = claim.exposures.first().pk
    assert maker.post("/pay/prepare/", {"exposure": odd}).status_code == 303
    assert maker.post("/pay/prepare/", {"exposure": pk, f"account-{pk}": odd}).status_code == 303
    assert checker.post("/pay/release/", {"order": odd, "confirmed": "yes"}).status_code == 303
    assert checker.get("/pay/", {"view": odd, "q": odd}).status_code == 200
    assert not Order.objects.exists()


def test_an_account_of_somebody_else_is_not_paid(claim, maker):
    first, second = claim.exposures.order_by("position")
    strange = Account.objects.get(party=second.payee).pk
    maker.post("/pay/prepare/", {"exposure": first.pk, f"account-{first.pk}": strange, **KEY})
    assert not Order.objects.exists()


def test_sums_of_another_branch_do_not_exist_here(claim, maker, department):
    claim.branch_path = "/00/44/"
    claim.save(update_fields=["branch_path"])
    assert claim.number not in page(maker, "make")
    maker.post("/pay/prepare/", chosen(claim))
    assert not Order.objects.exists()
    assert claim.number not in page(maker, "make")


def test_money_that_came_back_is_told_with_its_reason_and_paid_again_once(
    claim, maker, checker, counterpart, settings
):
    settings.LIPEI_BANK_URL = f"{counterpart.url}/bank"
    order = prepared(maker, claim)[0]
    checker.post("/pay/release/", confirmed([order]))
    bring_back(order.number, reason="AC04", by="system/bank")
    assert "账户已销户" in page(checker, "returned")
    exposure = Exposure.objects.get(pk=order.exposure_id)
    path, mark = f"/pay/accounts/{exposure.pk}/", f"a{exposure.pk}"
    told = {f"{mark}-bank_name": "中国银行", f"{mark}-account_number": "6222021234567890128",
            f"{mark}-account_holder": "别人"}  # fmt: skip
    wrong = checker.post(path, told)
    assert wrong.status_code >= 400
    assert "中国银行" in wrong.content.decode()
    right = checker.post(path, told | {f"{mark}-account_holder": exposure.payee.name})
    assert right.status_code == 302, right.content.decode()[:2000]
    account = Account.objects.filter(party=exposure.payee, checked="matched").latest("checked_at")
    again = {"exposure": exposure.pk, f"account-{exposure.pk}": account.pk,
             "form_key": "form-key-0002"}  # fmt: skip
    for _ in range(2):
        maker.post("/pay/prepare/", again)
    made = Order.objects.filter(exposure=exposure).order_by("pk")
    assert [(o.state, o.kind) for o in made] == [("returned", "claim"), ("prepared", "repay")]


def test_asking_the_bank_again_brings_the_waiting_question_forward(claim, maker, checker):
    order = prepared(maker, claim)[0]
    checker.post("/pay/release/", confirmed([order]))
    later = clock.now() + timedelta(minutes=9)
    waiting = "UPDATE procrastinate_jobs SET scheduled_at = %s WHERE queueing_lock = %s"
    with connection.cursor() as cursor:
        cursor.execute(waiting, [later, f"bank/{order.number}"])
    questions = ProcrastinateJob.objects.filter(queueing_lock=f"bank/{order.number}")
    assert [one.scheduled_at for one in questions] == [later]
    assert checker.post(f"/pay/{order.number}/ask/").status_code in {302, 303}
    assert [one.scheduled_at for one in questions.all()] == [None]
