"""What is built once and again only when it changed; and what happens out of npm's reach."""

import polib
import pytest

from lipei.run import frontend
from lipei.run.catalogues import compile_catalogues


@pytest.fixture
def sources(tmp_path, monkeypatch):
    """A front end of one line, whose build writes that line."""
    folder = tmp_path / "frontend"
    folder.mkdir()
    (folder / "package-lock.json").write_text("{}")
    (folder / "main.js").write_text("one")
    (folder / "build.mjs").write_text("")
    monkeypatch.setattr(frontend, "FRONTEND", folder)
    pages = tmp_path / "pages"
    pages.mkdir()
    (pages / "desk.html").write_text("")
    monkeypatch.setattr(frontend, "PACKAGE", pages)
    monkeypatch.setattr(frontend, "FONTS", tmp_path / "fonts")
    (tmp_path / "fonts").mkdir()
    (tmp_path / "fonts" / "plain.ttf").write_text("")
    monkeypatch.setattr(frontend, "MODULES", folder / "node_modules")
    monkeypatch.setattr(frontend, "OUTPUT", tmp_path / "dist")
    monkeypatch.setattr(frontend, "STAMP", tmp_path / "dist" / ".stamp")
    monkeypatch.setattr(frontend, "CHECKOUT", tmp_path)
    programs = tmp_path / "bin"
    programs.mkdir()
    for name in ("node", "npm"):
        (programs / name).write_text(
            "#!/bin/sh\n"
            '[ "$1" = --version ] && echo v24.1.0 && exit 0\n'
            f"echo {name} $1 >> {tmp_path}/calls\n"
            '[ "$1" = ci ] && mkdir -p node_modules\n'
            f"[ -e {tmp_path}/broken ] && echo 'npm error code ENOTFOUND' >&2 && exit 1\n"
            "exit 0\n"
        )
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    return tmp_path


def calls(sources):
    return (sources / "calls").read_text().splitlines()


def test_a_second_build_does_nothing(sources):
    assert frontend.build() == "built"
    assert frontend.is_current()
    assert frontend.build() == "unchanged"
    assert calls(sources) == ["npm ci", "node build.mjs"]


def test_a_changed_source_is_built_again_without_fetching_anything(sources):
    frontend.build()
    (frontend.FRONTEND / "main.js").write_text("two")
    assert not frontend.is_current()
    assert frontend.build() == "built"
    assert calls(sources) == ["npm ci", "node build.mjs", "node build.mjs"]


def test_a_page_that_uses_other_styles_is_a_reason_to_build(sources):
    frontend.build()
    (frontend.PACKAGE / "desk.html").write_text('<p class="badge">')
    assert frontend.build() == "built"


def test_type_that_went_missing_is_laid_out_again(sources):
    frontend.build()
    (sources / "fonts" / "plain.ttf").unlink()
    assert not frontend.is_current()
    assert frontend.build() == "built"


def test_a_changed_lock_file_fetches_again(sources):
    frontend.build()
    (frontend.FRONTEND / "package-lock.json").write_text('{"new": 1}')
    frontend.build()
    assert calls(sources).count("npm ci") == 2


def test_out_of_reach_of_npm_it_says_so_in_one_sentence_and_goes_on(sources):
    (sources / "broken").write_text("")
    assert frontend.build() == (
        "npm could not fetch the packages: npm error code ENOTFOUND; pages come without it"
    )
    assert not frontend.is_current()


def test_an_earlier_build_stays_when_the_next_one_fails(sources):
    frontend.build()
    (frontend.FRONTEND / "main.js").write_text("two")
    (sources / "broken").write_text("")
    assert frontend.build().endswith("the earlier build stays")


def test_a_catalogue_is_compiled_once_and_again_when_it_changed(tmp_path):
    folder = tmp_path / "en" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    file = polib.POFile()
    file.append(polib.POEntry(msgid="理赔", msgstr="Claims"))
    file.save(str(folder / "django.po"))
    assert compile_catalogues(tmp_path) == 1
    assert compile_catalogues(tmp_path) == 0
    assert polib.mofile(str(folder / "django.mo"))[0].msgstr == "Claims"
