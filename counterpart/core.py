"""The core system: keeps policies, is asked for them, and tells of endorsements and premiums.

A policy is put in by POST and stays until the world ends. An endorsement or a payment is booked
under a reference, once, and told by callback as ``policy.endorsed`` or ``policy.premium``.
"""

from __future__ import annotations

import json
import re
import sqlite3

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
    only,
    text,
    whole,
)

HIGHEST_FEN = 10**13
PERSON = ("name", "id_type", "id_number", "phone")
PLAIN = ("plate", "vin", "vehicle_class", "region")
POLICY = (
    "number", "line", "branch", "starts_at", "ends_at", "premium_paid", *PLAIN,
    "insured", "holder", "covers",
)  # fmt: skip
COVER = ("product", "edition", "terms", "starts_at", "ends_at")
LONGEST = 80

TABLES = """
CREATE TABLE IF NOT EXISTS core_policies (
    number TEXT PRIMARY KEY, plate TEXT NOT NULL, identities TEXT NOT NULL, body TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS core_plates ON core_policies (plate);
CREATE TABLE IF NOT EXISTS core_events (
    reference TEXT PRIMARY KEY, policy TEXT NOT NULL, kind TEXT NOT NULL, digest TEXT NOT NULL,
    body TEXT NOT NULL, told INTEGER NOT NULL DEFAULT 0
);
"""


def put(call: Call) -> Answer:
    """Take a policy into the book; the same number again replaces it."""
    body = _policy(call.body)
    identities = [body[who]["id_number"] for who in ("insured", "holder")]
    call.book.execute(
        "INSERT OR REPLACE INTO core_policies (number, plate, identities, body)"
        " VALUES (?, ?, ?, ?)",
        (body["number"], body["plate"], json.dumps(identities), json.dumps(body)),
    )
    return Answer(body, 201)


def policy(call: Call) -> Answer:
    """The policy of a number."""
    return Answer(_found(call.book, call.found["number"]))


def search(call: Call) -> Answer:
    """The policies of a plate or of an identity number; asked by body, so that no log keeps it."""
    only(call.body, "plate", "id_number")
    plate = text(call.body, "plate", longest=LONGEST) if "plate" in call.body else ""
    number = text(call.body, "id_number", longest=LONGEST) if "id_number" in call.body else ""
    if bool(plate) == bool(number):
        raise Declined(422, "plate_or_id_number")
    rows = call.book.execute("SELECT * FROM core_policies ORDER BY number").fetchall()
    found = [
        json.loads(row["body"])
        for row in rows
        if (plate and row["plate"] == plate) or (number and number in json.loads(row["identities"]))
    ]
    return Answer({"policies": found})


def endorse(call: Call) -> Answer:
    """Book an endorsement: new values by field, from when they hold; told by callback."""
    only(call.body, "reference", "effective_at", "values")
    values = call.body.get("values")
    if not isinstance(values, dict) or not values:
        raise Declined(422, "values_missing")
    return _booked(call, "policy.endorsed", {
        "effective_at": text(call.body, "effective_at", longest=40), "values": values,
    })  # fmt: skip


def premium(call: Call) -> Answer:
    """Book a payment of premium, or one given back (below nought); told by callback."""
    only(call.body, "reference", "paid_at", "amount_fen", "settles")
    return _booked(call, "policy.premium", {
        "paid_at": text(call.body, "paid_at", longest=40),
        "amount_fen": whole(call.body, "amount_fen", lowest=-HIGHEST_FEN, highest=HIGHEST_FEN),
        "settles": call.body.get("settles") is not False,
    })  # fmt: skip


def tell(call: Call) -> list[Event]:
    """Everything that was booked and not told yet, in the order of booking."""
    rows = call.book.execute("SELECT * FROM core_events WHERE told = 0 ORDER BY rowid").fetchall()
    call.book.execute("UPDATE core_events SET told = 1 WHERE told = 0")
    return [Event(row["kind"], json.loads(row["body"])) for row in rows]


def _booked(call: Call, kind: str, told: Body) -> Answer:
    number = call.found["number"]
    _found(call.book, number)
    body = {"number": number, "reference": identifier(call.body, "reference"), **told}
    kept: sqlite3.Row | None = call.book.execute(
        "SELECT * FROM core_events WHERE reference = ?", (body["reference"],)
    ).fetchone()
    if kept is not None:
        if kept["digest"] != digest(body):
            raise Declined(409, "reference_used")
        return Answer(json.loads(kept["body"]))
    call.book.execute(
        "INSERT INTO core_events (reference, policy, kind, digest, body) VALUES (?, ?, ?, ?, ?)",
        (body["reference"], number, kind, digest(body), json.dumps(body)),
    )
    return Answer(body, 201)


def _found(book: sqlite3.Connection, number: str) -> Body:
    row = book.execute("SELECT body FROM core_policies WHERE number = ?", (number,)).fetchone()
    if row is None:
        raise Declined(404, "unknown_policy")
    body: Body = json.loads(row["body"])
    return body


def _policy(body: Body) -> Body:
    only(body, *POLICY)
    told: Body = {
        name: text(body, name, longest=LONGEST)
        for name in ("number", "line", "branch", "starts_at", "ends_at")
    }
    told |= {name: str(body.get(name) or "")[:LONGEST] for name in PLAIN}
    told["premium_paid"] = body.get("premium_paid") is not False
    for who in ("insured", "holder"):
        person = body.get(who)
        if not isinstance(person, dict) or not person.get("name"):
            raise Declined(422, "person_missing", who)
        told[who] = {name: str(person.get(name) or "")[:LONGEST] for name in PERSON}
    covers = body.get("covers")
    if not isinstance(covers, list) or not covers:
        raise Declined(422, "covers_missing")
    told["covers"] = [{name: cover.get(name) for name in COVER} for cover in covers]
    return told


SERVICE = Service(
    name="core",
    tables=TABLES,
    settings={},
    routes=(
        Route("POST", re.compile(r"/core/policies"), put),
        Route("POST", re.compile(r"/core/policies/search"), search),
        Route("GET", re.compile(r"/core/policies/(?P<number>[^/]+)"), policy),
        Route("POST", re.compile(r"/core/policies/(?P<number>[^/]+)/endorsements"), endorse),
        Route("POST", re.compile(r"/core/policies/(?P<number>[^/]+)/premiums"), premium),
    ),
    settle=tell,
)
