"""2.3 Registration 立案: the case is opened in form, with a reserve for each exposure."""

from collections.abc import Mapping
from datetime import timedelta

from procrastinate.contrib.django import app

from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Claim
from lipei.ch01_general.policies import paid_as, policy_held
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import OPEN_BEFORE_REGISTRATION, Stage
from lipei.ch02_intake import events
from lipei.kit import clock
from lipei.kit.refusal import Refused

AVERAGE_RESERVE_FEN = {"compulsory_motor": 120_000, "own_damage": 260_000}
"""What a forced registration sets aside where nobody has estimated (2.3-a), as data of ours."""

# Commands


def register_claim(number: str, *, reserves: Mapping[int, int], by: str) -> list[str]:
    """Open the case: each accepted exposure gets its own number and its reserve in fen.

    The cover's terms were frozen on the exposure at the report (2.3-e). Returns the numbers.
    """
    with open_case(number, by=by, duty="claims.register") as case:
        if case.claim.policy_id is None:
            raise Refused("policy_not_linked")
        if not case.live():
            raise Refused("claim_closed")
        if any(Stage(e.stage) != Stage.ACCEPTED for e in case.live()):
            raise Refused("materials_incomplete")
        case.take()
        numbers = _register(case, reserves)
        case.answer("register_claim")
        case.ask("dispatch_survey", duty="survey.dispatch")
        case.record(events.CLAIM_REGISTERED, clause="2.3-a", numbers=numbers,
                    reserves=dict(_reserves(case)))  # fmt: skip
        tell(case.claim.reporter, events.CLAIM_REGISTERED, wording="registered",
             claim=case.claim, exposure_no=numbers[0])  # fmt: skip
    return numbers


def force_registration(number: str, *, by: str = "system/registration") -> list[str]:
    """Register what nobody registered in time, with average reserves, and flag it (2.3-a)."""
    with open_case(number, by=by, duty="claims.register") as case:
        reserves = {
            e.position: case.claim.estimate_high_fen or AVERAGE_RESERVE_FEN.get(e.product, 0)
            for e in case.live()
        }
        numbers = _numbered(case, reserves)
        case.claim.flags = [*case.claim.flags, "forced"]
        case.record(events.CLAIM_REGISTERED, clause="2.3-a", numbers=numbers, forced=True,
                    reserves=dict(_reserves(case)))  # fmt: skip
    return numbers


def link_policy(number: str, *, policy: str, by: str) -> None:
    """Hang an unmatched report on its policy, with the terms as they stood at the loss."""
    with open_case(number, by=by, duty="claims.register") as case:
        if case.claim.policy_id is not None:
            raise Refused("policy_already_linked")
        held = policy_held(policy, lost_at=case.claim.lost_at)
        if held is None:
            raise Refused("policy_not_found", field="policy")
        claim = case.claim
        claim.policy_id, claim.plate = held.policy_id, held.plate
        claim.branch_id, claim.branch_path = held.branch_id, held.branch_path
        claim.flags = [f for f in claim.flags if f != "unmatched"]
        held = paid_as(held, party_id=claim.reporter_id)
        terms = {product: bought for product, _, bought in held.covers}
        for exposure in case.exposures:
            exposure.terms = terms.get(exposure.product, {})
            if exposure.product == "own_damage":
                exposure.payee_id = held.insured_id
        case.record(events.CLAIM_LINKED, clause="2.3-e", covered=held.in_force)


# Jobs


@app.periodic(cron="*/10 * * * *")
@app.task(name="lipei.register_overdue", queueing_lock="register_overdue")
def register_overdue(timestamp: int = 0) -> int:
    """Register by force what was reported long ago and nobody registered (2.3-a)."""
    late = Claim.objects.filter(
        stage__in=[s.value for s in OPEN_BEFORE_REGISTRATION], is_open=True,
        clocks__clause="2.3-a", clocks__stopped_at=None, clocks__due_at__lte=clock.now(),
    )  # fmt: skip
    numbers = list(late.values_list("number", flat=True)[:500])
    for number in numbers:
        force_registration(number)
    return len(numbers)


# The parts of the commands


def _register(case: Case, reserves: Mapping[int, int]) -> list[str]:
    numbers = _numbered(case, reserves)
    for exposure in case.live():
        case.move(exposure, Stage.REGISTERED)
    return numbers


def _numbered(case: Case, reserves: Mapping[int, int]) -> list[str]:
    for exposure in case.live():
        reserve_fen = reserves.get(exposure.position, 0)
        if reserve_fen <= 0:
            raise Refused("reserve_needed", field=f"reserve_{exposure.position}")
        exposure.reserve_fen = reserve_fen
        exposure.number = f"LA{case.claim.number.removeprefix('CX')}-{exposure.position}"
    late = case.claim.reported_at + timedelta(days=7) < clock.now()
    if late and "late_registration" not in case.claim.flags:
        case.claim.flags = [*case.claim.flags, "late_registration"]
    case.stop("2.3-a")
    return [str(e.number) for e in case.live()]


def _reserves(case: Case) -> list[tuple[str, int]]:
    return [(str(e.position), e.reserve_fen) for e in case.live()]
