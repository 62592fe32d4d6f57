"""Same claim, same payout: alike in facts and unlike in payout, from five peers on."""

from datetime import timedelta

import pytest

from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch03_assessment.models import Calculation, Decision
from lipei.ch03_assessment.peers import unlike_their_peers
from lipei.kit import clock
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
REVIEWER = "staff/xujing"


@pytest.fixture
def five(department):
    """Five claims alike in everything; each was paid its whole loss of 1,800.00."""
    first = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    held = first.exposures.get(product="own_damage")
    made = [held]
    for number in range(4):
        claim = Claim.objects.get(pk=first.pk)
        claim.pk, claim.number = None, f"CX-COPY-{number}"
        claim.save(force_insert=True)
        exposure = Exposure.objects.get(pk=held.pk)
        exposure.pk, exposure.claim, exposure.number = None, claim, f"COPY-{number}"
        exposure.save(force_insert=True)
        one = Calculation.objects.get(exposure=held)
        one.pk, one.exposure = None, exposure
        one.save(force_insert=True)
        Decision.objects.create(calculation=one, outcome="approved", level="L0", reasons=[],
                                decided_by="system/straight_through")  # fmt: skip
        made.append(exposure)
    return made


def pay(exposure: Exposure, benefit_fen: int) -> None:
    Calculation.objects.filter(exposure=exposure).update(benefit_fen=benefit_fen)


def listed() -> list[str]:
    return [one.claim for one in unlike_their_peers(actor(REVIEWER))]


@pytest.mark.clause("1.1-d")
def test_a_claim_that_is_paid_otherwise_than_its_peers_is_listed(five):
    assert listed() == []
    pay(five[2], 150_000)
    (one,) = unlike_their_peers(actor(REVIEWER))
    assert (one.claim, one.peers, one.share_bp) == (five[2].claim.number, 5, 8_333)
    assert (one.median_bp, one.expected_fen) == (10_000, 180_000)


def test_a_difference_within_the_band_of_the_clause_is_none(five):
    pay(five[2], 162_000)
    assert listed() == []
    pay(five[2], 161_000)
    assert listed() == [five[2].claim.number]


def test_fewer_than_five_are_no_ground_for_a_check(five):
    pay(five[2], 100_000)
    Claim.objects.filter(pk=five[4].claim_id).update(cause="flood")
    assert listed() == []


def test_what_was_decided_too_long_ago_is_no_peer(five):
    pay(five[2], 100_000)
    old = clock.now() - timedelta(days=3 * 365)
    Decision.objects.filter(calculation__exposure=five[4]).update(decided_at=old)
    assert listed() == []


def test_a_claim_of_a_branch_that_is_not_theirs_is_not_listed(five, settings):
    pay(five[2], 100_000)
    assert listed() == [five[2].claim.number]
    Claim.objects.update(branch_path="/00/44/4401/")
    assert listed() == []
