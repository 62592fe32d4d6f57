"""2.4 Irregular applications: what cannot flow straight, and how it leaves."""

from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import SIDES, Side, Stage
from lipei.ch02_intake import events
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
        if any(Stage(e.stage) not in BEFORE_DECISION for e in case.exposures):
            raise Refused("too_late_to_withdraw")
        for exposure in case.exposures:
            case.move(exposure, Stage.CLOSED)
            exposure.sides = [*exposure.sides, Side.WITHDRAWN]
            exposure.reserve_fen = 0
            exposure.first_closed_at = clock.now()
        case.void_all()
        case.claim.is_open, case.claim.closed_at = False, clock.now()
        case.claim.withdrawn_why = reason.strip()
        case.claim.flags = [*case.claim.flags, "withdrawn"]
        case.start("9.2-a")
        case.start("1.3-k-final")
        case.ask("arrange_archive", duty="archive.arrange")
        case.record(events.CLAIM_WITHDRAWN, clause="2.4-g", reason=bool(reason))
