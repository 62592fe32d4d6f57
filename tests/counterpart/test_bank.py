"""The bank of the outside world, over HTTP."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from tests.counterpart.calls import payment, until


def _state(counterpart, request_id):
    return counterpart.client.get(f"/bank/payments/{request_id}").json()


def _today():
    return (datetime.now(UTC) + timedelta(hours=8)).date().isoformat()


def test_a_payment_is_accepted_then_credited_with_a_receipt(counterpart):
    counterpart.control(bank={"credit_after_ms": 250})
    order = payment()
    answer = counterpart.client.post("/bank/payments", json=order)
    assert answer.status_code == 201
    assert answer.json()["state"] == "ACCEPTED"
    assert answer.json()["receipt_no"] is None

    credited = until(
        lambda: (now := _state(counterpart, order["request_id"]))["state"] == "CREDITED" and now
    )
    assert credited["receipt_no"].startswith("DZHD")
    assert credited["credited_at"] >= credited["accepted_at"]
    assert credited["amount_fen"] == 320_000


def test_the_same_request_gets_the_same_payment(counterpart):
    order = payment()
    first = counterpart.client.post("/bank/payments", json=order).json()
    again = counterpart.client.post("/bank/payments", json=order)
    assert again.status_code == 200
    assert again.json()["bank_ref"] == first["bank_ref"]


def test_another_payment_under_a_used_request_id_is_refused(counterpart):
    order = payment()
    counterpart.client.post("/bank/payments", json=order)
    answer = counterpart.client.post("/bank/payments", json=order | {"amount_fen": 1})
    assert answer.status_code == 409
    assert answer.json()["code"] == "request_id_used"
    assert _state(counterpart, order["request_id"])["amount_fen"] == 320_000


def test_thirty_two_equal_requests_at_once_make_one_payment(counterpart):
    order = payment()
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda _: counterpart.client.post("/bank/payments", json=order), range(32))
        )
    assert sorted(answer.status_code for answer in answers) == [200] * 31 + [201]
    assert len({answer.json()["bank_ref"] for answer in answers}) == 1
    until(lambda: _state(counterpart, order["request_id"])["state"] == "CREDITED")
    booked = counterpart.client.get("/bank/statement", params={"day": _today()}).json()
    ours = [e for e in booked["entries"] if e["request_id"] == order["request_id"]]
    assert len(ours) == 1


@pytest.mark.parametrize(
    ("account_no", "reason"),
    [
        ("6222020200000000014", "BE01"),
        ("6222020200000000022", "AC04"),
        ("6222020200000000030", "AC01"),
        ("6222020200000000048", "AC06"),
        ("not-an-account", "AC01"),
    ],
)
def test_a_bad_account_gets_its_money_returned_with_a_reason(counterpart, account_no, reason):
    order = payment(account_no=account_no)
    counterpart.client.post("/bank/payments", json=order)
    now = until(lambda: (now := _state(counterpart, order["request_id"]))["returned_at"] and now)
    assert (now["state"], now["reason_code"]) == ("RETURNED", reason)
    assert now["reason"]
    assert now["receipt_no"] is None


def test_a_silent_account_stays_accepted(counterpart):
    order = payment(account_no="6222020200000000055")
    counterpart.client.post("/bank/payments", json=order)
    other = payment()
    counterpart.client.post("/bank/payments", json=other)
    until(lambda: _state(counterpart, other["request_id"])["state"] == "CREDITED")
    assert _state(counterpart, order["request_id"])["state"] == "ACCEPTED"


def test_any_account_can_be_made_to_return(counterpart):
    counterpart.control(bank={"returned": {"6222020200000007777": "AC04"}})
    order = payment(account_no="6222020200000007777")
    counterpart.client.post("/bank/payments", json=order)
    until(lambda: _state(counterpart, order["request_id"])["reason_code"] == "AC04")


def test_the_name_check_knows_matched_mismatch_and_unknown(counterpart):
    counterpart.control(bank={"holders": {"6222020200000008888": "李四"}})

    def checked(account_no, name):
        asked = {"account_no": account_no, "account_name": name}
        return counterpart.client.post("/bank/accounts/check", json=asked).json()["result"]

    assert checked("6222020200000008888", "李四") == "matched"
    assert checked("6222020200000008888", "王五") == "mismatch"
    assert checked("6222020200000000030", "李四") == "unknown"
    assert checked("abc", "李四") == "unknown"


def test_the_statement_books_the_money_out_and_the_returned_money_back(counterpart):
    paid, returned = payment(), payment(account_no="6222020200000000022")
    for order in (paid, returned):
        counterpart.client.post("/bank/payments", json=order)
    until(lambda: _state(counterpart, returned["request_id"])["state"] == "RETURNED")
    until(lambda: _state(counterpart, paid["request_id"])["state"] == "CREDITED")
    booked = counterpart.client.get("/bank/statement", params={"day": _today()}).json()

    def kinds(order):
        rows = [e for e in booked["entries"] if e["request_id"] == order["request_id"]]
        return [row["kind"] for row in rows]

    assert kinds(paid) == ["debit"]
    assert kinds(returned) == ["debit", "return"]
    debits = sum(e["amount_fen"] for e in booked["entries"] if e["kind"] == "debit")
    assert booked["debited_fen"] == debits
    empty = counterpart.client.get("/bank/statement", params={"day": "2001-01-01"}).json()
    assert empty["entries"] == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount_fen": 0}, "bad_field"),
        ({"amount_fen": -5}, "bad_field"),
        ({"amount_fen": 12.5}, "bad_field"),
        ({"amount_fen": True}, "bad_field"),
        ({"amount_fen": "100"}, "bad_field"),
        ({"request_id": "a b"}, "bad_field"),
        ({"request_id": ""}, "missing_field"),
        ({"account_name": "张\x00三"}, "bad_field"),
        ({"purpose": "x" * 141}, "bad_field"),
        ({"memo": "?"}, "unknown_field"),
    ],
)
def test_a_payment_that_makes_no_sense_is_refused_by_name(counterpart, changes, code):
    answer = counterpart.client.post("/bank/payments", json=payment(**changes))
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_what_is_not_there_is_said_so(counterpart):
    client = counterpart.client
    assert client.get("/bank/payments/R-none").status_code == 404
    assert client.get("/bank/nothing").status_code == 404
    assert client.get("/bank/accounts/check").status_code == 405
    assert client.get("/bank/statement", params={"day": "yesterday"}).status_code == 422
    assert client.post("/bank/payments", content=b"{").status_code == 400
    assert client.post("/bank/payments", content=b"[1]").status_code == 400
    assert client.post("/bank/payments", content=b"x" * 70_000).status_code == 413
