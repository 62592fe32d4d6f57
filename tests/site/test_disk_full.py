"""The disk of the files is full while a photograph comes in: a clear no, and nothing is left."""

from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lipei.ch02_intake.drafts import draft_of
from lipei.kit.models import Upload
from tests import steps
from tests.kit import samples
from tests.run.small_disk import small_disk
from tests.site import pocket
from tests.site.stand import OWN
from tests.site.test_pages_hostile import signed_in
from tests.site.wide import DRAFT, wide

__all__ = ["wide"]
pytestmark = pytest.mark.django_db
JSON = {"Accept": "application/json"}


@pytest.fixture
def full(settings):
    """A store on a disk that has room for a part of the photograph only."""
    with small_disk(megabytes=2) as disk:
        store = disk.place / "files"
        store.mkdir()
        settings.LIPEI_FILES = str(store)
        settings.LIPEI_FILES_RESERVE_BYTES = 0
        disk.fill(but=64 * 1024)
        yield disk


def photograph():
    content = samples.picture((1200, 900))
    assert len(content) > 64 * 1024, "larger than the room that is left"
    return content


def send(stand, content, key):
    client = Client(headers={"Authorization": f"Bearer {stand.tokens[OWN]}"})
    file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    return client.post("/api/v1/uploads", {"file": file}, headers={"Idempotency-Key": key})


def lying(disk):
    return [one for one in (disk.place / "files").rglob("*") if one.is_file()]


def test_a_photograph_that_does_not_fit_is_refused_in_words_and_comes_in_later(wide, full):
    content, key = photograph(), str(uuid4())
    before = Upload.objects.count()
    refused = send(wide, content, key)
    assert refused.status_code == 503
    assert refused.json()["slug"] == "storage_full"
    assert "报案不受影响" in refused.json()["next"]
    assert (lying(full), Upload.objects.count()) == ([], before)
    full.free()
    taken = send(wide, content, key)
    assert taken.status_code == 201, taken.content
    assert Upload.objects.count() == before + 1
    assert lying(full)


def test_a_step_of_a_report_with_a_photograph_that_does_not_fit_keeps_what_was_typed(wide, full):
    before = draft_of(DRAFT, by=steps.claimant())
    photo = SimpleUploadedFile("a.jpg", photograph(), "image/jpeg")
    answer = signed_in(OWN).post(pocket.step(DRAFT, 2), {"scene": photo})
    assert "存储空间不足" in answer.content.decode()
    assert answer.status_code in {422, 503}
    assert lying(full) == []
    assert draft_of(DRAFT, by=steps.claimant()) == before
