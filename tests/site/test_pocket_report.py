"""Reporting by plain forms: nothing typed is lost, one report is one claim."""

from datetime import timedelta
from io import BytesIO
from uuid import uuid4

import pytest

from lipei.ch01_general.models import Claim, Party
from lipei.ch02_intake.drafts import typed_in
from lipei.ch02_intake.models import Document, Draft, DraftFile
from lipei.kit import clock, sealed
from lipei.site.demonstration import with_check_digit
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)
BLANK = "00000000-0000-0000-0000-000000000000"


@pytest.fixture(autouse=True)
def in_a_demonstration(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def phone(claimant_client):
    return claimant_client(pocket.PHONE)


def test_four_plain_forms_make_a_claim_with_receipt_and_estimate(phone):
    draft = pocket.typed_through(phone)
    check = phone.get(pocket.step(draft, 4)).content.decode()
    assert "春和路 118 号" in check
    assert "前保险杠（凹陷）、对方后保险杠（凹陷）" in check
    answer = phone.post(pocket.step(draft, 4), {"phone": pocket.PHONE, "consented": "on"})
    assert answer["Location"] == f"/m/report/{draft}/done/"
    claim = Claim.objects.get()
    receipt = phone.get(answer["Location"]).content.decode()
    assert claim.number in receipt
    assert "<svg" in receipt
    assert "u-qr" in receipt
    assert "事故当事人自行协商处理协议书" in receipt
    assert claim.policy is not None
    assert claim.exposures.count() == 2
    assert Document.objects.filter(claim=claim).count() == 3
    assert 0 < claim.estimate_low_fen <= claim.estimate_high_fen


def test_the_same_report_sent_again_is_the_same_claim(phone):
    draft = pocket.typed_through(phone)
    for _ in range(3):
        answer = phone.post(pocket.step(draft, 4), {"phone": pocket.PHONE, "consented": "on"})
        assert answer["Location"] == f"/m/report/{draft}/done/"
    assert Claim.objects.count() == 1
    assert phone.get(pocket.step(draft, 1))["Location"] == f"/m/report/{draft}/done/"


def test_without_consent_nothing_is_filed_and_nothing_lost(phone):
    draft = pocket.typed_through(phone)
    answer = phone.post(pocket.step(draft, 4), {"phone": pocket.PHONE})
    assert answer.status_code == 422
    assert "单独同意" in answer.content.decode()
    assert Claim.objects.count() == 0
    assert typed_in(Draft.objects.get(), step=3)["story"] == ["起步时追尾前车。"]


def test_another_accident_within_a_day_is_asked_about_first(phone):
    first = pocket.reported(phone)
    draft = pocket.typed_through(phone)
    consent = {"phone": pocket.PHONE, "consented": "on"}
    answer = phone.post(pocket.step(draft, 4), consent)
    assert answer.status_code == 422
    assert first.number in answer.content.decode()
    assert 'name="another"' in answer.content.decode()
    answer = phone.post(pocket.step(draft, 4), consent | {"another": "1"})
    assert answer.status_code == 302
    assert Claim.objects.count() == 2


def test_a_loss_in_the_future_is_refused_with_what_was_typed(phone):
    draft = str(uuid4())
    late = f"{(clock.now() + timedelta(days=2)).astimezone(clock.LOCAL):%Y-%m-%dT%H:%M}"
    answer = phone.post(pocket.step(draft, 1), pocket.occurrence(lost_at=late))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert late in page
    assert "春和路 118 号" in page
    assert 'href="#id_lost_at"' in page
    assert typed_in(Draft.objects.get(), step=1)["lost_at"] == [late]


def test_a_text_that_is_too_long_is_refused_and_kept(phone):
    draft = str(uuid4())
    long = "追" * 2_001
    answer = phone.post(pocket.step(draft, 3), pocket.course(story=long))
    assert answer.status_code == 422
    assert long in answer.content.decode()
    assert typed_in(Draft.objects.get(), step=3)["story"] == [long]


def test_a_text_that_no_report_can_hold_is_refused_in_words(phone):
    answer = phone.post(pocket.step(str(uuid4()), 3), pocket.course(story="追" * 200_000))
    assert answer.status_code == 422
    assert "超过" in answer.content.decode()


@pytest.mark.parametrize(
    ("n", "field", "value"),
    [
        (1, "lost_at", "昨天"), (1, "cause", "aliens"), (1, "place", ""), (1, "injured", ""),
        (3, "fault", "<b>"), (3, "other_plate", "不是车牌"), (3, "other_phone", "12"),
        (3, "damage_own_vehicle_front_bumper", "exploded"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_at_its_field(phone, n, field, value):
    typed = pocket.occurrence() if n == 1 else pocket.course()
    answer = phone.post(pocket.step(str(uuid4()), n), typed | {field: value})
    assert answer.status_code == 422
    assert "data-errors" in answer.content.decode()


def test_what_one_says_of_the_other_side_is_only_asked_where_there_is_one(phone):
    draft = str(uuid4())
    typed = pocket.course(others="none", other_plate="不是车牌")
    assert phone.post(pocket.step(draft, 3), typed).status_code == 302


def test_nul_in_a_field_is_refused_and_nothing_is_kept(phone):
    answer = phone.post(pocket.step(str(uuid4()), 1), pocket.occurrence(place="a\x00b"))
    assert answer.status_code == 400
    assert Draft.objects.count() == 0


def test_a_step_left_out_is_named_at_the_last_look(phone):
    draft = str(uuid4())
    phone.post(pocket.step(draft, 1), pocket.occurrence())
    page = phone.get(pocket.step(draft, 4)).content.decode()
    assert pocket.step(draft, 3) in page
    answer = phone.post(pocket.step(draft, 4), {"phone": pocket.PHONE, "consented": "on"})
    assert answer.status_code == 422
    assert Claim.objects.count() == 0


def test_leaving_keeps_the_draft_for_later(phone):
    draft = str(uuid4())
    typed = pocket.occurrence(place="只写到这里", cause="")
    answer = phone.post(pocket.step(draft, 1), {**typed, "act": "leave"})
    assert answer["Location"] == "/m/"
    assert pocket.step(draft, 1) in phone.get("/m/").content.decode()
    assert "只写到这里" in phone.get(pocket.step(draft, 1)).content.decode()


def test_a_draft_can_be_thrown_away(phone):
    draft = str(uuid4())
    phone.post(pocket.step(draft, 1), pocket.occurrence())
    phone.post(pocket.step(draft, 2), {"scene": steps.photograph(3)})
    phone.post(f"/m/report/{draft}/discard/")
    assert Draft.objects.count() == 0


def test_without_a_policy_one_can_still_report(department):
    client = pocket.signed_in("13700001111")
    draft = pocket.typed_through(client)
    consent = {"phone": "13700001111", "consented": "on"}
    assert client.post(pocket.step(draft, 4), consent).status_code == 302
    claim = Claim.objects.get()
    assert claim.policy is None
    assert claim.flags == ["unmatched"]


def test_name_and_identity_find_the_policy_of_another_phone(department):
    client = pocket.signed_in("13700001111")
    draft = str(uuid4())
    identity = {"holder": "周国栋", "id_number": with_check_digit("31010119850312001")}
    found = client.post(
        pocket.step(draft, 1), pocket.occurrence() | identity | {"act": "find"}
    ).content.decode()
    assert "沪A6K27P" in found
    wrong = identity | {"holder": "李四"}
    answer = client.post(
        pocket.step(draft, 1), pocket.occurrence() | wrong | {"act": "find"}
    ).content.decode()
    assert "沪A6K27P" not in answer
    assert "没有找到" in answer


def test_an_identity_number_lies_sealed_in_the_draft(department):
    client = pocket.signed_in("13700001111")
    number = with_check_digit("31010119850312001")
    typed = pocket.occurrence() | {"holder": "周国栋", "id_number": number}
    client.post(pocket.step(str(uuid4()), 1), typed)
    draft = Draft.objects.get()
    assert number not in str(draft.answers)
    assert typed_in(draft, step=1)["id_number"] == [number]
    assert sealed.unseal(draft.answers["1"]["id_number"][0]) == number


def test_nobody_can_report_on_a_policy_that_was_not_offered(claimant_client):
    other = Party.objects.get(phone=pocket.ALIEN).policies.get()
    client = claimant_client(pocket.PHONE)
    draft = pocket.typed_through(client, first={"policy": other.number})
    client.post(pocket.step(draft, 4), {"phone": pocket.PHONE, "consented": "on"})
    claim = Claim.objects.get()
    assert claim.policy != other


def test_another_claimants_draft_is_not_there(claimant_client):
    mine, theirs = claimant_client(pocket.PHONE), claimant_client(pocket.ALIEN)
    draft = str(uuid4())
    mine.post(pocket.step(draft, 1), pocket.occurrence(place="我的秘密地点"))
    assert "我的秘密地点" not in theirs.get(pocket.step(draft, 1)).content.decode()
    assert theirs.get(f"/m/report/{draft}/done/").status_code == 404
    assert theirs.post(f"/m/report/{draft}/discard/").status_code == 404
    assert Draft.objects.get().party.phone == pocket.PHONE


def test_a_file_that_is_no_picture_is_told_and_the_others_kept(phone):
    draft = str(uuid4())
    wrong = BytesIO(b"MZ this is a program")
    wrong.name = "photo.jpg"
    answer = phone.post(pocket.step(draft, 2), {"scene": [steps.photograph(5), wrong]})
    assert answer.status_code == 422
    assert "不接收这种类型" in answer.content.decode()
    assert DraftFile.objects.count() == 1


def test_a_picture_can_be_taken_out_again(phone):
    draft = str(uuid4())
    phone.post(pocket.step(draft, 2), {"scene": steps.photograph(5)})
    held = DraftFile.objects.get()
    answer = phone.post(f"/m/report/{draft}/files/{held.upload_id}/remove/")
    assert answer["Location"] == pocket.step(draft, 2)
    assert DraftFile.objects.count() == 0


@pytest.mark.parametrize("n", [1, 2, 3, 4])
def test_the_empty_steps_are_there_for_a_phone_without_network(client, n):
    answer = client.get(pocket.step(BLANK, n))
    assert answer.status_code == 200
    assert "data-report" in answer.content.decode()
    assert client.post(pocket.step(BLANK, n), {}).status_code == 404


def test_a_fifth_step_is_not_there(phone):
    assert phone.get(pocket.step(str(uuid4()), 5)).status_code == 404


def test_a_new_report_has_a_name_of_its_own_and_leaves_nothing_behind(phone):
    places = {phone.get("/m/report/new/")["Location"] for _ in range(3)}
    assert len(places) == 3
    assert Draft.objects.count() == 0
