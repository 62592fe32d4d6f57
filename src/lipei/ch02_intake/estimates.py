"""The estimate interval of a claim, from the parts that its reporter ticked (1.3-b)."""

from collections.abc import Sequence
from datetime import date

from lipei.ch01_general.models import Claim, Exposure
from lipei.kit import clock
from lipei.rules.estimate import Cover, Damage, Estimate, estimate

COST_FACT = {"own_damage": "repair_cost_fen", "compulsory_motor": "property_loss_fen"}
DEFAULT_VEHICLE = "middle"


def estimated(claim: Claim, exposures: Sequence[Exposure]) -> list[tuple[str, Estimate]]:
    """The interval of each damaged thing, limited by the cover that answers for it.

    A thing without a cover is left out: nothing is promised for what nobody insured.
    """
    reported_on = claim.reported_at.astimezone(clock.LOCAL).date()
    vehicle = (
        claim.policy.vehicle.get("class", DEFAULT_VEHICLE) if claim.policy else DEFAULT_VEHICLE
    )
    found = []
    for exposure in exposures:
        marks = [d for d in claim.facts.get("damage", []) if d["thing"] == exposure.thing]
        if not marks or exposure.product not in COST_FACT:
            continue
        damages = [Damage(d["part"], d["severity"]) for d in marks]
        found.append(
            (exposure.thing, estimate(damages, vehicle=vehicle, reported_on=reported_on,
                                      cover=_cover(claim, exposure)))
        )  # fmt: skip
    return found


def price_marks(marks: Sequence[tuple[str, str]], *, reported_on: date) -> None:
    """Look every ticked part up in the price table; raises FactRefused for an unknown one."""
    estimate([Damage(p, s) for p, s in marks], vehicle=DEFAULT_VEHICLE, reported_on=reported_on)


def _cover(claim: Claim, exposure: Exposure) -> Cover:
    facts: dict[str, object] = {}
    if exposure.product == "compulsory_motor":
        at_fault = claim.facts.get("fault") != "none"
        facts = {"is_at_fault": at_fault, "medical_loss_fen": 0, "death_loss_fen": 0}
    return Cover(exposure.edition, COST_FACT[exposure.product], facts, exposure.terms)
