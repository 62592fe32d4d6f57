"""Two persons: what one proposes, another approves or returns; nothing is written over.

The rules that every such thing shares, whatever it is: clauses, rest days, authority, texts,
variants. Who changes one of them writes its own journal entry.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TypeVar

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import ClauseEdition, Proposed, Revision
from lipei.kit import clock
from lipei.kit.refusal import Refused

P = TypeVar("P", bound=Proposed)
PROPOSE, CHANGE = "clauses.propose", "clauses.change"
OPEN = {"approved_by": "", "returned_by": ""}


def may_propose(by: str, *, duties: tuple[str, ...] = (PROPOSE,)) -> Actor:
    """Who proposes; refuses whoever holds none of the duties."""
    acting = actor(by)
    if not any(acting.may(duty) for duty in duties):
        raise Refused("duty_missing")
    return acting


def refuse_second_proposal(rows: QuerySet[P]) -> None:
    """Refuse to propose over a proposal that still waits for its second person."""
    if (held := rows.filter(**OPEN).first()) is not None:
        raise _still_open(held)


@contextmanager
def one_at_a_time(rows: QuerySet[P]) -> Iterator[None]:
    """Of two who propose at the same instant the second gets the same clear answer."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        held = rows.filter(**OPEN).first()
        if held is None:
            raise
        raise _still_open(held) from None


def approved(rows: QuerySet[P], *, by: str, duties: tuple[str, ...] = (CHANGE,)) -> P:
    """The one open proposal of these rows, now approved by a second person.

    Refuses whoever lacks the duty, what is not open any more, and the person who proposed it.
    """
    held = _open_one(rows, by=by, duties=duties)
    if held.proposed_by == by:
        raise Refused("same_person_proposal")
    held.approved_by, held.approved_at = by, clock.now()
    held.save(update_fields=["approved_by", "approved_at"])
    return held


def returned(rows: QuerySet[P], *, why: str, by: str, duties: tuple[str, ...] = (CHANGE,)) -> P:
    """The one open proposal of these rows, now returned with the reason.

    Whoever proposed it may take it back too.
    """
    held = rows.select_for_update().filter(**OPEN).first()
    if held is None or held.proposed_by != by:
        held = _open_one(rows, by=by, duties=duties)
    if not why.strip():
        raise Refused("text_missing", field="why")
    held.returned_by, held.returned_at, held.returned_why = by, clock.now(), why.strip()
    held.save(update_fields=["returned_by", "returned_at", "returned_why"])
    return held


def waiting_count() -> int:
    """How many proposals wait for their second person."""
    return sum(kind.objects.filter(**OPEN).count() for kind in (ClauseEdition, Revision))


def _open_one(rows: QuerySet[P], *, by: str, duties: tuple[str, ...]) -> P:
    acting = actor(by)
    if not any(acting.may_everywhere(duty) for duty in duties):
        raise Refused("duty_missing")
    held = rows.select_for_update().filter(**OPEN).first()
    if held is None:
        raise Refused("proposal_not_found")
    return held


def _still_open(held: Proposed) -> Refused:
    since = held.proposed_at.astimezone(clock.LOCAL).date().isoformat() if held.proposed_at else "—"
    return Refused("proposal_open", since=since)
