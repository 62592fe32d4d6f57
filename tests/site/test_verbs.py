"""The words of the journal: one table for desk and phone."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from django.utils import translation

import lipei
from lipei.site.desk.acts import KINDS
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


COMMANDS = re.compile(
    r"(Add|Approve|Archive|Arrange|Ask|Assign|Calculate|Check|Close|Correct|Give|Issue|Lift|"
    r"Link|Make|Mark|Open|Prepare|Propose|Prove|Recalculate|Record|Register|Release|Reopen|Report|"
    r"Run|Send|Stop|Tell|View|Withdraw) "
)


def test_every_verb_says_in_english_what_happened_and_none_asks_for_it():
    with translation.override("en"):
        told = {name: str(one.words) for name, one in VERBS.items()}
    assert [words for words in told.values() if COMMANDS.match(words + " ")] == []
    assert told["intake.claim_reported"] == "Claim reported"
    assert told["intake.claim_registered"] == "Claim registered"
    assert len(set(told.values())) == len(told)


def test_the_same_chinese_asks_for_an_act_and_tells_of_one_in_words_of_their_own():
    with translation.override("en"):
        assert str(VERBS["intake.claim_linked"].words) == "Policy linked"
        assert str(KINDS["link"].label) == "Link the policy"
