"""The file of a claim is complete, ordered, counted and proves itself, or stays off the shelf."""

from datetime import timedelta
from pathlib import Path

import pytest

from lipei.ch02_intake.models import Document
from lipei.ch09_archive.electronic import four_properties
from lipei.ch09_archive.filing import archive_claim, arrange_paper, open_volume
from lipei.ch09_archive.models import Volume
from lipei.kit import clock
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.fixture
def closed(department, settings):
    settings.LIPEI_DEMO = True
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    return steps.closed(steps.paid(steps.agreed(claim)))


@pytest.mark.clause("9.1-c")
def test_a_closed_claim_gets_its_volume_by_itself_in_the_right_order(closed):
    volume = closed.volume
    kinds = list(volume.items.order_by("position").values_list("kind", flat=True))
    assert kinds[0] == "self_settlement"
    assert kinds[-1] == "receipt"
    assert len(kinds) == Document.objects.filter(claim=closed).count() + 2
    assert volume.year == clock.today().year


@pytest.mark.clause("9.2-b")
def test_each_class_is_kept_as_long_as_the_law_says(closed):
    year = clock.today().year
    kept = {i.kind: i.keep_until.year - year for i in closed.volume.items.all()}
    assert (kept["receipt"], kept["driving_licence"], kept["scene"]) == (30, 10, 10)


@pytest.mark.clause("1.3-k")
def test_paper_and_scans_must_agree_before_the_clock_is_kept(closed):
    with refused("pages_differ"):
        arrange_paper(closed.number, paper_pages=12, scanned_pages=11, by=steps.ARCHIVIST)
    assert closed.clocks.filter(clause="1.3-k", stopped_at=None).exists()
    arrange_paper(closed.number, paper_pages=12, scanned_pages=12, by=steps.ARCHIVIST)
    first, final = (closed.clocks.get(clause=c) for c in ("1.3-k", "1.3-k-final"))
    assert first.started_at == closed.reported_at
    assert final.started_at >= closed.closed_at - timedelta(seconds=5)
    assert None not in {first.stopped_at, final.stopped_at}


@pytest.mark.clause("9.2-a")
def test_nothing_is_shelved_before_it_is_arranged_and_named_a_place(closed):
    with refused("file_incomplete_for_archive"):
        archive_claim(closed.number, place="A-01", by=steps.ARCHIVIST)
    arrange_paper(closed.number, paper_pages=0, scanned_pages=0, by=steps.ARCHIVIST)
    with refused("text_missing"):
        archive_claim(closed.number, place="  ", by=steps.ARCHIVIST)
    archive_claim(closed.number, place="A-01", by=steps.ARCHIVIST)
    assert steps.again(closed).stage == "archived"


@pytest.mark.clause("9.1-a")
def test_a_file_that_was_changed_on_disk_keeps_the_volume_off_the_shelf(closed, settings):
    arrange_paper(closed.number, paper_pages=0, scanned_pages=0, by=steps.ARCHIVIST)
    item = closed.volume.items.get(kind="driving_licence")
    place = next(Path(settings.LIPEI_FILES).rglob(item.sha256))
    place.chmod(0o600)
    place.write_bytes(place.read_bytes() + b"x")
    assert four_properties(Volume.objects.get(claim=closed)) == ["可用性"]
    with refused("file_incomplete_for_archive"):
        archive_claim(closed.number, place="A-01", by=steps.ARCHIVIST)
    place.unlink()
    assert "可用性" in four_properties(Volume.objects.get(claim=closed))


def test_an_open_claim_has_no_volume(department):
    claim = steps.filed()
    with refused("stage_not_reached"):
        open_volume(claim.number, by=steps.ARCHIVIST)
    with refused("stage_not_reached"):
        arrange_paper(claim.number, paper_pages=0, scanned_pages=0, by=steps.ARCHIVIST)


def test_only_the_archivist_shelves(closed):
    arrange_paper(closed.number, paper_pages=0, scanned_pages=0, by=steps.CLERK)
    with refused("duty_missing"):
        archive_claim(closed.number, place="A-01", by=steps.CLERK)
