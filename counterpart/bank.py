"""The bank: takes payments once, credits or returns them, checks names, prints statements.

States: ACCEPTED, then CREDITED (with the number of the electronic receipt) or RETURNED (with a
reason of the ISO 20022 external code set). Accounts that always behave badly, for tests and for
the demonstration, stand in ``TEST_ACCOUNTS``; every other well-formed account exists and
belongs to whoever is named.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from typing import Any

from counterpart.shape import (
    Answer,
    Body,
    Call,
    Declined,
    Event,
    Route,
    Service,
    day,
    day_bounds,
    digest,
    identifier,
    moment,
    only,
    text,
    whole,
)

MATCHED, MISMATCH, UNKNOWN = "matched", "mismatch", "unknown"
HIGHEST_FEN = 10**13
ACCOUNT = re.compile(r"[0-9]{10,32}")
NEVER = 2**62

REASONS: Mapping[str, str] = {
    "AC01": "账号格式错误或不存在",
    "AC04": "账户已销户",
    "AC06": "账户被冻结",
    "AG01": "该类账户不允许此交易",
    "BE01": "户名与账号不符",
    "MS03": "收款行未说明原因",
}

# account -> (answer of the name check, reason of the return; None: stays accepted for good)
TEST_ACCOUNTS: Mapping[str, tuple[str, str | None]] = {
    "6222020200000000014": (MISMATCH, "BE01"),
    "6222020200000000022": (MATCHED, "AC04"),
    "6222020200000000030": (UNKNOWN, "AC01"),
    "6222020200000000048": (MATCHED, "AC06"),
    "6222020200000000055": (MATCHED, None),
}

TABLES = """
CREATE TABLE IF NOT EXISTS payments (
    number INTEGER PRIMARY KEY AUTOINCREMENT, request_id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL, order_no TEXT NOT NULL, account_no TEXT NOT NULL,
    account_name TEXT NOT NULL, amount_fen INTEGER NOT NULL, purpose TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT, due_at_ms INTEGER NOT NULL,
    accepted_at_ms INTEGER NOT NULL, settled_at_ms INTEGER, receipt_no TEXT
);
CREATE INDEX IF NOT EXISTS payments_due ON payments (state, due_at_ms);
CREATE TABLE IF NOT EXISTS receipts (number INTEGER PRIMARY KEY AUTOINCREMENT);
"""


def pay(call: Call) -> Answer:
    """Take a payment once; the same request again gets its present state, no second one."""
    asked = _payment(call.body)
    kept = _find(call.book, asked["request_id"])
    if kept is not None:
        if kept["digest"] != digest(asked):
            raise Declined(409, "request_id_used", "same request_id, other payment")
        return Answer(_shown(kept))
    _, reason = _conduct(call, asked["account_no"], asked["account_name"])
    stays = reason is None and asked["account_no"] in TEST_ACCOUNTS
    call.book.execute(
        "INSERT INTO payments (request_id, digest, order_no, account_no, account_name,"
        " amount_fen, purpose, state, reason, due_at_ms, accepted_at_ms)"
        " VALUES (:request_id, :digest, :order_no, :account_no, :account_name, :amount_fen,"
        " :purpose, 'ACCEPTED', :reason, :due, :now)",
        asked
        | {
            "digest": digest(asked),
            "reason": reason,
            "due": NEVER if stays else call.now_ms + call.settings["credit_after_ms"],
            "now": call.now_ms,
        },
    )
    kept = _find(call.book, asked["request_id"])
    assert kept is not None
    return Answer(_shown(kept), 201)


def payment(call: Call) -> Answer:
    """The present state of one payment."""
    kept = _find(call.book, call.found["request_id"])
    if kept is None:
        raise Declined(404, "unknown_payment")
    return Answer(_shown(kept))


def check_account(call: Call) -> Answer:
    """Does the account belong to that name: matched, mismatch, or an account nobody knows."""
    only(call.body, "account_no", "account_name")
    account_no = text(call.body, "account_no", longest=64)
    name = text(call.body, "account_name", longest=120)
    result, _ = _conduct(call, account_no, name)
    return Answer({"result": result})


def statement(call: Call) -> Answer:
    """Every booking of one day: money out when accepted, money back when returned."""
    asked = call.query.get("day", "")
    start, end = day_bounds(asked)
    rows = call.book.execute(
        "SELECT * FROM payments WHERE accepted_at_ms BETWEEN :start AND :end"
        " OR settled_at_ms BETWEEN :start AND :end",
        {"start": start, "end": end},
    ).fetchall()
    entries = [entry for kept in rows for entry in _bookings(kept) if entry["day"] == asked]
    entries.sort(key=lambda entry: str(entry["booked_at"]))
    out = sum(entry["amount_fen"] for entry in entries if entry["kind"] == "debit")
    back = sum(entry["amount_fen"] for entry in entries if entry["kind"] == "return")
    return Answer({"day": asked, "entries": entries, "debited_fen": out, "returned_fen": back})


def settle(call: Call) -> list[Event]:
    """Bring every payment whose time has come to its end, and say what to tell whom."""
    due = call.book.execute(
        "SELECT * FROM payments WHERE state = 'ACCEPTED' AND due_at_ms <= ? ORDER BY number",
        (call.now_ms,),
    ).fetchall()
    return [_settled(call, kept) for kept in due]


def _settled(call: Call, kept: sqlite3.Row) -> Event:
    reason = call.settings["returned"].get(kept["account_no"], kept["reason"])
    state, receipt_no = ("RETURNED", None) if reason else ("CREDITED", _receipt_no(call))
    call.book.execute(
        "UPDATE payments SET state = ?, reason = ?, receipt_no = ?, settled_at_ms = ?"
        " WHERE number = ?",
        (state, reason, receipt_no, call.now_ms, kept["number"]),
    )
    after = _find(call.book, kept["request_id"])
    assert after is not None
    return Event(f"payment.{state.lower()}", _shown(after))


def _payment(body: Body) -> dict[str, Any]:
    only(body, "request_id", "order_no", "account_no", "account_name", "amount_fen", "purpose")
    return {
        "request_id": identifier(body, "request_id"),
        "order_no": identifier(body, "order_no"),
        "account_no": text(body, "account_no", longest=64),
        "account_name": text(body, "account_name", longest=120),
        "amount_fen": whole(body, "amount_fen", lowest=1, highest=HIGHEST_FEN),
        "purpose": text(body, "purpose", longest=140),
    }


def _conduct(call: Call, account_no: str, name: str) -> tuple[str, str | None]:
    """How this account behaves: the answer of its name check, the reason of its returns."""
    if account_no in TEST_ACCOUNTS:
        return TEST_ACCOUNTS[account_no]
    if not ACCOUNT.fullmatch(account_no):
        return UNKNOWN, "AC01"
    holder = call.settings["holders"].get(account_no, name)
    if holder != name:
        return MISMATCH, "BE01"
    return MATCHED, call.settings["returned"].get(account_no)


def _find(book: sqlite3.Connection, request_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = book.execute(
        "SELECT * FROM payments WHERE request_id = ?", (request_id,)
    ).fetchone()
    return row


def _receipt_no(call: Call) -> str:
    number = call.book.execute("INSERT INTO receipts DEFAULT VALUES").lastrowid
    return f"DZHD{day(call.now_ms).replace('-', '')}{number:08d}"


def _shown(kept: sqlite3.Row) -> Body:
    returned, credited = kept["state"] == "RETURNED", kept["state"] == "CREDITED"
    return {
        "request_id": kept["request_id"],
        "order_no": kept["order_no"],
        "account_no": kept["account_no"],
        "account_name": kept["account_name"],
        "amount_fen": kept["amount_fen"],
        "state": kept["state"],
        "bank_ref": _bank_ref(kept),
        "accepted_at": moment(kept["accepted_at_ms"]),
        "credited_at": moment(kept["settled_at_ms"]) if credited else None,
        "returned_at": moment(kept["settled_at_ms"]) if returned else None,
        "reason_code": kept["reason"] if returned else None,
        "reason": REASONS.get(kept["reason"], kept["reason"]) if returned else None,
        "receipt_no": kept["receipt_no"],
    }


def _bank_ref(kept: sqlite3.Row) -> str:
    return f"B{day(kept['accepted_at_ms']).replace('-', '')}{kept['number']:08d}"


def _bookings(kept: sqlite3.Row) -> list[Body]:
    common = {
        "request_id": kept["request_id"],
        "order_no": kept["order_no"],
        "amount_fen": kept["amount_fen"],
        "receipt_no": kept["receipt_no"],
        "reason_code": kept["reason"] if kept["state"] == "RETURNED" else None,
    }
    moments = [("debit", kept["accepted_at_ms"])]
    if kept["state"] == "RETURNED":
        moments.append(("return", kept["settled_at_ms"]))
    return [
        common
        | {
            "entry_no": f"{_bank_ref(kept)}{'R' if kind == 'return' else 'D'}",
            "kind": kind,
            "booked_at": moment(at_ms),
            "day": day(at_ms),
        }
        for kind, at_ms in moments
    ]


SERVICE = Service(
    name="bank",
    tables=TABLES,
    settings={"credit_after_ms": 300, "returned": {}, "holders": {}},
    routes=(
        Route("POST", re.compile(r"/bank/payments"), pay),
        Route("GET", re.compile(r"/bank/payments/(?P<request_id>[^/]+)"), payment),
        Route("POST", re.compile(r"/bank/accounts/check"), check_account),
        Route("GET", re.compile(r"/bank/statement"), statement),
    ),
    settle=settle,
)
