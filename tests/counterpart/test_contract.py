"""What the department says and what the gateway has registered are the same texts."""

from counterpart.bank import REASONS, TEST_ACCOUNTS
from counterpart.messages import BLANK, TEMPLATES
from lipei.ch01_general.wording import WORDINGS
from lipei.kit.bank import RETURN_REASONS


def test_every_wording_is_registered_with_the_same_blanks():
    for name, wording in WORDINGS.items():
        assert set(BLANK.findall(TEMPLATES[wording.number])) == set(wording.blanks), name


def test_every_reason_of_the_bank_has_words_for_the_claimant():
    assert set(REASONS) <= set(RETURN_REASONS)
    assert {reason for _, reason in TEST_ACCOUNTS.values() if reason} <= set(RETURN_REASONS)
