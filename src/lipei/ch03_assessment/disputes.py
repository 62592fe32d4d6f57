"""3.4 Disputes: an objection is registered at once; the undisputed part is paid meanwhile."""

from lipei.ch01_general.case import Case
from lipei.ch01_general.letters import thing_of, write_letter
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import SIDES, Side, Stage
from lipei.ch01_general.words import stage_words
from lipei.ch03_assessment import events
from lipei.ch03_assessment.accumulators import Count
from lipei.ch03_assessment.models import Dispute
from lipei.kit import clock
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused

OPEN_TO_OBJECTION = SIDES[Side.DISPUTED].at

OUTCOMES = {
    "again": ("重新核定金额", "the sum is worked out again"),
    "stands": ("维持原核定金额", "the sum stands"),
}
HUMAN_WORDS = "客户要求由人工复核（个人信息保护法第二十四条）。"

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


def ask_for_person(number: str, *, by: str) -> None:
    """The claimant wants a person to decide, not a program (1.3-l, 个保法 24).

    From now on nothing of this claim is decided straight through. A sum that is approved
    already is looked at by a reviewer as if it were objected to, within a working day.
    """
    with open_case(number, by=by, duty="own.object") as case:
        if not case.claim.is_open:
            raise Refused("claim_closed")
        again = bool(case.claim.facts.get("human_wanted"))
        case.claim.facts = {**case.claim.facts, "human_wanted": True}
        approved = [e for e in case.live() if e.stage == Stage.APPROVED]
        for exposure in approved:
            open_dispute(case, exposure, words=HUMAN_WORDS)
        if approved:
            case.start("1.3-l-review")
            case.hand_to("insurer")
        case.record(events.HUMAN_REVIEW_ASKED, clause="1.3-l", again=again,
                    positions=[e.position for e in approved])  # fmt: skip


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
        count = Count(case, [exposure])
        if again:
            if exposure.stage != Stage.APPROVED:
                raise Refused.stage(stage_words(exposure.stage))
            case.move(exposure, Stage.REVIEWING)
            case.move(exposure, Stage.RETURNED)
            count.give_back(exposure, why="disputed")
            case.ask("calculate", duty="calculate")
        else:
            case.hand_to("claimant")
        case.answer("answer_dispute", exposure=exposure)
        case.stop("1.3-l-review")
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
        case.ask("answer_dispute", duty="disputes.answer", exposure=exposure)
    return dispute


# Listeners


@on(events.DISPUTE_ANSWERED)
def write_answer(entry: Entry) -> None:
    """The answer to an objection goes out as a letter, to whoever objected."""
    dispute = (
        Dispute.objects.select_related("exposure__claim__reporter")
        .filter(exposure__claim__number=entry.subject.removeprefix("claim/"))
        .filter(exposure__position=entry.facts["position"], answered_at__lte=entry.recorded_at)
        .order_by("-answered_at")
        .first()
    )
    if dispute is None:
        return
    exposure, claim = dispute.exposure, dispute.exposure.claim
    write_letter(
        claim.number, template="dispute_answer", node=f"{events.DISPUTE_ANSWERED}/{dispute.pk}",
        party=claim.reporter,
        blanks={
            "claim": claim.number, "part": thing_of(exposure),
            "answer": dispute.answer, "outcome": OUTCOMES[dispute.outcome],
        },
        by="system/letters",
    )  # fmt: skip
