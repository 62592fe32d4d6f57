"""4.2 Payment methods and flow: the claimant's confirmation, and what the bank is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from procrastinate.contrib.django import app

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.case import Case
from lipei.ch01_general.duties import use_code
from lipei.ch01_general.models import Claim, Exposure, Party
from lipei.ch01_general.policies import insures
from lipei.ch01_general.process import open_case, pay_clock
from lipei.ch01_general.reading import claim_seen
from lipei.ch01_general.stages import Side, Stage
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake.materials import is_authorised
from lipei.ch03_assessment.accumulators import Count
from lipei.ch03_assessment.adjudication import calculation_of, joint_digest_of
from lipei.ch03_assessment.disputes import open_dispute
from lipei.ch03_assessment.models import Calculation
from lipei.ch04_payment import events
from lipei.ch04_payment.accounts import note_account_check
from lipei.ch04_payment.beneficiaries import takers
from lipei.ch04_payment.failures import bring_back
from lipei.ch04_payment.models import Account, Agreement, Order
from lipei.ch04_payment.release import ask_bank, credit_order, note_accepted
from lipei.kit import bank, clock, jobs, sealed
from lipei.kit.bank import NameCheck, PaymentInstruction, PaymentStage
from lipei.kit.outside import Declined, Outage
from lipei.kit.refusal import Refused
from lipei.manual import clause

CHOICES = ("accept", "reserve", "object")
STROKES_MOST = 20_000
TURNS_MOST = 400
ACCOUNTS_AT_ONCE = 100
CHASED_AFTER = timedelta(minutes=15)


@dataclass(frozen=True)
class Signature:
    """How a claimant signed: a typed name, or a drawing as SVG path data."""

    kind: str
    value: str


# Commands


def agree_to_sums(
    number: str, *, choices: Mapping[int, str], sheets_digest: str, signature: Signature,
    code: str, by: str, words: str = "", address: str | None = None,
) -> None:  # fmt: skip
    """The claimant says to each sum: accept, accept under reservation, or object (4.2-d).

    Bound to the hash of the sheets that were shown: if a sum has changed since, it is refused.
    The insured says it in person, or somebody with their written authorisation. The accepted
    part is paid at once; confirmation never waives the rest (3.4-b).
    """
    _check_signature(choices, signature, words)
    signer = Party.objects.get(pk=int(by.partition("/")[2]))
    _ask_signer(number, signer, signature)
    use_code(signer.reached_at, purpose=f"agree/{number}", code=code)
    with open_case(number, by=by, duty="own.confirm") as case:
        open_sums = sums_open(case.exposures)
        if not open_sums:
            raise Refused.stage(stage_words(case.claim.stage))
        if {e.position for e, _ in open_sums} != set(choices):
            raise Refused("choice_unknown", field="choices")
        if joint_digest_of([c for _, c in open_sums]) != sheets_digest:
            raise Refused("sum_changed")
        agreement = Agreement.objects.create(
            claim=case.claim, choices={str(k): v for k, v in choices.items()},
            reservation=words.strip(), sheets_digest=sheets_digest,
            signature_kind=signature.kind, signature={"value": signature.value},
            signed_by=by, address=address,
        )  # fmt: skip
        count = Count(case, [e for e, _ in open_sums])
        for exposure, calculation in open_sums:
            count.take(calculation, exposure=exposure)
            _answer_sum(case, exposure, choices[exposure.position], words)
        case.hand_to("insurer")
        case.record(events.AGREEMENT_REACHED, clause="4.2-d", agreement=agreement.pk,
                    choices={str(k): v for k, v in choices.items()},
                    sheets=sheets_digest)  # fmt: skip


# Queries


def may_sign(claim: Claim, *, party_id: int) -> bool:
    """Whether this party may give the word on the sums: the insured, the one who takes
    the benefits of a dead one, or who is authorised."""
    dead = takers(list(claim.exposures.all()))
    if dead:
        return dead == {party_id} or is_authorised(claim)
    insured = insures(claim.policy_id, party_id=party_id, at=claim.lost_at)
    return insured or is_authorised(claim)


def sums_open(exposures: list[Exposure]) -> list[tuple[Exposure, Calculation]]:
    """The approved sums that wait for the claimant's word, with the sheet of each."""
    found = []
    for exposure in exposures:
        if awaits_word(exposure):
            calculation = calculation_of(exposure)
            assert calculation is not None, exposure
            found.append((exposure, calculation))
    return found


def awaits_word(exposure: Exposure) -> bool:
    """Whether an approved sum waits for the claimant's word."""
    disputed = Side.DISPUTED in exposure.sides
    return exposure.stage == Stage.APPROVED and bool(exposure.benefit_fen) and not disputed


# Jobs


@app.task(name="lipei.instruct_bank", queue=jobs.OUTSIDE, retry=jobs.STUBBORN)
def instruct_bank(order: str, *, turn: int = 1) -> None:
    """Tell the bank to pay an order, as often as needed under the one request id.

    A silent bank is asked again: it pays one request id once, whatever is repeated.
    """
    held = Order.objects.select_related("account", "exposure__claim").get(number=order)
    if held.state not in {Order.State.RELEASED, Order.State.ACCEPTED}:
        return
    try:
        _follow(held, bank.BankPort().pay(_instruction(held)))
    except Outage:
        _again(held, turn)
    except Declined as no:
        bring_back(order, reason=no.code[:10], by="system/bank")
    else:
        held.refresh_from_db()
        if held.state == Order.State.ACCEPTED:
            _again(held, turn)


@app.periodic(cron="*/5 * * * *")
@app.task(name="lipei.chase_orders", queueing_lock="chase_orders")
def chase_orders(timestamp: int = 0) -> int:
    """See that somebody asks the bank about each order that is out; how many there are.

    However a job was lost, the money is followed. An order that has a job already gets none.
    """
    out = Order.objects.filter(
        state__in=(Order.State.RELEASED, Order.State.ACCEPTED),
        released_at__lt=clock.now() - CHASED_AFTER,
    )
    numbers = list(out.order_by("released_at").values_list("number", flat=True))
    for number in numbers:
        with transaction.atomic():
            ask_bank(number)
    return len(numbers)


@app.periodic(cron="*/5 * * * *")
@app.task(name="lipei.check_open_accounts", queueing_lock="check_open_accounts")
def check_open_accounts(timestamp: int = 0) -> int:
    """Ask the bank again about accounts that were given while it was silent; how many it knew.

    One that was opened again since its money came back is not asked about: that one needs
    another word of its holder.
    """
    unheard = Account.objects.filter(checked=Account.Check.OPEN, checked_at=None)
    answered = 0
    for held in unheard.order_by("made_at")[:ACCOUNTS_AT_ONCE]:
        number = sealed.unseal(held.number_sealed)
        try:
            said = bank.BankPort().check_account(number, account_name=held.holder_name)
        except Outage:
            break
        except Declined:
            said = NameCheck.UNKNOWN
        note_account_check(held.pk, checked=said.value, by="system/bank")
        answered += 1
    return answered


def follow_payment(told: bank.BankPayment) -> None:
    """What a callback of the bank tells of a payment, followed as if it had been asked for.

    Raises Outage where it tells of another sum than was ordered: then nothing is believed.
    """
    held = Order.objects.select_related("exposure__claim").filter(number=told.order_no).first()
    if held is None or held.state not in {Order.State.RELEASED, Order.State.ACCEPTED}:
        return
    if told.amount_fen != held.amount_fen or told.request_id != request_of(held):
        raise Outage("bank", reason="callback of another payment", since=clock.now(),
                     in_doubt=False)  # fmt: skip
    _follow(held, told)


# The parts of the commands


def _check_signature(choices: Mapping[int, str], signature: Signature, words: str) -> None:
    if any(choice not in CHOICES for choice in choices.values()):
        raise Refused("choice_unknown", field="choices")
    if set(choices.values()) & {"reserve", "object"} and not words.strip():
        raise Refused("reason_missing", field="words")
    if signature.kind not in {"name", "drawing"} or not signature.value.strip():
        raise Refused("signature_needed", field="signature")
    if len(signature.value) > STROKES_MOST:
        raise Refused("text_too_long", field="signature", limit=STROKES_MOST)


def _ask_signer(number: str, signer: Party, signature: Signature) -> None:
    """Refuse whoever may not sign here, or signs under another name, before a code is used."""
    claim = claim_seen(number, acting=Actor(f"party/{signer.pk}", party_id=signer.pk))
    if not may_sign(claim, party_id=signer.pk):
        raise Refused("signer_not_insured")
    if signature.kind == "name" and signature.value.strip() != signer.name:
        raise Refused("signature_name_differs", field="typed_name")


def _answer_sum(case: Case, exposure: Exposure, choice: str, words: str) -> None:
    if choice in {"reserve", "object"}:
        open_dispute(case, exposure, words=words)
    if choice == "object":
        return
    assert exposure.benefit_fen, exposure
    exposure.agreed_fen = exposure.benefit_fen
    case.move(exposure, Stage.AGREED)
    case.start(pay_clock(exposure), exposure=exposure)
    if clause("4.2-a").allows(exposure.agreed_fen):
        case.start("1.3-i-credit", exposure=exposure)
    case.ask("prepare_payment", duty="pay.make", exposure=exposure)


def _instruction(order: Order) -> PaymentInstruction:
    return PaymentInstruction(
        request_id=request_of(order), order_no=order.number,
        account_no=sealed.unseal(order.account.number_sealed),
        account_name=order.account.holder_name, amount_fen=order.amount_fen,
        purpose=f"保险赔款 {order.number}",
    )  # fmt: skip


def request_of(order: Order) -> str:
    """The one id under which the bank knows an order, for ever."""
    return f"order-{order.number}"


def _follow(order: Order, told: bank.BankPayment) -> None:
    assert told.amount_fen == order.amount_fen, order.number
    if told.stage is PaymentStage.CREDITED:
        credit_order(order.number, receipt=told.receipt_no or "", at=told.credited_at,
                     by="system/bank")  # fmt: skip
    elif told.stage is PaymentStage.RETURNED:
        bring_back(order.number, reason=told.reason_code or "MS03", by="system/bank")
    elif order.state == Order.State.RELEASED:
        note_accepted(order.number, reference=told.bank_ref)


def _again(order: Order, turn: int) -> None:
    if turn >= TURNS_MOST:
        return
    wait = timedelta(seconds=min(600, 2 * 2 ** min(turn, 9)))
    with transaction.atomic():
        ask_bank(order.number, turn=turn + 1, at=clock.now() + wait)
