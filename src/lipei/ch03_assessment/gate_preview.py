"""What another number of a gate would have meant for the claims decided in a range of days."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import F, Sum

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.models import Decision
from lipei.kit import clock
from lipei.manual.clauses import Clause


@dataclass
class GatePreview:
    """How many claims were decided, and which would have stood on the other side of the gate.

    `outside` would no longer pass it (they need a person, or a higher level), `inside` would.
    """

    from_on: date
    to_on: date
    claims: int = 0
    outside: list[str] = field(default_factory=list)
    inside: list[str] = field(default_factory=list)


def gate_preview(
    before: Clause, *, after: Clause, days: tuple[date, date], seen_by: Actor
) -> GatePreview | None:
    """The claims decided in these days on either side of a gate; none where it measures nothing
    that can be counted afterwards."""
    measure = MEASURES.get(after.id)
    if measure is None:
        return None
    told = GatePreview(*days)
    paths = tuple(seen_by.paths("claims.view"))
    for claim, amount_fen in measure(decided_in(days)):
        told.claims += 1
        name = claim.number if claim.branch_path.startswith(paths) else ""
        if before.allows(amount_fen) and not after.allows(amount_fen):
            told.outside.append(name)
        elif after.allows(amount_fen) and not before.allows(amount_fen):
            told.inside.append(name)
    return told


def decided_in(days: tuple[date, date]) -> list[int]:
    """The claims with a decision of these days, both included."""
    began, end = (_midnight(days[0]), _midnight(days[1] + timedelta(days=1)))
    decided = Decision.objects.filter(
        outcome=Decision.Outcome.APPROVED, decided_at__gte=began, decided_at__lt=end
    )
    return list(decided.values_list("calculation__exposure__claim", flat=True).distinct())


def _losses(claims: list[int]) -> list[tuple[Claim, int]]:
    """The loss of each whole event, before deductibles and salvage, of motor claims (A-09)."""
    found = Claim.objects.filter(pk__in=claims, line="motor").annotate(
        loss_fen=Sum(F("loss_lines__quantity") * F("loss_lines__unit_price_fen"))
    )
    return [(claim, int(claim.loss_fen or 0)) for claim in found]


Measured = Callable[[list[int]], list[tuple[Claim, int]]]
MEASURES: Mapping[str, Measured] = {"1.3-e": _losses}
"""Gates over an amount that is still known afterwards, and how it is measured."""


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)
