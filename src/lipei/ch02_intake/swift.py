"""The one hand-written statement of filing: everything that a report becomes, written at once.

The hottest command of the house: with `look` and `write` a report costs a handful of
statements instead of twenty. A test writes the same filings through the plain models and
holds the rows equal. The foreign keys are deferred, so parts of one statement may point at
each other.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, models
from psycopg import sql

from lipei.ch01_general.models import Claim, Clock, Exposure, Party
from lipei.ch01_general.policies import HELD_COLUMNS, HELD_FROM, THEIRS, Held, held_from
from lipei.ch01_general.snapshot import VERSION, learn
from lipei.ch02_intake.filing import Filing, Report
from lipei.ch02_intake.models import Document, Material
from lipei.ch02_intake.rows import (
    NewClaim,
    NewClock,
    NewDocument,
    NewExposure,
    NewMaterial,
    NewParty,
)
from lipei.kit import clock, sealed
from lipei.kit.journal import Composed
from lipei.kit.models import Answer, Entry
from lipei.kit.refusal import Refused

COMMAND = "file_claim"
NEAR = timedelta(days=1)


@dataclass(frozen=True)
class Before:
    """What stood before this report: a kept answer, the policy at the loss, a near duplicate.

    A policy that is not the reporter's own, and for which no proof is given, is none.
    """

    answer: dict[str, object] | None
    body_hash: str
    held: Held | None
    duplicate: str

    def kept(self, digest: str) -> dict[str, object]:
        """The answer that was given under this key, if it was given to the same body."""
        assert self.answer is not None
        if self.body_hash != digest:
            raise Refused("request_repeated_otherwise")
        return self.answer


_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended(%s, 20))"
_LOOK = f"""
SELECT ({VERSION}), a.answer::text, a.body_hash, d.number, {HELD_COLUMNS}
FROM (SELECT 1) AS one
LEFT JOIN kit_answer a ON a.actor = %(by)s AND a.command = '{COMMAND}' AND a.key = %(key)s
LEFT JOIN ({HELD_FROM}) ON p.number = %(policy)s AND {THEIRS}
LEFT JOIN LATERAL (
  SELECT c.number FROM general_claim c WHERE c.policy_id = p.id
  AND c.lost_at BETWEEN %(from)s AND %(until)s AND NOT c.flags @> '{{withdrawn}}'
  ORDER BY c.id DESC LIMIT 1) d ON true
"""  # noqa: S608  every part is a constant of ours


def look(report: Report, *, by: str, key: str) -> Before:
    """Everything that filing must know, in one statement behind a lock on the policy.

    Whose the policy is, is asked of parties alone; the house's own rights are its command's.

    The lock makes two reports of one event in parallel follow each other, so that the second
    one sees the first.
    """
    asked: dict[str, Any] = {
        "by": by, "key": key, "policy": report.policy, "at": report.lost_at,
        "from": report.lost_at - NEAR, "until": report.lost_at + NEAR,
        "party": int(by.removeprefix("party/")) if by.startswith("party/") else None,
        "identity": sealed.digest(report.id_number) if report.id_number else "",
        "named": report.holder.strip(),
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_LOCK, [report.policy or f"{by}/{key}"])
        cursor.execute(_LOOK, asked)
        row = cursor.fetchone()
    learn(row[0])
    answer = json.loads(row[1]) if row[1] else None
    return Before(answer, row[2] or "", held_from(row[4:]), row[3] or "")


def write(filing: Filing, *, by: str, key: str, digest: str) -> bool:
    """Write a filing under its key; False if the key was answered before: then nothing is.

    Everything goes to the database as one document, which it takes apart by the columns' types.
    """
    parts = {
        **vars(filing), "claim": [filing.claim], "entry": [filing.entry],
        "other": [filing.other] if filing.other else [],
        "once": [Once(by, COMMAND, key, digest, filing.answer, clock.now())],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(_statement(), [_DOCUMENT.encode(parts)])
        return cursor.fetchone() is not None


@dataclass
class Once:
    """The answer that is kept under a key."""

    actor: str
    command: str
    key: str
    body_hash: str
    answer: dict[str, object]
    at: datetime


_WRITE = """
WITH doc AS MATERIALIZED (
  SELECT %s::jsonb AS d
), once AS (
  {once} ON CONFLICT DO NOTHING RETURNING id
), claim AS (
  {claim} RETURNING id, reporter_id
), other AS (
  {other} RETURNING id
), exposure AS (
  {exposures}
), material AS (
  {materials}
), document AS (
  {documents}
), clocks AS (
  {clocks}
), draft AS (
  UPDATE intake_draft SET claim_id = claim.id FROM claim, doc
  WHERE intake_draft.party_id = claim.reporter_id
  AND intake_draft.client_id = doc.d->'once'->0->>'key'
), entry AS (
  {entry} RETURNING subject, number, hash
), chain AS (
  INSERT INTO kit_chain (subject, number, head) SELECT subject, number, hash FROM entry
)
SELECT id FROM claim
"""
_OF_CLAIM = {"claim_id": "claim.id"}
_PAID_TO = {"payee_id": "CASE WHEN r.to_other THEN (SELECT id FROM other) ELSE r.payee_id END"}

_AS_TEXT = {"facts": "(r.facts #>> '{}')::jsonb"}
"""The facts of an entry come as JSON's text inside the document: as that text they were hashed."""


@cache
def _statement() -> str:
    """The statement, with the columns taken from the models so that a new column is not lost."""
    return _WRITE.format(
        once=_insert("once", Answer, Once),
        claim=_insert("claim", Claim, NewClaim, after="once,"),
        other=_insert("other", Party, NewParty, after="once,"),
        exposures=_insert(
            "exposures", Exposure, NewExposure, after="claim,", made={**_OF_CLAIM, **_PAID_TO}
        ),
        materials=_insert("materials", Material, NewMaterial, after="claim,", made=_OF_CLAIM),
        documents=_insert("documents", Document, NewDocument, after="claim,", made=_OF_CLAIM),
        clocks=_insert("clocks", Clock, NewClock, after="claim,", made=_OF_CLAIM),
        entry=_insert("entry", Entry, Composed, after="claim,", made=_AS_TEXT),
    )


def _insert(
    part: str, model: type[models.Model], row: type, *, after: str = "",
    made: Mapping[str, str] | None = None,
) -> str:  # fmt: skip
    """One part of the document into its table: told columns as told, the others by default.

    `after` names the step without whose row nothing is written; `made` are columns that the
    database itself finds.
    """
    types = {one.name: "boolean" for one in fields(row)}
    taken = dict(made or {})
    for one in model._meta.concrete_fields:
        name = str(one.column)
        if name in types:
            types[name] = str(one.db_type(connection))
            taken.setdefault(name, f"r.{name}")
        elif name not in taken and not _is_filled(one):
            taken[name] = _default(one)
    into, columns = model._meta.db_table, ", ".join(f"{n} {kind}" for n, kind in types.items())
    return (
        f"INSERT INTO {into} ({', '.join(taken)}) SELECT {', '.join(taken.values())} "  # noqa: S608  columns of our models
        f"FROM {after} doc, jsonb_to_recordset(doc.d->'{part}') AS r({columns})"
    )


def _is_filled(one: "models.Field[Any, Any]") -> bool:
    """Whether the database fills a column of which nothing is said."""
    return one.primary_key or one.null or one.db_default is not models.NOT_PROVIDED


def _default(one: "models.Field[Any, Any]") -> str:
    """What a model writes into a column of which nothing is told, as SQL."""
    value = one.get_db_prep_save(one.get_default(), connection)
    assert value is not None, f"nobody tells {one}"
    return sql.Literal(value).as_string(None)


def _plain(value: object) -> object:
    """An instant or a planned row as the database unpacks it."""
    return value.isoformat() if isinstance(value, datetime) else vars(value)


_DOCUMENT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_plain)
