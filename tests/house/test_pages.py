"""Tidiness of pages: strict policy, length, punctuation, words in both languages."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from lipei.run.home import FRONTEND, SOURCES
from lipei.run.messages import catalogue, compare, found

TEMPLATES = sorted((SOURCES / "lipei").rglob("templates/**/*.html"))
SHEETS = sorted([*FRONTEND.glob("css/**/*.css"), *FRONTEND.glob("js/**/*.js")])
LONGEST_TEMPLATE = 150
LONGEST_SHEET = 400
EVALUATED = re.compile(r'\shx-on[:\w-]*=|="js:|hx-trigger="[^"]*\[')
INLINE = re.compile(r"<[^>{]+\sstyle=|<style\b|\son(click|load|change|submit|input)=")
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]")


def name_of(path: Path) -> str:
    return str(path.relative_to(path.parents[2]))


@pytest.mark.parametrize("path", TEMPLATES, ids=name_of)
def test_a_template_is_short_and_obeys_the_policy(path):
    text = path.read_text()
    assert len(text.splitlines()) <= LONGEST_TEMPLATE
    assert not INLINE.search(text)
    assert not EVALUATED.search(text)
    assert not HALF_WIDTH.search(re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", text))


@pytest.mark.parametrize("path", SHEETS, ids=name_of)
def test_a_script_or_style_sheet_fits_its_limit(path):
    assert len(path.read_text().splitlines()) <= LONGEST_SHEET


def test_pages_are_written_for_the_htmx_that_is_built_in():
    checker = FRONTEND / "node_modules/htmx.org/dist/scripts/upgrade-check.py"
    if not checker.exists():
        pytest.skip("the packages of the front end are not installed")
    answer = subprocess.run(
        [sys.executable, str(checker), str(SOURCES / "lipei")], capture_output=True, text=True
    )
    assert answer.returncode == 0, answer.stdout


def test_every_sentence_stands_in_the_english_catalogue():
    missing, unused = compare(found(), catalogue())
    assert [message.text for message in missing] == []
    assert [message.text for message in unused] == []


def test_translations_keep_the_holes_of_their_sentences():
    holes = re.compile(r"%\(\w+\)s|\{\w+\}")
    for entry in catalogue().translated_entries():
        for said in [entry.msgstr, *entry.msgstr_plural.values()]:
            if said:
                assert set(holes.findall(entry.msgid)) == set(holes.findall(said)), entry.msgid
