"""The file of a claim is complete, ordered, counted and proves itself, or stays off the shelf."""

import re
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from lipei.ch01_general.aims import sweep_clocks
from lipei.ch01_general.models import Clock
from lipei.ch02_intake.irregular import withdraw_claim
from lipei.ch02_intake.materials import receive_document, request_materials
from lipei.ch02_intake.models import Document
from lipei.ch09_archive.electronic import four_properties, properties_of
from lipei.ch09_archive.filing import (
    archive_claim,
    arrange_paper,
    open_volume,
)
from lipei.ch09_archive.models import Volume
from lipei.kit import clock, files
from lipei.kit.records import Part, Record, record_pdf
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
    handed_in = Document.objects.filter(claim=closed).values_list("kind", flat=True)
    leaves = [kind for kind in kinds if kind not in set(handed_in)]
    assert len(kinds) == len(handed_in) + len(leaves)
    assert leaves == [
        "report", "survey_record", "loss_list", "calculation", "calculation", "decision",
        "decision", "agreement", "payment", "payment", "closing", "receipt", "receipt",
    ]  # fmt: skip
    assert volume.year == clock.today().year


def text_of(volume, kind):
    """What stands on the leaves of one kind."""
    held = volume.items.filter(kind=kind).order_by("position")
    pages = [page for i in held for page in PdfReader(files.open_original(i.sha256)).pages]
    return "\n".join(page.extract_text() for page in pages)


@pytest.mark.clause("4.3-a")
def test_what_was_signed_decided_and_paid_lies_in_the_volume_as_files(closed):
    volume = closed.volume
    agreement = closed.agreements.get()
    assert agreement.sheets_digest in text_of(volume, "agreement")
    for exposure in closed.exposures.all():
        made = exposure.calculations.get()
        assert made.sheet_hash in text_of(volume, "calculation")
        assert made.sheet_hash in text_of(volume, "decision")
        order = exposure.orders.get()
        assert order.receipt_number in text_of(volume, "payment")
        assert str(order.voucher) in text_of(volume, "payment")
    assert "李军" in text_of(volume, "survey_record")
    assert "痕迹相符" in text_of(volume, "survey_record")
    assert "后保险杠" in text_of(volume, "loss_list")
    assert "3,300.00" in text_of(volume, "loss_list")
    assert set(volume.items.filter(kind="agreement").values_list("retention", flat=True)) == {
        "voucher"
    }


def test_a_drawn_signature_is_drawn_on_the_leaf():
    told = {"title": "赔付确认书", "number": "CX-1", "parts": (Part("", (("签署人", "周国栋"),)),)}
    drawn = record_pdf(Record(**told, drawing="M10 10L90 40L20 60M5 5L9 9"))
    assert drawn == record_pdf(Record(**told, drawing="M10 10L90 40L20 60M5 5L9 9"))
    plain = record_pdf(Record(**told))
    pages = [PdfReader(BytesIO(pdf)).pages[0].get_contents().get_data() for pdf in (drawn, plain)]
    strokes = [len(re.findall(rb" [ml]\b", page)) for page in pages]
    assert strokes[0] - strokes[1] == 5


def test_a_volume_collected_again_holds_the_same_files(closed):
    before = list(closed.volume.items.order_by("position").values_list("kind", "sha256"))
    open_volume(closed.number, by=steps.ARCHIVIST)
    assert list(closed.volume.items.order_by("position").values_list("kind", "sha256")) == before


@pytest.mark.clause("9.1-c")
def test_a_notice_of_missing_papers_lies_in_the_volume(department):
    claim = steps.filed()
    request_materials(claim.number, by=steps.CLERK)
    withdraw_claim(claim.number, by=steps.claimant(), reason="自行处理")
    steps.hear()
    assert "驾驶证" in text_of(steps.again(claim).volume, "notice")


@pytest.mark.clause("9.2-a")
def test_a_withdrawn_claim_gets_its_volume_and_its_shelf(department):
    claim = steps.filed()
    withdraw_claim(claim.number, by=steps.claimant(), reason="自行处理")
    steps.hear()
    volume = steps.again(claim).volume
    assert "撤案" in text_of(volume, "closing")
    assert not volume.items.filter(retention="voucher").exists()
    arrange_paper(claim.number, paper_pages=0, scanned_pages=0, by=steps.ARCHIVIST)
    archive_claim(claim.number, place="电子库", by=steps.ARCHIVIST)
    assert steps.again(claim).stage == "archived"
    final = claim.clocks.filter(clause__in=["9.2-a", "1.3-k-final"])
    assert [c.stopped_at is not None and c.breached_at is None for c in final] == [True, True]


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


def by_hand(claim, kind="driving_licence"):
    """A paper that the clerk takes in at the counter."""
    paper = steps.upload(steps.CLERK).pk
    duty = "materials.receive"
    receive_document(claim.number, kind=kind, upload=paper, by=steps.CLERK, duty=duty)
    steps.hear()


@pytest.mark.clause("1.3-k")
def test_paper_of_an_open_claim_is_arranged_a_first_time_and_again_after_the_close(department):
    claim = steps.filed()
    by_hand(claim)
    volume = steps.again(claim).volume
    paper = volume.items.filter(born_electronic=False)
    assert list(paper.values_list("kind", flat=True)) == ["driving_licence"]
    with refused("pages_fewer_than_papers"):
        arrange_paper(claim.number, paper_pages=0, scanned_pages=0, by=steps.ARCHIVIST)
    arrange_paper(claim.number, paper_pages=2, scanned_pages=2, by=steps.ARCHIVIST)
    assert dict(properties_of(steps.again(claim).volume))["完整性"] is None
    first = claim.clocks.get(clause="1.3-k")
    assert (first.stopped_at is None, first.breached_at) == (False, None)
    volume.refresh_from_db()
    assert volume.state == "open"
    with refused("file_incomplete_for_archive"):
        archive_claim(claim.number, place="A-01", by=steps.ARCHIVIST)
    withdraw_claim(claim.number, by=steps.claimant(), reason="自行处理")
    steps.hear()
    arrange_paper(claim.number, paper_pages=2, scanned_pages=2, by=steps.ARCHIVIST)
    assert claim.clocks.get(clause="1.3-k-final").stopped_at is not None
    volume.refresh_from_db()
    assert volume.state == "arranged"


@pytest.mark.clause("1.3-k")
def test_without_paper_the_first_arrangement_is_kept_when_it_draws_near(department):
    paperless, papered = steps.filed(), steps.filed()
    by_hand(papered)
    clocks = Clock.objects.filter(clause="1.3-k")
    clocks.update(warn_at=clock.now())
    sweep_clocks()
    steps.hear()
    stopped = {c.claim_id: c.stopped_at is not None for c in clocks}
    assert stopped == {paperless.pk: True, papered.pk: False}
    assert not clocks.exclude(breached_at=None).exists()


@pytest.mark.clause("9.2-b")
def test_the_class_of_a_paper_is_given_when_it_is_taken_in(department):
    claim = steps.accepted(steps.filed())
    classes = dict(claim.documents.values_list("kind", "upload__retention"))
    assert classes["driving_licence"] == "identity"
    assert classes["scene"] == "claim_document"


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
