"""What people and table programs write into cells, brought to the form that the door knows."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from unicodedata import normalize

from lipei.kit import checks
from lipei.kit.refusal import Refused

DAY = re.compile(
    r"([0-9]{4})(?:-([0-9]{1,2})-([0-9]{1,2})|/([0-9]{1,2})/([0-9]{1,2})"
    r"|\.([0-9]{1,2})\.([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日|([0-9]{2})([0-9]{2}))"
    r"(?:[T ]?(?:([0-9]{1,2})[:时]([0-9]{1,2})分?(?::?([0-9]{1,2})秒?)?|([0-9]{1,2})时))?"
)
WAN = re.compile(r"¥?([0-9]{1,9}(?:\.[0-9]{1,6})?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,6})?)万元?")
WAN_FEN = 1_000_000
RATE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,2})?)%")
WHOLE_RATE = 100
YES = ("true", "1", "yes", "y", "是", "有", "已付", "已缴", "已交", "paid")
NO = ("false", "0", "no", "n", "否", "无", "未付", "未缴", "未交", "欠费", "unpaid")


def _plain(value: object, field: str) -> str:
    text = checks.plain_text(value, field=field, limit=checks.NUMBER_LIMIT, lines=False)
    return normalize("NFKC", text)


def day_cell(value: object, *, field: str) -> date:
    """A day as people write it: 2026-05-01, 2026/5/1, 2026.5.1, 20260501, 2026年5月1日."""
    found = DAY.fullmatch(_plain(value, field))
    if found is None or any(found.group(n) for n in (12, 15)):
        raise Refused("day_cell_wrong", field=field)
    return checks.day(_iso_day(found, field), field=field)


def instant_cell(value: object, *, field: str) -> datetime:
    """A day with an hour, or without one, which is its first instant; in China's time unless
    the cell names a zone."""
    text = _plain(value, field)
    found = DAY.fullmatch(text)
    if found is None:
        if checks.MOMENT.fullmatch(text):
            return checks.local_instant(text, field=field)
        raise Refused("day_cell_wrong", field=field)
    hour, minute, second = (int(found.group(n) or 0) for n in (12, 13, 14))
    told = f"{_iso_day(found, field)}T{int(found.group(15) or hour):02}:{minute:02}:{second:02}"
    return checks.local_instant(told, field=field)


def _iso_day(found: re.Match[str], field: str) -> str:
    month, day = next(
        (int(found.group(n)), int(found.group(n + 1))) for n in (2, 4, 6, 8, 10) if found.group(n)
    )
    try:
        return date(int(found.group(1)), month, day).isoformat()
    except ValueError:
        raise Refused("day_cell_wrong", field=field) from None


def amount_cell(value: object, *, field: str) -> int:
    """An amount in exact fen: yuan as people write them, or ten thousands of yuan (12.5万)."""
    text = "".join(_plain(value, field).split())
    found = WAN.fullmatch(text)
    if found is None:
        return checks.yuan_to_fen(text, field=field)
    fen = Decimal(found[1].replace(",", "")) * WAN_FEN
    if fen != fen.to_integral_value():
        raise Refused("amount_wrong", field=field)
    return checks.fen(int(fen), field=field)


def rate_cell(value: object, *, field: str) -> int:
    """A rate in basis points, written as a percentage: 90%, 12.5 %."""
    found = RATE.fullmatch("".join(_plain(value, field).split()))
    if found is None or Decimal(found[1]) > WHOLE_RATE:
        raise Refused("rate_wrong", field=field)
    return int(Decimal(found[1]) * WHOLE_RATE)


def yes_no_cell(value: object, *, field: str) -> bool:
    """Yes or no in either language."""
    text = _plain(value, field).lower()
    if text in YES or text in NO:
        return text in YES
    raise Refused("yes_no_wrong", field=field)


def code_cell(value: object, *, field: str, codes: Mapping[str, str]) -> str:
    """The word of a list that a cell means, by any of the names under which it is known."""
    found = codes.get(_plain(value, field).lower())
    if found is None:
        raise Refused("choice_unknown", field=field)
    return found
