"""4.4 Payment failures: money that came back is told at once, and paid again once."""

from lipei.ch01_general.aims import tell
from lipei.ch01_general.process import open_case
from lipei.ch01_general.stages import Side, Stage
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.release import number_of
from lipei.kit import clock, ledger
from lipei.manual import clause

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
