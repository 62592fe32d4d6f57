"""The small motor claim in a real Chromium, through the pages alone, everybody in a browser."""

import pytest
from playwright.sync_api import expect

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.models import Document
from tests.walks import claimant
from tests.walks.claimant import NEXT
from tests.walks.visitors import Visitor

pytestmark = [pytest.mark.browser, pytest.mark.django_db]


def report_without_network(phone: Visitor) -> str:
    """Four steps; from the second picture on there is no network, and the page is reloaded."""
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
    phone.page.wait_for_function("navigator.serviceWorker.controller")
    with phone.without_network():
        claimant.take_picture(phone, "近景", pictures["近景"])
        claimant.take_film(phone)
        phone.page.reload()
        expect(claimant.frame(phone, "近景")).to_contain_text("1 份")
        phone.press(NEXT)
        phone.stands("报案 3/4")
        claimant.tell_course(phone, story="起步时没有刹住，追尾了前车。")
        phone.sees("联网后自动上传")
        expect(phone.page.locator("form[data-report]")).not_to_have_attribute("data-unsaved", "")
        phone.page.reload()
        expect(phone.page.get_by_role("textbox", name="经过")).to_have_value("起步时没有刹住，追尾了前车。")
        phone.look("m/report/3")
        phone.press(NEXT)
        phone.stands("报案 4/4")
        claimant.consent(phone)
        phone.look("m/report/4")
        phone.press("提交报案")
    return claimant.number_on_slip(phone)


def test_from_the_report_to_the_shelf(phone):
    phone.sign_in_by_code("13800006021")
    number = report_without_network(phone)
    phone.look("m/report/done")
    claim = Claim.objects.get(reporter__phone="13800006021")
    assert claim.number == number
    kinds = sorted(Document.objects.filter(claim=claim).values_list("kind", flat=True))
    assert kinds == ["close", "driving_licence", "plate", "scene", "vehicle_licence", "video"]
