"""The photo guide in a real browser: a film is a film, whatever frame it was taken at."""

from uuid import uuid4

import pytest
from django.conf import settings as project
from django.contrib.sessions.backends.db import SessionStore
from playwright.sync_api import expect

from lipei.ch01_general.models import Party
from lipei.ch02_intake.models import DraftFile
from lipei.run.home import SOURCES
from tests import steps
from tests.site import pocket
from tests.walks.evidence import film

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
BUILT = SOURCES / "lipei/site/static/dist/claimant.js"


@pytest.fixture
def guide(chromium, live_server, settings, claimant_client):
    """The page of pictures of a report, on a claimant's phone."""
    if not BUILT.exists():
        pytest.skip("the front end is not built")
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**project.STORAGES, "staticfiles": {"BACKEND": plain}}
    session = SessionStore()
    session["party"] = Party.objects.get(phone=steps.PHONE).pk
    session.create()
    context = chromium.new_context(viewport={"width": 390, "height": 844}, locale="zh-CN")
    cookie = {"name": project.SESSION_COOKIE_NAME, "value": session.session_key}
    context.add_cookies([{**cookie, "url": live_server.url}])
    page = context.new_page()
    draft = str(uuid4())
    claimant_client().post(pocket.step(draft, 1), pocket.occurrence())
    page.goto(f"{live_server.url}{pocket.step(draft, 2)}", wait_until="networkidle")
    yield page
    context.close()


def frame(page, name):
    return page.locator("[data-frames] > li").filter(has_text=name)


@pytest.mark.parametrize("by", ["video", "album"])
def test_a_film_marks_no_required_photograph_as_done(guide, by):
    expect(frame(guide, "视频")).to_be_hidden()
    guide.locator(f"[data-{by}]").set_input_files(film(guide))
    expect(frame(guide, "视频")).to_contain_text("1 份")
    expect(frame(guide, "视频")).to_have_attribute("data-state", "done")
    expect(frame(guide, "全景")).to_have_attribute("data-state", "now")
    assert DraftFile.objects.get().kind == "video"
    expect(guide.locator("[data-needs-photos]")).to_contain_text("全景")
    guide.locator("[data-album]").set_input_files(
        {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": steps.photograph(3).read()}
    )
    guide.locator("[data-keep]").click()
    expect(frame(guide, "全景")).to_have_attribute("data-state", "done")
    expect(frame(guide, "车牌")).to_have_attribute("data-state", "now")
    guide.reload(wait_until="networkidle")
    expect(frame(guide, "视频")).to_be_visible()
    assert sorted(DraftFile.objects.values_list("kind", flat=True)) == ["scene", "video"]


@pytest.mark.parametrize("name", ["全景", "视频"])
def test_a_film_sent_without_scripts_is_a_film(guide, claimant_client, name):
    raw = film(guide)
    draft = guide.url.split("/")[-4]
    kind = frame(guide, name).get_attribute("data-kind")
    file = steps.BytesIO(raw["buffer"])
    file.name = "round.webm"
    claimant_client().post(pocket.step(draft, 2), {kind: file})
    assert DraftFile.objects.get().kind == "video"
