"""2.3 Registration 立案: the case is opened in form, with a reserve for each exposure."""

from collections.abc import Mapping
from datetime import timedelta

from procrastinate.contrib.django import app

from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Claim, Cover, Exposure, Party
from lipei.ch01_general.policies import covers_of, edition_at, edition_of, paid_as, policy_held
from lipei.ch01_general.process import DECIDE_CLOCK, open_case
from lipei.ch01_general.stages import OPEN_BEFORE_REGISTRATION, ORDER, Stage
from lipei.ch02_intake import events
from lipei.ch02_intake.covers import ANSWERS_FOR, PAID_TO_INSURED, SURVEYED, is_paid_to_insured
from lipei.ch02_intake.models import Material
from lipei.ch02_intake.papers import wanted_papers
from lipei.kit import clock
from lipei.kit.checks import person_name
from lipei.kit.refusal import Refused

AVERAGE_RESERVE_FEN = {"compulsory_motor": 120_000, "own_damage": 260_000}
OTHER_RESERVE_FEN = 500_000
"""What a forced registration sets aside where nobody has estimated (2.3-a), as data of ours:
under these covers, and under every other one."""

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
        _ask_for_the_loss(case)
        case.record(events.CLAIM_REGISTERED, clause="2.3-a", numbers=numbers,
                    reserves=dict(_reserves(case)))  # fmt: skip
        tell(case.claim.reporter, events.CLAIM_REGISTERED, wording="registered",
             claim=case.claim, exposure_no=numbers[0])  # fmt: skip
    return numbers


def force_registration(number: str, *, by: str = "system/registration") -> list[str]:
    """Register what nobody registered in time, with average reserves, and flag it (2.3-a)."""
    with open_case(number, by=by, duty="claims.register") as case:
        reserves = {
            e.position: case.claim.estimate_high_fen
            or AVERAGE_RESERVE_FEN.get(e.product, OTHER_RESERVE_FEN)
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
        if held.line != claim.line:
            raise Refused("policy_of_another_line", field="policy")
        claim.policy_id, claim.plate = held.policy_id, held.plate
        claim.branch_id, claim.branch_path = held.branch_id, held.branch_path
        claim.flags = [f for f in claim.flags if f != "unmatched"]
        held = paid_as(held, party_id=claim.reporter_id, lost_at=claim.lost_at)
        bought = {product: (edition, terms) for product, edition, terms in held.covers}
        for exposure in case.exposures:
            if exposure.product in bought:
                edition, exposure.terms = bought[exposure.product]
                exposure.edition = edition_at(
                    exposure.product, bought=edition, lost_at=claim.lost_at
                )
            if is_paid_to_insured(exposure.thing, cause=claim.cause):
                exposure.payee_id = held.insured_id
        case.record(events.CLAIM_LINKED, clause="2.3-e", covered=held.in_force)


def open_part(
    number: str, *, product: str, thing: str, label: str, reserve_fen: int, by: str,
    payee_name: str = "", payee_phone: str = "",
) -> int:  # fmt: skip
    """Open a further exposure under a cover of the policy: a victim, another thing (2.3-a).

    `label` tells it apart from others of its kind, without a name: 伤者甲. Its papers are asked
    for with the others. In a registered claim it gets its own number at once, in the claim's
    series. The third party to whom it will be paid (保险法65) is named here where they are
    known, else later. Returns its position.
    """
    with open_case(number, by=by, duty="claims.register") as case:
        _ask_part(case, product, thing, label)
        cover = _cover_held(case, product, thing)
        if reserve_fen <= 0:
            raise Refused("reserve_needed", field="reserve_fen")
        beside = min(case.live(), key=lambda e: ORDER[Stage(e.stage)])
        stage = min(Stage(beside.stage), Stage.REGISTERED, key=ORDER.__getitem__)
        made = case.add(
            product=product, edition=edition_of(cover, lost_at=case.claim.lost_at),
            terms=cover.terms, beside=beside, thing=thing, label=label.strip(), stage=stage,
            decide=DECIDE_CLOCK.get(product, "K2"),
        )  # fmt: skip
        made.reserve_fen = reserve_fen
        made.payee_id = _payee_of_part(case, made, name=payee_name, phone=payee_phone)
        _want_papers(case, made)
        if stage == Stage.REGISTERED:
            _ask_for_the_loss(case)
        case.record(events.PART_OPENED, clause="2.3-a", position=made.position, product=product,
                    thing=thing, reserve_fen=reserve_fen,
                    payee=made.payee_id and f"party/{made.payee_id}")  # fmt: skip
    return made.position


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


def _ask_part(case: Case, product: str, thing: str, label: str) -> None:
    if not case.claim.is_open or not case.live():
        raise Refused("claim_closed")
    if not label.strip():
        raise Refused("text_missing", field="label")
    named = (product, thing, label.strip())
    if any((e.product, e.thing, e.label) == named for e in case.live()):
        raise Refused("part_open_already", field="label")


def _cover_held(case: Case, product: str, thing: str) -> Cover:
    """The cover of the policy at the loss, if it answers for such a thing."""
    policy = case.claim.policy
    if policy is None:
        raise Refused("policy_not_linked")
    cover = covers_of(policy, at=case.claim.lost_at).filter(product=product).first()
    if cover is None or thing not in ANSWERS_FOR.get(product, ()):
        raise Refused("cover_not_held", field="product")
    return cover


def _payee_of_part(case: Case, made: Exposure, *, name: str, phone: str) -> int | None:
    """Who is paid for a further part: the insured for their own loss, else the one who is named,
    or who is paid already for the same person or thing under another cover."""
    if made.thing in PAID_TO_INSURED:
        if name.strip():
            raise Refused("payee_named_already", field="payee_name")
        assert case.claim.policy_then is not None
        alive = is_paid_to_insured(made.thing, cause=case.claim.cause)
        if made.thing == Exposure.Thing.INSURED:
            # death may have been told since: then whoever takes the other benefits takes this one
            beside = next((e for e in case.live() if e != made and e.thing == made.thing), None)
            if beside is not None:
                return beside.payee_id
        return case.claim.policy_then.insured_id if alive else None
    others = [e for e in case.live() if e.payee is not None and e.thing not in PAID_TO_INSURED]
    if not name.strip():
        same = (e.payee_id for e in others if (e.thing, e.label) == (made.thing, made.label))
        return next(same, None)
    person = person_name(name, field="payee_name")
    known = (
        e.payee for e in others if e.payee and (e.payee.name, e.payee.phone) == (person, phone)
    )
    return (next(known, None) or Party.objects.create(name=person, phone=phone)).pk


def _want_papers(case: Case, exposure: Exposure) -> None:
    """The papers of a further part are asked for; one that lies here already unlocks it too."""
    proof = str(case.claim.facts.get("proof", "none"))
    for kind in wanted_papers([exposure], proof=proof, cause=case.claim.cause):
        material, _ = Material.objects.get_or_create(claim=case.claim, kind=kind)
        material.unlocks = [*material.unlocks, exposure.position]
        material.save(update_fields=["unlocks"])


def _ask_for_the_loss(case: Case) -> None:
    """A thing is looked at; the loss of a person is told from papers."""
    waiting = [e for e in case.live() if e.stage == Stage.REGISTERED]
    if any(e.thing in SURVEYED for e in waiting):
        case.ask("dispatch_survey", duty="survey.dispatch")
    if any(e.thing not in SURVEYED for e in waiting):
        case.ask("tell_facts", duty="facts.tell")


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
