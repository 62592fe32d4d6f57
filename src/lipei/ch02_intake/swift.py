"""The one hand-written statement of filing: everything that a report becomes, written at once.

The hottest command of the house: with `look` and `write` a report costs a handful of
statements instead of twenty. A test writes the same filings through the plain models and
holds the rows equal. The foreign keys are deferred, so parts of one statement may point at
each other.
"""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from django.db import connection, models

from lipei.ch01_general.clauses import VERSION, learn
from lipei.ch01_general.models import Claim, Clock, Exposure
from lipei.ch01_general.policies import HELD_COLUMNS, HELD_FROM, THEIRS, Held, held_from
from lipei.ch02_intake.filing import Filing, Report
from lipei.ch02_intake.models import Document, Material
from lipei.kit import clock, sealed
from lipei.kit.journal import values
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
    """Write a filing under its key; False if the key was answered before: then nothing is."""
    other = filing.other
    asked = {
        "once": json.dumps([by, COMMAND, key, digest, filing.answer, _plain(clock.now())]),
        "claim": _rows(Claim, [filing.claim]),
        "exposures": _rows(Exposure, filing.exposures),
        "materials": _rows(Material, filing.materials),
        "documents": _rows(Document, filing.documents),
        "clocks": _rows(Clock, filing.clocks),
        "other": json.dumps([other.name, other.phone] if other else None),
        "to_other": list(filing.to_other),
        "draft_key": key,
        "entry": values(filing.entry),
    }
    with connection.cursor() as cursor:
        cursor.execute(_statement(), _flat(asked))
        return cursor.fetchone() is not None


_WRITE = """
WITH once AS (
  INSERT INTO kit_answer (actor, command, key, body_hash, answer, at)
  SELECT o->>0, o->>1, o->>2, o->>3, o->4, (o->>5)::timestamptz FROM (SELECT %s::jsonb AS o) x
  ON CONFLICT DO NOTHING RETURNING id
), claim AS (
  INSERT INTO general_claim ({claim})
  SELECT {claim_picked} FROM once,
  jsonb_populate_recordset(NULL::general_claim, %s::jsonb) r RETURNING id, reporter_id
), other AS (
  INSERT INTO general_party (kind, name, phone, id_type, id_sealed, id_digest, id_tail)
  SELECT 'person', o->>0, o->>1, 'resident_id', '', '', ''
  FROM once, (SELECT %s::jsonb AS o) x WHERE jsonb_typeof(o) = 'array' RETURNING id
), exposure AS (
  INSERT INTO general_exposure (claim_id, payee_id, {exposure})
  SELECT claim.id, CASE WHEN r.position = ANY(%s::int[]) THEN (SELECT id FROM other)
    ELSE r.payee_id END, {exposure_picked}
  FROM claim, jsonb_populate_recordset(NULL::general_exposure, %s::jsonb) r
), material AS (
  INSERT INTO intake_material (claim_id, {material})
  SELECT claim.id, {material_picked}
  FROM claim, jsonb_populate_recordset(NULL::intake_material, %s::jsonb) r
), document AS (
  INSERT INTO intake_document (claim_id, {document})
  SELECT claim.id, {document_picked}
  FROM claim, jsonb_populate_recordset(NULL::intake_document, %s::jsonb) r
), clocks AS (
  INSERT INTO general_clock (claim_id, {clock})
  SELECT claim.id, {clock_picked}
  FROM claim, jsonb_populate_recordset(NULL::general_clock, %s::jsonb) r
), draft AS (
  UPDATE intake_draft SET claim_id = claim.id FROM claim
  WHERE intake_draft.party_id = claim.reporter_id AND intake_draft.client_id = %s
), entry AS (
  INSERT INTO kit_entry
    (subject, number, verb, clause, actor, occurred_at, recorded_at, facts, line, hash)
  SELECT %s, %s, %s, %s, %s, %s::timestamptz, %s::timestamptz, %s::jsonb, %s, %s FROM claim
  RETURNING subject, number, hash
), chain AS (
  INSERT INTO kit_chain (subject, number, head) SELECT subject, number, hash FROM entry
)
SELECT id FROM claim
"""
_PARTS: dict[str, tuple[type[models.Model], tuple[str, ...]]] = {
    "claim": (Claim, ()),
    "exposure": (Exposure, ("claim_id", "payee_id")),
    "material": (Material, ("claim_id",)),
    "document": (Document, ("claim_id",)),
    "clock": (Clock, ("claim_id",)),
}


@cache
def _statement() -> str:
    """The statement, with the columns taken from the models so that a new column is not lost."""
    told = {name: _columns(model, *out) for name, (model, out) in _PARTS.items()}
    picked = {f"{name}_picked": _picked(model, *out) for name, (model, out) in _PARTS.items()}
    return _WRITE.format(**told, **picked)


def _flat(asked: dict[str, Any]) -> list[Any]:
    order = (
        "once", "claim", "other", "to_other", "exposures", "materials", "documents", "clocks",
        "draft_key",
    )  # fmt: skip
    return [*(asked[name] for name in order), *asked["entry"]]


def _fields(model: type[models.Model], *left_out: str) -> "list[models.Field[Any, Any]]":
    concrete = model._meta.concrete_fields
    return [f for f in concrete if not f.primary_key and f.column not in left_out]


def _columns(model: type[models.Model], *left_out: str) -> str:
    return ", ".join(str(f.column) for f in _fields(model, *left_out))


def _picked(model: type[models.Model], *left_out: str) -> str:
    return ", ".join(f"r.{f.column}" for f in _fields(model, *left_out))


def _rows(model: type[models.Model], objects: list[Any]) -> str:
    fields = _fields(model, "claim_id")
    rows = [{f.column: getattr(one, f.attname) for f in fields} for one in objects]
    return json.dumps(rows, ensure_ascii=False, default=_plain)


def _plain(value: object) -> str:
    """A value as jsonb_populate_recordset reads it."""
    return value.isoformat() if isinstance(value, datetime) else str(value)
