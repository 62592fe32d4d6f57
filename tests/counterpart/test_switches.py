"""The switches of the outside world: what goes wrong, and that nothing is lost by it."""

import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from tests.conftest_counterpart import CHECKOUT
from tests.counterpart.calls import message, payment, until


def _pay(counterpart, order, **options):
    return counterpart.client.post("/bank/payments", json=order, **options)


def _known(counterpart, order):
    answer = counterpart.client.get(f"/bank/payments/{order['request_id']}")
    return answer.status_code == 200


def _booked(counterpart, order):
    today = (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()
    booked = counterpart.client.get("/bank/statement", params={"day": today}).json()
    rows = [row for row in booked["entries"] if row["request_id"] == order["request_id"]]
    return [row["kind"] for row in rows]


def test_the_next_two_requests_fail_and_do_nothing(counterpart):
    counterpart.control(bank={"fail_next": 2, "fail_status": 500})
    order = payment()
    assert _pay(counterpart, order).status_code == 500
    assert _pay(counterpart, order).status_code == 500
    assert not _known(counterpart, order)
    assert _pay(counterpart, order).status_code == 201


def test_a_declined_request_is_answered_with_a_no_and_not_done(counterpart):
    counterpart.control(bank={"decline_next": 1})
    order = payment()
    no = _pay(counterpart, order)
    assert (no.status_code, no.json()["code"]) == (422, "not_taken")
    assert not _known(counterpart, order)
    assert _pay(counterpart, order).status_code == 201


def test_a_dropped_answer_was_done_all_the_same(counterpart):
    counterpart.control(bank={"drop_next": 1})
    order = payment()
    with pytest.raises(httpx.RemoteProtocolError):
        _pay(counterpart, order)
    assert _known(counterpart, order)
    assert _pay(counterpart, order).status_code == 200


def test_a_held_request_is_done_late_and_still_once(counterpart):
    counterpart.control(bank={"hang_next": 1, "hang_ms": 400})
    order = payment()
    with pytest.raises(httpx.ReadTimeout):
        _pay(counterpart, order, timeout=0.1)
    assert _pay(counterpart, order).status_code == 201
    reference = _pay(counterpart, order).json()["bank_ref"]
    time.sleep(0.5)
    assert _pay(counterpart, order).json()["bank_ref"] == reference
    assert _booked(counterpart, order) == ["debit"]


def test_down_is_down_and_up_is_up(counterpart):
    counterpart.control(bank={"down": True})
    order = payment()
    with pytest.raises(httpx.RemoteProtocolError):
        _pay(counterpart, order)
    assert counterpart.client.post("/messages", json=message()).status_code == 201
    counterpart.control(bank={"down": False})
    assert not _known(counterpart, order)
    assert _pay(counterpart, order).status_code == 201


def test_latency_is_felt(counterpart):
    counterpart.control(bank={"latency_ms": 150})
    started = time.monotonic()
    _pay(counterpart, payment())
    assert time.monotonic() - started >= 0.15


@pytest.mark.parametrize(
    "switches",
    [
        {"garage": {"down": True}},
        {"bank": {"colour": 1}},
        {"bank": {"latency_ms": "1"}},
        {"bank": {"latency_ms": -1}},
        {"bank": {"down": 1}},
        {"bank": {"fail_status": 200}},
        {"bank": {"returned": {"1": 2}}},
        {"bank": {"webhook": "http://example.com/"}},
        {"bank": {"webhook": "https://127.0.0.1/"}},
        {"bank": {"webhook": "http://192.0.2.1/"}},
    ],
)
def test_a_switch_that_does_not_exist_turns_nothing(counterpart, switches):
    before = counterpart.client.get("/control").json()
    asked = {"messages": {"latency_ms": 7}} | switches
    assert counterpart.client.post("/control", json=asked).status_code == 422
    assert counterpart.client.get("/control").json() == before


def test_payments_messages_and_switches_survive_a_kill(start, tmp_path):
    state = tmp_path / "state" / "world.sqlite"
    first = start("--state", str(state))
    first.control(bank={"credit_after_ms": 0, "latency_ms": 3}, messages={"deliver_after_ms": 0})
    order, sent = payment(), message(to="13800000201")
    _pay(first, order)
    first.client.post("/messages", json=sent)
    until(lambda: first.received_by("13800000201"))
    until(lambda: _pay(first, order).json()["state"] == "CREDITED")
    receipt_no = _pay(first, order).json()["receipt_no"]
    first.kill()

    second = start("--state", str(state))
    assert second.client.get("/control").json()["bank"]["latency_ms"] == 3
    assert _pay(second, order).json()["receipt_no"] == receipt_no
    assert _pay(second, order | {"amount_fen": 1}).status_code == 409
    assert len(second.received_by("13800000201")) == 1
    later = payment()
    _pay(second, later)
    until(lambda: _pay(second, later).json()["receipt_no"])
    assert _pay(second, later).json()["receipt_no"] != receipt_no


def test_it_ends_in_good_order_when_told(start):
    assert start().stop() == 0


def test_a_taken_port_is_one_clear_sentence(counterpart):
    port = counterpart.url.rsplit(":", 1)[1]
    tried = subprocess.run(
        [sys.executable, "-m", "counterpart", "--port", port],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        timeout=20,
    )
    assert tried.returncode == 1
    assert tried.stderr.startswith(f"counterpart: port {port}: ")
    assert len(tried.stderr.strip().splitlines()) == 1


def test_it_listens_on_loopback_only(counterpart):
    port = int(counterpart.url.rsplit(":", 1)[1])
    listening = [
        line.split()[1]
        for table in ("/proc/net/tcp", "/proc/net/tcp6")
        for line in Path(table).read_text().splitlines()[1:]
        if line.split()[3] == "0A" and line.split()[1].endswith(f":{port:04X}")
    ]
    assert listening == [f"0100007F:{port:04X}"]
