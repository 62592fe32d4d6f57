"""Marks between words, as the reader's language sets them: 、 or a comma, （） or ()."""

from collections.abc import Iterable

from django.utils.translation import get_language


def listed(words: Iterable[str], *, strong: bool = False) -> str:
    """Words in a row: 甲、乙 or a, b; `strong` sets whole clauses apart."""
    if in_english():
        return ("; " if strong else ", ").join(words)
    return ("；" if strong else "、").join(words)


def aside(words: str, remark: str) -> str:
    """Words with a remark in brackets: 甲（乙） or a (b)."""
    return f"{words} ({remark})" if in_english() else f"{words}（{remark}）"


def labelled(label: str, words: str) -> str:
    """A label before its words: 甲：乙 or a: b."""
    return f"{label}: {words}" if in_english() else f"{label}：{words}"


def in_english() -> bool:
    """Whether the reader reads English."""
    return (get_language() or "").startswith("en")
