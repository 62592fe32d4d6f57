"""The desk in a real browser: after an act the list, its counts and the words are fresh."""

import re
from contextlib import closing

import pytest
from django.conf import settings as project
from playwright.sync_api import expect

from lipei.ch01_general.worklist import FIRST
from lipei.run.home import FRONTEND
from tests import steps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = FRONTEND / "dist" / "axe.min.js"
PLACES = ("#u-work nav", "#u-work .u-list__rows", ".u-side")
PATIENCE_MS = 15_000
DESK = {"width": 1440, "height": 900}


@pytest.fixture
def address(live_server, settings):
    if not AXE.exists():
        pytest.skip("the front end is not built")
    settings.STORAGES = {
        **project.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return live_server.url


@pytest.fixture
def claims(department):
    return [steps.accepted(steps.filed()) for _ in range(2)]


@pytest.fixture
def clerk(chromium, address, staff_client, claims):
    """The clerk's browser, signed in, with the first claim of the list open."""
    held = staff_client("wangmin").cookies[project.SESSION_COOKIE_NAME].value
    with closing(chromium.new_context(viewport=DESK, locale="zh-CN")) as context:
        context.add_cookies([{"name": project.SESSION_COOKIE_NAME, "value": held, "url": address}])
        page = context.new_page()
        page.goto(f"{address}/desk/", wait_until="networkidle")
        expect(page.locator("#u-detail h1")).to_be_visible(timeout=PATIENCE_MS)
        yield page


def standing(page):
    """What the list, its views and the navigation say."""
    page.wait_for_load_state("networkidle")
    return [page.locator(place).inner_text() for place in PLACES]


def asked_again(page):
    """What a colleague's fresh page of the same address says."""
    with closing(page.context.new_page()) as fresh:
        fresh.goto(page.url, wait_until="networkidle")
        return standing(fresh)


def act(page, name, *, fill=""):
    """Do an act of the open claim in its dialog."""
    page.get_by_role("link", name=name, exact=True).first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_be_visible()
    for box in dialog.get_by_role("textbox").all():
        box.fill(fill)
    for choice in dialog.get_by_role("radio").all()[:1]:
        choice.check()
    dialog.get_by_role("button").last.click()
    expect(dialog).to_be_hidden()


def test_after_each_act_the_list_and_every_count_say_how_things_stand(clerk):
    before = standing(clerk)
    act(clerk, "立案", fill="2000")
    registered = standing(clerk)
    assert registered == asked_again(clerk)
    assert "已立案，待派查勘" in registered[1]
    act(clerk, "派查勘")
    dispatched = standing(clerk)
    assert dispatched == asked_again(clerk)
    assert "我的待办\n2" in before[2]
    assert "我的待办\n1" in dispatched[2]


def test_the_word_of_an_act_takes_the_place_of_the_one_before(clerk):
    toasts = clerk.locator("#u-toasts [data-toast]")
    act(clerk, "立案", fill="2000")
    expect(toasts).to_contain_text(["已立案"])
    clerk.wait_for_timeout(600)
    act(clerk, "派查勘")
    expect(toasts).to_have_count(1)
    expect(toasts).to_contain_text("查勘")


def test_a_failure_stays_until_it_is_closed_and_is_said_once(clerk):
    toasts = clerk.locator("#u-toasts [data-toast]")
    clerk.context.set_offline(True)
    said = []
    for _ in range(2):
        with clerk.expect_event("requestfailed"):
            clerk.get_by_role("link", name="立案", exact=True).first.click()
        fresh = toasts.filter(has_text="网络").and_(clerk.locator(":not([data-seen])"))
        expect(fresh).to_have_count(1)
        said.append(fresh.inner_text())
        toasts.evaluate_all("all => all.forEach(one => { one.dataset.seen = '' })")
    assert said[0] == said[1]
    expect(toasts).to_have_count(1)
    clerk.context.set_offline(False)
    clerk.wait_for_timeout(600)
    act(clerk, "立案", fill="2000")
    expect(toasts).to_have_count(2)
    clerk.locator("[data-stays] [data-dismiss]").click()
    expect(toasts).to_have_count(1)


def test_the_desk_has_one_heading_with_a_claim_open_and_without(clerk):
    expect(clerk.locator("h1")).to_have_text(re.compile("周国栋"))
    clerk.set_viewport_size({"width": 390, "height": 844})
    clerk.reload(wait_until="networkidle")
    expect(clerk.locator("h1")).to_have_text("工作台")
    clerk.locator("[data-row] [data-open]").first.click()
    expect(clerk.locator("h1")).to_have_text(re.compile("周国栋"))


def test_the_list_brings_its_next_claims_as_one_reads_down_and_each_once(clerk, department):
    more = {steps.accepted(steps.filed()).number for _ in range(FIRST + 2)}
    clerk.reload(wait_until="networkidle")
    rows = clerk.locator("#u-work [data-row]")
    expect(rows).to_have_count(FIRST)
    clerk.locator("#u-rest").scroll_into_view_if_needed()
    expect(rows).to_have_count(len(more) + 2, timeout=PATIENCE_MS)
    expect(clerk.locator("#u-rest")).to_have_count(0)
    numbers = clerk.locator("#u-work [data-pick]").evaluate_all("all => all.map(one => one.value)")
    assert len(set(numbers)) == len(numbers)
    assert more < set(numbers)
