"""Finding a claim by what a caller says: its number or its end, policy, name, telephone, plate.

Each way is the beginning of a text under an index; an identity number is compared by its keyed
digest. Only claims of the branches that one may see are found.
"""

import re
from dataclasses import dataclass
from typing import Any
from unicodedata import normalize

from django.db import connection
from django.db.models import Q

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Policy
from lipei.kit import sealed

MOST = 200
NUMBER = re.compile(r"[A-Z]{0,2}-?[0-9][0-9A-Z-]*")
NUMBER_END = re.compile(r"[0-9]{6}")
PHONE = re.compile(r"[0-9]{4,12}")
IDENTITY = re.compile(r"[0-9]{17}[0-9X]")
PLATE = re.compile(r"[\u4e00-\u9fff][A-Z][A-Z0-9]{0,6}[\u4e00-\u9fff]?")
SHORTEST_POLICY = 6
Params = dict[str, Any]


@dataclass(frozen=True)
class Way:
    """One way to a claim: the statement that gives ids, and what it asks for."""

    sql: str
    asked: Params


def claim_ids(q: str, acting: Actor, *, most: int = MOST) -> list[int]:
    """The claims that a search finds, the newest first, in one statement.

    Nothing is found by less than two characters, or by who may see no claim.
    """
    ways = _ways(q)
    paths = [f"{path}%" for path in acting.paths("claims.view")]
    if not ways or not paths:
        return []
    asked: Params = {"paths": paths, "most": most}
    for way in ways:
        asked |= way.asked
    union = " UNION ".join(f"({way.sql})" for way in ways)
    with connection.cursor() as cursor:
        cursor.execute(_FOUND.format(union=union), asked)
        return [row[0] for row in cursor.fetchall()]


_FOUND = """
WITH hit AS MATERIALIZED (SELECT id FROM ({union}) every LIMIT 3000)
SELECT c.id FROM hit CROSS JOIN LATERAL (
  SELECT id FROM general_claim WHERE id = hit.id
  AND branch_path LIKE ANY(%(paths)s::text[]) OFFSET 0) c
ORDER BY c.id DESC LIMIT %(most)s
"""
_CLAIM = """
WITH found AS MATERIALIZED (SELECT id, branch_path FROM general_claim WHERE {where})
SELECT id FROM found WHERE branch_path LIKE ANY(%(paths)s::text[])
ORDER BY id DESC LIMIT %(most)s
"""
_OF_PARTIES = """
WITH person AS MATERIALIZED (SELECT id FROM general_party WHERE {where} LIMIT 500),
policy AS MATERIALIZED (
  SELECT p.id FROM person JOIN general_policy p ON p.insured_id = person.id UNION
  SELECT p.id FROM person JOIN general_policy p ON p.holder_id = person.id UNION
  SELECT s.policy_id FROM person JOIN general_stretch s ON s.insured_id = person.id)
SELECT c.id FROM person JOIN general_claim c ON c.reporter_id = person.id UNION
SELECT c.id FROM policy JOIN general_claim c ON c.policy_id = policy.id
"""
_OF_POLICIES = """
WITH policy AS MATERIALIZED (SELECT id FROM general_policy WHERE {where} LIMIT 500)
SELECT c.id FROM policy JOIN general_claim c ON c.policy_id = policy.id
"""


def policies_found(
    q: str, acting: Actor, *, most: int = 8, duty: str = "claims.report"
) -> list[Policy]:
    """The policies that a text may mean, of the branches over which this person holds a duty:
    as they stand now, or as they stood in some stretch of time before."""
    plain = "".join(normalize("NFKC", q).split()).upper()
    if len(plain) < 2:  # noqa: PLR2004  one character names nobody
        return []
    digits = plain.removeprefix("+86").replace("-", "")
    told = Q(number__startswith=plain)
    if PHONE.fullmatch(digits):
        told |= Q(insured__phone__startswith=digits) | Q(holder__phone__startswith=digits)
    if PLATE.fullmatch(plate := re.sub(r"[-·.]", "", plain)):
        told |= Q(plate__startswith=plate) | Q(versions__gt=1, stretches__plate=plate)
    if IDENTITY.fullmatch(plain):
        digest = sealed.digest(plain)
        told |= Q(insured__id_digest=digest) | Q(holder__id_digest=digest)
        told |= Q(versions__gt=1, stretches__insured__id_digest=digest)
    if not any(mark.isdigit() for mark in plain):
        told |= Q(insured__name__startswith=" ".join(q.split()))
    within = Q(pk__in=())
    for path in acting.paths(duty):
        within |= Q(branch__path__startswith=path)
    found = Policy.objects.filter(told, within).select_related("insured", "branch")
    return list(found.order_by("-starts_at", "pk").distinct()[:most])


def _ways(q: str) -> list[Way]:
    """The ways that a text may lead to a claim."""
    text = " ".join(normalize("NFKC", q).split())
    plain = text.upper().replace(" ", "")
    if len(plain) < 2:  # noqa: PLR2004  one character names nobody
        return []
    found = [*_by_number(plain), *_by_phone(plain), *_by_plate(plain)]
    if IDENTITY.fullmatch(plain):
        asked: Params = {"identity": sealed.digest(plain)}
        found.append(Way(_OF_PARTIES.format(where="id_digest = %(identity)s"), asked))
    if not any(mark.isdigit() for mark in text):
        name: Params = {"name": f"{_escaped(text)}%"}
        found.append(Way(_OF_PARTIES.format(where="name LIKE %(name)s"), name))
    return found


def _by_number(plain: str) -> list[Way]:
    if not NUMBER.fullmatch(plain) and not plain.isalnum():
        return []
    found = []
    if plain.startswith("CX"):
        found.append(Way(_CLAIM.format(where="number LIKE %(number)s"), {"number": f"{plain}%"}))
    if plain.startswith("LA"):
        number = f"CX{plain.removeprefix('LA')}"[:20]
        found.append(Way(_CLAIM.format(where="number LIKE %(number)s"), {"number": f"{number}%"}))
    if NUMBER_END.fullmatch(plain):
        found.append(Way(_CLAIM.format(where='RIGHT("number", 6) = %(end)s'), {"end": plain}))
    if len(plain) >= SHORTEST_POLICY and plain.isascii():
        policy: Params = {"policy": f"{_escaped(plain)}%"}
        found.append(Way(_OF_POLICIES.format(where="number LIKE %(policy)s"), policy))
    return found


def _by_phone(plain: str) -> list[Way]:
    digits = plain.removeprefix("+86").replace("-", "")
    if not PHONE.fullmatch(digits):
        return []
    asked: Params = {"phone": f"{digits}%"}
    return [
        Way(_CLAIM.format(where="phone LIKE %(phone)s"), asked),
        Way(_OF_PARTIES.format(where="phone LIKE %(phone)s"), asked),
    ]


def _by_plate(plain: str) -> list[Way]:
    plate = re.sub(r"[-·.]", "", plain)
    if not PLATE.fullmatch(plate):
        return []
    asked: Params = {"plate": f"{plate}%"}
    return [
        Way(_CLAIM.format(where="plate LIKE %(plate)s"), asked),
        Way(_OF_POLICIES.format(where="plate LIKE %(plate)s"), asked),
    ]


def _escaped(text: str) -> str:
    """The text as a pattern that stands for itself."""
    return re.sub(r"([\\%_])", r"\\\1", text)
