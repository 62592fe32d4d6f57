"""The small motor claim, from notice to archive, through the commands."""

import pytest

from lipei.kit import audit
from lipei.kit.journal import history
from lipei.kit.ledger import balance_fen
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def test_from_notice_to_archive(department, settings):
    settings.LIPEI_DEMO = True
    claim = steps.filed()
    assert claim.stage == "estimated"
    assert 0 < claim.estimate_low_fen <= claim.estimate_high_fen
    claim = steps.registered(steps.accepted(claim))
    assert claim.stage == "registered"
    claim = steps.surveyed(claim)
    assert claim.stage == "approved"
    sums = {e.product: e.benefit_fen for e in claim.exposures.all()}
    assert sums == {"own_damage": 180_000, "compulsory_motor": 150_000}
    claim = steps.paid(steps.agreed(claim))
    assert claim.stage == "paid"
    claim = steps.archived(steps.closed(claim))
    assert claim.stage == "archived"
    payees = {e.payee_id: e.paid_fen for e in claim.exposures.all()}
    assert {p: balance_fen(f"party/{p}") for p in payees} == payees
    assert audit.verify(anchors=settings.LIPEI_ANCHORS) == []
    assert [e.verb for e in history(claim.subject)][-1] == "archive.claim_archived"


def test_every_clock_of_a_smooth_claim_is_kept(department, settings):
    settings.LIPEI_DEMO = True
    claim = steps.all_the_way()
    clocks = list(claim.clocks.all())
    assert len(clocks) > 10
    assert [c.clause for c in clocks if c.stopped_at is None or c.breached_at] == []
