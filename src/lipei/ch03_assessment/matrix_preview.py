"""What another authority matrix would have meant for the claims decided in a range of days."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from django.db.models import F, Sum

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.gate_preview import decided_in
from lipei.manual import Step


@dataclass
class MatrixPreview:
    """By level: how many claims needed it, and how many would; which would need a higher one."""

    from_on: date
    to_on: date
    claims: int = 0
    before: dict[str, int] = field(default_factory=dict)
    after: dict[str, int] = field(default_factory=dict)
    higher: list[str] = field(default_factory=list)
    lower: list[str] = field(default_factory=list)


SUMS: Mapping[str, object] = {
    "coverage": Sum("exposures__benefit_fen"),
    "loss_assessment": Sum(F("loss_lines__quantity") * F("loss_lines__unit_price_fen")),
    "payment": Sum("exposures__paid_fen"),
}
"""Matters whose amounts are still known afterwards, and how each is measured on a claim."""


def matrix_preview(
    matter: str, *, before: Sequence[Step], after: Sequence[Step], days: tuple[date, date],
    seen_by: Actor,
) -> MatrixPreview | None:  # fmt: skip
    """The claims decided in these days under both matrices; none for a matter not measured."""
    if matter not in SUMS:
        return None
    told = MatrixPreview(*days)
    paths = tuple(seen_by.paths("claims.view"))
    found = Claim.objects.filter(pk__in=decided_in(days)).annotate(sum_fen=SUMS[matter])
    for claim in found:
        was, would = (_needed(steps, int(claim.sum_fen or 0)) for steps in (before, after))
        told.claims += 1
        told.before[was] = told.before.get(was, 0) + 1
        told.after[would] = told.after.get(would, 0) + 1
        if was != would:
            name = claim.number if claim.branch_path.startswith(paths) else ""
            (told.higher if would > was else told.lower).append(name)
    return told


def _needed(steps: Sequence[Step], amount_fen: int) -> str:
    return next(step.level for step in steps if step.covers(amount_fen))
