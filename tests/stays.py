"""Hospital stays under yearly limits: policies, claims that are assessed, sums and decisions."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime, timedelta
from itertools import count

from lipei.ch01_general.models import Branch, Claim, Exposure, Party, Policy
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Stage
from lipei.ch03_assessment import events
from lipei.ch03_assessment.accumulators import Count
from lipei.ch03_assessment.adjudication import QUESTIONS, calculation_of, decide_claim
from lipei.ch03_assessment.models import Calculation
from lipei.kit import clock, sealed
from lipei.rules import settle
from lipei.rules.statement import sheet
from tests import steps

PRODUCT, EDITION = "health_inpatient", "health_inpatient_2020"
STARTS = datetime(2025, 3, 1, tzinfo=clock.LOCAL)
TERMS = {"yearly_deductible_fen": 300_000, "yearly_limit_fen": 2_000_000}
YES = dict.fromkeys(QUESTIONS, True)
WHEN = {
    "insured_from_on": "2025-03-01", "year_from_on": "2025-03-01", "year_to_on": "2026-02-28",
    "occurred_on": "2025-06-02", "admitted_on": "2025-06-02", "discharged_on": "2025-06-09",
    "was_settled_socially": True,
}  # fmt: skip
_number = count(1)


def insured(name: str, *, kind: str = Party.Kind.PERSON, identified: bool = True) -> Party:
    n = next(_number)
    digest = sealed.digest(f"stay-{n}") if identified else ""
    return Party.objects.create(name=name, kind=kind, phone=f"139{n:08d}", id_digest=digest)


def policy_of(party: Party, *, starts_at: datetime = STARTS) -> Policy:
    return Policy.objects.create(
        number=f"PH{next(_number):06d}", line="health", branch=Branch.objects.get(code="3101"),
        holder=party, insured=party, starts_at=starts_at,
        ends_at=starts_at + timedelta(days=3 * 365),
    )  # fmt: skip


def assessed(
    policy: Policy, *, fen: int, lost_on: date = date(2025, 6, 2),
    terms: Mapping[str, object] = TERMS, reporter: Party | None = None, edition: str = EDITION,
) -> Claim:  # fmt: skip
    """A stay of this cost, with everything known that its sum needs."""
    claim = Claim.objects.create(
        number=f"CX-2025-0602-{next(_number):06d}", branch=policy.branch,
        branch_path=policy.branch.path, line="health", policy=policy,
        reporter=reporter or policy.insured, channel="counter", cause="illness",
        lost_at=datetime(lost_on.year, lost_on.month, lost_on.day, 9, tzinfo=clock.LOCAL),
        reported_at=clock.now(), stage=Stage.ASSESSED, facts={"catalogue_cost_fen": fen},
    )  # fmt: skip
    Exposure.objects.create(
        claim=claim, position=1, number=f"LA{claim.number.removeprefix('CX')}-1",
        product=edition.rpartition("_")[0], edition=edition, terms=dict(terms),
        thing=Exposure.Thing.PERSON, label="住院", payee=policy.insured, stage=Stage.ASSESSED,
        assessed_fen=fen, reserve_fen=fen,
    )  # fmt: skip
    return claim


def calculated(claim: Claim) -> Calculation:
    """The sum of a stay, worked out by a clerk with what is used up now."""
    with open_case(claim.number, by=steps.CLERK, duty="calculate") as case:
        exposure = case.exposure(1)
        limits = Count(case, [exposure])
        limits.give_back(exposure, why="superseded")
        facts = WHEN | claim.facts | limits.openings(exposure)
        settled = settle(exposure.edition, facts=facts, terms=exposure.terms)
        made = Calculation.objects.create(
            exposure=exposure, version=exposure.calculations.count() + 1,
            edition=exposure.edition,
            facts=dict(facts), terms=dict(exposure.terms), columns=dict(settled.columns),
            steps=[asdict(s) for s in settled.steps], benefit_fen=settled.benefit_fen,
            sheet_hash=sheet(settled, reference=str(exposure.number)).digest, made_by=steps.CLERK,
        )  # fmt: skip
        limits.note(made, exposure=exposure)
        exposure.benefit_fen = settled.benefit_fen
        if exposure.stage == Stage.RETURNED:
            case.move(exposure, Stage.ASSESSED)
        case.move(exposure, Stage.CALCULATED)
        case.record(events.CLAIM_CALCULATED, clause="1.2-e")
    return made


def approved(claim: Claim) -> Calculation:
    """The reviewer's yes to the newest sum."""
    decide_claim(claim.number, position=1, approve=True, answers=YES, remark="", by=steps.REVIEWER)
    made = calculation_of(claim.exposures.get())
    assert made is not None
    return made


def returned(claim: Claim) -> None:
    """The reviewer sends the sum back to be worked out again."""
    decide_claim(claim.number, position=1, approve=False, answers={}, remark="限额已有变动",
                 by=steps.REVIEWER)  # fmt: skip


def settled_now(policy: Policy, *, fen: int, **more: object) -> Calculation:
    """A stay from its sum to its approval, with nobody in between."""
    claim = assessed(policy, fen=fen, **more)  # type: ignore[arg-type]
    calculated(claim)
    return approved(claim)
