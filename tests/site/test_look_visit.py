"""The assessor's phone in a real browser: position, photographs without a network, no axe."""

import json
import os

import pytest
from django.conf import settings as project
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django_otp import DEVICE_ID_SESSION_KEY
from PIL import Image

from lipei.ch01_general.models import Staff
from lipei.ch02_intake.models import Document
from lipei.ch03_assessment.investigation import arrive_at_survey, dispatch_survey, start_survey
from lipei.ch03_assessment.models import Survey
from lipei.run.home import FRONTEND, SOURCES
from tests import steps

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = FRONTEND / "dist" / "axe.min.js"
BUILT = SOURCES / "lipei/site/static/dist/visit.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = f"""async () => (await axe.run(document, {{runOnly: {json.dumps(RULES)}}})).violations
  .map(one => [one.id, one.nodes.map(node => node.target.join(' '))])"""


@pytest.fixture
def claim(department, settings):
    settings.LIPEI_DEMO = True
    made = steps.registered(steps.accepted(steps.filed()))
    dispatch_survey(made.number, to="lijun", by=steps.CLERK)
    start_survey(made.number, by=steps.ASSESSOR)
    return made


@pytest.fixture
def address(live_server, settings):
    if not AXE.exists() or not BUILT.exists():
        pytest.skip("the front end is not built")
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**project.STORAGES, "staticfiles": {"BACKEND": plain}}
    return live_server.url


@pytest.fixture
def phone(chromium, address, claim):
    """The assessor's phone, signed in; `where` is what the device says of its place."""
    contexts = []

    def opened(path, *, where=None, theme="light", csp=True):
        context = chromium.new_context(
            viewport={"width": 390, "height": 844}, bypass_csp=not csp, geolocation=where,
            locale="zh-CN",
            permissions=["geolocation"] if where else [],
        )  # fmt: skip
        contexts.append(context)
        told = {project.SESSION_COOKIE_NAME: signed_in("lijun"), "lipei_theme": theme}
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in told.items()])
        page = context.new_page()
        page.goto(f"{address}{path}", wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


def signed_in(username: str) -> str:
    """The session of somebody of the house with both factors."""
    person, session = Staff.objects.get(username=username), SessionStore()
    session[SESSION_KEY] = str(person.pk)
    session[BACKEND_SESSION_KEY] = project.AUTHENTICATION_BACKENDS[-1]
    session[HASH_SESSION_KEY] = person.get_session_auth_hash()
    session[DEVICE_ID_SESSION_KEY] = person.totpdevice_set.get().persistent_id
    session.save()
    return str(session.session_key)


def noisy(tmp_path) -> str:
    """A picture that is sharp, light and large enough."""
    target = tmp_path / "noisy.jpg"
    Image.frombytes("RGB", (900, 700), os.urandom(900 * 700 * 3)).save(target, "JPEG", quality=60)
    return str(target)


def test_the_device_tells_the_position_on_arrival(phone, claim):
    page = phone(f"/survey/{claim.number}/", where={"latitude": 31.2231, "longitude": 121.5401})
    page.get_by_role("button", name="我到了，开始计时").click()
    page.wait_for_selector("text=定位已存")
    survey = Survey.objects.get()
    assert survey.arrived_where == "31.223100,121.540100"
    assert survey.device_at is not None


def test_without_a_position_the_reason_is_asked_for(phone, claim):
    page = phone(f"/survey/{claim.number}/")
    page.get_by_role("button", name="我到了，开始计时").click()
    page.wait_for_selector("text=手机没有给出位置")
    page.get_by_label("没有定位的原因").fill("地下车库没有信号")
    page.get_by_role("button", name="我到了，开始计时").click()
    page.wait_for_selector("text=无定位")
    assert Survey.objects.get().no_position_reason == "地下车库没有信号"


def test_a_photograph_taken_without_a_network_goes_up_once_later(phone, claim, tmp_path):
    arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.2,121.5")
    page = phone(f"/survey/{claim.number}/")
    page.context.set_offline(True)
    page.locator("[data-album]").set_input_files(noisy(tmp_path))
    page.wait_for_selector("[data-offline-line]:not([hidden])")
    assert "1 份照片已存在手机里" in page.locator("[data-offline-line]").inner_text()
    assert not Document.objects.filter(kind="survey").exists()
    page.get_by_label("查勘结论").fill("痕迹相符")
    page.get_by_role("button", name="签字，完成查勘").click()
    page.wait_for_selector("text=没有信号，没有提交")
    assert page.get_by_label("查勘结论").input_value() == "痕迹相符"
    page.context.set_offline(False)
    page.wait_for_function("() => !document.querySelector('[data-queued][data-state=queued]')")
    page.wait_for_timeout(500)
    assert Document.objects.filter(kind="survey").count() == 1


def test_a_dark_photograph_is_questioned_before_it_is_kept(phone, claim, tmp_path):
    arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.2,121.5")
    page = phone(f"/survey/{claim.number}/")
    target = tmp_path / "dark.jpg"
    Image.new("RGB", (900, 700), (4, 4, 4)).save(target, "JPEG")
    page.locator("[data-album]").set_input_files(str(target))
    page.wait_for_selector("text=照片太暗")
    assert not Document.objects.filter(kind="survey").exists()
    page.get_by_role("button", name="仍用这张").click()
    page.wait_for_selector("[data-queued][data-state=done], [data-docs] img")
    page.wait_for_timeout(800)
    assert Document.objects.filter(kind="survey").count() == 1


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_and_nothing_overflows(phone, claim, theme):
    arrive_at_survey(claim.number, by=steps.ASSESSOR, where="31.2,121.5")
    for path in ("/survey/", f"/survey/{claim.number}/", f"/survey/{claim.number}/?line=new"):
        page = phone(path, theme=theme, csp=False)
        page.add_script_tag(content=AXE.read_text())
        assert page.evaluate(FOUND) == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
