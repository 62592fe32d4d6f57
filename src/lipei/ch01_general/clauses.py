"""Clauses as people change them: proposed by one person, approved by another, in force by date.

The edition that ships is the ground; approved rows stand above it. Every process keeps one
versioned snapshot in memory and learns of a change before it acts on it.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import partial

from django.db import transaction

from lipei.ch01_general import events, snapshot
from lipei.ch01_general.models import ClauseEdition
from lipei.ch01_general.proposals import (
    approved,
    may_propose,
    one_at_a_time,
    refuse_second_proposal,
    returned,
)
from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.refusal import Refused
from lipei.manual import (
    FIXED,
    Register,
    changed_names,
    clause_from,
    columns_of,
    install,
    installed,
    loosened,
    shipped,
)
from lipei.manual.clauses import Clause

# Commands


def propose_clause(
    clause_id: str, *, changes: Mapping[str, object], effective_from: date, reason: str, by: str,
    based_on: str = "",
) -> ClauseEdition:  # fmt: skip
    """Propose a new edition of a clause from a day on; nothing changes until it is approved.

    Refuses a day that has begun (a running promise is not changed backwards), an unknown
    clause, a row that no register would take, and one of law that asks for less unless it
    names the article that changed. `based_on`: the edition that the person had before their
    eyes; where somebody changed it meanwhile, or a proposal still waits, they are told so.
    """
    may_propose(by)
    if not reason.strip():
        raise Refused("text_missing", field="reason")
    held = ClauseEdition.objects.filter(clause=clause_id)
    with transaction.atomic():
        current = ground_of(clause_id, effective_from=effective_from)
        refuse_second_proposal(held)
        if based_on and based_on != current.edition:
            raise Refused("clause_changed_meanwhile", edition=current.edition)
        edition = f"{current.edition.split('+')[0]}+{ClauseEdition.objects.count() + 1}"
        row = drafted(current, changes=changes, effective_from=effective_from, edition=edition)
        with one_at_a_time(held):
            made = ClauseEdition.objects.create(
                clause=clause_id, edition=edition, row=row, effective_from=effective_from,
                proposed_by=by, reason=reason.strip(),
            )  # fmt: skip
        record(f"clause/{clause_id}", events.CLAUSE_PROPOSED, by=by, clause=clause_id,
               edition=edition, row=row)  # fmt: skip
    return made


def approve_clause(edition: str, *, clause_id: str, by: str) -> None:
    """Approve a proposed edition; never the person who proposed it. It is in force by its day.

    Refuses one whose day has come before the second person did.
    """
    rows = ClauseEdition.objects.filter(clause=clause_id, edition=edition)
    with transaction.atomic():
        held = approved(rows, by=by)
        if held.effective_from <= clock.today():
            raise Refused("effective_day_past", field="effective_from")
        record(f"clause/{clause_id}", events.CLAUSE_APPROVED, by=by, clause=clause_id,
               edition=edition)  # fmt: skip
        transaction.on_commit(partial(snapshot.learn, force=True))


def return_clause(edition: str, *, clause_id: str, why: str, by: str) -> None:
    """Return a proposed edition with the reason; whoever proposed it may take it back."""
    rows = ClauseEdition.objects.filter(clause=clause_id, edition=edition)
    with transaction.atomic():
        returned(rows, why=why, by=by)
        record(f"clause/{clause_id}", events.CLAUSE_RETURNED, by=by, clause=clause_id,
               edition=edition)  # fmt: skip


# Queries


def ground_of(clause_id: str, *, effective_from: date) -> Clause:
    """The edition that a change from a day on would follow; refuses what cannot be followed."""
    if effective_from <= clock.today():
        raise Refused("effective_day_past", field="effective_from")
    snapshot.learn()
    try:
        current = installed().clause(clause_id, at=effective_from)
    except KeyError:
        raise Refused("choice_unknown", field="clause") from None
    if current.same_as:
        raise Refused("clause_repeats", clause=current.same_as)
    if current.effective_from == effective_from:
        raise Refused("edition_on_that_day", field="effective_from")
    return current


def drafted(
    current: Clause, *, changes: Mapping[str, object], effective_from: date, edition: str
) -> dict[str, object]:
    """The row of a new edition; refuses one that no register would take and a looser law."""
    if fixed := sorted(set(changes) & FIXED):
        raise Refused("clause_column_fixed", column=fixed[0])
    row = {
        **columns_of(current), **changes, "edition": edition,
        "effective_from": effective_from.isoformat(), "effective_to": None,
    }  # fmt: skip
    after = _checked(row, edition)
    if {one.name for one in after.limits} != {one.name for one in current.limits}:
        raise Refused("clause_column_fixed", column="limits")
    is_law = current.number_from == "law"
    if is_law and loosened(current, after=after) and after.article == current.article:
        raise Refused("law_not_loosened", article=current.article, field="article")
    if columns_of(after) == {**columns_of(current), "edition": edition, "effective_to": None,
                             "effective_from": effective_from.isoformat()}:  # fmt: skip
        raise Refused("nothing_changed")
    return row


def editions_of(clause_id: str) -> list[ClauseEdition]:
    """Everything that people proposed of a clause, the newest first."""
    return list(ClauseEdition.objects.filter(clause=clause_id).order_by("-pk"))


def changed_of(held: ClauseEdition) -> tuple[str, ...]:
    """The numbers that a proposed or approved edition changes against the one before its day."""
    after = clause_from(held.row, edition=held.edition)
    before = installed().clause(held.clause, at=held.effective_from - timedelta(days=1))
    return changed_names(before, after=after)


# The parts


def _checked(row: Mapping[str, object], edition: str) -> Clause:
    try:
        return clause_from(row, edition=edition)
    except ValueError as wrong:
        raise Refused("clause_row_wrong", why=str(wrong)) from None


@snapshot.part
def _install(version: int) -> None:
    """The shipped clauses and the approved rows above them; each ends when its next begins."""
    rows = {clause.id: [columns_of(clause)] for clause in shipped()}
    found = list(ClauseEdition.objects.exclude(approved_by="").order_by("effective_from", "pk"))
    for held in found:
        before = rows[held.clause]
        day_before = held.effective_from - timedelta(days=1)
        before[-1] = {**before[-1], "effective_to": day_before.isoformat()}
        before.append(dict(held.row))
    clauses = [clause_from(row, edition="") for versions in rows.values() for row in versions]
    install(Register(clauses, sections=shipped().sections, version=version))
