"""Editions of what ships as data and the department changes: proposed, approved, in force.

The same three commands for a year of rest days, an authority matrix, the words of a refusal
and the terms of a variant; what each of them takes is told by its kind (`Kind`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from django.db import transaction

from lipei.ch01_general import events, snapshot
from lipei.ch01_general.models import Revision
from lipei.ch01_general.proposals import (
    CHANGE,
    PROPOSE,
    approved,
    may_propose,
    one_at_a_time,
    refuse_second_proposal,
    returned,
)
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Kind:
    """One kind of thing that is changed: who may, whether by a day, and what a row must be.

    `check` refuses a row that cannot stand; `then` runs in the transaction of the approval.
    """

    name: str
    is_dated: bool
    check: Callable[[str, Row], None]
    propose: tuple[str, ...] = (PROPOSE,)
    change: tuple[str, ...] = (CHANGE,)
    then: Callable[[Revision], None] = lambda revision: None


# Commands


def propose_revision(
    kind: Kind, *, key: str, row: Row, reason: str, by: str, effective_from: date | None = None,
    based_on: int | None = None,
) -> Revision:  # fmt: skip
    """Propose an edition; nothing comes of it until another person approves it.

    Refuses a row that cannot stand, one that changes nothing, a day that has begun or that has
    an edition already, a second proposal beside one that waits, and one made on the ground of
    an edition that is no longer the newest (`based_on`).
    """
    may_propose(by, duties=kind.propose)
    if not reason.strip():
        raise Refused("text_missing", field="reason")
    kind.check(key, row)
    rows = Revision.objects.filter(kind=kind.name, key=key)
    with transaction.atomic():
        refuse_second_proposal(rows)
        newest = newest_of(kind.name, key)
        standing = newest.edition if newest else 0
        if based_on is not None and based_on != standing:
            raise Refused("clause_changed_meanwhile", edition=standing)
        if newest and newest.row == row:
            raise Refused("nothing_changed")
        day = _day(kind, key, effective_from)
        with one_at_a_time(rows):
            made = Revision.objects.create(
                kind=kind.name, key=key, edition=rows.count() + 1, row=dict(row),
                effective_from=day, proposed_by=by, reason=reason.strip(),
            )  # fmt: skip
        record(f"{kind.name}/{key}", events.REVISION_PROPOSED, by=by, clause="1.4-g",
               edition=made.edition, row=made.row, effective_from=day.isoformat())  # fmt: skip
    return made


def approve_revision(kind: Kind, *, key: str, edition: int, by: str) -> Revision:
    """Approve a proposed edition; never the person who proposed it, nor after its day came."""
    rows = Revision.objects.filter(kind=kind.name, key=key, edition=edition)
    with transaction.atomic():
        held = approved(rows, by=by, duties=kind.change)
        if kind.is_dated and held.effective_from <= clock.today():
            raise Refused("effective_day_past", field="effective_from")
        if not kind.is_dated:
            held.effective_from = clock.today()
            held.save(update_fields=["effective_from"])
        kind.then(held)
        record(f"{kind.name}/{key}", events.REVISION_APPROVED, by=by, clause="1.4-g",
               edition=edition)  # fmt: skip
        transaction.on_commit(partial(snapshot.learn, force=True))
    return held


def return_revision(kind: Kind, *, key: str, edition: int, why: str, by: str) -> Revision:
    """Return a proposed edition with the reason; whoever proposed it may take it back."""
    rows = Revision.objects.filter(kind=kind.name, key=key, edition=edition)
    with transaction.atomic():
        held = returned(rows, why=why, by=by, duties=kind.change)
        record(f"{kind.name}/{key}", events.REVISION_RETURNED, by=by, clause="1.4-g",
               edition=edition)  # fmt: skip
    return held


# Queries


def newest_of(kind: str, key: str) -> Revision | None:
    """The last edition that was approved, whenever it begins; none while the shipped one stands."""
    held = Revision.objects.filter(kind=kind, key=key).exclude(approved_by="")
    return held.order_by("effective_from", "pk").last()


def waiting_of(kind: str, key: str) -> Revision | None:
    """The proposal that waits for its second person, if there is one."""
    return Revision.objects.filter(kind=kind, key=key, approved_by="", returned_by="").first()


def waiting_all(kind: str) -> list[Revision]:
    """Every proposal of a kind that waits for its second person."""
    return list(Revision.objects.filter(kind=kind, approved_by="", returned_by="").order_by("pk"))


def revisions_of(kind: str, key: str) -> list[Revision]:
    """Everything that people proposed of one thing, the newest first."""
    return list(Revision.objects.filter(kind=kind, key=key).order_by("-pk"))


def approved_rows(kind: str) -> list[Revision]:
    """Every approved edition of a kind, in the order in which they begin."""
    held = Revision.objects.filter(kind=kind).exclude(approved_by="")
    return list(held.order_by("effective_from", "pk"))


# The parts


def _day(kind: Kind, key: str, effective_from: date | None) -> date:
    if not kind.is_dated:
        return clock.today()
    if effective_from is None or effective_from <= clock.today():
        raise Refused("effective_day_past", field="effective_from")
    if any(one.effective_from == effective_from and one.approved_by
           for one in revisions_of(kind.name, key)):  # fmt: skip
        raise Refused("edition_on_that_day", field="effective_from")
    return effective_from
