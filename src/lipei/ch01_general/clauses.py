"""Clauses as people change them: proposed by one person, approved by another, in force by date.

The edition that ships is the ground; approved rows stand above it. Every process keeps one
versioned snapshot in memory and learns of a change before it acts on it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from threading import Lock

from django.db import connection, transaction

from lipei.ch01_general import events
from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import ClauseEdition
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused
from lipei.manual import Register, clause_from, columns_of, install, installed, shipped
from lipei.manual.clauses import Clause

_reading = Lock()
VERSION = "SELECT coalesce(max(id), 0) FROM general_clauseedition WHERE approved_by <> ''"

# Commands


def propose_clause(
    clause_id: str, *, changes: Mapping[str, object], effective_from: date, by: str
) -> ClauseEdition:
    """Propose a new edition of a clause from a day on; nothing changes until it is approved.

    Refuses a day that has begun (a running promise is not changed backwards), an unknown
    clause, and a row that no register would take.
    """
    if not actor(by).may("clauses.propose"):
        raise Refused("duty_missing")
    if effective_from <= clock.today():
        raise Refused("effective_day_past", field="effective_from")
    with transaction.atomic():
        current = _newest(clause_id)
        edition = f"{current.edition.split('+')[0]}+{ClauseEdition.objects.count() + 1}"
        row = {
            **columns_of(current), **changes, "edition": edition,
            "effective_from": effective_from.isoformat(), "effective_to": None,
        }  # fmt: skip
        _checked(row, edition)
        made = ClauseEdition.objects.create(
            clause=clause_id, edition=edition, row=row, effective_from=effective_from,
            proposed_by=by,
        )  # fmt: skip
        record(f"clause/{clause_id}", events.CLAUSE_PROPOSED, by=by, clause=clause_id,
               edition=edition, row=row)  # fmt: skip
    return made


def approve_clause(edition: str, *, clause_id: str, by: str) -> None:
    """Approve a proposed edition; never the person who proposed it. It is in force by its day."""
    if not actor(by).may("clauses.change"):
        raise Refused("duty_missing")
    with transaction.atomic():
        held = ClauseEdition.objects.select_for_update().filter(
            clause=clause_id, edition=edition, approved_by=""
        ).first()  # fmt: skip
        if held is None:
            raise Refused("proposal_not_found")
        if held.proposed_by == by:
            raise Refused("same_person")
        held.approved_by, held.approved_at = by, clock.now()
        held.save(update_fields=["approved_by", "approved_at"])
        record(f"clause/{clause_id}", events.CLAUSE_APPROVED, by=by, clause=clause_id,
               edition=edition)  # fmt: skip
    learn(force=True)


# Queries


def learn(version: int | None = None, *, force: bool = False) -> None:
    """Bring this process's snapshot to the newest version before it acts.

    `version` spares the question where the caller has just read it with something else.
    """
    newest = current_version() if version is None else version
    if newest != installed().version or force:
        with _reading:
            install(_register())


def current_version() -> int:
    """The number of the newest approved edition; 0 while only the shipped edition stands."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return int(cursor.fetchone()[0])


# The parts


def _newest(clause_id: str) -> Clause:
    learn()
    try:
        return installed().clause(clause_id)
    except KeyError:
        raise Refused("choice_unknown", field="clause") from None


def _checked(row: Mapping[str, object], edition: str) -> Clause:
    try:
        return clause_from(row, edition=edition)
    except ValueError as wrong:
        raise Refused("clause_row_wrong", why=str(wrong)) from None


def _register() -> Register:
    """The shipped clauses and the approved rows above them; each ends when its next begins."""
    approved = ClauseEdition.objects.exclude(approved_by="").order_by("effective_from", "pk")
    rows = {clause.id: [columns_of(clause)] for clause in shipped()}
    version = 0
    for held in approved:
        version = max(version, held.pk)
        before = rows[held.clause]
        day_before = held.effective_from - timedelta(days=1)
        before[-1] = {**before[-1], "effective_to": day_before.isoformat()}
        before.append(dict(held.row))
    clauses = [clause_from(row, edition="") for versions in rows.values() for row in versions]
    return Register(clauses, sections=shipped().sections, version=version)
