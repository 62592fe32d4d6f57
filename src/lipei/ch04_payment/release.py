"""4.1 Review before payment: right sum, right payee, right account, cleared, two persons."""

from datetime import datetime
from hashlib import sha256

from django.db.models import Exists, OuterRef, QuerySet
from procrastinate.contrib.django import app

from lipei.ch01_general import events as general
from lipei.ch01_general.actors import actor
from lipei.ch01_general.aims import tell
from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Clearance, Exposure, Hold
from lipei.ch01_general.process import happened_at, open_case, pay_clock
from lipei.ch01_general.reading import claim_seen
from lipei.ch01_general.stages import Side, Stage
from lipei.ch02_intake.materials import materials_missing
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.screening import (
    NAMES,
    RISK,
    NameList,
    account_editions,
    in_force,
    list_edition,
    name_list,
)
from lipei.kit import clock, jobs, ledger
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.manual import authority

CLEARANCES = ("papers", NAMES, RISK)
"""What must be positively clear, bound to the seal, before money moves (decision 5)."""

AT_THE_BANK = frozenset({Order.State.RELEASED, Order.State.ACCEPTED})
"""The states in which the bank has an order: only then can it be credited or come back."""

VOUCHER_CLOCKS = ("4.3-a", "4.3-b")
"""What runs from the credit until the receipt completes the set of vouchers."""

# Commands


def prepare_payment(number: str, *, position: int, account: int, by: str) -> Order:
    """Make the order for an agreed sum: payee, account and amount under one seal (4.1-a).

    The account must be the payee's own and its name checked (4.1-d). The maker's entry is the
    first of the two persons (4.1-f).
    """
    with open_case(number, by=by, duty="pay.make") as case:
        exposure = case.exposure(position)
        if exposure.stage != Stage.AGREED:
            raise Refused("confirmation_missing")
        held = Account.objects.filter(pk=account, party_id=exposure.payee_id or 0).first()
        if held is None or held.checked != Account.Check.MATCHED:
            raise Refused("account_name_differs", field="account")
        order = _order(case, exposure, held)
        case.move(exposure, Stage.PAYABLE)
        case.answer("prepare_payment", exposure=exposure)
        case.answer("correct_account", exposure=exposure)
        case.ask("release_payment", duty="pay.check", exposure=exposure)
        case.record(events.PAYMENT_PREPARED, clause="4.1-a", order=order.number,
                    position=position, amount_fen=order.amount_fen, seal=order.seal)  # fmt: skip
    return order


def approve_payment(order: str, *, by: str) -> None:
    """Say, signed in as oneself, that this very sum may go out; needed above the plain limit."""
    with open_case(number_of(order), by=by, duty="pay.approve") as case:
        held = _held(case, order, Order.State.PREPARED)
        needed = authority().needed("payment", amount_fen=held.amount_fen)
        level = f"L{case.actor.level}"
        if not authority().suffices(level, matter="payment", amount_fen=held.amount_fen):
            raise Refused("authority_exceeded", level=authority().level(needed).words)
        case.record(events.PAYMENT_APPROVED, clause="4.1-f", order=order, seal=held.seal)


def release_payment(order: str, *, by: str) -> None:
    """Let the money go: the second person checks, everything is cleared, the sum is reserved.

    The bank is told by a job that is queued in this very transaction (4.2-h).
    """
    with open_case(number_of(order), by=by, duty="pay.check") as case:
        held = _held(case, order, Order.State.PREPARED)
        exposure = case.exposure(held.exposure.position)
        if seal_of(held) != held.seal or held.amount_fen != _payable_fen(exposure):
            raise Refused("seal_broken")
        _ask_second_person(case, held)
        _ask_clear(exposure, held)
        ledger.reserve(
            f"order/{held.number}", debit=f"claims/{case.claim.line}",
            credit=f"party/{held.payee_id}", amount_fen=held.amount_fen,
        )  # fmt: skip
        held.state, held.released_by, held.released_at = Order.State.RELEASED, by, clock.now()
        held.save()
        case.move(exposure, Stage.PAYING)
        case.answer("release_payment", exposure=exposure)
        case.hand_to("bank")
        case.record(events.PAYMENT_RELEASED, clause="4.1-f", order=order, seal=held.seal)
        ask_bank(held.number)


def reject_payment(order: str, *, reason: str, by: str) -> None:
    """The second person sends an order back: it is void, and the sum waits for a new one (4.1-f).

    Nothing of an order is ever changed: a wrong account or a broken seal ends it, with the
    reason. Nothing was reserved for it yet, and its clearances do not count for the next one.
    """
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    with open_case(number_of(order), by=by, duty="pay.check") as case:
        held = _held(case, order, Order.State.PREPARED)
        exposure = case.exposure(held.exposure.position)
        held.state, held.void_reason = Order.State.VOID, reason.strip()
        held.void_by, held.void_at = by, clock.now()
        held.save()
        case.move(exposure, Stage.AGREED)
        case.answer("release_payment", exposure=exposure)
        case.ask("prepare_payment", duty="pay.make", exposure=exposure)
        case.record(events.PAYMENT_REJECTED, clause="4.1-f", order=order, seal=held.seal,
                    reason_given=True)  # fmt: skip


def ask_bank(order: str, *, turn: int = 1, at: datetime | None = None) -> None:
    """Queue the job that speaks to the bank about an order, unless one waits already."""
    jobs.queue("lipei.instruct_bank", lock=f"bank/{order}", at=at, order=order, turn=turn)


def ask_bank_now(order: str) -> None:
    """Ask the bank about an order at once, however long the waiting job would still wait."""
    ask_bank(order)
    jobs.hasten(f"bank/{order}")


def note_accepted(order: str, *, reference: str) -> None:
    """The bank has taken the order; the money is on its way."""
    Order.objects.filter(number=order, state=Order.State.RELEASED).update(
        state=Order.State.ACCEPTED, bank_reference=reference
    )


def credit_order(order: str, *, receipt: str, at: datetime | None, by: str) -> None:
    """The money is in the payee's account; heard twice, it happens once (1.3-i)."""
    with open_case(number_of(order), by=by, duty="pay.return") as case:
        held = Order.objects.select_related("exposure").get(number=order)
        exposure = case.exposure(held.exposure.position)
        credited_at = happened_at(at, reason="told by the bank", proved=True)
        again = held.state == Order.State.CREDITED
        if not again:
            ask_at_the_bank(held)
            ledger.post(f"order/{order}")
            held.state, held.receipt_number = Order.State.CREDITED, receipt
            held.credited_at = credited_at
            held.save()
            exposure.paid_fen += held.amount_fen
            exposure.reserve_fen = 0
            exposure.sides = [s for s in exposure.sides if s != Side.BOUNCED]
            case.move(exposure, Stage.PAID)
            for clause_id in (pay_clock(exposure), "1.3-i-credit", "K5", "4.4-a-repay"):
                case.stop(clause_id, at=credited_at, exposure=exposure)
            for clause_id in VOUCHER_CLOCKS:
                case.start(clause_id, at=credited_at, exposure=exposure)
            _all_paid(case, credited_at)
            case.hand_to("insurer")
        case.record(events.PAYMENT_CONFIRMED, clause="1.3-i", occurred_at=credited_at,
                    order=order, amount_fen=held.amount_fen, again=again)  # fmt: skip
        tell(case.claim.reporter, f"{events.PAYMENT_CONFIRMED}/{order}", wording="paid",
             claim=case.claim, receipt_no=receipt or order)  # fmt: skip


def clear_order(order: str, *, kind: str, reason: str, by: str) -> None:
    """A person says, with the reason, that nothing of one kind stands against an order (4.1-e)."""
    if not reason.strip():
        raise Refused("reason_missing", field="reason")
    number = number_of(order)
    held = Order.objects.select_related("exposure").get(number=order)
    if held.state != Order.State.PREPARED:
        claim_seen(number, acting=actor(by))
        raise Refused("order_already_used")
    give_clearance(number, position=held.exposure.position, kind=kind, seal=held.seal, by=by,
                   reason=reason.strip())  # fmt: skip


def give_clearance(
    number: str, *, position: int, kind: str, seal: str, by: str, against: str | None = None,
    **basis: object,
) -> None:  # fmt: skip
    """Say positively that nothing of one kind stands against this amount, payee and account.

    One of names says so `against` an edition of the list, the newest unless it is named; one of
    risk against whoever else is known on the account.
    """
    assert kind in CLEARANCES, kind
    if against is None and kind in {NAMES, RISK}:
        against = list_edition() if kind == NAMES else account_editions({seal}).get(seal, "")
    with open_case(number, by=by, duty="screening.clear") as case:
        exposure = case.exposure(position)
        _, made = Clearance.objects.get_or_create(
            exposure=exposure, kind=kind, seal=seal, against=against or "",
            defaults={"given_by": by, "given_at": clock.now(), "basis": basis},
        )  # fmt: skip
        case.record(general.CLEARANCE_GIVEN, clause="4.1-e", position=position, kind=kind,
                    seal=seal, again=not made)  # fmt: skip


# Listeners


@on(events.PAYMENT_PREPARED)
def clear_papers_and_names(entry: Entry) -> None:
    """Look at papers and names for each order; what is not clear waits for a person."""
    order = Order.objects.select_related("exposure__claim", "payee").get(
        number=entry.facts["order"]
    )
    claim, position = order.exposure.claim, order.exposure.position
    if not materials_missing(claim).exists():
        give_clearance(claim.number, position=position, kind="papers", seal=order.seal,
                       by="system/papers")  # fmt: skip
    listed = name_list()
    if listed is not None:
        _clear_names(order, listed)


# Jobs


@app.periodic(cron="*/5 * * * *")
@app.task(name="lipei.screen_again", queueing_lock="screen_again")
def screen_again(timestamp: int = 0) -> int:
    """Hold the names of waiting orders against a list that has changed since; how many it cleared.

    Whoever stands on the new list, or was cleared by a person against an older one, waits for
    a person again (4.1-e).
    """
    listed = name_list()
    if listed is None:
        return 0
    fresh = Clearance.objects.filter(
        exposure=OuterRef("exposure"), seal=OuterRef("seal"), kind=NAMES, against=listed.digest
    )
    stale = Order.objects.filter(~Exists(fresh), state=Order.State.PREPARED)
    rows = stale.select_related("exposure__claim", "payee", "account").order_by("pk")
    return sum(_clear_names(order, listed) for order in rows)


# Queries


def seal_of(order: Order) -> str:
    """What a second person is bound to: a change of amount, payee or account voids it."""
    account = order.account
    told = f"{order.number}|{order.amount_fen}|{order.payee_id}|{account.number_digest}"
    return sha256(f"{told}|{account.holder_name}".encode()).hexdigest()


def number_of(order: str) -> str:
    """The claim's number of an order; an unknown order is an unknown claim to the asker."""
    found = Order.objects.filter(number=order).values_list("exposure__claim__number", flat=True)
    number = found.first()
    if number is None:
        raise Refused("claim_not_found")
    return str(number)


def clearances_missing(order: Order) -> list[str]:
    """Which positive clearances this order still lacks, or lacks again since the list changed."""
    given = Clearance.objects.filter(exposure_id=order.exposure_id, seal=order.seal)
    kinds = {one.kind for one in in_force(given)}
    return [kind for kind in CLEARANCES if kind not in kinds]


def needs_approval(order: Order) -> bool:
    """Whether a third person has to approve this sum before it goes out (4.1-f)."""
    return authority().needed("payment", amount_fen=order.amount_fen) in {"L3", "L4", "L5"}


def approvals_of(order: Order) -> list[str]:
    """Who approved this very sum, as it is sealed now."""
    said = Entry.objects.filter(subject=order.exposure.claim.subject, facts__seal=order.seal)
    return list(said.filter(verb=events.PAYMENT_APPROVED).values_list("actor", flat=True))


def orders_waiting(state: str) -> QuerySet[Order]:
    """Orders in a state, the oldest first, for the desk of finance."""
    waiting = Order.objects.filter(state=state).order_by("made_at")
    return waiting.select_related("exposure__claim", "payee", "account")


# The parts of the commands


def _payable_fen(exposure: Exposure) -> int:
    return exposure.agreed_fen - exposure.paid_fen


def _order(case: Case, exposure: Exposure, account: Account) -> Order:
    before = Order.objects.filter(exposure=exposure).count()
    assert exposure.payee_id is not None, exposure
    order = Order(
        number=f"P{(exposure.number or '').removeprefix('LA').lstrip('-')}-{before + 1}",
        exposure=exposure, payee_id=exposure.payee_id, account=account,
        kind=Order.Kind.REPAY if Side.BOUNCED in exposure.sides else Order.Kind.CLAIM,
        amount_fen=_payable_fen(exposure), made_by=case.actor.reference,
    )  # fmt: skip
    order.seal = seal_of(order)
    order.save(force_insert=True)
    return order


def _held(case: Case, order: str, state: str) -> Order:
    held = Order.objects.select_related("exposure", "account").get(number=order)
    if held.state != state:
        raise Refused("order_already_used")
    return held


def ask_at_the_bank(order: Order) -> None:
    """Refuse to book what the bank did on an order that it does not have."""
    if order.state not in AT_THE_BANK:
        raise Refused("order_not_at_bank")


def _clear_names(order: Order, listed: NameList) -> bool:
    clears = listed.clears(order.payee, order.account)
    if clears:
        give_clearance(order.exposure.claim.number, position=order.exposure.position, kind=NAMES,
                       seal=order.seal, by="system/names", against=listed.digest,
                       list=listed.digest)  # fmt: skip
    return clears


def _ask_second_person(case: Case, order: Order) -> None:
    """Another person's earlier entry on this very seal; above the plain limit a third's too."""
    said = Entry.objects.filter(subject=case.claim.subject, facts__seal=order.seal)
    makers = set(said.filter(verb=events.PAYMENT_PREPARED).values_list("actor", flat=True))
    if not makers - {case.actor.reference} or case.actor.reference in makers:
        raise Refused("same_person")
    if needs_approval(order):
        approvals = said.filter(verb=events.PAYMENT_APPROVED).values_list("actor", flat=True)
        if not set(approvals) - makers - {case.actor.reference}:
            raise Refused("third_person_needed")


def _ask_clear(exposure: Exposure, order: Order) -> None:
    if Hold.objects.filter(exposure=exposure, lifted_at=None).exists():
        raise Refused("hold_in_force")
    missing = clearances_missing(order)
    changed = {NAMES: "name_list_changed", RISK: "account_shared_since"}
    if len(missing) == 1 and missing[0] in changed:
        once = Clearance.objects.filter(exposure=exposure, seal=order.seal, kind=missing[0])
        if once.exists():
            raise Refused(changed[missing[0]])
    if missing:
        raise Refused("clearance_missing", missing="、".join(missing))


def _all_paid(case: Case, at: datetime) -> None:
    """With the last exposure paid, the claim's own promises are kept: 7 working days, 60 days."""
    done = {Stage.PAID, Stage.CLOSED, Stage.ARCHIVED}
    if all(e.stage in done for e in case.live()):
        case.stop("1.1-e", at=at)
        case.stop("1.1-a", at=at)
