"""3.3 Adjudication: the sum, step by step, and the decision with named reasons."""

from collections.abc import Mapping
from dataclasses import asdict

from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.letters import thing_of, write_letter
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.process import decide_clock, open_case
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import stage_words
from lipei.ch03_assessment import events
from lipei.ch03_assessment.accumulators import Count
from lipei.ch03_assessment.models import Calculation, Decision
from lipei.ch03_assessment.settling import calculated, reference, settled_again
from lipei.ch03_assessment.straight import reasons_of
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.manual import authority
from lipei.rules import FactRefused, edition
from lipei.rules.statement import Sheet, digest_of, sheet
from lipei.rules.yuan import in_capitals, yuan

QUESTIONS = (
    "policy_valid", "interest", "event_in_period", "cause_covered", "exclusions", "duties",
    "danger_or_transfer", "loss", "limits", "other_cover", "payee",
)  # fmt: skip
"""What every decision answers, in this order (3.3-a; 保险法 31, 48, 49, 52)."""

# Commands


def calculate_claim(number: str, *, by: str) -> dict[int, int]:
    """Work out what each assessed exposure is worth and keep every step of the sum (1.2-e).

    Returns the benefit in fen by position. The same facts always give the same fen (1.1-d).
    """
    with open_case(number, by=by, duty="calculate") as case:
        wanted = [e for e in case.live() if e.stage in {Stage.ASSESSED, Stage.RETURNED}]
        if not wanted:
            raise Refused.stage(stage_words(case.claim.stage))
        count = Count(case, wanted)
        for exposure in wanted:
            count.give_back(exposure, why="superseded")
        made = calculated(case, wanted, count=count)
        for exposure in (case.exposure(position) for position in made):
            if exposure.stage == Stage.RETURNED:
                case.move(exposure, Stage.ASSESSED)
            case.move(exposure, Stage.CALCULATED)
        case.stop("1.2-e")
        case.answer("calculate")
        case.record(
            events.CLAIM_CALCULATED, clause="1.2-e",
            sums={str(p): c.benefit_fen for p, c in made.items()},
            sheets={str(p): c.sheet_hash for p, c in made.items()},
        )  # fmt: skip
    return {position: c.benefit_fen for position, c in made.items()}


def review_straight_through(number: str, *, by: str = "system/straight_through") -> bool:
    """Decide a small motor loss online, or hand it to a person with the reasons (1.3-e, 3.3-c).

    Only ever approves: what does not pass every named reason goes to a reviewer, never to a
    refusal (1.3-l, 个保法 24). Returns whether it was approved.
    """
    with open_case(number, by=by, duty="review.decide") as case:
        wanted = [e for e in case.live() if e.stage == Stage.CALCULATED]
        if not wanted:
            raise Refused.stage(stage_words(case.claim.stage))
        count = Count(case, wanted)
        reasons = reasons_of(case.claim, wanted)
        passed = all(r["passed"] for r in reasons)
        for exposure in wanted:
            case.move(exposure, Stage.REVIEWING)
            if passed:
                _approve(case, exposure, level="L0", reasons=reasons, remark="", count=count)
        if not passed:
            case.ask("review", duty="review.decide")
        case.record(
            events.CLAIM_APPROVED if passed else events.CLAIM_REVIEWED, clause="1.3-e",
            level="L0", reasons=[[r["name"], r["passed"]] for r in reasons],
        )  # fmt: skip
        if passed:
            _sheet_ready(case)
    return passed


def submit_for_review(number: str, *, by: str) -> None:
    """Hand the calculated sums to a reviewer, with the named reasons as they stand (3.3-c).

    Never decides by itself: a sum that a person worked out is looked at by another (3.2-a).
    """
    with open_case(number, by=by, duty="calculate") as case:
        wanted = [e for e in case.live() if e.stage == Stage.CALCULATED]
        if not wanted:
            raise Refused.stage(stage_words(case.claim.stage))
        for exposure in wanted:
            _ask_beneficiary(exposure)
        reasons = reasons_of(case.claim, wanted)
        for exposure in wanted:
            case.move(exposure, Stage.REVIEWING)
        case.ask("review", duty="review.decide")
        case.record(events.CLAIM_REVIEWED, clause="3.3-c",
                    reasons=[[r["name"], r["passed"]] for r in reasons])  # fmt: skip


def decide_claim(
    number: str, *, position: int, approve: bool, answers: Mapping[str, bool], remark: str,
    by: str,
) -> None:  # fmt: skip
    """Approve one exposure's sum, or return it with the reason, within one's authority (3.3-b).

    The authority is measured over the whole event. Whoever calculated or assessed it cannot
    decide it (3.2-a); that rule stands in posts.toml and is asked when the case is opened.
    """
    with open_case(number, by=by, duty="review.decide") as case:
        exposure = case.exposure(position)
        if exposure.stage == Stage.CALCULATED:
            case.move(exposure, Stage.REVIEWING)
        if exposure.stage != Stage.REVIEWING:
            raise Refused.stage(stage_words(exposure.stage))
        if not approve and not remark.strip():
            raise Refused("reason_missing", field="remark")
        if approve and not all(answers.get(q) for q in QUESTIONS):
            raise Refused("questions_open")
        if approve:
            _ask_beneficiary(exposure)
        level = f"L{case.actor.level}"
        _ask_authority(case, level)
        reasons = [{"name": q, "passed": bool(answers.get(q))} for q in QUESTIONS]
        count = Count(case, [exposure])
        if approve:
            _approve(case, exposure, level=level, reasons=reasons, remark=remark, count=count)
        else:
            _return(case, exposure, level=level, remark=remark)
        case.record(
            events.CLAIM_APPROVED if approve else events.CLAIM_RETURNED, clause="3.3-b",
            position=position, level=level,
        )  # fmt: skip
        if approve:
            _sheet_ready(case)


# Queries


def calculation_of(exposure: Exposure) -> Calculation | None:
    """The newest calculation of an exposure."""
    return Calculation.objects.filter(exposure=exposure).order_by("-version").first()


def sheet_of(calculation: Calculation) -> Sheet:
    """The sheet of a kept calculation, worked out again from its facts and proved equal."""
    made = sheet(settled_again(calculation), reference=reference(calculation.exposure))
    assert made.digest == calculation.sheet_hash, f"{calculation} no longer proves itself"
    return made


def proves(calculation: Calculation) -> bool:
    """Whether a kept calculation, worked out again from its facts, is still the same (3.2-g)."""
    try:
        settlement = settled_again(calculation)
    except FactRefused:
        return False
    made = sheet(settlement, reference=reference(calculation.exposure))
    return (
        made.digest == calculation.sheet_hash
        and made.benefit_fen == calculation.benefit_fen
        and [asdict(step) for step in made.steps] == calculation.steps
    )


def joint_digest_of(calculations: list[Calculation]) -> str:
    """One hash over the sheets that a claimant accepts with one signature, in their order."""
    return digest_of("\n".join(c.sheet_hash for c in calculations))


def event_total_fen(case: Case) -> int:
    """What the whole event costs so far: the sum of its exposures, advances included."""
    return sum(e.benefit_fen or 0 for e in case.live())


# Listeners


@on(events.LOSS_ASSESSED)
def settle_small_loss(entry: Entry) -> None:
    """A small motor loss is calculated and reviewed at once, without waiting for anybody.

    What a person has to look at stays where it is: the task to calculate is already open.
    """
    number = entry.subject.removeprefix("claim/")
    claim = Claim.objects.get(number=number)
    if claim.stage != Stage.ASSESSED or not _looks_small(claim):
        return
    calculate_claim(number, by="system/straight_through")
    review_straight_through(number)


@on(events.CLAIM_APPROVED)
def write_decisions(entry: Entry) -> None:
    """Each sum that was approved is told in a letter with every step of it, a nil one too."""
    claim = Claim.objects.select_related("reporter").get(
        number=entry.subject.removeprefix("claim/")
    )
    for exposure in claim.exposures.select_related("payee").order_by("position"):
        calculation = calculation_of(exposure)
        if calculation and calculation.decisions.filter(outcome=Decision.Outcome.APPROVED).exists():
            _write_decision(claim, exposure, calculation)


# The parts of the commands


def _write_decision(claim: Claim, exposure: Exposure, calculation: Calculation) -> None:
    title = edition(calculation.edition).title
    amount = yuan(calculation.benefit_fen)
    thing = thing_of(exposure)
    head = (("项目", "Line"), ("金额（元）", "CNY"), ("依据", "Rests on"))
    steps = [
        (
            (s["zh"], s["en"]),
            f"{s['sign']} {yuan(s['amount_fen'])}",
            (s["clause_zh"], s["clause_en"]),
        )
        for s in calculation.steps
    ]
    write_letter(
        claim.number, template="decision", node=f"{events.CLAIM_APPROVED}/{calculation.pk}",
        party=claim.reporter or exposure.payee,
        blanks={
            "claim": claim.number, "part": thing, "cover": (title.zh, title.en),
            "amount": amount,
            "amount_words": (in_capitals(calculation.benefit_fen), f"CNY {amount}"),
        },
        rows=[head, *steps], by="system/letters",
    )  # fmt: skip


def _looks_small(claim: Claim) -> bool:
    exposures = list(claim.exposures.all())
    known = claim.facts.get("fault", "unknown") != "unknown" or all(
        e.thing == Exposure.Thing.OWN_VEHICLE for e in exposures
    )
    return known and all(r["passed"] for r in reasons_of(claim, exposures))


def _ask_beneficiary(exposure: Exposure) -> None:
    """Nobody decides on a benefit of the dead before it is known who takes it (4.1-b)."""
    if exposure.thing == Exposure.Thing.INSURED and exposure.payee_id is None:
        raise Refused("beneficiary_untold")


def _approve(
    case: Case, exposure: Exposure, *, level: str, reasons: list[dict[str, object]], remark: str,
    count: Count,
) -> None:  # fmt: skip
    calculation = calculation_of(exposure)
    assert calculation is not None, exposure
    count.take(calculation, exposure=exposure)
    Decision.objects.create(
        calculation=calculation, outcome=Decision.Outcome.APPROVED, level=level,
        reasons=reasons, remark=remark, decided_by=case.actor.reference,
    )  # fmt: skip
    case.move(exposure, Stage.APPROVED)
    case.stop(decide_clock(exposure), exposure=exposure)


def _return(case: Case, exposure: Exposure, *, level: str, remark: str) -> None:
    calculation = calculation_of(exposure)
    assert calculation is not None, exposure
    Decision.objects.create(
        calculation=calculation, outcome=Decision.Outcome.RETURNED, level=level, reasons=[],
        remark=remark, decided_by=case.actor.reference,
    )  # fmt: skip
    case.move(exposure, Stage.RETURNED)
    case.start("1.2-e")
    case.ask("calculate", duty="calculate")


def _ask_authority(case: Case, level: str) -> None:
    total_fen = event_total_fen(case)
    needed = authority().needed("coverage", amount_fen=total_fen)
    if not authority().suffices(level, matter="coverage", amount_fen=total_fen):
        raise Refused("authority_exceeded", level=authority().level(needed).words)


def _sheet_ready(case: Case) -> None:
    """Once everything that can be decided is decided, the claimant is told and holds the ball.

    Where every sum is nil there is nothing to sign: closing the parts tells why (4.1).
    """
    case.answer("review")
    if any(e.stage in {Stage.CALCULATED, Stage.REVIEWING} for e in case.live()):
        return
    if not any(e.stage == Stage.APPROVED and e.benefit_fen for e in case.live()):
        return
    case.hand_to("claimant")
    assert case.entry is not None
    tell(case.claim.reporter, f"{events.CLAIM_APPROVED}/{case.entry.number}",
         wording="sheet_ready", claim=case.claim)  # fmt: skip
