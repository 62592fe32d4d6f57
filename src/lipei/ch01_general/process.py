"""1.3 Work process and standards: how an exposure moves, and how its clocks run.

Every command on a claim opens a case: one transaction, one row lock, one duty check, one
entry. What the command did beside (moves, clocks) stands in that entry's facts, so that the
board and the timeline can be rebuilt from the journal alone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from django.db import transaction

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.case import Case
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.policies import insures, takes_benefit
from lipei.ch01_general.snapshot import learn
from lipei.kit import clock
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.manual import posts

DECIDE_CLOCK = {"compulsory_motor": "K6-decide"}
PAY_CLOCK = {"compulsory_motor": "K6-pay"}
GRACE = timedelta(minutes=5)
CLAIMANT = posts().by_code["CU"]


@contextmanager
def open_case(number: str, *, by: str, duty: str) -> Iterator[Case]:
    """Lock a claim for one command: one transaction, one writer, one duty.

    A claim that does not exist and one that is not yours get the same refusal. A party holds
    the duties of a customer on the claims that it reported, whose policy insures it, or whose
    benefit it takes in the place of the insured, and no other duty.
    """
    with transaction.atomic():
        learn()
        acting = actor(by)
        claim = Claim.objects.select_for_update().filter(number=number).first()
        if claim is None or not allowed(acting, claim, duty):
            raise Refused("claim_not_found")
        _keep_apart(acting, claim, duty)
        case = Case(claim, acting, duty=duty)
        yield case
        case.close()


def allowed(acting: Actor, claim: Claim, duty: str) -> bool:
    """Whether an actor may use a duty on a claim. Raises `duty_missing` to one who may see it."""
    if acting.party_id is not None:
        theirs = (
            claim.reporter_id == acting.party_id
            or insures(claim.policy_id, party_id=acting.party_id, at=claim.lost_at)
            or takes_benefit(claim, party_id=acting.party_id)
        )
        return duty in CLAIMANT.duties and theirs
    if acting.is_system or acting.may(duty, claim.branch_path):
        return True
    if acting.may("claims.view", claim.branch_path):
        raise Refused("duty_missing", duty=duty)
    return False


def _keep_apart(acting: Actor, claim: Claim, duty: str) -> None:
    """Whoever did one part of a claim may be barred from another (0.4, posts.toml)."""
    if acting.staff_id is None:
        return
    mine = Entry.objects.filter(subject=claim.subject, actor=acting.reference)
    done = {str(d) for d in mine.values_list("facts__duty", flat=True) if d}
    if posts().bars(duty, done=done):
        raise Refused("same_person")


def happened_at(
    at: datetime | None, *, reason: str = "", proved: bool = False, after: datetime | None = None
) -> datetime:
    """The legal instant of an act: now, or an earlier one with its reason and its proof.

    Refuses an instant in the future, one before the event that it must follow (`after`), and
    one that is dated back without a reason or without something that proves it.
    """
    present = clock.now()
    if at is None:
        return present
    if at > present + GRACE:
        raise Refused("time_in_future")
    if after is not None and at < after:
        raise Refused("time_before_event", field="received_at")
    if at < present - GRACE and not reason.strip():
        raise Refused("backdating_needs_reason", field="reason")
    if at < present - GRACE and not proved:
        raise Refused("backdating_needs_proof", field="proof")
    return min(at, present)


def decide_clock(exposure: Exposure) -> str:
    """The law's clock for the determination of this cover: K6 for compulsory motor, else K2."""
    return DECIDE_CLOCK.get(exposure.product, "K2")


def pay_clock(exposure: Exposure) -> str:
    """The law's clock for payment after agreement: K6 for compulsory motor, else K3."""
    return PAY_CLOCK.get(exposure.product, "K3")
