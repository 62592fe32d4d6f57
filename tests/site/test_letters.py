"""Letters through the doors: the claimant reads, the house sends, two persons change the words."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from lipei.ch01_general.models import Party, Revision, Staff
from lipei.ch01_general.tokens import PARTY_SCOPES, issue_token
from lipei.ch02_intake.materials import request_materials
from lipei.manual.letter_list import letters
from tests import steps
from tests.steps import CLERK


@pytest.fixture
def claim(department):
    """A claim with one letter: the notice of what is missing."""
    made = steps.filed()
    request_materials(made.number, by=CLERK)
    steps.hear()
    return made


@pytest.fixture
def reader(claimant_client):
    return claimant_client(steps.PHONE)


def test_the_claimant_reads_prints_and_keeps_a_letter_and_that_is_its_delivery(claim, reader):
    listed = reader.get(f"/m/claims/{claim.number}/letters/")
    assert "材料补充一次性通知书" in listed.content.decode()
    assert not claim.letters.get().deliveries.exists()
    page = reader.get(f"/m/claims/{claim.number}/letters/1/").content.decode()
    assert "第二十二条" in page
    assert claim.letters.get().deliveries.get().arrived_at
    paper = reader.get(f"/m/claims/{claim.number}/letters/1/zh.pdf")
    assert paper["Content-Type"] == "application/pdf"
    assert PdfReader(BytesIO(paper.content)).pages
    assert reader.get(f"/m/claims/{claim.number}/letters/1/xx.pdf").status_code == 404
    assert reader.get(f"/m/claims/{claim.number}/letters/99999999/").status_code == 404


def test_the_receipt_of_a_report_is_written_when_it_is_first_asked_for(claim, reader):
    for _ in range(2):
        page = reader.get(f"/m/claims/{claim.number}/letters/receipt/", follow=True)
        assert "报案回执" in page.content.decode()
    assert claim.letters.filter(template="receipt").count() == 1


def test_nobody_elses_letter_is_to_be_found(claim, claimant_client):
    other = claimant_client(steps.INSURED_PHONE)
    for place in ("letters/", "letters/1/", "letters/1/zh.pdf", "letters/receipt/"):
        assert other.get(f"/m/claims/{claim.number}/{place}").status_code == 404
    assert not claim.letters.get().deliveries.exists()


def test_the_house_sends_a_letter_and_files_the_slip(claim, staff_client):
    clerk = staff_client("wangmin")
    place = f"/claims/{claim.number}/letters/1/"
    assert "材料补充一次性通知书" in clerk.get(f"/claims/{claim.number}/messages/").content.decode()
    wrong = clerk.post(f"{place}send/", {"way": "post", "reference": ""})
    assert wrong.status_code == 422
    assert "快递单号" in wrong.content.decode()
    assert clerk.post(f"{place}send/", {"way": "post", "reference": "SF99"}).status_code == 303
    sent = claim.letters.get().deliveries.get()
    slip = SimpleUploadedFile("slip.jpg", steps.photograph(77).read(), "image/jpeg")
    late = {"at": "2099-01-01T10:00", "proof": slip}
    assert clerk.post(f"{place}{sent.pk}/arrived/", late).status_code == 422
    slip = SimpleUploadedFile("slip.jpg", steps.photograph(77).read(), "image/jpeg")
    at = f"{claim.letters.get().made_at.astimezone():%Y-%m-%dT%H:%M:59}"
    clerk.post(f"{place}{sent.pk}/arrived/", {"at": at, "proof": slip})
    sent.refresh_from_db()
    assert sent.arrived_at
    assert sent.proof


def test_two_persons_change_the_words_on_a_page(department, staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    one = letters()["payment"]
    words = {
        "title_zh": one.zh.title, "body_zh": one.zh.body + "\r\n\r\n祝平安。",
        "title_en": one.en.title, "body_en": one.en.body, "reason": "更客气",
    }  # fmt: skip
    assert "赔款支付通知书" in manager.get("/letters/").content.decode()
    wrong = manager.post("/letters/payment/", {**words, "body_en": "nothing to fill"})
    assert wrong.status_code == 422
    assert "nothing to fill" in wrong.content.decode()
    assert manager.post("/letters/payment/", words).status_code == 303
    held = Revision.objects.get()
    proof = manager.get(f"/letters/payment/{held.edition}/zh.pdf")
    assert "祝平安" in "".join(PdfReader(BytesIO(proof.content)).pages[0].extract_text().split())
    place = f"/manual/changes/letter/payment/{held.edition}/approve/"
    manager.post(place)
    held.refresh_from_db()
    assert not held.approved_by
    compliance.post(place)
    held.refresh_from_db()
    assert held.approved_by == "staff/hege"
    assert "祝平安" in compliance.get("/letters/payment/").content.decode()
    assert staff_client("wangmin").get("/letters/").status_code == 403


def test_the_seal_is_a_picture_and_stands_on_new_letters(department, staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    picture = SimpleUploadedFile("seal.jpg", steps.photograph(5).read(), "image/jpeg")
    manager.post("/letters/seal/", {"seal": picture, "reason": "启用新章"})
    held = Revision.objects.get(key="seal")
    compliance.post(f"/manual/changes/letter/seal/{held.edition}/approve/")
    made = steps.filed()
    request_materials(made.number, by=CLERK)
    steps.hear()
    assert made.letters.get().seal == held.row["seal"]


def test_a_letter_over_the_api(claim, client):
    def token(person, scopes):
        made = issue_token(person, scopes=list(scopes), life=timedelta(hours=1), by="system/test")
        return {"Authorization": f"Bearer {made}"}

    mine = token(Party.objects.get(pk=claim.reporter_id), PARTY_SCOPES)
    house = token(Staff.objects.get(username="wangmin"), ("claims.read", "claims.work"))
    place = f"/api/v1/claims/{claim.number}/letters"
    told = client.get(place, headers=house).json()["letters"][0]
    assert (told["template"], told["arrived_at"]) == ("one_notice", None)
    sent = client.post(
        f"{place}/1/deliveries", {"way": "hand"}, content_type="application/json",
        headers={**house, "Idempotency-Key": "letter-hand-1"},
    )  # fmt: skip
    assert sent.status_code == 201
    paper = client.get(f"{place}/1/paper?language=en", headers=mine)
    assert PdfReader(BytesIO(paper.content)).pages
    assert client.get(place, headers=mine).json()["letters"][0]["arrived_at"]
    refused = client.post(
        f"{place}/1/deliveries", {"way": "hand"}, content_type="application/json",
        headers={**mine, "Idempotency-Key": "letter-hand-2"},
    )  # fmt: skip
    assert refused.status_code in {403, 404}
