"""A changed edition run over every settled claim before it may go live, and the report of it.

The run counts chunk by chunk; what is counted and how far it came are written together, so a
worker that dies in the middle loses nothing and counts nothing twice.
"""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction
from procrastinate.contrib.django import app

from lipei.ch01_general import editions
from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import EditionApproval
from lipei.ch03_assessment import events, tally
from lipei.ch03_assessment.carrying import carried_by
from lipei.ch03_assessment.models import Calculation, Replay
from lipei.ch03_assessment.settled import calculations_of, lines_of, next_chunk
from lipei.kit import clock, jobs
from lipei.kit.journal import record
from lipei.kit.refusal import Refused
from lipei.rules import Edition, content_hash, edition, edition_names, failed_cases
from lipei.rules.products.load import EditionBroken

CHUNK = 1_000
LONGEST = 300
PERSON = "staff/"
SEEN_BY = ("clauses.propose", "clauses.change", "audit.read")
Seen = Callable[[int, int], None]

# Commands


def start_replay(
    name: str, *, by: str, from_on: date | None = None, to_on: date | None = None
) -> Replay:
    """Have an edition run over the claims that were settled in a range of days, both included.

    Refuses an edition that is not there, that is broken or does not keep its own cases, and a
    range that ends before it begins. Started at the console, whoever calls brings it forward.
    """
    if not actor(by).may("clauses.propose"):
        raise Refused("duty_missing")
    if from_on and to_on and to_on < from_on:
        raise Refused("days_upside_down", field="to_on")
    candidate(name)
    with transaction.atomic():
        made = Replay(edition=name, content=editions.content_of(name), from_on=from_on,
                      to_on=to_on, started_by=by, tally=tally.empty())  # fmt: skip
        made.whole = calculations_of(made).count()
        made.save()
        record(f"edition/{name}", events.REPLAY_STARTED, by=by, clause="3.2-g",
               replay=made.pk, content=made.content, claims=made.whole)  # fmt: skip
        if by.startswith(PERSON):
            jobs.queue("lipei.replay", lock=f"replay/{made.pk}", replay=made.pk)
    return made


def approve_replay(replay: int, *, report_hash: str, by: str) -> EditionApproval:
    """Let the edition of a report go live; the report is the one that the approver has read.

    Never by whoever started the run, and never on a run that no person answers for.
    """
    held = replay_of(replay)
    if held.state != Replay.State.DONE:
        raise Refused("replay_not_done")
    if not held.started_by.startswith(PERSON):
        raise Refused("replay_of_nobody")
    if held.report_hash != report_hash or report_hash_of(held) != report_hash:
        raise Refused("report_changed")
    return editions.approve_edition(
        held.edition, content=held.content, report_hash=report_hash,
        proposed_by=held.started_by, by=by,
    )  # fmt: skip


# Queries


def candidate(name: str) -> Edition:
    """An edition that may be tried: there, whole, and true to its own cases."""
    if name not in edition_names():
        raise Refused("edition_unknown", field="edition")
    try:
        found = edition(name)
        failed = failed_cases(found)
    except Exception as fault:  # a formula that nobody has tried may stumble over anything
        raise Refused("edition_broken", why=str(fault)[:LONGEST], field="edition") from fault
    if failed:
        raise Refused("edition_broken", why=failed[0][:LONGEST], field="edition")
    return found


def unchanged(name: str, *, content: str) -> Edition:
    """An edition while its files are still those of a content; refuses others."""
    if content_hash(name) != content:
        raise Refused("edition_changed")
    return edition(name)


def replay_of(number: int) -> Replay:
    """A run by its number; refuses one that is not there."""
    found = Replay.objects.filter(pk=number).first()
    if found is None:
        raise Refused("replay_not_found")
    return found


def report_hash_of(replay: Replay) -> str:
    """The hash of a report as it stands: of edition, files, range and everything counted."""
    head = {
        "edition": replay.edition, "content": replay.content,
        "from": replay.from_on and replay.from_on.isoformat(),
        "to": replay.to_on and replay.to_on.isoformat(),
    }  # fmt: skip
    return tally.report_hash(head, replay.tally)


def hardest_seen(told: tally.Tally, *, by: Actor) -> list[dict[str, Any]]:
    """The hardest cases of a run, or of what it means for the cover after; one of a branch that
    is not theirs to see keeps its number."""
    paths = tuple(by.paths("claims.view"))
    return [
        one if by.is_system or one["branch_path"].startswith(paths) else {**one, "claim": ""}
        for one in told["hardest"]
    ]


def content_or_none(name: str) -> str:
    """The hash of an edition's files, or nothing where they cannot be read as an edition."""
    try:
        return editions.content_of(name)
    except (EditionBroken, Refused):
        return ""


def report_of(replay: Replay, *, seen_by: Actor) -> dict[str, Any]:
    """A run as JSON: what was asked, how it stands, and what was counted."""
    told = _report(replay.tally, seen_by=seen_by)
    if "carried" in told:
        told["carried"] = _report(told["carried"], seen_by=seen_by)
    return {
        "replay": replay.pk, "product": replay.product, "edition": replay.edition,
        "content": replay.content, "state": replay.state, "error": replay.error,
        "from_on": replay.from_on and replay.from_on.isoformat(),
        "to_on": replay.to_on and replay.to_on.isoformat(),
        "whole": replay.whole, "done": replay.done, "report_hash": replay.report_hash,
        "report": told,
    }  # fmt: skip


# Jobs


@app.task(name="lipei.replay", retry=jobs.STUBBORN)
def run_replay(replay: int, *, seen: Seen | None = None) -> None:
    """Bring a run to its end, chunk by chunk; `seen` hears how far it is."""
    held = advance(replay)
    while held.state == Replay.State.RUNNING:
        if seen is not None:
            seen(held.done, held.whole)
        held = advance(replay)
    if seen is not None and held.state == Replay.State.DONE:
        seen(held.done, held.done)


def advance(replay: int, *, size: int = CHUNK) -> Replay:
    """Count one more chunk of a run, or end it where none is left. It may be called again at
    any time, and by two at once: the row is the lock."""
    with transaction.atomic():
        held = Replay.objects.select_for_update().get(pk=replay)
        if held.state != Replay.State.RUNNING:
            return held
        chunk = next_chunk(held, size=size)
        try:
            if chunk:
                _count(held, chunk)
                held.done, held.reached = held.done + len(chunk), chunk[-1].exposure_id
        except DatabaseError:
            raise  # ours, not the edition's: the job is done again
        except Exception as fault:  # a formula that nobody has tried may stumble over anything
            _end(held, Replay.State.FAILED, error=f"{type(fault).__name__}: {fault}"[:LONGEST])
        else:
            if not chunk:
                _end(held, Replay.State.DONE)
        held.save()
    return held


# The parts


def _report(counted: tally.Tally, *, seen_by: Actor) -> dict[str, Any]:
    told = {name: value for name, value in counted.items() if name != "lines"}
    told["hardest"] = hardest_seen(counted, by=seen_by)
    if not seen_by.is_system:
        told["refused"] = {k: {**v, "first": []} for k, v in told["refused"].items()}
    return told


def _count(replay: Replay, chunk: Sequence[Calculation]) -> None:
    chosen = unchanged(replay.edition, content=replay.content)
    lines, unknown = lines_of(chosen, chunk)
    tally.add(replay.tally, lines, unknown=unknown)
    carried = carried_by(chosen, chunk, replay=replay)
    if carried is not None:
        tally.carry(replay.tally, carried.lines, left=carried.left)


def _end(replay: Replay, state: Replay.State, *, error: str = "") -> None:
    """A run ends: with the hash of its report, or with what the edition stumbled over."""
    replay.state, replay.error, replay.ended_at = state, error, clock.now()
    if state == Replay.State.DONE:
        replay.report_hash = report_hash_of(replay)
    record(f"edition/{replay.edition}", events.REPLAY_ENDED, by="system/replay", clause="3.2-g",
           replay=replay.pk, state=state.value, content=replay.content,
           report=replay.report_hash)  # fmt: skip
