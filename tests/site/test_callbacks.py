"""What the bank and the gateway tell us unasked: believed if signed, followed once."""

import json
import time
from datetime import timedelta

import pytest
from django.test import Client

from counterpart.courier import signature
from lipei.ch01_general.models import Message
from lipei.ch04_payment.events import PAYMENT_CONFIRMED, PAYMENT_RETURNED
from lipei.ch04_payment.methods import instruct_bank
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import prepare_payment, release_payment
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.ledger import balance_fen
from tests import steps
from tests.conftest_counterpart import CALLBACK_SECRET

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def order(department, settings) -> Order:
    """An order that is released and that the bank has not answered yet."""
    settings.LIPEI_DEMO = True
    settings.LIPEI_CALLBACK_SECRET = CALLBACK_SECRET
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    exposure = claim.exposures.get(product="own_damage")
    made = prepare_payment(
        claim.number, position=exposure.position, by=steps.MAKER,
        account=steps.account_of(exposure.payee).pk,
    )  # fmt: skip
    steps.hear()
    release_payment(made.number, by=steps.CHECKER)
    return Order.objects.get(pk=made.pk)


def told(order: Order, **changes: object) -> dict[str, object]:
    """What the bank tells of an order: credited, unless something else is said."""
    at = clock.now().isoformat()
    subject = {
        "request_id": f"order-{order.number}", "order_no": order.number,
        "amount_fen": order.amount_fen, "state": "CREDITED", "bank_ref": "B1",
        "accepted_at": at, "credited_at": at, "returned_at": None, "reason_code": None,
        "receipt_no": "R1",
    }  # fmt: skip
    return {
        "event_id": "e-1", "event": "payment.credited", "occurred_at": at,
        "subject": subject | changes,
    }  # fmt: skip


def sent(body: dict[str, object], *, to: str = "bank", stamp: str = "", secret: str = "") -> int:
    raw = json.dumps(body).encode()
    stamp = stamp or str(int(time.time()))
    signed = signature(secret or CALLBACK_SECRET, timestamp=stamp, body=raw)
    answer = Client().post(
        f"/callbacks/{to}/", data=raw, content_type="application/json",
        headers={"X-Callback-Timestamp": stamp, "X-Callback-Signature": signed},
    )  # fmt: skip
    return answer.status_code


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_a_signed_word_of_the_bank_credits_the_order_once(order):
    assert [sent(told(order)) for _ in range(3)] == [204, 204, 204]
    assert state(order) == Order.State.CREDITED
    assert balance_fen(f"party/{order.payee_id}") == order.amount_fen
    confirmed = [e for e in history(order.exposure.claim.subject) if e.verb == PAYMENT_CONFIRMED]
    assert len(confirmed) == 1


def test_a_returned_payment_is_brought_back_once(order):
    returned = {"state": "RETURNED", "reason_code": "AC04", "credited_at": None}
    assert [sent(told(order, **returned)) for _ in range(2)] == [204, 204]
    assert state(order) == Order.State.RETURNED
    assert balance_fen(f"party/{order.payee_id}") == 0
    brought = [e for e in history(order.exposure.claim.subject) if e.verb == PAYMENT_RETURNED]
    assert len(brought) == 1
    assert sent(told(order)) == 204
    assert state(order) == Order.State.RETURNED


def test_a_forged_changed_or_old_word_is_refused(order):
    old = str(int((clock.now() - timedelta(minutes=10)).timestamp()))
    assert sent(told(order), secret="somebody else's secret") == 401
    assert sent(told(order), stamp=old) == 401
    assert sent(told(order), stamp="not-a-time") == 401
    assert Client().post("/callbacks/bank/", data={"order": order.number}).status_code == 415
    assert Client().get("/callbacks/bank/").status_code == 405
    assert state(order) == Order.State.RELEASED


@pytest.mark.parametrize(
    "odd",
    [
        {"amount_fen": 1}, {"amount_fen": "180000"}, {"state": "DONE"}, {"order_no": 7},
        {"request_id": "order-of-another"}, {"accepted_at": "yesterday"}, {"bank_ref": None},
    ],
)  # fmt: skip
def test_a_signed_word_that_makes_no_sense_changes_nothing(order, odd):
    assert sent(told(order, **odd)) == 422
    assert state(order) == Order.State.RELEASED


def test_an_order_that_is_not_ours_is_taken_and_forgotten(order):
    assert sent(told(order, order_no="P-unknown")) == 204


def test_a_text_that_arrived_is_noted_once(order):
    message = Message.objects.filter(delivered_at=None).first()
    at = clock.now().isoformat()
    subject = {"message_id": f"message-{message.pk}", "state": "DELIVERED", "accepted_at": at,
               "settled_at": at, "reason": None}  # fmt: skip
    body = {"event_id": "m-1", "event": "message.delivered", "occurred_at": at}
    for _ in range(2):
        assert sent({**body, "subject": subject}, to="messages") == 204
    message.refresh_from_db()
    assert message.delivered_at is not None
    for odd in ("message-0", "message-" + "9" * 40, "code-3", "message-x", ""):
        assert sent({**body, "subject": subject | {"message_id": odd}}, to="messages") == 204


def test_the_real_bank_calls_back_and_the_order_is_credited(
    order, counterpart, live_server, settings
):
    settings.LIPEI_BANK_URL = f"{counterpart.url}/bank"
    settings.LIPEI_MESSAGES_URL = f"{counterpart.url}/messages"
    counterpart.control(bank={
        "webhook": f"{live_server.url}/callbacks/bank/", "credit_after_ms": 300,
        "callback_copies": 2,
    })  # fmt: skip
    instruct_bank(order.number)
    assert state(order) == Order.State.ACCEPTED
    until = time.monotonic() + 10
    while state(order) != Order.State.CREDITED and time.monotonic() < until:
        time.sleep(0.05)
    time.sleep(0.5)
    assert state(order) == Order.State.CREDITED
    assert balance_fen(f"party/{order.payee_id}") == order.amount_fen
