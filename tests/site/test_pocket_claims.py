"""A claimant's own claims: whose turn it is, what is missing, the sum, the receipts."""

import pytest

from lipei.ch02_intake.materials import check_document
from lipei.site.journey.progress import version_of
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)
PAGES = ("", "live/", "slip/", "calc/", "confirm/", "account/", "object/", "withdraw/", "human/")


@pytest.fixture(autouse=True)
def in_a_demonstration(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def phone(claimant_client):
    return claimant_client(pocket.PHONE)


def page(client, claim, part=""):
    return client.get(f"/m/claims/{claim.number}/{part}").content.decode()


@pytest.mark.parametrize("part", PAGES)
def test_anothers_claim_and_none_at_all_are_refused_alike(phone, claimant_client, part):
    claim = steps.filed()
    other = claimant_client(pocket.ALIEN)
    theirs = other.get(f"/m/claims/{claim.number}/{part}")
    unknown = other.get(f"/m/claims/CX-2026-0000-000000/{part}")
    assert theirs.status_code == unknown.status_code == 404
    assert "没有找到这个案件" in theirs.content.decode()
    assert claim.number not in theirs.content.decode()


@pytest.mark.parametrize("part", ["papers/", "confirm/", "confirm/code/", "object/", "withdraw/",
                                  "human/", "account/"])  # fmt: skip
def test_nobody_acts_on_anothers_claim(claimant_client, part):
    claim = steps.filed()
    answer = claimant_client(pocket.ALIEN).post(f"/m/claims/{claim.number}/{part}", {"kind": "x"})
    assert answer.status_code == 404


def test_home_and_list_show_ones_own_claims_only(phone, claimant_client):
    claim = steps.filed()
    assert claim.number in phone.get("/m/").content.decode()
    assert claim.number in phone.get("/m/claims/").content.decode()
    assert claim.number not in claimant_client(pocket.ALIEN).get("/m/claims/").content.decode()


def test_what_is_missing_is_named_with_its_button(phone):
    claim = steps.filed()
    shown = page(phone, claim)
    wanted = claim.materials.filter(state="wanted").count()
    assert f"等您 {wanted} 份材料" in shown
    assert "行驶证" in shown
    assert 'data-kind="vehicle_licence"' in shown
    assert f'action="/m/claims/{claim.number}/papers/"' in shown


def test_a_paper_is_handed_in_by_a_plain_form(phone):
    claim = steps.filed()
    url = f"/m/claims/{claim.number}/papers/"
    told = {"kind": "vehicle_licence", "file": steps.photograph(9)}
    answer = phone.post(url, told, follow=True)
    assert "已收到" in answer.content.decode()
    assert claim.materials.get(kind="vehicle_licence").state == "received"


def test_a_form_without_a_file_or_for_an_unwanted_paper_is_told(phone):
    claim = steps.filed()
    url = f"/m/claims/{claim.number}/papers/"
    assert (
        "文件是空的" in phone.post(url, {"kind": "vehicle_licence"}, follow=True).content.decode()
    )
    told = {"kind": "divorce_paper", "file": steps.photograph(9)}
    assert "不需要这份材料" in phone.post(url, told, follow=True).content.decode()


def test_a_paper_that_came_back_says_why(phone):
    claim = steps.filed()
    told = {"kind": "vehicle_licence", "file": steps.photograph(9)}
    phone.post(f"/m/claims/{claim.number}/papers/", told)
    check_document(claim.number, kind="vehicle_licence", accepted=False, by=steps.CLERK,
                   reason="拍糊了，看不清号码")  # fmt: skip
    assert "请重交：拍糊了，看不清号码" in page(phone, claim)


def test_each_stage_says_whose_turn_it_is(phone):
    claim = steps.accepted(steps.filed())
    assert "已受理" in page(phone, claim)
    claim = steps.registered(claim)
    assert "安排查勘" in page(phone, claim)
    claim = steps.surveyed(claim)
    shown = page(phone, claim)
    assert "金额待您确认" in shown
    assert "您确认后，最迟" in shown
    assert "第 6 步，共 8 步" in shown
    claim = steps.agreed(claim)
    assert "付款准备中" in page(phone, claim)
    claim = steps.paid(claim)
    assert "赔款已到账" in page(phone, claim)
    claim = steps.archived(steps.closed(claim))
    assert "已办结归档" in page(phone, claim)


def test_law_is_cited_to_the_claimant_and_the_manual_never(phone):
    claim = steps.filed()
    assert "《保险法》第 23 条" in page(phone, claim)
    for made in (steps.accepted, steps.registered, steps.surveyed, steps.agreed, steps.paid):
        claim = made(claim)
        assert "手册" not in page(phone, claim)
    assert "您确认后，最迟" not in page(phone, claim)


def test_the_live_part_is_silent_until_something_happens(phone):
    claim = steps.filed()
    seen = version_of(claim)
    url = f"/m/claims/{claim.number}/live/"
    assert phone.get(f"{url}?v={seen}").status_code == 204
    steps.accepted(claim)
    answer = phone.get(f"{url}?v={seen}")
    assert answer.status_code == 200
    assert "data-live-main" in answer.content.decode()
    assert "已受理" in answer.content.decode()


def test_the_live_part_wants_a_sign_in_without_leading_away(client, department):
    claim = steps.filed()
    assert client.get(f"/m/claims/{claim.number}/live/").status_code == 403


def test_the_sum_is_shown_with_every_step_and_its_article(phone):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    shown = page(phone, claim, "calc/")
    assert "1,800.00" in shown
    assert "人民币壹仟捌佰元整" in shown
    assert "交强险条款第八条" in shown
    assert "尚待与原文核对" in shown
    assert claim.exposures.first().calculations.get().sheet_hash in shown


def test_there_is_no_sum_before_it_is_worked_out(phone):
    claim = steps.filed()
    answer = phone.get(f"/m/claims/{claim.number}/calc/")
    assert answer.status_code == 409


def test_the_receipt_of_a_payment_is_a_pdf_for_its_own_claim_only(phone, claimant_client):
    claim = steps.closed(steps.paid(steps.agreed(
        steps.surveyed(steps.registered(steps.accepted(steps.filed()))))))  # fmt: skip
    order = claim.exposures.first().orders.get().number
    url = f"/m/claims/{claim.number}/receipt/{order}/"
    assert url in page(phone, claim)
    answer = phone.get(url)
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF")
    assert phone.get(f"/m/claims/{claim.number}/receipt/P-0/").status_code == 404
    assert claimant_client(pocket.ALIEN).get(url).status_code == 404


def test_the_inbox_tells_what_was_told_and_counts_what_is_new(phone):
    claim = steps.registered(steps.accepted(steps.filed()))
    assert "条未读" in phone.get("/m/").content.decode()
    shown = phone.get("/m/inbox/").content.decode()
    assert "案件已立案" in shown
    assert claim.number in shown
    assert "条未读" not in phone.get("/m/").content.decode()


def test_what_is_kept_is_said_and_the_phone_is_masked(phone):
    shown = phone.get("/m/me/").content.decode()
    assert "138****6021" in shown
    assert pocket.PHONE not in shown
    assert "材料至少保存 10 年，付款凭证至少保存 30 年" in shown


def test_the_pages_speak_english_to_who_reads_english(phone):
    claim = steps.filed()
    phone.cookies["lipei_language"] = "en"
    shown = page(phone, claim)
    assert "papers needed from you" in shown
    assert "Your vehicle (Own damage)" in shown
