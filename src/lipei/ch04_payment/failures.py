"""4.4 Payment failures: money that came back is told at once, and paid again once."""

from datetime import datetime

from lipei.ch01_general.aims import tell
from lipei.ch01_general.models import Clock, Exposure
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Side, Stage
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.release import ask_at_the_bank, number_of
from lipei.kit import clock, ledger
from lipei.kit.journal import on
from lipei.kit.models import Entry
from lipei.manual import clause

REPAY = "4.4-a-repay"

# Commands


def bring_back(order: str, *, reason: str, by: str) -> None:
    """The bank returned the money: the order ends, the sum is free again, the claimant is told.

    The claim goes back to where the sum was agreed; a new order with a corrected account pays
    it again. Heard twice, it happens once.
    """
    with open_case(number_of(order), by=by, duty="pay.return") as case:
        held = Order.objects.select_related("exposure", "account").get(number=order)
        again = held.state == Order.State.RETURNED
        if not again:
            ask_at_the_bank(held)
            exposure = case.exposure(held.exposure.position)
            ledger.void(f"order/{order}")
            held.state, held.return_reason = Order.State.RETURNED, reason
            held.returned_at = clock.now()
            held.save()
            Account.objects.filter(pk=held.account_id).update(checked=Account.Check.OPEN)
            case.move(exposure, Stage.AGREED)
            exposure.sides = [*exposure.sides, Side.BOUNCED]
            case.ask("correct_account", duty="pay.return", exposure=exposure,
                     due_at=clock.due_at(clause("4.4-a"), clock.now()))  # fmt: skip
            case.hand_to("claimant")
        case.record(events.PAYMENT_RETURNED, clause="4.4-a", order=order, reason=reason,
                    again=again)  # fmt: skip
        tell(case.claim.reporter, f"{events.PAYMENT_RETURNED}/{order}", wording="bounced",
             claim=case.claim)  # fmt: skip


def note_correction(number: str, *, position: int, at: datetime, by: str) -> None:
    """The payee's account is corrected: the sum is paid again within its own days (4.4-a-repay)."""
    with open_case(number, by=by, duty="pay.return") as case:
        exposure = case.exposure(position)
        case.start(REPAY, at=at, exposure=exposure)
        case.answer("correct_account", exposure=exposure)
        case.ask("prepare_payment", duty="pay.make", exposure=exposure)
        case.hand_to("insurer")
        case.record(events.ACCOUNT_CORRECTED, clause=REPAY, occurred_at=at, position=position)


# Listeners


@on(events.ACCOUNT_GIVEN, events.ACCOUNT_CHECKED)
def clock_repayment(entry: Entry) -> None:
    """A checked account of somebody whose money came back, whoever of the two sides gave it."""
    if entry.facts["checked"] != Account.Check.MATCHED:
        return
    party = int(entry.subject.removeprefix("party/"))
    running = Clock.objects.filter(clause=REPAY, stopped_at=None, exposure__payee_id=party)
    bounced = Exposure.objects.filter(
        payee_id=party, stage=Stage.AGREED, sides__contains=[Side.BOUNCED]
    ).exclude(pk__in=running.values("exposure"))
    for number, position in bounced.values_list("claim__number", "position"):
        note_correction(number, position=position, at=entry.occurred_at, by="system/accounts")
