"""The hub's port to parties and policies: found by identity, phone or plate, as at a date."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.editions import live_among_awaiting
from lipei.ch01_general.models import Claim, Cover, Exposure, Party, Policy, Stretch
from lipei.kit import clock, sealed
from lipei.kit.refusal import Refused
from lipei.rules import edition, edition_for


@dataclass(frozen=True)
class Held:
    """A policy as it stood at the loss: its branch and the covers in force, by product."""

    policy_id: int
    number: str
    line: str
    branch_id: int
    branch_path: str
    insured_id: int
    plate: str
    premium_paid: bool
    in_force: bool
    vehicle_class: str
    covers: tuple[tuple[str, str, dict[str, object]], ...]


HELD_COLUMNS = """
p.id, p.number, p.line, p.branch_id, b.path, p.insured_id, p.plate, p.premium_paid,
p.starts_at <= %(at)s AND %(at)s < p.ends_at, coalesce(p.vehicle->>'class', ''),
coalesce((SELECT json_agg(json_build_array(c.product, c.edition, c.terms) ORDER BY c.id)
  FROM general_cover c WHERE c.policy_id = p.id
  AND c.starts_at <= %(at)s AND %(at)s < c.ends_at), '[]'::json)
"""
HELD_FROM = """
(SELECT q.id, q.number, q.line, q.versions,
  coalesce(s.branch_id, q.branch_id) AS branch_id, coalesce(s.holder_id, q.holder_id) AS holder_id,
  coalesce(s.insured_id, q.insured_id) AS insured_id, coalesce(s.plate, q.plate) AS plate,
  coalesce(s.vehicle, q.vehicle) AS vehicle, coalesce(s.starts_at, q.starts_at) AS starts_at,
  coalesce(s.ends_at, q.ends_at) AS ends_at,
  coalesce(s.premium_paid, q.premium_paid) AS premium_paid
  FROM general_policy q LEFT JOIN general_stretch s ON q.versions > 1 AND s.policy_id = q.id
  AND s.from_at <= %(at)s AND %(at)s < s.until_at) p
JOIN general_branch b ON b.id = p.branch_id
"""
"""The policy as it stood at an instant, and its branch: one without changes is its own row."""
THEIRS = """
(%(party)s::bigint IS NULL OR p.holder_id = %(party)s OR p.insured_id = %(party)s OR EXISTS (
  SELECT FROM general_party o LEFT JOIN general_party me ON me.id = %(party)s
  WHERE o.id IN (p.holder_id, p.insured_id) AND o.id_digest <> '' AND (
    o.id_digest = me.id_digest OR (o.id_digest = %(identity)s AND o.name = %(named)s))))
"""
"""Whether `party` may use policy `p`: as holder or insured, by the row or by the same identity
number, or by naming one of them with that number. Without a party nothing is asked."""


def policy_held(number: str, *, lost_at: datetime) -> Held | None:
    """The policy of a number as it stood at the loss, in one statement; none if unknown."""
    asked: dict[str, Any] = {"at": lost_at, "number": number}
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {HELD_COLUMNS} FROM {HELD_FROM} WHERE p.number = %(number)s",  # noqa: S608
            asked,
        )
        row = cursor.fetchone()
    return held_from(row) if row else None


def held_from(row: tuple[Any, ...]) -> Held | None:
    """A row of HELD_COLUMNS as a policy; none where no policy was joined."""
    if row[0] is None:
        return None
    covers = tuple((c[0], c[1], c[2]) for c in row[10])
    return Held(*(*row[:10], covers))


def policies_of(party: Party, *, at: datetime) -> QuerySet[Policy]:
    """The policies that cover a party at an instant, as insured or holder, the newest first."""
    found = policies_then(_theirs(party), at=at)
    return found.select_related("insured").order_by("-starts_at", "-pk")


def policies_then(told: Q, *, at: datetime) -> QuerySet[Policy]:
    """The policies in force at an instant of which something was true at that instant."""
    plain = Q(versions=1, starts_at__lte=at, ends_at__gt=at) & told
    then = Stretch.objects.filter(
        told, from_at__lte=at, until_at__gt=at, starts_at__lte=at, ends_at__gt=at
    )
    return Policy.objects.filter(plain | Q(versions__gt=1, pk__in=then.values("policy_id")))


def policy_seen(number: str, *, acting: Actor) -> Policy:
    """A policy for a person of the house; one of a branch that is not theirs is as unknown as
    one that does not exist."""
    found = Policy.objects.select_related("insured", "holder", "branch")
    policy = found.filter(number=number).first()
    may = policy is not None and acting.party_id is None
    if policy is None or not may or not acting.may("claims.view", policy.branch.path):
        raise Refused("policy_not_found")
    return policy


def own_policies(party: Party) -> QuerySet[Policy]:
    """Every policy of a party as insured or holder, as it stands now.

    A policy whose insured has the same identity number counts, whatever row it hangs on.
    """
    return Policy.objects.filter(_theirs(party))


def _theirs(party: Party) -> Q:
    same = Q(insured=party) | Q(holder=party)
    if party.id_digest:
        same |= Q(insured__id_digest=party.id_digest) | Q(holder__id_digest=party.id_digest)
    return same


def claims_insured(party_id: int) -> Q:
    """The claims under policies that insured this very person at the loss: by the row, or by the
    same identity number. A policy that passed to another keeps its losses where they were."""
    with connection.cursor() as cursor:
        cursor.execute(_INSURING, {"party": party_id})
        rows = cursor.fetchall()
    found = Q(policy_id__in=[policy for policy, since, _ in rows if since is None])
    for policy, since, until in rows:
        if since is not None:
            found |= Q(policy_id=policy, lost_at__gte=since, lost_at__lt=until)
    return found


_ME = """
WITH me AS MATERIALIZED (SELECT id FROM general_party WHERE id = %(party)s UNION
  SELECT o.id FROM general_party i JOIN general_party o ON o.id_digest = i.id_digest
  WHERE i.id = %(party)s AND i.id_digest <> '')
"""
_INSURING = f"""{_ME}
SELECT p.id, NULL::timestamptz, NULL::timestamptz FROM me
JOIN general_policy p ON p.insured_id = me.id WHERE p.versions = 1
UNION ALL
SELECT s.policy_id, s.from_at, s.until_at FROM me JOIN general_stretch s ON s.insured_id = me.id
"""  # noqa: S608  every part is a constant of ours
_PARTIES = f"""{_ME}
SELECT EXISTS (SELECT FROM me WHERE id IN (p.insured_id, p.holder_id)),
  EXISTS (SELECT FROM me WHERE id = p.insured_id)
FROM {HELD_FROM} WHERE p.id = %(policy)s
"""  # noqa: S608  every part is a constant of ours


def insures(policy_id: int | None, *, party_id: int, at: datetime) -> bool:
    """Whether a policy insured this very person at an instant."""
    return _parts_in(policy_id, party_id=party_id, at=at)[1]


def is_party_to(policy_id: int | None, *, party_id: int, at: datetime) -> bool:
    """Whether this very person was the insured or the holder of a policy at an instant."""
    return _parts_in(policy_id, party_id=party_id, at=at)[0]


def benefits_taken(party_id: int) -> QuerySet[Exposure, int]:
    """The claims of which a party takes the benefit of the insured, by their keys."""
    taken = Exposure.objects.filter(payee_id=party_id, thing=Exposure.Thing.INSURED)
    return taken.values_list("claim_id", flat=True)


def takes_benefit(claim: Claim, *, party_id: int) -> bool:
    """Whether a party takes the benefit of the insured of a claim."""
    return benefits_taken(party_id).filter(claim=claim).exists()


def _parts_in(policy_id: int | None, *, party_id: int, at: datetime) -> tuple[bool, bool]:
    """Whether somebody is a party to a policy at all, and whether it insures them."""
    if policy_id is None:
        return False, False
    with connection.cursor() as cursor:
        cursor.execute(_PARTIES, {"party": party_id, "policy": policy_id, "at": at})
        row = cursor.fetchone()
    return (row[0], row[1]) if row else (False, False)


def paid_as(held: Held, *, party_id: int | None, lost_at: datetime) -> Held:
    """The policy with its insured as the row under which they came in, where it is they."""
    if party_id is None or held.insured_id == party_id:
        return held
    theirs = insures(held.policy_id, party_id=party_id, at=lost_at)
    return replace(held, insured_id=party_id) if theirs else held


def party_by_identity(*, name: str, id_number: str) -> Party | None:
    """The party with this identity number and this very name; both must match."""
    return Party.objects.filter(id_digest=sealed.digest(id_number), name=name.strip()).first()


def edition_at(
    product: str, *, bought: str, lost_at: datetime, insured_from: datetime | None = None
) -> str:
    """The formula edition that answers for a loss: the one that the policy bought, or, where
    the law's limits change by the day of the loss, the one of that day. One that nobody named
    is that of the first day of insurance, or of the loss where no policy is known."""
    lost_on = lost_at.astimezone(clock.LOCAL).date()
    if bought and edition(bought).chosen_by == "policy":
        return bought
    approved = live_among_awaiting(product)
    first_day = (insured_from or lost_at).astimezone(clock.LOCAL).date()
    found = edition_for(product, lost_on=lost_on, insured_from=first_day, approved=approved)
    return found.name


def edition_of(cover: Cover, *, lost_at: datetime) -> str:
    """The formula edition by which a cover answers for a loss: by its first day, or that of the
    loss, as the product wants it; the edition that the policy names goes first."""
    return edition_at(
        cover.product, bought=cover.edition, lost_at=lost_at, insured_from=cover.starts_at
    )


def covers_of(policy: Policy, *, at: datetime) -> QuerySet[Cover]:
    """The covers in force at an instant."""
    return policy.covers.filter(starts_at__lte=at, ends_at__gt=at).order_by("pk")
