"""The face in a real browser: nothing that axe finds, nothing that overflows, and the keys work."""

import json

import pytest
from django.conf import settings as project

from lipei.run.home import FRONTEND
from lipei.site.pages.samples import PAGES

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
AXE = FRONTEND / "dist" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FOUND = f"""async () => (await axe.run(document, {{runOnly: {json.dumps(RULES)}}})).violations
  .map(one => [one.id, one.nodes.map(node => node.target.join(' '))])"""
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def address(live_server, settings):
    if not AXE.exists():
        pytest.skip("the front end is not built")
    settings.LIPEI_DEMO = True
    settings.STORAGES = {
        **project.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    return live_server.url


@pytest.fixture
def opened(chromium, address):
    """A page under a theme, language and size; scripts of ours only."""
    contexts = []

    def opened(path, *, theme="light", language="zh-hans", size=DESK, csp=True):
        context = chromium.new_context(viewport=size, bypass_csp=not csp)
        contexts.append(context)
        names = {"lipei_theme": theme, "lipei_language": language}
        context.add_cookies([{"name": n, "value": v, "url": address} for n, v in names.items()])
        page = context.new_page()
        page.complaints = []
        page.on(
            "console", lambda said: page.complaints.append(said.text) if said.type == "error" else 0
        )
        page.on("pageerror", lambda error: page.complaints.append(str(error)))
        page.goto(f"{address}{path}", wait_until="networkidle")
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_any_sample_page(opened, theme, size):
    language = "en" if theme == "dark" else "zh-hans"
    for name in PAGES:
        page = opened(f"/dev/ui/{name}/", theme=theme, language=language, size=size, csp=False)
        page.evaluate(AXE.read_text())
        assert page.evaluate(FOUND) == [], name
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, name
        page.context.close()


def test_every_icon_that_is_drawn_stands_in_its_sprite(opened):
    missing = """async () => {
      const uses = [...document.querySelectorAll('use')].map(use => use.getAttribute('href'));
      const sprites = {};
      for (const file of new Set(uses.map(href => href.split('#')[0]))) {
        sprites[file] = await (await fetch(file)).text();
      }
      const stands = ([file, name]) => sprites[file].includes(`id="${name}"`);
      return uses.filter(href => !stands(href.split('#')));
    }"""
    for name in PAGES:
        assert opened(f"/dev/ui/{name}/").evaluate(missing) == [], name


def test_the_strict_policy_stops_nothing_of_ours(opened):
    for name in PAGES:
        assert opened(f"/dev/ui/{name}/").complaints == [], name


def test_the_desk_is_worked_with_keys_only(opened):
    page = opened("/dev/ui/desk/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    assert page.inner_text(".u-bulk b") == "已选 1 件"
    page.keyboard.press("?")
    assert page.is_visible("#u-shortcuts")
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    assert page.is_visible("#u-palette") or page.locator("#u-palette").count() == 0


def test_single_keys_can_be_switched_off(opened):
    page = opened("/dev/ui/desk/")
    page.click(".u-side__me summary")
    page.click("button[name=keys][value=off]")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    assert not page.is_visible("#u-shortcuts")


def test_what_cannot_be_taken_back_wants_its_name_typed(opened):
    page = opened("/dev/ui/parts/")
    page.click("[data-opens=u-sample-confirm]")
    button = page.locator("#u-sample-confirm [type=submit]")
    assert button.is_disabled()
    page.fill("#u-sample-confirm-typed", "拒赔")
    assert button.is_enabled()


def test_the_theme_follows_the_system_without_a_script(opened):
    page = opened("/dev/ui/parts/", theme="system")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.emulate_media(color_scheme="dark")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (light, dark) == ("rgb(244, 246, 249)", "rgb(15, 21, 32)")


def test_a_countdown_runs_and_turns_red_when_it_is_over(opened):
    page = opened("/dev/ui/m-visit/", size=PHONE)
    before = page.inner_text("[data-style=clock] [data-words]")
    page.wait_for_function(
        "text => document.querySelector('[data-style=clock] [data-words]').textContent != text",
        arg=before,
    )
    page.evaluate("document.querySelector('[data-style=clock]').dataset.due = Date.now() - 5000")
    page.wait_for_selector("[data-style=clock][data-level=over]")


def test_a_signature_is_drawn_or_typed_but_never_missing(opened):
    page = opened("/dev/ui/m-confirm/", size=PHONE)
    page.evaluate("document.querySelector('[data-code] input').value = '123456'")
    page.click(".u-cta button")
    assert page.inner_text("[data-sign-state]") == "请先签名，或改用输入姓名"
    box = page.locator(".u-sign canvas").bounding_box()
    page.mouse.move(box["x"] + 40, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 70, steps=5)
    page.mouse.up()
    assert page.inner_text("[data-sign-state]") == "已签名"
    page.evaluate(
        "document.querySelector('#confirm').addEventListener('submit', e => e.preventDefault())"
    )
    page.click(".u-cta button")
    assert page.input_value("[data-image]").startswith("M")
