"""The assessor's visit through its forms: who may, what is refused, what is never lost."""

import re
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from lipei.ch02_intake.models import Document
from lipei.ch03_assessment.investigation import dispatch_survey
from lipei.ch03_assessment.models import LossLine, Survey
from lipei.kit.journal import history
from lipei.manual import clause
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
HOSTILE = ["<script>alert(1)</script>", "'; DROP TABLE x;--", "{{ 7*7 }}", "你" * 5000, "-1",
           "1e9", "NaN", "９９９９９９９９９９９９９９９", "../../etc/passwd"]  # fmt: skip


@pytest.fixture
def claim(department, settings):
    settings.LIPEI_DEMO = True
    made = steps.registered(steps.accepted(steps.filed()))
    dispatch_survey(made.number, to="lijun", by=steps.CLERK)
    return made


@pytest.fixture
def phone(staff_client):
    return staff_client("lijun")


def at(claim, *rest: str) -> str:
    return "/".join(["/survey", claim.number, *rest, ""])


def arrived(phone, claim) -> None:
    phone.post(at(claim, "start"))
    phone.post(at(claim, "arrive"), {"where": "31.221000,121.540000"})


def line(**changes: object) -> dict[str, object]:
    told = {"position": 1, "seen": 0, "thing": 1, "part": "前保险杠",
            "action": "replace", "unit_price": "1,800.5", "quantity": 2}  # fmt: skip
    return told | changes


def photo(n: int = 1) -> SimpleUploadedFile:
    return SimpleUploadedFile(f"{n}.jpg", steps.photograph(n).read(), "image/jpeg")


def test_a_visit_goes_from_start_to_signature_through_plain_forms(claim, phone):
    assert claim.number in phone.get("/survey/").content.decode()
    arrived(phone, claim)
    survey = Survey.objects.get()
    assert survey.arrived_where == "31.221000,121.540000"
    assert claim.clocks.get(clause="1.2-g").stopped_at is None
    assert phone.post(at(claim, "lines"), line()).status_code == 303
    kept = LossLine.objects.get()
    assert (kept.unit_price_fen, kept.quantity, kept.amount_fen) == (180_050, 2, 360_100)
    phone.post(at(claim, "photos"), {"file": [photo(1), photo(2)], "form_key": "form-key-1"})
    assert Document.objects.filter(claim=claim, kind="survey").count() == 2
    told = {"findings": "痕迹相符", "signed_name": "李军"}
    assert phone.post(at(claim, "finish"), told).status_code == 303
    assert steps.again(claim).stage == "assessed"
    assert "痕迹相符" in phone.get(at(claim)).content.decode()


def test_the_time_for_a_survey_is_that_of_the_clause_and_told_on_arrival(claim, phone):
    minutes = clause("1.2-g").limit().value
    assert "到场后" not in phone.get(at(claim)).content.decode()
    arrived(phone, claim)
    assert f"到场后 {minutes} 分钟内" in phone.get(at(claim)).content.decode()
    english = phone.get(at(claim), headers={"Accept-Language": "en"}).content.decode()
    assert f"within {minutes} minutes of arrival" in english


@pytest.mark.parametrize("username", ["wangmin", "xujing", "zhaolin", "sunjie", "itadmin"])
def test_nobody_else_opens_a_visit(claim, staff_client, username):
    client = staff_client(username)
    assert client.get(at(claim)).status_code in {403, 404}
    for rest in ("start", "arrive", "lines", "finish", "photos"):
        assert client.post(at(claim, rest), {"where": "1.0,1.0"}).status_code in {403, 404}
    assert Survey.objects.get().started_at is None


def test_a_stranger_is_led_to_the_sign_in(claim, client):
    assert client.get(at(claim))["Location"].startswith("/login/")


def test_a_claim_that_is_not_there_is_not_found(claim, phone):
    for number in ("CX-0000-0000-000000", "%00", "x" * 300):
        assert phone.get(f"/survey/{number}/").status_code in {400, 404}


def test_without_a_position_a_reason_is_needed_and_kept(claim, phone):
    phone.post(at(claim, "start"))
    refused = phone.post(at(claim, "arrive"), {"where": "", "no_position_reason": ""})
    assert refused.status_code >= 400
    assert Survey.objects.get().arrived_at is None
    phone.post(at(claim, "arrive"), {"no_position_reason": "地下车库", "device_at": "yesterday"})
    survey = Survey.objects.get()
    assert (survey.no_position_reason, survey.device_at) == ("地下车库", None)


@pytest.mark.parametrize("where", ["<b>", "1,1", "x" * 50, "99999.5,2.5"])
def test_a_position_that_is_none_counts_as_none(claim, phone, where):
    phone.post(at(claim, "start"))
    phone.post(at(claim, "arrive"), {"where": where})
    assert Survey.objects.get().arrived_at is None


@pytest.mark.parametrize("field", ["part", "unit_price", "quantity", "salvage", "thing", "action"])
@pytest.mark.parametrize("value", ["", *HOSTILE])
def test_an_absurd_line_is_answered_in_words_and_nothing_typed_is_lost(claim, phone, field, value):
    arrived(phone, claim)
    answer = phone.post(at(claim, "lines"), line(remark="原厂件") | {field: value})
    assert answer.status_code in {303, 409, 413, 422}
    if answer.status_code != 303:
        page = answer.content.decode()
        assert "data-errors" in page
        assert "原厂件" in page
        assert "<script>alert" not in page
        assert not LossLine.objects.exists()


def test_a_second_press_of_the_button_adds_no_second_line(claim, phone):
    arrived(phone, claim)
    assert [phone.post(at(claim, "lines"), line()).status_code for _ in range(3)] == [303] * 3
    assert LossLine.objects.count() == 1


def test_a_line_is_changed_and_taken_out_by_who_saw_the_list_as_it_is(claim, phone):
    arrived(phone, claim)
    phone.post(at(claim, "lines"), line())
    phone.post(at(claim, "lines"), line(position=2, seen=1, part="大灯", salvage="10"))
    phone.post(at(claim, "lines"), line(position=1, seen=2, part="后保险杠"))
    assert list(LossLine.objects.order_by("position").values_list("part", flat=True)) == [
        "后保险杠", "大灯",
    ]  # fmt: skip
    stale = phone.post(at(claim, "lines", "1", "remove"), {"seen": "1"})
    assert stale.status_code == 409
    assert phone.post(at(claim, "lines", "1", "remove"), {"seen": "2"}).status_code == 303
    assert LossLine.objects.get().part == "大灯"


def test_an_unfinished_visit_is_not_signed_and_keeps_its_findings(claim, phone):
    arrived(phone, claim)
    told = {"findings": "左前角受损，痕迹相符", "signed_name": "李军"}
    answer = phone.post(at(claim, "finish"), told)
    assert answer.status_code in {409, 422}
    assert "左前角受损" in answer.content.decode()
    assert Survey.objects.get().finished_at is None


def test_a_photograph_sent_twice_is_one(claim, phone):
    arrived(phone, claim)
    key = {"Idempotency-Key": "0f0e0d0c-0b0a-4000-8000-000000000001"}
    sent = [phone.post(at(claim, "photos"), {"file": photo(3)}, headers=key) for _ in range(2)]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json()
    assert Document.objects.filter(kind="survey").count() == 1
    assert phone.get(sent[0].json()["thumb_url"]).status_code == 200


@pytest.mark.parametrize(
    "content",
    [b"", b"<html><script>alert(1)</script>", b"%PDF-broken", b"\xff\xd8\xff" + b"x" * 99],
)
def test_what_is_no_photograph_is_refused(claim, phone, content):
    arrived(phone, claim)
    file = SimpleUploadedFile("a.jpg", content, "image/jpeg")
    answer = phone.post(at(claim, "photos"), {"file": file, "form_key": "form-key-2"})
    assert 400 <= answer.status_code < 500
    assert not Document.objects.filter(kind="survey").exists()


def test_a_photograph_of_another_claim_is_not_shown(claim, phone, staff_client):
    arrived(phone, claim)
    phone.post(at(claim, "photos"), {"file": photo(4), "form_key": "form-key-3"})
    document = Document.objects.get(kind="survey")
    other = steps.filed()
    assert phone.get(f"{at(other, 'photos')}{document.upload_id}/thumb/").status_code == 404


def test_a_large_photograph_comes_in_parts(claim, phone):
    arrived(phone, claim)
    raw = BytesIO(steps.photograph(9).read()).getvalue()
    client_id = "0f0e0d0c-0b0a-4000-8000-000000000002"
    part = f"{at(claim, 'photos')}{client_id}/parts/0"
    headers = {"Content-Range": f"bytes 0-{len(raw) - 1}/{len(raw)}"}
    sent = phone.put(part, raw, content_type="application/octet-stream", headers=headers)
    assert sent.status_code == 200, sent.content
    done = f"{at(claim, 'photos')}{client_id}/done"
    for odd in ({}, {"size": 0}, {"size": "9"}, [1], {"size": True}):
        assert 400 <= phone.post(done, odd, content_type="application/json").status_code < 500
    assert phone.post(done, {"size": len(raw)}).status_code == 415
    for absurd in (10**18, 2**53, -1, None):
        told = phone.post(done, {"size": absurd}, content_type="application/json")
        assert 400 <= told.status_code < 500
    answers = [
        phone.post(done, {"size": len(raw)}, content_type="application/json") for _ in range(2)
    ]
    assert [one.status_code for one in answers] == [201, 201]
    assert Document.objects.filter(kind="survey").count() == 1


def test_each_act_is_in_the_journal_by_its_assessor(claim, phone):
    arrived(phone, claim)
    phone.post(at(claim, "lines"), line())
    told = [e.verb for e in history(claim.subject) if e.actor == steps.ASSESSOR]
    assert told == ["assessment.survey_started", "assessment.survey_arrived",
                    "assessment.loss_listed"]  # fmt: skip


@pytest.mark.clause("3.1-a")
def test_the_dispatcher_says_how_far_it_is_and_the_assessor_reads_until_when(
    department, settings, staff_client
):
    settings.LIPEI_DEMO = True
    claim = steps.registered(steps.accepted(steps.filed(place="苏州市人民路 8 号")))
    clerk, act = staff_client("wangmin"), f"/claims/{claim.number}/acts/dispatch/"
    form = clerk.get(act).content.decode()
    assert "地址看不出远近" in form
    seen = re.search(r'name="seen" value="(\d+)"', form)[1]
    told = {"to": "lijun", "place": claim.place, "distance": "remote", "seen": seen}
    answer = clerk.post(act, told)
    assert answer.status_code == 422
    assert "请写明原因" in answer.content.decode()
    assert not Survey.objects.exists()
    assert clerk.post(act, {**told, "distance_reason": "车在苏州"}).status_code < 400
    page = staff_client("lijun").get(at(claim)).content.decode()
    assert "异地" in page
    assert "到场时限：3 个工作日" in page
    shown = clerk.get(f"/claims/{claim.number}/survey/").content.decode()
    assert "异地 · 车在苏州" in shown
