"""A file that cannot be taken is refused in words at every door, and nothing typed is lost."""

import json
from html import unescape
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from lipei.ch02_intake.drafts import draft_of
from lipei.kit.models import Upload
from lipei.manual import refusal
from tests import steps
from tests.kit import samples
from tests.site import pocket
from tests.site.stand import OWN, undone
from tests.site.test_pages_hostile import signed_in
from tests.site.wide import DRAFT, wide

__all__ = ["wide"]
pytestmark = pytest.mark.django_db
BAD = {
    "file_empty": b"",
    "file_type_not_taken": b"MZ\x90\x00 a program",
    "file_broken": samples.picture()[:-2000],
    "file_encrypted": samples.locked_pdf(user="secret"),
    "file_bomb": samples.png_bomb(),
    "file_too_large": samples.picture((900, 700)),
}
JSON = {"Accept": "application/json"}


def file(content):
    return SimpleUploadedFile("a.jpg", content, "image/jpeg")


def key():
    return {"Idempotency-Key": str(uuid4())}


def by_api(stand, content):
    client = Client(headers={"Authorization": f"Bearer {stand.tokens[OWN]}"})
    return client.post("/api/v1/uploads", {"file": file(content)}, headers=key())


def by_phone(stand, content):
    told = {"kind": "scene", "draft": DRAFT, "file": file(content)}
    return signed_in(OWN).post("/m/uploads/", told, headers={**key(), **JSON})


def in_parts(person, place, content, **about):
    client, name = signed_in(person), str(uuid4())
    told = f"bytes 0-{len(content) - 1}/{len(content)}"
    client.put(
        f"{place}{name}/parts/0", content, content_type="application/octet-stream",
        headers={"Content-Range": told, **JSON},
    )  # fmt: skip
    body = json.dumps({"size": len(content), "kind": "scene", "name": "a.jpg", **about})
    where = f"{place}{name}/done"
    return client.post(where, body, content_type="application/json", headers=JSON)


def by_phone_in_parts(stand, content):
    return in_parts(OWN, "/m/uploads/", content, draft=DRAFT)


def by_visit_in_parts(stand, content):
    return in_parts("lijun", f"/survey/{stand.claims[3]}/photos/", content)


def by_plain_step(stand, content):
    return signed_in(OWN).post(pocket.step(DRAFT, 2), {"scene": file(content)})


def by_plain_papers(stand, content):
    told = {"kind": "driving_licence", "file": file(content)}
    return signed_in(OWN).post(f"/m/claims/{stand.claims[0]}/papers/", told, follow=True)


def by_plain_visit(stand, content):
    told = {"file": file(content), "form_key": "form-key-1"}
    return signed_in("lijun").post(f"/survey/{stand.claims[3]}/photos/", told)


def by_counter(stand, content):
    where = f"/claims/{stand.claims[0]}/acts/receive/"
    client = signed_in("wangmin")
    found = client.get(where).content.decode()
    seen = found.partition('name="seen" value="')[2].partition('"')[0]
    told = {"kind": "driving_licence", "file": file(content), "seen": seen}
    return client.post(where, told)


DOORS = (
    by_api, by_phone, by_phone_in_parts, by_visit_in_parts, by_plain_step, by_plain_papers,
    by_plain_visit, by_counter,
)  # fmt: skip


@pytest.mark.parametrize("slug", BAD)
@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.__name__)
def test_a_file_that_cannot_be_taken_is_refused_in_words(door, slug, wide, settings):
    content = BAD[slug]
    if slug == "file_too_large":
        settings.LIPEI_FILES_LIMITS = {"image_bytes": len(content) - 1}
    if door in {by_phone_in_parts, by_visit_in_parts} and slug == "file_empty":
        slug = "upload_incomplete"
    before = Upload.objects.count()
    with undone():
        answer = door(wide, content)
        assert answer.status_code < 500
        words = refusal(slug).zh.partition("{")[0].rstrip("。")
        if door is by_counter and slug == "file_empty":
            words = "空文件"
        assert words in unescape(json_words(answer))
        assert Upload.objects.count() == before
        assert draft_of(DRAFT, by=steps.claimant()) is not None


def json_words(answer):
    """What an answer says, in JSON or on a page."""
    text = answer.content.decode()
    return json.loads(text)["detail"] if "json" in answer["Content-Type"] else text
