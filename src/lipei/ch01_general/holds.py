"""Holds: what must be lifted before money moves. Placed and lifted by name, never by a program
alone; no clock of law stops for one (domain.md 0.10.1)."""

from lipei.ch01_general import events
from lipei.ch01_general.models import Hold
from lipei.ch01_general.process import open_case
from lipei.kit import clock
from lipei.kit.refusal import Refused

KINDS = ("fraud", "name_list", "court", "legal", "other")

# Commands


def place_hold(number: str, *, position: int, kind: str, reason: str, by: str) -> Hold:
    """Stop the payment of one exposure until somebody with the duty lifts it again."""
    if kind not in KINDS:
        raise Refused("choice_unknown", field="kind")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="holds.set") as case:
        hold = Hold.objects.create(
            exposure=case.exposure(position), kind=kind, reason=reason.strip(), placed_by=by,
            placed_at=clock.now(),
        )  # fmt: skip
        case.record(events.HOLD_PLACED, clause="4.1-e", position=position, kind=kind,
                    hold=hold.pk)  # fmt: skip
    return hold


def lift_hold(number: str, *, hold: int, reason: str, by: str) -> None:
    """Let the payment go on. Whoever placed the hold does not lift it alone (0.4)."""
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="holds.lift") as case:
        held = Hold.objects.filter(
            pk=hold, exposure__claim=case.claim, lifted_at=None
        ).select_related("exposure").first()  # fmt: skip
        if held is None:
            raise Refused("hold_not_found")
        if held.placed_by == by:
            raise Refused("same_person")
        held.lifted_by, held.lifted_at = by, clock.now()
        held.save(update_fields=["lifted_by", "lifted_at"])
        case.record(events.HOLD_LIFTED, clause="4.1-e", position=held.exposure.position,
                    hold=held.pk, reason_given=True)  # fmt: skip
