"""Refusals: every no has a reason, a next step and a clause."""

from pathlib import Path

import pytest

from lipei.manual import clause, refusal, refusals, section
from lipei.manual.refusal_list import read_refusals

ROW = """[[refusal]]
slug = "too_late"
zh = "已经过了{day}。"
en = "{day} has passed."
next_zh = "请联系我们。"
next_en = "Call us."
clause = "1.1-a"
status = 409
"""


def read(tmp_path: Path, text: str) -> str:
    """Read a table of refusals and give back the words of its one row."""
    path = tmp_path / "refusals.toml"
    path.write_text(text, "utf-8")
    return read_refusals(path)["too_late"].en


def test_every_refusal_cites_a_clause_that_exists() -> None:
    for one in refusals().values():
        assert clause(one.clause).id == one.clause


def test_every_refusal_is_chinese_and_english_and_ends_as_a_sentence() -> None:
    for one in refusals().values():
        for words in (one.zh, one.next_zh):
            assert words.endswith("。"), one.slug
            assert any("\u4e00" <= letter <= "\u9fff" for letter in words), one.slug
        for words in (one.en, one.next_en):
            assert words.endswith("."), one.slug
            assert not any("\u4e00" <= letter <= "\u9fff" for letter in words), one.slug


def test_the_list_is_sorted_by_the_chapters_of_the_manual() -> None:
    chapters = [section(clause(one.clause).section).chapter for one in refusals().values()]
    assert chapters == sorted(chapters)


def test_a_slug_without_a_row_is_our_own_mistake() -> None:
    assert refusal("claim_not_found").status == 404
    with pytest.raises(KeyError):
        refusal("never_written")


def test_a_row_is_read(tmp_path: Path) -> None:
    assert read(tmp_path, ROW) == "{day} has passed."


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"1.1-a"', '"somewhere"', "is no clause id"),
        ("409", "500", "status 500"),
        ("{day} has", "It has", "want different values filled"),
        ('next_en = "Call us."', "", "next_en must be a text"),
        ('next_en = "Call us."', 'next_en = ""', "next_en must not be empty"),
        ("status = 409", 'status = 409\ntone = "kind"', "unknown columns"),
        ("status = 409", "status = 409\n" + ROW, "stands twice"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, old: str, new: str, why: str) -> None:
    with pytest.raises(ValueError, match=why) as error:
        read(tmp_path, ROW.replace(old, new))
    assert "too_late" in str(error.value)
