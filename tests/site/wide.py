"""The stand made wider: a visit under way, a decision that waits, a dispute, a begun report."""

from collections.abc import Iterator

import pytest

from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.adjudication import calculate_claim, submit_for_review
from lipei.ch03_assessment.disputes import object_to
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    dispatch_survey,
    list_losses,
    start_survey,
)
from tests import steps
from tests.site import pocket
from tests.site.stand import OWN, Stand, undone
from tests.site.test_pages_hostile import signed_in

DRAFT = "6f1d5a7e-3b2c-4d4e-8f90-a1b2c3d4e5f6"


@pytest.fixture(scope="module")
def wide(stand: Stand, django_db_blocker) -> Iterator[Stand]:
    with django_db_blocker.unblock(), undone():
        registered, surveyed = (Claim.objects.get(number=stand.claims[n]) for n in (3, 4))
        dispatch_survey(registered.number, to="lijun", by=steps.CLERK)
        start_survey(registered.number, by=steps.ASSESSOR)
        arrive_at_survey(registered.number, by=steps.ASSESSOR, where="31.22,121.54")
        lines = [Line("own_vehicle", "前保险杠", "replace", 180_000)]
        list_losses(registered.number, lines=lines, by=steps.ASSESSOR)
        calculate_claim(surveyed.number, by=steps.CLERK)
        submit_for_review(surveyed.number, by=steps.CLERK)
        object_to(stand.claims[5], position=1, words="金额不对", by=steps.claimant())
        begin_a_report()
        yield stand


def begin_a_report() -> None:
    """The first step of a report, as the claimant's phone sends it."""
    own = signed_in(OWN)
    assert own.post(pocket.step(DRAFT, 1), pocket.occurrence()).status_code == 302
