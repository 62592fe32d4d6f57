"""The browser of the tests: found where it is, and said where it is not."""

import pytest

from lipei.run import chromium as browsers


def program(folder, name):
    (folder / name).write_text("#!/bin/sh\n")
    (folder / name).chmod(0o755)
    return str(folder / name)


def test_any_chromium_on_the_path_is_taken(tmp_path, monkeypatch):
    monkeypatch.delenv("LIPEI_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert browsers.find_chromium() is None
    path = program(tmp_path, "chromium-browser")
    assert browsers.find_chromium() == path


def test_the_one_that_is_told_goes_first(tmp_path, monkeypatch):
    program(tmp_path, "chromium")
    told = program(tmp_path, "mine")
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("LIPEI_CHROMIUM", told)
    assert browsers.find_chromium() == told


def test_where_it_may_not_be_installed_the_reason_is_one_sentence(tmp_path, monkeypatch):
    monkeypatch.delenv("LIPEI_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    path, reason = browsers.ensure_chromium()
    assert path is None
    assert reason.startswith("no Chromium here, and ")
    assert "apt-get install chromium" in reason


@pytest.mark.browser
def test_a_page_is_shown_in_a_real_chromium(chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        page.set_content("<title>理赔</title><p>已赔付</p>")
        assert page.title() == "理赔"
        assert page.get_by_text("已赔付").is_visible()
