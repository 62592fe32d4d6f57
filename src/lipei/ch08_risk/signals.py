"""8.1 Risk signals: what is looked for in every payment before it may go out."""

from datetime import timedelta

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.models import Document
from lipei.ch04_payment.events import PAYMENT_PREPARED
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import give_clearance
from lipei.kit.journal import on
from lipei.kit.models import Entry

YOUNG_POLICY = timedelta(days=3)
NEAR = timedelta(days=90)
MANY = 3

# Listeners


@on(PAYMENT_PREPARED)
def clear_risk(entry: Entry) -> None:
    """Score each order; without a signal it is cleared, with one a person must clear it."""
    order = Order.objects.select_related("exposure__claim__policy").get(number=entry.facts["order"])
    found = signals_of(order)
    if not found:
        give_clearance(order.exposure.claim.number, position=order.exposure.position,
                       kind="risk", seal=order.seal, by="system/risk", signals=found)  # fmt: skip


# Queries


def signals_of(order: Order) -> list[str]:
    """The names of the signals that an order raises; an empty list is a clean score."""
    claim = order.exposure.claim
    checks = {
        "young_policy": _young_policy(claim),
        "many_claims": _many_claims(claim),
        "shared_photograph": _shared_photograph(claim),
        "shared_account": _shared_account(order),
    }
    return [name for name, raised in checks.items() if raised]


def _young_policy(claim: Claim) -> bool:
    then = claim.policy_then
    return then is None or claim.lost_at - then.starts_at < YOUNG_POLICY


def _many_claims(claim: Claim) -> bool:
    if not claim.plate:
        return False
    near = Claim.objects.filter(
        plate=claim.plate, lost_at__range=(claim.lost_at - NEAR, claim.lost_at + NEAR)
    )
    return near.count() > MANY


def _shared_photograph(claim: Claim) -> bool:
    mine = Document.objects.filter(claim=claim).values("upload__sha256")
    others = Document.objects.filter(upload__sha256__in=mine).exclude(claim=claim)
    return others.exists()


def _shared_account(order: Order) -> bool:
    """The same account under another party's name is worth a look."""
    digest = order.account.number_digest
    others = Order.objects.filter(account__number_digest=digest)
    return others.exclude(payee_id=order.payee_id).exists()
