"""The message gateway: sends texts of registered templates once, and says what became of them.

States: ACCEPTED, then DELIVERED or FAILED with a reason. What a phone has received can be read
back by its number: so the demonstration and the tests find a one-time code.
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
    digest,
    identifier,
    moment,
    only,
    text,
)

PHONE = re.compile(r"1[3-9]\d{9}")
BLANK = re.compile(r"\{([a-z_]+)\}")

TEMPLATES: Mapping[str, str] = {
    "LP1001": "【理赔】验证码{code}，{minutes}分钟内有效，请勿告诉他人。",
    "LP1002": "【理赔】您的报案已受理，案件号{claim_no}，进度请看{link}。",
    "LP1003": "【理赔】案件{claim_no}的预估赔付区间已出，请查看{link}。",
    "LP1004": "【理赔】案件{claim_no}还缺材料，清单一次列全，请查看{link}。",
    "LP1005": "【理赔】案件{claim_no}已立案，立案号{exposure_no}。",
    "LP1006": "【理赔】查勘员{assessor}将查勘案件{claim_no}，电话{phone}。",
    "LP1007": "【理赔】案件{claim_no}定损完成，请查看{link}。",
    "LP1008": "【理赔】案件{claim_no}的赔付金额待您确认，请查看{link}。",
    "LP1009": "【理赔】案件{claim_no}的赔款已到账，电子回单号{receipt_no}。",
    "LP1010": "【理赔】案件{claim_no}的赔款被银行退回，请核对收款账户：{link}。",
    "LP1011": "【理赔】案件{claim_no}已结案归档，感谢您的配合。",
    "LP1012": "【理赔】案件{claim_no}有新的通知，请查看{link}。",
    "LP1013": "【理赔】案件{claim_no}的收款账户与收款人不符，请换一个账户：{link}。",
    "LP1014": "【理赔】案件{claim_no}有一部分核定后没有可赔金额，理由请看{link}，不同意可提异议。",
    "LP1021": "【理赔】{name}，管理员重置了您的登录验证器，下次登录须重新绑定。不是您要求请告知。",
    "LP1022": "【理赔】{name}，您的账号已开通，请在{hours}小时内打开{link}设置口令，请勿转发。",
}

# phone -> reason with which every message to it fails
TEST_PHONES: Mapping[str, str] = {
    "19900000001": "absent_number",
    "19900000002": "switched_off",
    "19900000003": "blocked_by_receiver",
}

TABLES = """
CREATE TABLE IF NOT EXISTS messages (
    number INTEGER PRIMARY KEY AUTOINCREMENT, message_id TEXT NOT NULL UNIQUE,
    digest TEXT NOT NULL, phone TEXT NOT NULL, template TEXT NOT NULL, text TEXT NOT NULL,
    state TEXT NOT NULL, reason TEXT, due_at_ms INTEGER NOT NULL,
    accepted_at_ms INTEGER NOT NULL, settled_at_ms INTEGER
);
CREATE INDEX IF NOT EXISTS messages_due ON messages (state, due_at_ms);
CREATE INDEX IF NOT EXISTS messages_phone ON messages (phone, number);
"""


def send(call: Call) -> Answer:
    """Take a message once; the same message again gets its present state, no second text."""
    asked = _message(call)
    kept = _find(call.book, asked["message_id"])
    if kept is not None:
        if kept["digest"] != digest(asked):
            raise Declined(409, "message_id_used", "same message_id, other message")
        return Answer(_shown(kept))
    call.book.execute(
        "INSERT INTO messages (message_id, digest, phone, template, text, state, due_at_ms,"
        " accepted_at_ms) VALUES (?, ?, ?, ?, ?, 'ACCEPTED', ?, ?)",
        (
            asked["message_id"],
            digest(asked),
            asked["to"],
            asked["template"],
            _filled(_templates(call)[asked["template"]], asked["variables"]),
            call.now_ms + call.settings["deliver_after_ms"],
            call.now_ms,
        ),
    )
    kept = _find(call.book, asked["message_id"])
    assert kept is not None
    return Answer(_shown(kept), 201)


def message(call: Call) -> Answer:
    """What became of one message."""
    kept = _find(call.book, call.found["message_id"])
    if kept is None:
        raise Declined(404, "unknown_message")
    return Answer(_shown(kept))


def received(call: Call) -> Answer:
    """The last 100 texts that reached a phone, the newest first."""
    phone = call.query.get("to", "")
    if not PHONE.fullmatch(phone):
        raise Declined(422, "bad_field", "to")
    rows = call.book.execute(
        "SELECT * FROM messages WHERE phone = ? AND state = 'DELIVERED'"
        " ORDER BY number DESC LIMIT 100",
        (phone,),
    ).fetchall()
    return Answer({"messages": [_shown(row) | {"text": row["text"]} for row in rows]})


def settle(call: Call) -> list[Event]:
    """Bring every message whose time has come to the phone, or fail it with its reason."""
    due = call.book.execute(
        "SELECT * FROM messages WHERE state = 'ACCEPTED' AND due_at_ms <= ? ORDER BY number",
        (call.now_ms,),
    ).fetchall()
    return [_settled(call, kept) for kept in due]


def _settled(call: Call, kept: sqlite3.Row) -> Event:
    reason = call.settings["failing"].get(kept["phone"], TEST_PHONES.get(kept["phone"]))
    state = "FAILED" if reason else "DELIVERED"
    call.book.execute(
        "UPDATE messages SET state = ?, reason = ?, settled_at_ms = ? WHERE number = ?",
        (state, reason, call.now_ms, kept["number"]),
    )
    after = _find(call.book, kept["message_id"])
    assert after is not None
    return Event(f"message.{state.lower()}", _shown(after))


def _message(call: Call) -> dict[str, Any]:
    only(call.body, "message_id", "to", "template", "variables")
    asked = {
        "message_id": identifier(call.body, "message_id"),
        "to": text(call.body, "to", longest=11),
        "template": text(call.body, "template", longest=32),
        "variables": call.body.get("variables", {}),
    }
    if not PHONE.fullmatch(asked["to"]):
        raise Declined(422, "bad_field", "to")
    if asked["template"] not in _templates(call):
        raise Declined(422, "unknown_template", asked["template"])
    if not isinstance(asked["variables"], dict):
        raise Declined(422, "bad_field", "variables")
    wanted = set(BLANK.findall(_templates(call)[asked["template"]]))
    if set(asked["variables"]) != wanted:
        raise Declined(422, "bad_variables", ", ".join(sorted(wanted)))
    for name in wanted:
        text(asked["variables"], name, longest=200)
    return asked


def _templates(call: Call) -> Mapping[str, str]:
    return {**TEMPLATES, **call.settings["templates"]}


def _filled(template: str, variables: Mapping[str, str]) -> str:
    return BLANK.sub(lambda blank: variables[blank.group(1)], template)


def _find(book: sqlite3.Connection, message_id: str) -> sqlite3.Row | None:
    row: sqlite3.Row | None = book.execute(
        "SELECT * FROM messages WHERE message_id = ?", (message_id,)
    ).fetchone()
    return row


def _shown(kept: sqlite3.Row) -> Body:
    return {
        "message_id": kept["message_id"],
        "to": kept["phone"],
        "template": kept["template"],
        "state": kept["state"],
        "reason": kept["reason"],
        "accepted_at": moment(kept["accepted_at_ms"]),
        "settled_at": moment(kept["settled_at_ms"]),
    }


SERVICE = Service(
    name="messages",
    tables=TABLES,
    settings={"deliver_after_ms": 100, "failing": {}, "templates": {}},
    routes=(
        Route("POST", re.compile(r"/messages"), send),
        Route("GET", re.compile(r"/messages"), received),
        Route("GET", re.compile(r"/messages/(?P<message_id>[^/]+)"), message),
    ),
    settle=settle,
)
