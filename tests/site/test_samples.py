"""Each part of the face, drawn in both languages; only where it is a demonstration."""

import re

import pytest
from django.test import Client, override_settings

from lipei.site.pages.samples import PAGES

STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
DEMONSTRATION = override_settings(LIPEI_DEMO=True, STORAGES=STORAGES)
INLINE = re.compile(r"<[^>]+\sstyle=|<style|\son[a-z]+=|javascript:|<script(?![^>]*(src=|json))")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("name", PAGES)
def test_a_sample_page_is_drawn_without_inline_style_or_script(name, language):
    with DEMONSTRATION:
        answer = Client().get(f"/dev/ui/{name}/", headers={"Accept-Language": language})
    assert answer.status_code == 200
    page = answer.content.decode()
    assert not INLINE.search(page)
    assert "{%" not in page
    assert "{{" not in page


def test_a_real_installation_has_no_sample_pages():
    with override_settings(LIPEI_DEMO=False, STORAGES=STORAGES):
        assert Client().get("/dev/ui/").status_code == 404


def test_a_choice_of_theme_is_kept_and_an_unknown_one_refused():
    client = Client()
    kept = client.post("/preferences/", {"theme": "dark"}, headers={"X-Requested-With": "fetch"})
    assert kept.status_code == 204
    assert client.cookies["lipei_theme"].value == "dark"
    assert client.post("/preferences/", {"theme": "pink"}).status_code == 400


def test_preferences_lead_back_only_to_our_own_pages():
    client = Client()
    ours = client.post(
        "/preferences/", {"size": "large"}, headers={"Referer": "http://testserver/claims/"}
    )
    theirs = client.post(
        "/preferences/", {"size": "large"}, headers={"Referer": "https://evil.example/"}
    )
    assert ours["Location"] == "http://testserver/claims/"
    assert theirs["Location"] == "/"


def test_the_manifest_speaks_the_readers_language():
    client = Client()
    assert client.get("/m/manifest.webmanifest").json()["scope"] == "/m/"
    english = client.get("/m/manifest.webmanifest", headers={"Accept-Language": "en"})
    assert "Report" in str(english.json()["shortcuts"])
