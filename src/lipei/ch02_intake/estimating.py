"""The estimate interval given by a person: from ticked parts, or as two sums with their basis."""

from collections.abc import Sequence
from dataclasses import asdict

from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Stage
from lipei.ch02_intake import events
from lipei.ch02_intake.estimates import estimate_of, price_marks
from lipei.ch02_intake.filing import Damage
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused

Given = tuple[int, int, dict[str, object]]

# Commands


def give_estimate(
    number: str, *, by: str, damage: Sequence[Damage] | None = None, low_fen: int | None = None,
    high_fen: int | None = None, basis: str = "",
) -> None:  # fmt: skip
    """Give the interval in which the payout will probably lie (1.3-b); no promise to pay.

    It rests on the ticked parts (those of the report, if none are given) and the price table;
    or it is said as two sums with what they rest on. An interval that rests on nothing is
    refused, and its clock runs on (1.3-b-range).
    """
    with open_case(number, by=by, duty="estimate.give") as case:
        claim = case.claim
        if not claim.is_open:
            raise Refused("claim_closed")
        if low_fen is None and high_fen is None and not basis.strip():
            given = _from_parts(case, damage)
        else:
            given = _said(low_fen, high_fen, basis)
        claim.estimate_low_fen, claim.estimate_high_fen, claim.estimate = given
        for exposure in case.exposures:
            if exposure.stage == Stage.REPORTED:
                case.move(exposure, Stage.ESTIMATED)
        case.stop("1.3-b")
        case.record(events.ESTIMATE_GIVEN, clause="1.3-b", low_fen=given[0], high_fen=given[1],
                    rests_on="parts" if given[2]["parts"] else "words")  # fmt: skip
        tell(claim.reporter, events.ESTIMATE_GIVEN, wording="estimate", claim=claim)


# The parts of the commands


def _from_parts(case: Case, damage: Sequence[Damage] | None) -> Given:
    claim = case.claim
    told = damage or ()
    if any(d.thing not in {e.thing for e in case.live()} for d in told):
        raise Refused("thing_not_claimed", field="damage")
    try:
        if told:
            reported_on = claim.reported_at.astimezone(clock.LOCAL).date()
            price_marks([(d.part, d.severity) for d in told], reported_on=reported_on)
    except FactRefused as no:
        raise Refused("choice_unknown", field="damage") from no
    marks = None if damage is None else [asdict(d) for d in damage]
    vehicle = str(claim.policy_then.vehicle.get("class") or "") if claim.policy_then else ""
    low_fen, high_fen, rests_on = estimate_of(
        claim, case.live(), at=clock.now(), vehicle=vehicle, marks=marks
    )
    if not rests_on["parts"]:
        raise Refused("estimate_empty", field="damage")
    return low_fen, high_fen, {**rests_on, "by_staff": marks is not None}


def _said(low_fen: int | None, high_fen: int | None, basis: str) -> Given:
    if low_fen is None:
        raise Refused("text_missing", field="low_fen")
    if high_fen is None:
        raise Refused("text_missing", field="high_fen")
    if low_fen > high_fen:
        raise Refused("estimate_range_upside_down", field="low_fen")
    if not high_fen:
        raise Refused("estimate_empty", field="high_fen")
    if not basis.strip():
        raise Refused("reason_missing", field="basis")
    said: dict[str, object] = {
        "parts": [],
        "words": basis.strip(),
        "made_at": clock.now().isoformat(),
    }
    return low_fen, high_fen, said
