"""9.2 The time of the file: arranged for good within thirty days of closing."""

import pytest

from lipei.ch09_archive.filing import arrange_paper
from tests import steps
from tests.days import broken, morning, on, stopped

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("monday")]


@pytest.fixture(autouse=True)
def demonstration_codes(settings):
    settings.LIPEI_DEMO = True


@pytest.mark.clause("1.3-k-final")
@pytest.mark.parametrize(("days", "late"), [(30, set()), (31, {"1.3-k-final"})])
def test_the_file_is_arranged_for_good_within_thirty_days_of_closing(days, late):
    with morning():
        claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
        claim = steps.closed(steps.paid(claim))
    assert "1.3-k-final" not in stopped(claim)
    with on(days):
        arrange_paper(claim.number, paper_pages=0, scanned_pages=0, by=steps.ARCHIVIST)
    assert "1.3-k-final" in stopped(claim)
    assert broken(claim) & {"1.3-k-final"} == late
