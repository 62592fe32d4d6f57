"""A changed edition beside the live one, for a stated time: every new sum is worked out by both.

A listener follows the journal, so settlement never waits for the candidate and never fails by it:
what the candidate stumbles over is kept as its own result.
"""

from dataclasses import asdict
from datetime import date
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Count, F, Q, QuerySet, Sum

from lipei.ch01_general import editions
from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.reading import claims_seen
from lipei.ch03_assessment import events
from lipei.ch03_assessment.models import Calculation, Shadow, ShadowSum
from lipei.ch03_assessment.replay import LONGEST, candidate, unchanged
from lipei.ch03_assessment.resettling import Why
from lipei.ch03_assessment.settled import lines_of, with_claim
from lipei.kit import clock
from lipei.kit.journal import on, record
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

CHANGES = Q(after_fen__isnull=False) & ~Q(after_fen=F("calculation__benefit_fen"))

# Commands


def start_shadow(name: str, *, from_on: date, to_on: date, by: str) -> Shadow:
    """Let an edition run beside the live one from one day to another, both included (3.2-g).

    Refuses days that are past or upside down, and an edition that runs beside already then.
    """
    if not actor(by).may("clauses.propose"):
        raise Refused("duty_missing")
    if to_on < from_on:
        raise Refused("days_upside_down", field="to_on")
    if to_on < clock.today():
        raise Refused("days_past", field="to_on")
    candidate(name)
    with transaction.atomic():
        if Shadow.objects.filter(edition=name, to_on__gte=from_on, from_on__lte=to_on).exists():
            raise Refused("shadow_runs_already")
        made = Shadow.objects.create(
            edition=name, content=editions.content_of(name), from_on=from_on, to_on=to_on,
            started_by=by,
        )  # fmt: skip
        record(f"edition/{name}", events.SHADOW_STARTED, by=by, clause="3.2-g", shadow=made.pk,
               content=made.content, from_on=str(from_on), to_on=str(to_on))  # fmt: skip
    return made


def end_shadow(number: int, *, by: str) -> None:
    """End a run beside the live edition before its time; what it counted stays."""
    if not actor(by).may("clauses.propose"):
        raise Refused("duty_missing")
    with transaction.atomic():
        held = Shadow.objects.select_for_update().filter(pk=number, ended_at=None).first()
        if held is None:
            raise Refused("shadow_not_found")
        held.ended_at = clock.now()
        held.save(update_fields=["ended_at"])
        record(f"edition/{held.edition}", events.SHADOW_ENDED, by=by, clause="3.2-g",
               shadow=held.pk)  # fmt: skip


# Queries


def shadow_of(number: int) -> Shadow:
    """A run beside the live edition by its number; refuses one that is not there."""
    found = Shadow.objects.filter(pk=number).first()
    if found is None:
        raise Refused("shadow_not_found")
    return found


def counts_of(shadow: Shadow) -> dict[str, int]:
    """How many sums were worked out by both so far, how many differ, and by how much."""
    change = F("after_fen") - F("calculation__benefit_fen")
    up, down = Q(after_fen__gt=F("calculation__benefit_fen")), CHANGES
    down &= Q(after_fen__lt=F("calculation__benefit_fen"))
    told = shadow.sums.aggregate(
        claims=Count("pk"), changed=Count("pk", filter=CHANGES),
        refused=Count("pk", filter=Q(after_fen=None)),
        up=Count("pk", filter=up), down=Count("pk", filter=down),
        up_fen=Sum(change, filter=up), down_fen=Sum(-change, filter=down),
    )  # fmt: skip
    return {name: int(number or 0) for name, number in told.items()}


def unlike_of(shadow: Shadow, *, by: Actor) -> QuerySet[ShadowSum]:
    """The sums that differ or that the candidate cannot settle, the newest first; only those
    of claims that they may see."""
    seen = claims_seen(by).values("pk")
    unlike = shadow.sums.filter(CHANGES | Q(after_fen=None))
    mine = unlike.filter(calculation__exposure__claim__in=seen)
    return mine.select_related("calculation__exposure__claim").order_by("-pk")


def shadow_told(shadow: Shadow) -> dict[str, Any]:
    """A run beside the live edition as JSON."""
    return {
        "shadow": shadow.pk, "edition": shadow.edition, "content": shadow.content,
        "from_on": shadow.from_on, "to_on": shadow.to_on, "ended_at": shadow.ended_at,
        **counts_of(shadow),
    }  # fmt: skip


# Listeners


@on(events.CLAIM_CALCULATED)
def settle_beside(entry: Entry) -> None:
    """Work each new sum out once more by every candidate whose time it is."""
    day = entry.recorded_at.astimezone(clock.LOCAL).date()
    running = Shadow.objects.filter(
        from_on__lte=day, to_on__gte=day, started_at__lte=entry.recorded_at
    )
    shadows = [one for one in running if one.ended_at is None or one.ended_at > entry.recorded_at]
    if not shadows:
        return
    number, sheets = entry.subject.removeprefix("claim/"), entry.facts["sheets"].values()
    made = with_claim(Calculation.objects.filter(
        exposure__claim__number=number, sheet_hash__in=list(sheets)
    ))  # fmt: skip
    for one in made:
        for shadow in shadows:
            if one.exposure.product == shadow.product:
                _keep(shadow, one)


# The parts


def _keep(shadow: Shadow, calculation: Calculation) -> None:
    after_fen, why = _settled(shadow, calculation)
    ShadowSum.objects.get_or_create(
        shadow=shadow, calculation=calculation,
        defaults={"after_fen": after_fen, "why": asdict(why) if why else {}},
    )  # fmt: skip


def _settled(shadow: Shadow, calculation: Calculation) -> tuple[int | None, Why | None]:
    """What the candidate would pay, or why it cannot; its own failures are results too."""
    try:
        with transaction.atomic():
            (line,), _unknown = lines_of(
                unchanged(shadow.edition, content=shadow.content), [calculation]
            )
    except DatabaseError:
        raise  # ours, not the candidate's: the listener hears the entry again
    except Exception as fault:  # a formula that nobody has tried may stumble over anything
        said = fault.words("zh") if isinstance(fault, Refused) else str(fault)
        told = fault.words("en") if isinstance(fault, Refused) else str(fault)
        name = type(fault).__name__
        return None, Why("", name, said[:LONGEST] or name, told[:LONGEST] or name)
    return (None, line.why) if line.why else (line.after_fen, None)
