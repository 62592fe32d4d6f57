"""Amounts and rates as a person reads them."""

from collections.abc import Mapping
from typing import Literal

from lipei.rules.days import day_of
from lipei.rules.money import WHOLE

FEN_A_YUAN = 100
Language = Literal["zh", "en"]


def yuan(amount_fen: int) -> str:
    """Fen as yuan with two decimals and thousands separators: 1963260 is 19,632.60."""
    minus = "-" if amount_fen < 0 else ""
    whole, fen = divmod(abs(amount_fen), FEN_A_YUAN)
    return f"{minus}{whole:,}.{fen:02d}"


def percent(rate_bp: int) -> str:
    """Basis points as a percentage without idle zeros: 7000 is 70%, 1250 is 12.5%."""
    whole, below = divmod(rate_bp, WHOLE // 100)
    return f"{whole}.{below:02d}".rstrip("0").rstrip(".") + "%"


def day_in_words(number: int, *, language: Language) -> str:
    """A day as a person reads it: 2025年6月10日 in Chinese, 2025-06-10 in English."""
    day = day_of(number)
    return f"{day.year}年{day.month}月{day.day}日" if language == "zh" else day.isoformat()


def in_words(words: str, *, columns: Mapping[str, int], language: Language) -> str:
    """Fill the columns named in braces into a sentence, each in its own unit."""
    if "{" not in words:
        return words
    return words.format_map(_Spoken(columns, language))


class _Spoken(dict[str, str]):
    def __init__(self, columns: Mapping[str, int], language: Language) -> None:
        super().__init__()
        self._columns, self._language = columns, language

    def __missing__(self, name: str) -> str:
        value = self._columns[name]
        if name.endswith("_fen"):
            return f"{yuan(value)} 元" if self._language == "zh" else f"CNY {yuan(value)}"
        if name.endswith("_on"):
            return day_in_words(value, language=self._language)
        return percent(value) if name.endswith("_bp") else str(value)


DIGITS = "零壹贰叁肆伍陆柒捌玖"
PLACES = ("仟", "佰", "拾", "")
SECTIONS = ("", "万", "亿", "万亿")


def in_capitals(amount_fen: int) -> str:
    """An amount as a Chinese payment voucher writes it: 32504 is 人民币叁佰贰拾伍元零肆分.

    Not negative; from one yuan of whole yuan upwards it ends in 整. Raises AssertionError
    above sixteen digits of yuan.
    """
    assert amount_fen >= 0
    whole, fen = divmod(amount_fen, FEN_A_YUAN)
    words = f"{_whole_yuan(whole)}元" if whole or not fen else ""
    if not fen:
        return f"人民币{words}整"
    jiao, last = divmod(fen, 10)
    middle = f"{DIGITS[jiao]}角" if jiao else ("零" if whole else "")
    return f"人民币{words}{middle}" + (f"{DIGITS[last]}分" if last else "整")


def _whole_yuan(whole: int) -> str:
    if whole == 0:
        return DIGITS[0]
    digits = str(whole)
    assert len(digits) <= len(PLACES) * len(SECTIONS)
    digits = digits.zfill(len(PLACES) * len(SECTIONS))
    words, has_gap = "", False
    for at, name in zip(range(0, len(digits), len(PLACES)), reversed(SECTIONS), strict=True):
        section = digits[at : at + len(PLACES)]
        if int(section) == 0:
            has_gap = bool(words)
            continue
        has_gap = bool(words) and (has_gap or section[0] == "0")
        words += (DIGITS[0] if has_gap else "") + _section(section) + _unit(name, digits[at + 4 :])
        has_gap = False
    return words


def _unit(name: str, lower: str) -> str:
    """万亿 is said as 万 where a section of 亿 follows: 壹万贰仟亿, not 壹万亿贰仟亿."""
    if name == "万亿" and int(lower[: len(PLACES)]):
        return "万"
    return name


def _section(digits: str) -> str:
    words = ""
    for place, digit in zip(PLACES, digits, strict=True):
        if digit != "0":
            words += DIGITS[int(digit)] + place
        elif words and not words.endswith(DIGITS[0]):
            words += DIGITS[0]
    return words.rstrip(DIGITS[0])
