"""What may be seen of claims, and by whom: every list and detail begins here.

A party sees the claims that it reported, those of policies that insure it, and those whose benefit
it takes in the place of an insured who has died; a person of the
house those of the branches over which a post with the duty `claims.view` is held. Anything else
does not exist for them.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q, QuerySet

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim
from lipei.ch01_general.policies import benefits_taken, claims_insured
from lipei.kit.journal import history
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused


@dataclass(frozen=True)
class Moment:
    """One entry of a claim's journal as it may be shown; `by` says claimant, insurer or system.

    `moves` are (position of the exposure, stage before or none at its birth, stage after).
    """

    number: int
    verb: str
    clause: str
    occurred_at: datetime
    recorded_at: datetime
    by: str
    moves: tuple[tuple[int, str | None, str], ...]


KINDS = {"party": "claimant", "staff": "insurer"}


def claims_seen(acting: Actor) -> QuerySet[Claim]:
    """All claims that this actor may see."""
    if acting.party_id is not None:
        theirs = Q(reporter_id=acting.party_id) | claims_insured(acting.party_id)
        return Claim.objects.filter(theirs | Q(pk__in=benefits_taken(acting.party_id)))
    if acting.is_system:
        return Claim.objects.all()
    within = Q(pk__in=())
    for path in acting.paths("claims.view"):
        within |= Q(branch_path__startswith=path)
    return Claim.objects.filter(within)


def claim_seen(number: str, *, acting: Actor) -> Claim:
    """The claim of a number; one that is not there and one not theirs are refused alike."""
    found = claims_seen(acting).filter(number=number).first()
    if found is None:
        raise Refused("claim_not_found")
    return found


def moments(claim: Claim) -> list[Moment]:
    """A claim's whole history, the oldest first, without names and internal facts."""
    return [_moment(entry) for entry in history(claim.subject)]


def _moment(entry: Entry) -> Moment:
    told = entry.facts.get("moves", [])
    moves = tuple((int(p), None if f is None else str(f), str(t)) for p, f, t in told)
    return Moment(
        number=entry.number,
        verb=entry.verb,
        clause=entry.clause,
        occurred_at=entry.occurred_at,
        recorded_at=entry.recorded_at,
        by=KINDS.get(entry.actor.partition("/")[0], "system"),
        moves=moves,
    )
