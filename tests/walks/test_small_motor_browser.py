"""The small motor claim in a real Chromium, through the pages alone, everybody in a browser."""

import io
import re

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.models import Document
from lipei.ch03_assessment.models import Dispute
from lipei.kit import audit
from lipei.kit.models import Upload
from tests.walks import claimant, staff
from tests.walks.claimant import NEXT, OtherSide
from tests.walks.visitors import Visitor, Visitors

pytestmark = [pytest.mark.browser, pytest.mark.django_db]
PHONE = "13800006022"
STORY = "起步时没有刹住，追尾了前车。"
PAPER = "事故当事人自行协商处理协议书"
OWN_CARD, OTHER_CARD = "6222021234567890128", "6217001234567890122"
KINDS = ["close", "driving_licence", "plate", "scene", "vehicle_licence", "video"]


def report_without_network(phone: Visitor, other: OtherSide) -> str:
    """Four steps; from the close picture on there is no network, and pages are reloaded."""
    pictures = claimant.pictures()
    phone.go("/m/report/new/")
    phone.look("m/report/1")
    claimant.tell_occurrence(phone, place="上海市春和路 118 号")
    phone.press(NEXT)
    phone.stands("报案 2/4")
    for name in ("全景", "车牌", *claimant.LICENCES):
        claimant.take_picture(phone, name, pictures[name])
        claimant.arrived(phone, name)
    phone.look("m/report/2")
    phone.keeps_pages()
    with phone.without_network():
        claimant.take_picture(phone, "近景", pictures["近景"])
        claimant.take_film(phone)
        phone.page.reload()
        expect(claimant.frame(phone, "近景")).to_contain_text("1 份")
        phone.press(NEXT)
        phone.stands("报案 3/4")
        claimant.tell_course(phone, other, story=STORY)
        expect(phone.page.locator("form[data-report]")).not_to_have_attribute("data-unsaved", "")
        phone.page.reload()
        expect(phone.page.get_by_role("textbox", name="经过")).to_have_value(STORY)
        phone.look("m/report/3")
        phone.press(NEXT)
        phone.stands("报案 4/4")
        claimant.consent(phone)
        phone.look("m/report/4")
        phone.press("提交报案")
        phone.sees("报案已存好")
    return claimant.number_on_slip(phone)


def look_after_report(phone: Visitor, number: str) -> None:
    """The slip, then the progress page with the estimate, its basis and its disclaimer."""
    phone.look("m/report/done")
    phone.page.get_by_role("link", name=re.compile("看进度")).click()
    phone.until(phone.page.reload, phone.page.get_by_role("region", name="预估金额"))
    estimate = phone.page.get_by_role("region", name="预估金额")
    expect(estimate).to_contain_text("依据：您勾选的 2 处损伤")
    expect(estimate).to_contain_text("仅供参考，不构成赔付承诺")
    phone.page.get_by_text("怎么算的").click()
    phone.sees("参考价（元）")
    phone.look("m/claims/reported")
    claimant.hand_in(phone, PAPER)
    phone.sees("已收到，审核中")
    expect(phone.page.get_by_text("待办", exact=True)).to_have_count(0)
    for path in ("", "claims/", "inbox/", "me/"):
        phone.go(f"/m/{path}")
        phone.look(f"m/{path}")


def confirm(phone: Visitor, number: str, other: OtherSide) -> None:
    """Every step of both sums, the accounts of both payees, a drawn signature, the code."""
    phone.go(f"/m/claims/{number}/")
    sums = phone.page.get_by_role("link", name="看计算、确认金额")
    phone.until(phone.page.reload, sums)
    phone.look("m/claims/approved")
    phone.go(f"/m/claims/{number}/calc/")
    phone.look("m/claims/calc")
    phone.go(f"/m/claims/{number}/confirm/")
    steps = phone.page.get_by_role("region", name="怎么算的")
    expect(steps).to_contain_text("定损修理费用")
    expect(steps).to_contain_text("¥3,300.00")
    phone.look("m/claims/confirm")
    claimant.choose_word(phone, "您的车（车损险）", "接受")
    claimant.choose_word(phone, "对方的车（交强险）", "接受")
    claimant.give_account(phone, "付到您的账户", number=OWN_CARD, holder="周国栋")
    claimant.give_account(phone, f"付给 {other.name}", number=OTHER_CARD, holder=other.name)
    claimant.ask_for_code(phone)
    claimant.draw_signature(phone)
    phone.look("m/claims/confirm/code")
    phone.press("签署并提交")
    phone.sees("已签署")


def download_receipt(phone: Visitor, number: str) -> PdfReader:
    """The receipt of the claimant's own sum, once the bank has credited it."""
    phone.go(f"/m/claims/{number}/")
    receipts = phone.page.get_by_role("link", name=re.compile("您 · 尾号"))
    phone.until(phone.page.reload, receipts)
    phone.look("m/claims/paid")
    with phone.page.expect_download() as download:
        receipts.click()
    return PdfReader(io.BytesIO(download.value.path().read_bytes()))


def embedded(reader: PdfReader) -> list[bool]:
    """For each font of the first page, whether its shapes lie in the file."""
    fonts = [font.get_object() for font in reader.pages[0]["/Resources"]["/Font"].values()]
    described = [font.get("/DescendantFonts", [font])[0].get_object() for font in fonts]
    files = ("/FontFile", "/FontFile2", "/FontFile3")
    return [
        any(name in one["/FontDescriptor"].get_object() for name in files)
        for one in described
        if "/FontDescriptor" in one
    ]


def work_at_the_desk(visitors: Visitors, number: str) -> None:
    """The clerk accepts the papers, registers, sends the assessor, who drives there."""
    clerk = visitors.desk("wangmin")
    clerk.go("/desk/")
    clerk.look("desk")
    staff.open_claim(clerk, number)
    clerk.look("claims")
    staff.accept_papers(clerk)
    staff.register(clerk, reserves=("2000", "1,500.00"))
    staff.dispatch(clerk, "李军")
    for tab in staff.TABS:
        staff.open_claim(clerk, number, tab)
        clerk.look(f"claims/{tab}")
    assessor = visitors.phone(geolocation=staff.PLACE, permissions=["geolocation"])
    assessor.sign_in_by_authenticator("lijun")
    staff.survey(assessor, number)


def test_from_the_report_to_the_shelf(visitors, phone, house):
    other = OtherSide("王五", "沪C12345", "13911112222")
    phone.sign_in_by_code("13800006021")
    number = report_without_network(phone, other)
    claim = Claim.objects.get(reporter__phone="13800006021")
    assert claim.number == number
    held = Document.objects.filter(claim=claim).order_by("kind")
    assert list(held.values_list("kind", flat=True)) == KINDS
    assert Upload.objects.filter(owner=f"party/{claim.reporter_id}").count() == len(KINDS)
    assert held.get(kind="close").upload.taken_at.isoformat() == "2026-03-03T21:06:07+00:00"
    look_after_report(phone, number)
    work_at_the_desk(visitors, number)
    confirm(phone, number, other)
    maker, checker = visitors.desk("zhaolin"), visitors.desk("qianjin")
    staff.make_orders(maker, number, count=2)
    staff.try_own_order(maker, number)
    staff.release_orders(checker, number, count=2)
    receipt = download_receipt(phone, number)
    assert "周国栋" in receipt.pages[0].extract_text()
    assert embedded(receipt)
    assert all(embedded(receipt))
    staff.shelve(visitors.desk("sunjie"), number, place="A-01-03")
    claim.refresh_from_db()
    assert claim.stage == "archived"
    assert audit.verify(anchors=house.home.path / "anchors") == []


def test_a_part_is_taken_under_reservation_and_another_objected_to(visitors, phone, brought):
    number = brought("surveyed", PHONE)
    phone.sign_in_by_code(PHONE)
    phone.go(f"/m/claims/{number}/confirm/")
    claimant.choose_word(phone, "您的车（车损险）", "接受但保留意见")
    claimant.choose_word(phone, "对方的车（交强险）", "有异议")
    claimant.give_account(phone, "付到您的账户", number=OWN_CARD, holder="李晓燕")
    claimant.ask_for_code(phone)
    claimant.sign_by_name(phone, "王小二")
    with phone.refused():
        phone.press("签署并提交")
        phone.sees("请写明您的意见")
    phone.sees("输入的姓名与您登记的姓名不一致")
    phone.look("m/claims/confirm/wrong")
    phone.type("您的意见", "后保险杠还没有拆检。")
    phone.type("您的姓名", "李晓燕")
    phone.press("签署并提交")
    phone.sees("已签署")
    claim = Claim.objects.get(number=number)
    own, other = claim.exposures.order_by("position")
    assert (own.stage, other.stage) == ("agreed", "approved")
    said = Dispute.objects.filter(exposure__claim=claim).values_list("words", flat=True)
    assert list(said) == ["后保险杠还没有拆检。"] * 2


def test_the_palette_finds_a_claim_by_whatever_a_caller_says(visitors, brought):
    number = brought("filed", PHONE)
    clerk = visitors.desk("wangmin")
    clerk.go("/desk/")
    for asked in (number, number[-6:], "PDAA2026310100000002", "李晓燕", PHONE, "沪AD12345"):
        clerk.page.keyboard.press("Control+k")
        clerk.page.get_by_role("combobox", name="搜索").fill(asked)
        found = clerk.page.get_by_role("option").filter(has_text=number)
        expect(found, asked).to_have_count(1)
        clerk.page.keyboard.press("Escape")
    clerk.page.keyboard.press("Control+k")
    clerk.page.get_by_role("combobox", name="搜索").fill(number)
    clerk.page.get_by_role("option").filter(has_text=number).click()
    clerk.stands("李晓燕")


def test_a_report_needs_no_script(visitors):
    phone = visitors.phone(java_script_enabled=False)
    phone.sign_in_by_code("13800006023")
    phone.go("/m/report/new/")
    claimant.tell_occurrence(phone, place="上海市张杨路 500 号地下车库")
    phone.press(NEXT)
    phone.stands("报案 2/4")
    for kind in ("scene", "plate", "close"):
        file = claimant.photograph(f"plain {kind}")
        phone.page.locator(f"input[name={kind}]").set_input_files(file)
    phone.press(NEXT)
    phone.stands("报案 3/4")
    claimant.tell_course(phone, OtherSide("赵六", "沪D55667", "13922223333"), story=STORY)
    phone.press(NEXT)
    phone.stands("报案 4/4")
    claimant.consent(phone)
    phone.press("提交报案")
    claim = Claim.objects.get(number=claimant.number_on_slip(phone))
    kinds = Document.objects.filter(claim=claim).order_by("kind").values_list("kind", flat=True)
    assert list(kinds) == ["close", "plate", "scene"]
