"""2.4 Irregular applications: what cannot flow straight, and how it leaves."""

from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import ORDER, SIDES, Side, Stage
from lipei.ch02_intake import events
from lipei.ch02_intake.materials import ask_no_more
from lipei.ch02_intake.models import Flag
from lipei.kit import clock
from lipei.kit.refusal import Refused

KINDS = (
    "duplicate", "no_policy", "lapsed", "wrong_claimant", "contradictory", "suspected_fraud",
    "late_notice", "incomplete", "name_list", "media", "mass_event",
)  # fmt: skip
OUTCOMES = ("cleared", "dealt_with", "mistaken")
"""What may come of a flag: nothing was wrong, it was so and has been dealt with, set by mistake."""
BEFORE_DECISION = SIDES[Side.WITHDRAWN].at

# Commands


def flag_claim(number: str, *, kind: str, by: str, **facts: str) -> Flag:
    """Say that a claim cannot flow straight; no clock of law stops for it (2.4-d)."""
    if kind not in KINDS:
        raise Refused("choice_unknown", field="kind")
    with open_case(number, by=by, duty="holds.set") as case:
        flag, _ = Flag.objects.get_or_create(
            claim=case.claim, kind=kind, settled_at=None,
            defaults={"facts": facts, "raised_by": by},
        )  # fmt: skip
        if kind not in case.claim.flags:
            case.claim.flags = [*case.claim.flags, kind]
        case.record(events.CLAIM_FLAGGED, clause="2.4-d", kind=kind)
    return flag


def settle_flag(number: str, *, kind: str, outcome: str, reason: str, by: str) -> None:
    """Say what came of a flag, with the reason; the claim flows on (2.4-d).

    Whoever raised it does not settle it alone, as with a hold (0.4).
    """
    if outcome not in OUTCOMES:
        raise Refused("choice_unknown", field="outcome")
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="holds.lift") as case:
        flag = Flag.objects.filter(claim=case.claim, kind=kind, settled_at=None).first()
        if flag is None:
            raise Refused("flag_not_found")
        if flag.raised_by == by:
            raise Refused("same_person")
        flag.outcome, flag.settled_by, flag.settled_at = outcome, by, clock.now()
        flag.facts = {**flag.facts, "settled_why": reason.strip()}
        flag.save()
        case.claim.flags = [f for f in case.claim.flags if f != kind]
        case.record(events.FLAG_SETTLED, clause="2.4-d", kind=kind, outcome=outcome)


def withdraw_claim(number: str, *, by: str, reason: str) -> None:
    """The claimant takes the claim back before it is decided; it can be filed again (2.4-g)."""
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="own.object") as case:
        if not case.claim.is_open or any(not may_withdraw(e) for e in case.live()):
            raise Refused("too_late_to_withdraw")
        for exposure in case.live():
            _withdrawn(case, exposure)
        case.void_all()
        case.claim.is_open, case.claim.closed_at = False, clock.now()
        case.claim.withdrawn_why = reason.strip()
        case.claim.flags = [*case.claim.flags, "withdrawn"]
        case.start("9.2-a")
        case.start("1.3-k-final")
        case.ask("arrange_archive", duty="archive.arrange")
        case.record(events.CLAIM_WITHDRAWN, clause="2.4-g", reason=bool(reason))


def withdraw_part(number: str, *, position: int, by: str, reason: str) -> None:
    """The claimant takes one part back before it is decided; the others go on (2.4-g).

    The last part that stands is taken back with the claim. What was asked for this part alone is
    asked for no more; if that was all that was missing, the claim is accepted.
    """
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number, by=by, duty="own.object") as case:
        exposure = case.exposure(position)
        if exposure not in case.live() or not may_withdraw(exposure):
            raise Refused("too_late_to_withdraw")
        if len(case.live()) == 1:
            raise Refused("last_part", field="position")
        if ORDER[Stage(exposure.stage)] >= ORDER[Stage.CALCULATED] and any(
            one.product == exposure.product for one in case.live() if one is not exposure
        ):
            # their sums were worked out together: the others rest on this one
            raise Refused("too_late_to_withdraw")
        _withdrawn(case, exposure)
        case.void_of(exposure)
        case.answer_all(exposure)
        ask_no_more(case, exposure)
        case.claim.withdrawn_why = "\n".join(
            filter(None, (case.claim.withdrawn_why, f"{exposure.label}：{reason.strip()}"))
        )
        case.record(events.PART_WITHDRAWN, clause="2.4-g", position=position, reason=True)


# Queries


def may_withdraw(exposure: Exposure) -> bool:
    """Whether a part may still be taken back by who claims it."""
    return Stage(exposure.stage) in BEFORE_DECISION


# The parts of the commands


def _withdrawn(case: Case, exposure: Exposure) -> None:
    case.move(exposure, Stage.CLOSED)
    exposure.sides = [*exposure.sides, Side.WITHDRAWN]
    exposure.reserve_fen = 0
    exposure.first_closed_at = clock.now()
