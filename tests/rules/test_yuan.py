"""Amounts are written as a person reads them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lipei.rules.yuan import DIGITS, in_capitals, in_words, percent, yuan


@pytest.mark.parametrize(
    ("fen", "words"),
    [(0, "0.00"), (1, "0.01"), (1_963_260, "19,632.60"), (-205, "-2.05")],
)
def test_fen_are_shown_as_yuan(fen, words):
    assert yuan(fen) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [(0, "0%"), (7_000, "70%"), (1_250, "12.5%"), (1, "0.01%"), (10_000, "100%")],
)
def test_basis_points_are_shown_as_a_percentage(rate, words):
    assert percent(rate) == words


@pytest.mark.parametrize(
    ("fen", "words"),
    [
        (0, "人民币零元整"),
        (5, "人民币伍分"),
        (50, "人民币伍角整"),
        (100, "人民币壹元整"),
        (1_000, "人民币壹拾元整"),
        (32_504, "人民币叁佰贰拾伍元零肆分"),
        (140_950, "人民币壹仟肆佰零玖元伍角整"),
        (600_714, "人民币陆仟零柒元壹角肆分"),
        (1_963_260, "人民币壹万玖仟陆佰叁拾贰元陆角整"),
        (10_000_500, "人民币壹拾万零伍元整"),
        (10_700_053, "人民币壹拾万柒仟元伍角叁分"),
        (1_000_000_000_000, "人民币壹佰亿元整"),
        (10_000_000_100, "人民币壹亿零壹元整"),
        (100_000_000_000_000, "人民币壹万亿元整"),
        (120_000_000_000_000, "人民币壹万贰仟亿元整"),
        (120_000_000_000_300, "人民币壹万贰仟亿零叁元整"),
    ],
)
def test_an_amount_is_written_in_capitals_as_on_a_voucher(fen, words):
    assert in_capitals(fen) == words


def read_back(words):
    """The number that a person reads from capitals; an independent reader."""
    within = {"拾": 10, "佰": 100, "仟": 1_000}
    total = section = digit = below = 0
    for sign in words.removeprefix("人民币").removesuffix("整"):
        if sign in DIGITS:
            digit = DIGITS.index(sign)
            continue
        if sign in within:
            section += digit * within[sign]
        elif sign in "角分":
            below += digit * {"角": 10, "分": 1}[sign]
        elif sign == "亿":
            total, section = (total + section + digit) * 10**8, 0
        else:
            total, section = total + (section + digit) * {"万": 10**4, "元": 1}[sign], 0
        digit = 0
    return total * 100 + below


@given(st.integers(0, 10**15) | st.integers(0, 10**11) | st.integers(0, 10**6))
def test_capitals_read_back_as_the_same_amount(fen):
    words = in_capitals(fen)
    assert read_back(words) == fen
    assert "零零" not in words


def test_a_reason_names_its_columns_in_their_own_units():
    columns = {"limit_fen": 200_000, "share_bp": 7_000, "stay_days": 3}
    assert in_words("限额 {limit_fen}", columns=columns, language="zh") == "限额 2,000.00 元"
    assert in_words("{limit_fen} left", columns=columns, language="en") == "CNY 2,000.00 left"
    assert in_words("{share_bp}/{stay_days}", columns=columns, language="en") == "70%/3"
