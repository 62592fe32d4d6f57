"""Callbacks of the outside world: signed, told again until taken."""

import hashlib
import hmac
import json
import time

from tests.conftest_counterpart import CALLBACK_SECRET
from tests.counterpart.calls import message, payment, until


def _signed(headers, body):
    stamped = headers["x-callback-timestamp"].encode() + b"." + body
    expected = hmac.new(CALLBACK_SECRET.encode(), stamped, hashlib.sha256).hexdigest()
    return headers["x-callback-signature"] == f"v1={expected}"


def test_a_credit_is_told_signed_and_dated(counterpart, webhook):
    counterpart.control(bank={"webhook": webhook.url})
    order = payment()
    counterpart.client.post("/bank/payments", json=order)
    headers, body = until(lambda: webhook.arrived)[0]
    assert _signed(headers, body)
    assert not _signed(headers, body.replace(b"320000", b"920000"))
    assert abs(int(headers["x-callback-timestamp"]) - time.time()) < 5
    told = json.loads(body)
    assert told["event"] == "payment.credited"
    assert told["subject"]["request_id"] == order["request_id"]
    assert told["subject"]["receipt_no"].startswith("DZHD")


def test_a_delivery_is_told_too(counterpart, webhook):
    counterpart.control(messages={"webhook": webhook.url})
    counterpart.client.post("/messages", json=message(to="19900000001"))
    told = json.loads(until(lambda: webhook.arrived)[0][1])
    assert (told["event"], told["subject"]["reason"]) == ("message.failed", "absent_number")


def test_a_callback_that_is_not_taken_is_told_again_with_the_same_id(counterpart, webhook):
    webhook.statuses[:] = [503, 500]
    counterpart.control(bank={"webhook": webhook.url, "callback_retry_ms": 30})
    counterpart.client.post("/bank/payments", json=payment())
    until(lambda: len(webhook.arrived) == 3)
    ids = {json.loads(body)["event_id"] for _, body in webhook.arrived}
    assert len(ids) == 1
    time.sleep(0.3)
    assert len(webhook.arrived) == 3


def test_a_callback_is_given_up_in_the_end_and_that_is_shown(counterpart, webhook):
    webhook.statuses[:] = [500] * 10
    counterpart.control(bank={"webhook": webhook.url, "callback_retry_ms": 10, "callback_tries": 3})
    before = counterpart.client.get("/control").json()["callbacks"].get("given_up", 0)
    counterpart.client.post("/bank/payments", json=payment())
    until(
        lambda: (
            counterpart.client.get("/control").json()["callbacks"].get("given_up", 0) == before + 1
        )
    )
    assert len(webhook.arrived) == 3


def test_a_careless_party_tells_everything_twice(counterpart, webhook):
    counterpart.control(bank={"webhook": webhook.url, "callback_copies": 2})
    counterpart.client.post("/bank/payments", json=payment())
    until(lambda: len(webhook.arrived) == 2)
    assert webhook.arrived[0][1] == webhook.arrived[1][1]


def test_nobody_is_told_where_no_webhook_is_set(counterpart, webhook):
    order = payment()
    counterpart.client.post("/bank/payments", json=order)
    until(
        lambda: counterpart.client.get(f"/bank/payments/{order['request_id']}").json()["receipt_no"]
    )
    time.sleep(0.15)
    assert webhook.arrived == []
