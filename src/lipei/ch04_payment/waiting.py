"""What waits for finance: sums without an order, orders by state, money that came back."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import OuterRef, QuerySet, Subquery
from django.db.models.functions import Substr

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Clearance, Clock, Exposure, Hold, Staff
from lipei.ch01_general.reading import claims_seen
from lipei.ch01_general.stages import Side, Stage
from lipei.ch04_payment import events
from lipei.ch04_payment.models import Account, Order
from lipei.ch04_payment.release import CLEARANCES, needs_approval
from lipei.ch04_payment.screening import in_force
from lipei.kit.models import Entry
from lipei.manual import posts

PAY_CLOCKS = ("K3", "K6-pay", "1.3-i-credit", "4.4-a-repay")
MOST = 200
Named = dict[str, list[str]]


@dataclass(frozen=True)
class Sum:
    """An agreed sum that waits for an order: to whom, on which accounts, until when; `rejected`
    says why its last order was sent back."""

    exposure: Exposure
    amount_fen: int
    accounts: tuple[Account, ...]
    clock: Clock | None
    bounced: bool
    rejected: str = ""

    @property
    def account(self) -> Account | None:
        """The account that may be paid: the newest whose name was checked."""
        fit = [one for one in self.accounts if one.checked == Account.Check.MATCHED]
        return fit[0] if fit else None


@dataclass(frozen=True)
class Waiting:
    """An order that waits for the second person, and what still stands against it."""

    order: Order
    clock: Clock | None
    given: dict[str, str]
    holds: tuple[str, ...]
    approvers: tuple[str, ...]
    needs_approval: bool
    barred: bool
    clearances: tuple[tuple[str, bool], ...] = field(init=False)

    def __post_init__(self) -> None:
        told = tuple((kind, kind in self.given) for kind in CLEARANCES)
        object.__setattr__(self, "clearances", told)

    @property
    def missing(self) -> list[str]:
        """The clearances that are not given yet."""
        return [kind for kind, given in self.clearances if not given]

    @property
    def approved(self) -> bool:
        """Whether the third person's word is there, or not needed."""
        return bool(self.approvers) or not self.needs_approval

    @property
    def ready(self) -> bool:
        """Whether this reader could let it go now."""
        return not (self.missing or self.holds or self.barred) and self.approved


def sums_waiting(acting: Actor, *, bounced: bool = False) -> list[Sum]:
    """Agreed sums without an order, the oldest claim first; or those whose money came back."""
    found = Exposure.objects.filter(stage=Stage.AGREED, claim__in=_seen(acting))
    if bounced:
        found = found.filter(sides__contains=[Side.BOUNCED])
    rows = list(found.select_related("claim", "payee").order_by("claim_id", "position")[:MOST])
    accounts = _accounts(row.payee_id for row in rows)
    clocks, rejected = _clocks(rows), _rejected(rows)
    return [
        Sum(
            exposure=row, amount_fen=row.agreed_fen - row.paid_fen,
            accounts=accounts.get(row.payee_id or 0, ()), clock=clocks.get(row.pk),
            bounced=Side.BOUNCED in row.sides, rejected=rejected.get(row.pk, ""),
        )
        for row in rows
    ]  # fmt: skip


def orders_seen(acting: Actor, *states: str) -> QuerySet[Order]:
    """The orders in these states that this person may see, the oldest first.

    `made_name` and `released_name` say who made an order and who let it go.
    """
    found = Order.objects.filter(state__in=states, exposure__claim__in=_seen(acting))
    found = found.annotate(made_name=_name("made_by"), released_name=_name("released_by"))
    return found.select_related("exposure__claim", "payee", "account").order_by("made_at", "pk")


def orders_prepared(acting: Actor, *, numbers: Iterable[str] | None = None) -> list[Waiting]:
    """The orders that wait for the second person, with all that stands against each."""
    found = orders_seen(acting, Order.State.PREPARED)
    if numbers is not None:
        found = found.filter(number__in=list(numbers))
    orders = list(found[:MOST])
    exposures = [order.exposure for order in orders]
    clocks, said, done = _clocks(exposures), _said(orders), _done(acting, orders)
    cleared = in_force(Clearance.objects.filter(exposure__in=exposures))
    given = {(c.exposure_id, c.seal, c.kind): c.given_by for c in cleared}
    held: dict[int, list[str]] = {}
    for hold in Hold.objects.filter(exposure__in=exposures, lifted_at=None):
        held.setdefault(hold.exposure_id, []).append(hold.reason)
    return [
        Waiting(
            order=order, clock=clocks.get(order.exposure_id),
            given={k: by for (e, s, k), by in given.items()
                   if (e, s) == (order.exposure_id, order.seal)},
            holds=tuple(held.get(order.exposure_id, ())),
            approvers=tuple(said.get(order.seal, ())), needs_approval=needs_approval(order),
            barred=order.made_by == acting.reference
            or bool(posts().bars("pay.check", done=done.get(order.exposure.claim.subject, set()))),
        )
        for order in orders
    ]  # fmt: skip


def _seen(acting: Actor) -> QuerySet[Exposure]:
    return claims_seen(acting).values("pk")  # type: ignore[return-value]


def _accounts(payees: Iterable[int | None]) -> dict[int, tuple[Account, ...]]:
    found: dict[int, list[Account]] = {}
    mine = Account.objects.filter(party__in={p for p in payees if p})
    for account in mine.order_by("-checked_at", "-pk"):
        found.setdefault(account.party_id, []).append(account)
    return {party: tuple(rows) for party, rows in found.items()}


def _clocks(exposures: Sequence[Exposure]) -> dict[int, Clock]:
    """The pay clock of each exposure that runs out first."""
    running = Clock.objects.filter(
        exposure__in=exposures, clause__in=PAY_CLOCKS, stopped_at=None, due_at__isnull=False
    )
    found: dict[int, Clock] = {}
    for one in running.order_by("-due_at"):
        found[one.exposure_id or 0] = one
    return found


def _rejected(rows: Sequence[Exposure]) -> dict[int, str]:
    """Why the last order of a sum was sent back, where it was."""
    orders = Order.objects.filter(exposure__in=rows).order_by("pk")
    last = {order.exposure_id: order for order in orders}
    return {pk: order.void_reason for pk, order in last.items() if order.state == Order.State.VOID}


def _said(orders: Sequence[Order]) -> Named:
    """Who approved which seal."""
    claims = {order.exposure.claim.subject for order in orders}
    approved = Entry.objects.filter(subject__in=claims, verb=events.PAYMENT_APPROVED)
    found: Named = {}
    for actor, seal in approved.values_list("actor", "facts__seal"):
        found.setdefault(str(seal), []).append(actor)
    return found


def _done(acting: Actor, orders: Sequence[Order]) -> dict[str, set[str]]:
    """The duties that this person used on each claim: some bar the check of its payment."""
    subjects = {order.exposure.claim.subject for order in orders}
    mine = Entry.objects.filter(actor=acting.reference, subject__in=subjects)
    found: dict[str, set[str]] = {}
    for subject, duty in mine.values_list("subject", "facts__duty"):
        if duty:
            found.setdefault(subject, set()).add(str(duty))
    return found


def _name(column: str) -> Subquery:
    """The name of the person of the house whose reference stands in a column of the order."""
    username = Substr(OuterRef(column), len("staff/") + 1)
    return Subquery(Staff.objects.filter(username=username).values("name")[:1])
