"""What a changed sum means for the cover that answers after it, which bears what it leaves.

A settled part of that cover keeps the figures of the first cover with which it was settled. Here
it is settled once more, by its own edition, with the figures that the changed edition makes. A
claim is looked at when the last of its changed sums is, so that each part is counted once.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lipei.ch01_general.models import Exposure
from lipei.ch03_assessment.facts import AFTER, PAID_FIRST, speaks_of_paid
from lipei.ch03_assessment.models import Calculation, Replay
from lipei.ch03_assessment.resettling import Why, settled_by
from lipei.ch03_assessment.settled import (
    bought_by,
    calculations_beside,
    calculations_of,
    line_of,
    lines_from,
    with_claim,
)
from lipei.ch03_assessment.tally import Line
from lipei.rules import Edition, edition, edition_names

Whose = tuple[int, str, str]
"""A thing or person of a claim, under whichever of its covers."""
GONE = Why(
    "edition",
    "gone",
    "结算所用的条款版本已不存在",
    "the edition that settled it is no longer there",
)


@dataclass
class Carried:
    """The settled parts that bear what changed sums leave, and how many of these sums leave more
    than before while no settled part bears it."""

    lines: list[Line] = field(default_factory=list)
    left: int = 0


def carried_by(
    chosen: Edition, calculations: Sequence[Calculation], *, replay: Replay
) -> Carried | None:
    """What a chunk of sums, settled by an edition, means for the cover that answers after it;
    none where no cover does."""
    products = [after for after, first in AFTER.items() if first == chosen.product]
    if not products:
        return None
    firsts = _whole_claims(calculations, replay=replay)
    claims = {one.exposure.claim_id for one in firsts}
    paid = _paid_otherwise(chosen, firsts)
    found = calculations_beside(replay, products=products).filter(exposure__claim__in=claims)
    parts = list(with_claim(found))
    made = Carried(left=_left_to_nobody(firsts, paid, {_whose(one.exposure) for one in parts}))
    instead = _in_place(parts, paid)
    touched = {key for key, _row in instead}
    by_edition: dict[str, list[Calculation]] = {}
    for one in parts:
        if one.pk in touched:
            by_edition.setdefault(one.edition, []).append(one)
    for name, ours in by_edition.items():
        made.lines += _settled_with(name, ours, instead)
    return made


# The parts


def _whole_claims(calculations: Sequence[Calculation], *, replay: Replay) -> list[Calculation]:
    """Every sum of the run in the claims of which the last one is in this chunk."""
    here = {one.exposure_id for one in calculations}
    claims = {one.exposure.claim_id for one in calculations}
    beside = calculations_of(replay).filter(exposure__claim__in=claims)
    firsts = list(with_claim(beside))
    last: dict[int, int] = {}
    for one in firsts:
        claim = one.exposure.claim_id
        last[claim] = max(one.exposure_id, last.get(claim, 0))
    return [one for one in firsts if last[one.exposure.claim_id] in here]


def _whose(exposure: Exposure) -> Whose:
    return (exposure.claim_id, exposure.thing, exposure.label)


def _paid_otherwise(chosen: Edition, firsts: Sequence[Calculation]) -> dict[Whose, dict[str, int]]:
    """What the edition pays otherwise than was paid, by the facts that tell it to the cover
    after; nothing of a sum that it cannot settle."""
    made = settled_by(chosen, firsts, bought=bought_by(firsts), beside=tuple(PAID_FIRST.values()))
    paid: dict[Whose, dict[str, int]] = {}
    for one, columns in zip(firsts, made.beside, strict=True):
        for name, column in PAID_FIRST.items():
            is_other = columns is not None and columns[column] != one.columns[column]
            if columns is not None and is_other and speaks_of_paid(name, one.exposure):
                paid.setdefault(_whose(one.exposure), {})[name] = columns[column]
    return paid


def _left_to_nobody(
    firsts: Iterable[Calculation], paid: Mapping[Whose, Mapping[str, int]], borne: set[Whose]
) -> int:
    """How many sums at fault leave more under a head than before, which no settled part bears."""
    return sum(
        bool(one.columns["is_at_fault"]) and _whose(one.exposure) not in borne
        and any(
            now < one.columns[PAID_FIRST[name]]
            for name, now in paid.get(_whose(one.exposure), {}).items()
        )
        for one in firsts
    )  # fmt: skip


def _in_place(
    parts: Sequence[Calculation], paid: Mapping[Whose, dict[str, int]]
) -> dict[tuple[int, int], dict[str, int]]:
    """The facts that stand in place of those with which parts were settled, by part and row."""
    claims = {one.exposure.claim_id for one in parts}
    others = Exposure.objects.filter(claim__in=claims)
    known = {(one.claim_id, one.position): _whose(one) for one in others}
    instead: dict[tuple[int, int], dict[str, int]] = {}
    for one in parts:
        claim = one.exposure.claim_id
        own = [{"position": one.exposure.position}]
        for row, told in enumerate(one.together or own):
            facts = paid.get(known[claim, told["position"]])
            if facts:
                instead[one.pk, row] = facts
    return instead


def _settled_with(
    name: str, parts: Sequence[Calculation], instead: Mapping[tuple[int, int], dict[str, int]]
) -> list[Line]:
    if name not in edition_names():
        return [line_of(one, None, why=GONE) for one in parts]
    made = settled_by(edition(name), parts, bought=bought_by(parts), instead=instead)
    return lines_from(made, parts)
