"""Settled claims read for a comparison: the newest approved calculation of each exposure."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db.models import QuerySet

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch03_assessment.models import Calculation, Decision, Replay
from lipei.ch03_assessment.resettling import BENEFIT, Again, Why, settled_by
from lipei.ch03_assessment.tally import Line, age_group
from lipei.kit import clock, sealed
from lipei.kit.identity import resident
from lipei.rules import Edition
from lipei.rules.days import day_of

BORN = "born_on"


def calculations_of(replay: Replay) -> QuerySet[Calculation]:
    """The calculations that a replay settles again: those decided in its range, up to its start,
    the newest of each exposure."""
    decided = _decided([replay.product], replay=replay)
    if replay.from_on:
        decided = decided.filter(decided_at__gte=_midnight(replay.from_on))
    if replay.to_on:
        decided = decided.filter(decided_at__lt=_midnight(replay.to_on + timedelta(days=1)))
    return _newest(decided)


def calculations_beside(replay: Replay, *, products: Iterable[str]) -> QuerySet[Calculation]:
    """The newest calculations of other products that were decided up to the start of a replay,
    whenever that was."""
    return _newest(_decided(products, replay=replay))


def next_chunk(replay: Replay, *, size: int) -> list[Calculation]:
    """The next calculations after those that are counted, with what a line tells of them."""
    found = calculations_of(replay).filter(exposure_id__gt=replay.reached)
    return list(with_claim(found)[:size])


def with_claim(found: QuerySet[Calculation]) -> QuerySet[Calculation]:
    """Calculations with everything that a line tells of their claims."""
    return found.select_related("exposure__claim__branch", "exposure__claim__policy__insured")


def lines_of(
    chosen: Edition, calculations: Sequence[Calculation]
) -> tuple[list[Line], dict[str, int]]:
    """What each calculation paid and would pay, and the facts unknown to the edition."""
    made = settled_by(chosen, calculations, bought=bought_by(calculations))
    return lines_from(made, calculations), dict(made.unknown)


def lines_from(made: Again, calculations: Sequence[Calculation]) -> list[Line]:
    """A line for each calculation, from what was made of it."""
    return [
        line_of(one, made.steps[at], why=made.why.get(at)) for at, one in enumerate(calculations)
    ]


def line_of(calculation: Calculation, after: dict[str, int] | None, *, why: Why | None) -> Line:
    """What a calculation paid, and what it would pay, or why it cannot be settled."""
    claim = calculation.exposure.claim
    steps = {step["column"]: step["amount_fen"] for step in calculation.steps}
    told = {n: int(calculation.columns.get(n, 0)) for n in after or {} if n != BENEFIT}
    return Line(
        claim=claim.number, position=calculation.exposure.position,
        branch_path=claim.branch_path, groups=_groups(claim, calculation),
        before={**steps, **told}, before_fen=calculation.benefit_fen,
        after=after, after_fen=after[BENEFIT] if after else 0, why=why,
    )  # fmt: skip


def bought_by(calculations: Sequence[Calculation]) -> dict[int, list[dict[str, Any]]]:
    """The terms that the policy of each row bought; those of the others at their positions."""
    together = {one.exposure.claim_id for one in calculations if one.together}
    others = Exposure.objects.filter(claim__in=together).values_list("claim", "position", "terms")
    terms = {(claim, position): bought for claim, position, bought in others}
    return {
        one.pk: [terms.get((one.exposure.claim_id, r["position"]), {}) for r in one.together]
        or [one.exposure.terms]
        for one in calculations
    }  # fmt: skip


def born_on(calculation: Calculation) -> date | None:
    """The day of birth of whom a sum is about: as its facts tell it, else the insured's.

    Only the age group that follows from it is kept.
    """
    told = calculation.facts.get(BORN)
    if isinstance(told, int) and told:
        return day_of(told)
    policy = calculation.exposure.claim.policy_then
    if policy is None or policy.insured.id_type != "resident_id":
        return None
    bearer = resident(sealed.unseal(policy.insured.id_sealed), today=clock.today())
    return bearer.born_on if bearer else None


# The parts


def _decided(products: Iterable[str], *, replay: Replay) -> QuerySet[Decision]:
    return Decision.objects.filter(
        outcome=Decision.Outcome.APPROVED, decided_at__lte=replay.until_at,
        calculation__exposure__product__in=list(products),
    )  # fmt: skip


def _newest(decided: QuerySet[Decision]) -> QuerySet[Calculation]:
    found = Calculation.objects.filter(decisions__in=decided)
    return found.order_by("exposure_id", "-version").distinct("exposure_id")


def _groups(claim: Claim, calculation: Calculation) -> dict[str, str]:
    lost_on = claim.lost_at.astimezone(clock.LOCAL).date()
    return {
        "line": claim.line, "branch": claim.branch.code, "month": f"{lost_on:%Y-%m}",
        "age": age_group(born_on(calculation), on=lost_on),
    }  # fmt: skip


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.LOCAL)
