"""The department against the real counterpart, with its failures switched on."""

import json
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from counterpart.courier import signature
from lipei.kit import clock, outside
from lipei.kit.bank import (
    RETURN_REASONS,
    BankPort,
    NameCheck,
    PaymentInstruction,
    PaymentStage,
    payment_told,
)
from lipei.kit.callbacks import CallbackRejected, read_callback
from lipei.kit.circuit import Circuit, CircuitState, Patience
from lipei.kit.messages import Message, MessagePort, MessageStage, message_told
from lipei.kit.outside import Declined, Outage
from tests.conftest_counterpart import CALLBACK_SECRET
from tests.counterpart.calls import until

BRISK = Patience(connect_s=0.5, read_s=0.25, tries=3, pause_s=0.01, trips_after=4, rest_s=0.3)


@pytest.fixture
def world(counterpart, settings):
    settings.LIPEI_BANK_URL = f"{counterpart.url}/bank"
    settings.LIPEI_MESSAGES_URL = f"{counterpart.url}/messages"
    settings.LIPEI_CORE_URL = f"{counterpart.url}/core"
    settings.LIPEI_CALLBACK_SECRET = CALLBACK_SECRET
    outside.forget()
    for name in outside.PARTIES:
        outside.party(name, patience=BRISK)
    yield counterpart
    outside.forget()


def _order(**changes):
    order = {
        "request_id": f"R-{uuid4().hex}",
        "order_no": "P2026-0001",
        "account_no": "6222020200000009999",
        "account_name": "张三",
        "amount_fen": 320_000,
        "purpose": "车险赔款",
    }
    return PaymentInstruction(**(order | changes))


def _bookings(order):
    day = datetime.now(UTC).astimezone(clock.LOCAL).date()
    booked = BankPort().statement(day)
    return [entry.kind for entry in booked if entry.request_id == order.request_id]


def _state(party="bank"):
    return next(each for each in outside.status() if each.party == party)


def test_a_payment_goes_out_and_is_credited(world):
    order = _order()
    taken = BankPort().pay(order)
    assert (taken.request_id, taken.amount_fen) == (order.request_id, 320_000)
    paid = until(lambda: (now := BankPort().status(order.request_id)).receipt_no and now)
    assert paid.stage is PaymentStage.CREDITED
    assert paid.credited_at >= paid.accepted_at
    assert paid.accepted_at.utcoffset() == timedelta(hours=8)


def test_a_returned_payment_has_a_reason_in_words(world):
    order = _order(account_no="6222020200000000022")
    BankPort().pay(order)
    back = until(lambda: (now := BankPort().status(order.request_id)).reason_code and now)
    assert (back.stage, back.receipt_no) == (PaymentStage.RETURNED, None)
    assert str(RETURN_REASONS[back.reason_code]) == "账户已销户"


def test_a_payment_that_the_bank_never_saw_is_none(world):
    assert BankPort().status("R-never") is None


def test_the_name_check_is_three_valued(world):
    check = BankPort().check_account
    assert check("6222020200000009999", account_name="张三") is NameCheck.MATCHED
    assert check("6222020200000000014", account_name="张三") is NameCheck.MISMATCH
    assert check("1", account_name="张三") is NameCheck.UNKNOWN


def test_two_failures_are_ridden_out(world):
    world.control(bank={"fail_next": 2, "fail_status": 503})
    order = _order()
    assert BankPort().pay(order).request_id == order.request_id
    assert _bookings(order) == ["debit"]
    assert _state().state is CircuitState.UP


def test_a_lost_answer_pays_once(world):
    world.control(bank={"drop_next": 1})
    order = _order()
    assert BankPort().pay(order).request_id == order.request_id
    assert _bookings(order) == ["debit"]


def test_only_lost_answers_leave_a_doubt_that_the_same_order_settles(world):
    world.control(bank={"drop_next": 3})
    order = _order()
    with pytest.raises(Outage) as caught:
        BankPort().pay(order)
    assert caught.value.in_doubt
    assert caught.value.reason == "RemoteProtocolError"
    BankPort().pay(order)
    assert _bookings(order) == ["debit"]


def test_a_hanging_bank_is_not_waited_for_and_pays_once(world):
    world.control(bank={"hang_next": 2, "hang_ms": 600})
    order = _order()
    started = time.monotonic()
    assert BankPort().pay(order).request_id == order.request_id
    assert time.monotonic() - started < 2
    time.sleep(0.8)
    assert _bookings(order) == ["debit"]


def test_sixteen_workers_with_one_order_through_a_bad_line_pay_once(world):
    world.control(bank={"drop_next": BRISK.tries - 1})
    order = _order()
    with ThreadPoolExecutor(8) as pool:
        taken = list(pool.map(lambda _: BankPort().pay(order), range(16)))
    assert len({each.bank_ref for each in taken}) == 1
    assert _bookings(order) == ["debit"]


def test_another_payment_under_the_same_request_is_declined_not_repeated(world):
    order = _order()
    BankPort().pay(order)
    world.control(bank={"drop_next": 0})
    with pytest.raises(Declined) as caught:
        BankPort().pay(_order(request_id=order.request_id, amount_fen=1))
    assert (caught.value.status, caught.value.code) == (409, "request_id_used")
    assert _state().failures == 0


def test_an_order_without_an_amount_is_our_own_mistake(world):
    with pytest.raises(AssertionError):
        BankPort().pay(_order(amount_fen=0))


def test_the_circuit_opens_says_since_when_and_closes_again(world):
    before = clock.now()
    world.control(bank={"down": True})
    for _ in range(2):
        with pytest.raises(Outage):
            BankPort().pay(_order())
    down = _state()
    assert down.state is CircuitState.DOWN
    assert before <= down.since <= clock.now()
    assert down.reason == "RemoteProtocolError"
    assert _state("messages").state is CircuitState.UP

    world.control(bank={"down": False})
    order = _order()
    with pytest.raises(Outage) as caught:
        BankPort().pay(order)
    assert (caught.value.since, caught.value.in_doubt) == (down.since, False)

    time.sleep(BRISK.rest_s)
    BankPort().pay(order)
    up = _state()
    assert (up.state, up.since, up.failures) == (CircuitState.UP, None, 0)


def test_while_the_circuit_is_open_nobody_knocks(world):
    world.control(bank={"fail_next": 100})
    for _ in range(2):
        with pytest.raises(Outage):
            BankPort().check_account("6222020200000009999", account_name="张三")
    left = world.control()["bank"]["fail_next"]
    assert left == 100 - BRISK.trips_after
    for _ in range(5):
        with pytest.raises(Outage):
            BankPort().check_account("6222020200000009999", account_name="张三")
    assert world.control()["bank"]["fail_next"] == left


def test_a_failed_trial_rests_again_and_keeps_the_first_hour():
    seconds = [100.0]
    circuit = Circuit(Patience(trips_after=2, rest_s=10), tick=lambda: seconds[0])
    assert not circuit.failed("first")
    assert circuit.admits()
    assert circuit.failed("second")
    since = circuit.since
    assert not circuit.admits()
    seconds[0] += 10
    assert circuit.admits()
    assert not circuit.admits()
    circuit.failed("trial")
    seconds[0] += 9.9
    assert not circuit.admits()
    assert circuit.since == since
    seconds[0] += 0.1
    assert circuit.admits()
    circuit.succeeded()
    assert circuit.admits()
    assert circuit.status("bank").state is CircuitState.UP


def test_a_trial_that_never_reports_does_not_block_for_good():
    seconds = [0.0]
    circuit = Circuit(Patience(trips_after=1, rest_s=10), tick=lambda: seconds[0])
    circuit.failed("gone")
    seconds[0] = 10
    assert circuit.admits()
    assert not circuit.admits()
    seconds[0] = 20
    assert circuit.admits()


def test_a_bank_that_is_not_there_leaves_no_doubt(world, settings):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.LIPEI_BANK_URL = f"http://127.0.0.1:{free.getsockname()[1]}/bank"
    with pytest.raises(Outage) as caught:
        BankPort().pay(_order())
    assert (caught.value.reason, caught.value.in_doubt) == ("ConnectError", False)


GOOD = {
    "order_no": "P",
    "amount_fen": 320_000,
    "state": "CREDITED",
    "bank_ref": "B",
    "accepted_at": "2026-01-01T00:00:00+08:00",
}


@pytest.mark.parametrize(
    "answer",
    [
        b"<html>sign in to the network</html>",
        b"[]",
        GOOD | {"request_id": "other"},
        GOOD | {"amount_fen": 1},
        GOOD | {"amount_fen": "320000"},
        GOOD | {"amount_fen": True},
        GOOD | {"state": "SENT"},
        GOOD | {"bank_ref": None},
        GOOD | {"accepted_at": None},
        GOOD | {"accepted_at": "2026-01-01T00:00:00"},
        GOOD | {"credited_at": "soon"},
        GOOD,
    ],
)
def test_an_answer_that_makes_no_sense_is_an_outage_in_doubt(world, settings, answer):
    order = _order()
    raw = answer
    if isinstance(answer, dict):
        raw = json.dumps({"request_id": order.request_id} | answer).encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(raw)}\r\nConnection: close\r\n\r\n"
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            for _ in range(BRISK.tries):
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                line.recv(65536)
                line.sendall(head.encode() + raw)
                line.close()

        threading.Thread(target=serve, daemon=True).start()
        settings.LIPEI_BANK_URL = f"http://127.0.0.1:{server.getsockname()[1]}/bank"
        if answer is GOOD:
            assert BankPort().pay(order).stage is PaymentStage.CREDITED
            return
        with pytest.raises(Outage) as caught:
            BankPort().pay(order)
    assert caught.value.in_doubt


def _code(**changes):
    message = {
        "message_id": f"M-{uuid4().hex}",
        "to": "13800000301",
        "template": "LP1001",
        "variables": {"code": "482913", "minutes": "5"},
    }
    return Message(**(message | changes))


def test_a_code_reaches_the_phone_once_through_a_bad_line(world):
    world.control(messages={"drop_next": 2})
    code = _code(to="13800000302")
    MessagePort().send(code)
    MessagePort().send(code)
    until(lambda: world.received_by("13800000302"))
    assert len(world.received_by("13800000302")) == 1
    assert MessagePort().status(code.message_id).stage is MessageStage.DELIVERED


def test_a_message_that_cannot_arrive_says_why(world):
    code = _code(to="19900000001")
    MessagePort().send(code)
    failed = until(lambda: (now := MessagePort().status(code.message_id)).reason and now)
    assert (failed.stage, failed.reason) == (MessageStage.FAILED, "absent_number")
    assert MessagePort().status("M-never") is None


def test_an_unregistered_template_is_declined(world):
    with pytest.raises(Declined) as caught:
        MessagePort().send(_code(template="LP9999"))
    assert caught.value.code == "unknown_template"


def test_a_callback_of_the_bank_is_believed_and_read(world, webhook):
    world.control(bank={"webhook": webhook.url})
    order = _order()
    BankPort().pay(order)
    headers, body = until(lambda: webhook.arrived)[0]
    headers = {name.title(): value for name, value in headers.items()}
    told = read_callback(body, headers=headers, sender="bank")
    assert told.event == "payment.credited"
    assert payment_told(told).request_id == order.request_id
    assert payment_told(told).stage is PaymentStage.CREDITED


def test_a_callback_of_the_gateway_is_believed_and_read(world, webhook):
    world.control(messages={"webhook": webhook.url})
    code = _code()
    MessagePort().send(code)
    headers, body = until(lambda: webhook.arrived)[0]
    headers = {name.title(): value for name, value in headers.items()}
    told = message_told(read_callback(body, headers=headers, sender="messages"))
    assert (told.message_id, told.stage) == (code.message_id, MessageStage.DELIVERED)


def test_a_forged_changed_old_or_empty_callback_is_rejected(world, webhook, settings, time_machine):
    world.control(bank={"webhook": webhook.url})
    BankPort().pay(_order())
    arrived, body = until(lambda: webhook.arrived)[0]
    good = {name.title(): value for name, value in arrived.items()}

    def rejected(body, headers):
        with pytest.raises(CallbackRejected) as caught:
            read_callback(body, headers=headers, sender="bank")
        return str(caught.value)

    assert rejected(body.replace(b"320000", b"920000"), good) == "signature"
    assert rejected(body, {}) == "signature"
    assert rejected(body, good | {"X-Callback-Timestamp": "9" * 10}) == "signature"
    assert rejected(body, good | {"X-Callback-Signature": "v1=账"}) == "signature"
    settings.LIPEI_CALLBACK_SECRET = "another"
    assert rejected(body, good) == "signature"
    settings.LIPEI_CALLBACK_SECRET = CALLBACK_SECRET
    time_machine.move_to(clock.now() + timedelta(minutes=6))
    assert rejected(body, good) == "too old"


def test_a_signed_callback_without_sense_is_rejected(world, settings):
    for body in (b"", b"[]", b"{}", json.dumps({"subject": {}, "event_id": 1}).encode()):
        stamp = str(int(clock.now().timestamp()))
        headers = {
            "X-Callback-Timestamp": stamp,
            "X-Callback-Signature": signature(CALLBACK_SECRET, timestamp=stamp, body=body),
        }
        with pytest.raises(CallbackRejected):
            read_callback(body, headers=headers, sender="bank")
