"""Files from the phone: once each, whole or in parts, seen only by whoever may see them."""

import json
from io import BytesIO
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from lipei.ch02_intake.models import Document, DraftFile
from lipei.kit import parts
from lipei.kit.models import Upload
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)
JSON = {"Accept": "application/json"}


@pytest.fixture
def phone(claimant_client):
    return claimant_client(pocket.PHONE)


def picture(seed=1):
    return SimpleUploadedFile("a.jpg", steps.photograph(seed).read(), "image/jpeg")


def sent(client, key, *, file=None, **about):
    told = {"kind": "scene", **about, "file": file or picture()}
    return client.post("/m/uploads/", told, headers={"Idempotency-Key": key, **JSON})


def noise(size):
    """A real picture that does not compress: larger than one part."""
    side = int((size / 3) ** 0.5) + 1
    whole = side * side * 3
    pixels = (bytes(range(251)) * (whole // 251 + 1))[:whole]
    image = Image.frombytes("RGB", (side, side), pixels)
    out = BytesIO()
    image.save(out, "PNG", compress_level=0)
    return out.getvalue()


def put(client, key, n, content, *, start=None, size):
    begin = n * parts.PART_BYTES if start is None else start
    told = f"bytes {begin}-{begin + len(content) - 1}/{size}"
    return client.put(
        f"/m/uploads/{key}/parts/{n}", content, content_type="application/octet-stream",
        headers={"Content-Range": told, **JSON},
    )  # fmt: skip


def done(client, key, size, **about):
    body = {"kind": "scene", "size": size, "name": "a.png", **about}
    return client.post(
        f"/m/uploads/{key}/done", json.dumps(body), content_type="application/json",
        headers={"Idempotency-Key": key, **JSON},
    )  # fmt: skip


@pytest.mark.parametrize("size", [2**53 - 1, 10**11, 0, -1, True, "9", None, [1]])
def test_a_size_that_no_file_can_have_is_refused(phone, size):
    answer = done(phone, str(uuid4()), size)
    assert answer.status_code == 409
    assert answer.json()["slug"] == "upload_incomplete"


def test_the_end_of_a_file_in_parts_is_told_in_json_only(phone):
    for kind in ("multipart/form-data; boundary=x", "application/x-www-form-urlencoded"):
        body = b'--x\r\nContent-Disposition: form-data; name="size"\r\n\r\n9\r\n--x--\r\n'
        answer = phone.post(f"/m/uploads/{uuid4()}/done", body, content_type=kind, headers=JSON)
        assert answer.status_code == 415
        assert answer.json()["slug"] == "content_type_wrong"


def test_a_file_sent_twice_under_its_key_is_kept_once(phone):
    key, draft = str(uuid4()), str(uuid4())
    answers = [sent(phone, key, draft=draft).json() for _ in range(2)]
    assert answers[0] == answers[1]
    assert answers[0]["thumb_url"] == f"/m/files/{answers[0]['id']}/thumb/"
    assert DraftFile.objects.count() == 1


def test_a_file_without_a_key_or_without_content_is_refused_in_json(phone):
    answer = phone.post("/m/uploads/", {"kind": "scene", "file": picture()}, headers=JSON)
    assert answer.status_code == 400
    assert answer.json()["slug"] == "request_key_missing"
    answer = phone.post("/m/uploads/", {"kind": "scene"}, headers=JSON)
    assert answer.json()["slug"] == "file_empty"


@pytest.mark.parametrize(
    ("content", "slug"),
    [(b"", "file_empty"), (b"MZ\x90\x00 program", "file_type_not_taken"),
     (b"<svg onload=alert(1)>", "file_type_not_taken"), (b"\xff\xd8\xff\xe0 cut", "file_broken")],
)  # fmt: skip
def test_what_is_no_picture_is_refused_by_name(phone, content, slug):
    file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    assert sent(phone, str(uuid4()), file=file).json()["slug"] == slug
    assert Upload.objects.count() == 0


def test_a_draft_takes_only_the_kinds_that_a_report_asks_for(phone):
    answer = sent(phone, str(uuid4()), draft=str(uuid4()), kind="survey")
    assert answer.status_code == 422


def test_who_is_not_signed_in_is_told_so_and_not_led_away(client):
    answer = sent(client, str(uuid4()))
    assert answer.status_code == 403
    assert answer.json()["slug"] == "sign_in_needed"


def test_a_paper_for_a_claim_hangs_on_it_at_once(phone):
    claim = steps.filed()
    answer = sent(phone, str(uuid4()), kind="driving_licence", claim=claim.number)
    assert answer.status_code == 201
    assert claim.materials.get(kind="driving_licence").state == "received"
    assert Document.objects.filter(claim=claim, kind="driving_licence").count() == 1


def test_nobody_hands_papers_in_for_another_claimant(phone, claimant_client):
    claim = steps.filed()
    other = claimant_client(pocket.ALIEN)
    unknown = sent(other, str(uuid4()), kind="driving_licence", claim="CX-1").json()
    theirs = sent(other, str(uuid4()), kind="driving_licence", claim=claim.number).json()
    assert unknown["slug"] == theirs["slug"] == "claim_not_found"
    assert unknown["detail"] == theirs["detail"]


def test_a_large_file_comes_in_parts_in_any_order_and_is_one(phone):
    content, key = noise(2_500_000), str(uuid4())
    pieces = [content[n : n + parts.PART_BYTES] for n in range(0, len(content), parts.PART_BYTES)]
    assert len(pieces) == 3
    for n in (2, 0, 0, 1):
        assert put(phone, key, n, pieces[n], size=len(content)).status_code == 200
    first = done(phone, key, len(content), draft=str(uuid4()))
    assert first.status_code == 201
    assert done(phone, key, len(content)).json()["id"] == first.json()["id"]
    assert Upload.objects.get().size_bytes == len(content)


def test_a_file_with_a_part_missing_is_not_done(phone):
    content, key = noise(1_500_000), str(uuid4())
    put(phone, key, 0, content[: parts.PART_BYTES], size=len(content))
    answer = done(phone, key, len(content))
    assert answer.status_code == 409
    assert answer.json()["slug"] == "upload_incomplete"


@pytest.mark.parametrize("size", [0, -1, "3", None, 10**15, True])
def test_a_size_that_cannot_be_is_refused(phone, size):
    assert done(phone, str(uuid4()), size).json()["slug"] == "upload_incomplete"


def test_a_part_must_be_where_it_says_it_is(phone):
    key = str(uuid4())
    assert put(phone, key, 0, b"x" * 10, start=5, size=100).status_code == 422
    assert put(phone, key, 0, b"x" * 10, size=100).status_code == 422
    assert put(phone, key, 7, b"x" * 100, start=0, size=100).status_code == 422


def test_a_part_has_a_proper_name_or_no_place(phone):
    answer = put(phone, "..%2F..%2Fetc", 0, b"x" * 10, size=10)
    assert answer.status_code in {404, 422}


def test_ones_own_pictures_are_shown_and_nobody_elses(phone, claimant_client):
    answer = sent(phone, str(uuid4())).json()
    shown = phone.get(answer["thumb_url"])
    assert shown.status_code == 200
    assert shown["Content-Type"] == "image/webp"
    assert "sandbox" in shown["Content-Security-Policy"]
    other = claimant_client(pocket.ALIEN)
    assert other.get(answer["thumb_url"]).status_code == 404
    assert other.get("/m/files/999999/thumb/").status_code == 404
    assert phone.get(f"/m/files/{answer['id']}/huge/").status_code == 404


def test_a_document_of_ones_own_claim_is_shown_whoever_handed_it_in(phone, claimant_client):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    held = Document.objects.filter(claim=claim, kind="survey").get()
    assert phone.get(f"/m/files/{held.upload_id}/original/").status_code == 200
    other = claimant_client(pocket.ALIEN)
    assert other.get(f"/m/files/{held.upload_id}/original/").status_code == 404
