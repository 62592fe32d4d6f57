"""The estimate interval of a claim, from the parts that its reporter ticked (1.3-b)."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import cast

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch02_intake.rows import NewClaim, NewExposure
from lipei.kit import clock
from lipei.rules import FactRefused
from lipei.rules.estimate import MOST_DAMAGES, Cover, Damage, Estimate, estimate, price_table

COST_FACT = {"own_damage": "repair_cost_fen", "compulsory_motor": "property_loss_fen"}
DEFAULT_VEHICLE = "middle"
Marked = Mapping[str, str]
"""A ticked part as it is kept: thing, part, severity."""


def estimate_of(
    claim: Claim | NewClaim, exposures: Sequence[Exposure | NewExposure], *, at: datetime,
    vehicle: str, marks: Sequence[Marked] | None = None,
) -> tuple[int, int, dict[str, object]]:  # fmt: skip
    """The interval in fen over all damaged things, and what it rests on, as JSON values.

    `vehicle` is its class; `marks` are the ticked parts, those of the report if none are given.
    """
    ticked = cast(Sequence[Marked], claim.facts.get("damage", [])) if marks is None else marks
    made = _estimated(claim, exposures, vehicle=vehicle, ticked=ticked)
    low_fen = sum(one.low_fen for _, one in made)
    high_fen = sum(one.high_fen for _, one in made)
    parts = [{"thing": thing, **one.as_json()} for thing, one in made]
    return low_fen, high_fen, {"parts": parts, "made_at": at.isoformat()}


def _estimated(
    claim: Claim | NewClaim,
    exposures: Sequence[Exposure | NewExposure],
    *,
    vehicle: str,
    ticked: Sequence[Marked],
) -> list[tuple[str, Estimate]]:
    """The interval of each damaged thing, limited by the cover that answers for it.

    A thing without a cover, or whose cover's terms are not known yet, is left out: nothing is
    promised for what nobody insured, and no report is refused for it.
    """
    reported_on = claim.reported_at.astimezone(clock.LOCAL).date()
    found = []
    for exposure in exposures:
        marks = [d for d in ticked if d["thing"] == exposure.thing]
        if not marks or exposure.product not in COST_FACT:
            continue
        damages = [Damage(d["part"], d["severity"]) for d in marks]
        try:
            made = estimate(
                damages,
                vehicle=vehicle or DEFAULT_VEHICLE,
                reported_on=reported_on,
                cover=_cover(claim, exposure),
            )
        except FactRefused:
            continue
        found.append((exposure.thing, made))
    return found


def price_marks(marks: Sequence[tuple[str, str]], *, reported_on: date) -> None:
    """Look every ticked part up in the price table; raises FactRefused for an unknown one."""
    prices = price_table(reported_on).prices
    if len(marks) > MOST_DAMAGES:
        raise FactRefused("damages", "too_large")
    if any((*mark, DEFAULT_VEHICLE) not in prices for mark in marks):
        raise FactRefused("damages", "unknown")


def _cover(claim: Claim | NewClaim, exposure: Exposure | NewExposure) -> Cover:
    facts: dict[str, object] = {}
    if exposure.product == "compulsory_motor":
        at_fault = claim.facts.get("fault") != "none"
        facts = {"is_at_fault": at_fault, "medical_loss_fen": 0, "death_loss_fen": 0}
    return Cover(exposure.edition, COST_FACT[exposure.product], facts, exposure.terms)
