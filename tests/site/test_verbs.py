"""The words of the journal: one table for desk and phone."""

from importlib import import_module
from pathlib import Path

import pytest

import lipei
from lipei.site.verbs import VERBS, told_to_claimant, verb

ROOT = Path(lipei.__file__).parent
CHAPTERS = sorted(p.parent.name for p in ROOT.glob("ch*_*/events.py"))


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_every_event_of_a_chapter_has_its_words(chapter):
    events = import_module(f"lipei.{chapter}.events")
    told = [getattr(events, name) for name in dir(events) if name.isupper()]
    assert [one for one in told if one not in VERBS] == []


def test_an_entry_of_our_own_work_is_not_told_to_the_claimant():
    assert told_to_claimant("intake.claim_reported")
    assert not told_to_claimant("intake.claim_flagged")


def test_a_verb_that_nobody_described_is_shown_by_its_name():
    assert verb("later.something_done").words == "later.something_done"
