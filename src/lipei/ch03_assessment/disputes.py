"""3.4 Disputes: an objection is registered at once; the undisputed part is paid meanwhile."""

from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Side, Stage
from lipei.ch01_general.words import stage_words
from lipei.ch03_assessment import events
from lipei.ch03_assessment.models import Dispute
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.manual import clause

OPEN_TO_OBJECTION = {
    Stage.APPROVED, Stage.AGREED, Stage.PAYABLE, Stage.PAYING, Stage.PAID, Stage.CLOSED,
}  # fmt: skip

# Commands


def object_to(number: str, *, position: int, words: str, by: str) -> Dispute:
    """The claimant objects to a sum; no form is needed and nothing is waived (3.4-a)."""
    with open_case(number, by=by, duty="own.object") as case:
        exposure = case.exposure(position)
        dispute = open_dispute(case, exposure, words=words)
        case.hand_to("insurer")
        case.record(events.DISPUTE_OPENED, clause="3.4-a", position=position,
                    dispute=dispute.pk)  # fmt: skip
    return dispute


def answer_dispute(number: str, *, position: int, answer: str, again: bool, by: str) -> None:
    """Another reviewer answers in writing, and lets the sum be worked out again or stand."""
    if not answer.strip():
        raise Refused("reason_missing", field="answer")
    with open_case(number, by=by, duty="disputes.answer") as case:
        exposure = case.exposure(position)
        dispute = Dispute.objects.filter(exposure=exposure, answered_at=None).first()
        if dispute is None:
            raise Refused("no_open_dispute")
        dispute.answer, dispute.outcome = answer.strip(), "again" if again else "stands"
        dispute.answered_by, dispute.answered_at = by, clock.now()
        dispute.save()
        exposure.sides = [s for s in exposure.sides if s != Side.DISPUTED]
        if again:
            if exposure.stage != Stage.APPROVED:
                raise Refused.stage(stage_words(exposure.stage))
            case.move(exposure, Stage.REVIEWING)
            case.move(exposure, Stage.RETURNED)
            case.ask("calculate", duty="calculate")
        else:
            case.hand_to("claimant")
        case.answer("answer_dispute", exposure=exposure)
        case.record(events.DISPUTE_ANSWERED, clause="3.4-a", position=position,
                    outcome=dispute.outcome)  # fmt: skip


def open_dispute(case: Case, exposure: Exposure, *, words: str) -> Dispute:
    """Register an objection within a command that is already open; an open one is kept."""
    if not words.strip():
        raise Refused("reason_missing", field="words")
    if Stage(exposure.stage) not in OPEN_TO_OBJECTION:
        raise Refused.stage(stage_words(exposure.stage))
    dispute, made = Dispute.objects.get_or_create(
        exposure=exposure, answered_at=None,
        defaults={"words": words.strip(), "opened_by": case.actor.reference},
    )  # fmt: skip
    if made:
        exposure.sides = [*exposure.sides, Side.DISPUTED]
        case.ask("answer_dispute", duty="disputes.answer", exposure=exposure,
                 due_at=clock.due_at(clause("3.4-a"), clock.now()))  # fmt: skip
    return dispute
