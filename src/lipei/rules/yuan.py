"""Amounts and rates as a person reads them."""

from collections.abc import Mapping
from typing import Literal

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


def in_words(words: str, columns: Mapping[str, int], *, language: Language) -> str:
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
        return percent(value) if name.endswith("_bp") else str(value)
