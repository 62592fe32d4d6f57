"""What a product must be told, and the named refusal where it is told wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lipei.rules.days import FIRST_DAY, LAST_DAY, day_number, day_of
from lipei.rules.money import MOST_FEN, MOST_HELD, ONE, WHOLE, ZERO, alone

Kind = Literal["fen", "bp", "days", "count", "yes_no", "date", "key", "code"]
Column = NDArray[np.int64] | NDArray[np.bool_]

KINDS = get_args(Kind)
LEAST: dict[str, int] = {kind: 0 for kind in KINDS} | {"date": day_number(FIRST_DAY)}
MOST: dict[str, int] = {
    "fen": MOST_FEN,
    "bp": WHOLE,
    "days": 36_525,
    "count": 1_000_000,
    "yes_no": 1,
    "date": day_number(LAST_DAY),
    "key": MOST_HELD,
    "code": 0,
}
REASONS = {
    "missing": ("没有填写", "is missing"),
    "unknown": ("本产品没有这一项", "is not known to this product"),
    "wrong_kind": ("填写的类型不对", "is of the wrong kind"),
    "negative": ("不能是负数", "must not be negative"),
    "too_small": ("低于允许的最小值", "is below the smallest allowed value"),
    "too_large": ("超过允许的最大值", "is above the largest allowed value"),
    "too_early": ("早于允许的最早日期", "is earlier than the first allowed day"),
    "too_late": ("晚于允许的最晚日期", "is later than the last allowed day"),
    "out_of_order": ("不得早于{than}", "must not be earlier than: {than}"),
    "below": ("不得低于{than}", "must not be below: {than}"),
    "needed": ("填写了{than}，就应当填写", "must be given where this is: {than}"),
    "unlike": ("同一{than}的各行应当相同", "must be the same in all rows of one: {than}"),
    "unsorted": ("同一{than}的各行应当相连", "must stand together in the rows of one: {than}"),
    "not_whole": ("同一{than}的合计应当正好是 100%", "must sum to 100% over one: {than}"),
    "over_whole": ("同一{than}的合计不得超过 100%", "must not sum to over 100% in one: {than}"),
    "unlisted": ("与{than}没有对应的数值", "has no figure together with: {than}"),
    "joined": (
        "其中另有一行不能结算，整组退回",
        "another row of it cannot be settled, so that all its rows go back",
    ),
    "uneven": ("行数与其他列不一致", "has another number of rows than its neighbours"),
    "no_edition": ("当时没有有效的条款版本", "no edition was in force then"),
}
NO, YES = ZERO > ONE, ZERO < ONE
FLAGS, NUMBERS = (bool, np.bool_), (int, np.integer)


class FactRefused(ValueError):
    """A fact that no figure may be computed from.

    `field` names the fact, `reason` is a key of REASONS, `row` the row of a batch (from 0),
    `zh` and `en` say it to a person; `than` is the fact that it was held against, in both.
    """

    def __init__(
        self,
        field: str,
        reason: str,
        *,
        zh: str = "",
        en: str = "",
        row: int | None = None,
        than: tuple[str, str] = ("", ""),
    ) -> None:
        words = REASONS[reason]
        self.field, self.reason, self.row = field, reason, row
        self.zh = f"{zh or field}：{words[0].format(than=than[0])}"
        self.en = f"{en or field}: {words[1].format(than=than[1])}"
        place = "" if row is None else f" (row {row})"
        super().__init__(f"{field} {reason}{place}")


class Code(NamedTuple):
    """One of the values that a fact in codes may have, and its words."""

    slug: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a product is told: a fact of the claim or a term of the policy.

    `default` is None where the fact must be given. `sign`, `part` and `clause` are set where
    the fact itself is a step of the sheet. A date is not earlier than that of `not_before`,
    a number not below that of `not_below`; a fact is the same in all rows with the same key
    `alike`; rates sum to 100% over the rows with the same `whole_in`, or to no more over those
    with the same `part_in`; it must be told where any of `needed_for` is, and may be missing
    where `unless` is given. One that is `later` came into the edition after claims had been
    settled with it. A code is in columns the place of its value in `codes`.
    """

    name: str
    kind: Kind
    zh: str
    en: str
    default: int | None = None
    least: int = 0
    most: int = MOST_FEN
    sign: str = ""
    part: str = ""
    clause: str = ""
    not_before: str = ""
    not_below: str = ""
    alike: str = ""
    whole_in: tuple[str, ...] = ()
    part_in: tuple[str, ...] = ()
    needed_for: tuple[str, ...] = ()
    unless: str = ""
    later: bool = False
    codes: tuple[Code, ...] = ()

    def refused(
        self, reason: str, *, row: int | None = None, than: "Fact | None" = None
    ) -> FactRefused:
        """The refusal of this fact, in the words of its own label."""
        other = (than.zh, than.en) if than else ("", "")
        return FactRefused(self.name, reason, zh=self.zh, en=self.en, row=row, than=other)

    def checked(self, given: object, *, row: int | None = None) -> int:
        """One value, as a whole number (yes is 1, a date the days since 1970-01-01); refused
        by name where it cannot stand. A date may also be a `date` or text like 2025-06-10, a
        code its text."""
        if given is None:
            if self.default is None:
                raise self.refused("missing", row=row)
            return self.default
        number = given if type(given) is int else self._number(given)
        if number is None or (self.kind == "yes_no" and type(given) is int):
            raise self.refused("wrong_kind", row=row)
        if not self.least <= number <= self.most:
            raise self.refused(self.reason_against(number), row=row)
        return number

    def _number(self, given: object) -> int | None:
        """What is not simply a whole number, as one; None where it is of the wrong kind."""
        if self.kind == "yes_no":
            return int(given) if isinstance(given, FLAGS) else None
        if self.kind == "date" and type(given) is date:
            return day_number(given)
        if isinstance(given, NUMBERS) and not isinstance(given, FLAGS):
            return int(given)
        if self.kind == "code" and isinstance(given, str):
            return self.place_of(given)
        return _day_told(given) if self.kind == "date" else None

    def place_of(self, slug: object) -> int:
        """The number that stands for a code; -1 for one that is not known."""
        return next((at for at, code in enumerate(self.codes) if code.slug == slug), -1)

    def reason_against(self, number: int) -> str:
        """Why a number outside the limits of this fact cannot stand."""
        if self.kind == "date":
            return "too_late" if number > self.most else "too_early"
        if self.kind == "code":
            return "unknown"
        if number > self.most:
            return "too_large"
        return "negative" if number < 0 else "too_small"

    def checked_column(self, given: ArrayLike | None, *, height: int) -> Column:
        """A whole column; the first bad row is named. Dates are days since 1970-01-01 or
        datetime64[D]. One value for every row stands alone, but for that of a key."""
        if given is None or np.ndim(given) == 0:
            value = self.checked(given if given is None else np.asarray(given)[()])
            return self.column_of(value, height=height) if self.kind == "key" else self.alone(value)
        column = np.asarray(given)
        if column.shape != (height,):
            raise self.refused("uneven")
        if self.kind == "date" and column.dtype == "M8[D]":
            self._refuse_the_first_of(np.isnat(column), reason="missing")
            column = column.astype(np.int64)
        if self.kind == "code" and column.dtype.kind in "UO":
            column = np.select([column == code.slug for code in self.codes], self._places, -1)
        wanted = "b" if self.kind == "yes_no" else "iu"
        if column.dtype.kind not in wanted:
            raise self.refused("wrong_kind")
        if self.kind == "yes_no":
            return column.astype(np.bool_, copy=False)
        self._refuse_the_first_outside(column)
        return column.astype(np.int64, copy=False)

    def column_of(self, value: int, *, height: int = 1) -> Column:
        """One checked value as a column of this fact's own kind."""
        if self.kind == "yes_no":
            return np.full(height, value, np.bool_)
        return np.full(height, value, np.int64)

    def alone(self, value: int) -> Column:
        """One checked value that stands for every row."""
        if self.kind == "yes_no":
            return YES if value else NO
        return alone(value)

    def column_from(self, values: list[int]) -> Column:
        """Checked values, one for each row, as a column of this fact's own kind."""
        if self.kind == "yes_no":
            return np.array(values, np.bool_)
        return np.array(values, np.int64)

    def spoken(self, value: int) -> bool | int | str:
        """A checked value as it is written on a sheet: yes or no, a date, a code, or the
        number."""
        if self.kind == "yes_no":
            return bool(value)
        if self.kind == "code":
            return self.codes[value].slug
        return day_of(value).isoformat() if self.kind == "date" else value

    @property
    def _places(self) -> list[int]:
        return list(range(len(self.codes)))

    def _refuse_the_first_of(self, is_bad: NDArray[np.bool_], *, reason: str) -> None:
        if is_bad.any():
            raise self.refused(reason, row=int(np.argmax(is_bad)))

    def _refuse_the_first_outside(self, column: NDArray[Any]) -> None:
        if column.size == 0 or (column.min() >= self.least and column.max() <= self.most):
            return
        row = int(np.argmax((column < self.least) | (column > self.most)))
        raise self.refused(self.reason_against(int(column[row])), row=row)


def _day_told(given: object) -> int | None:
    """The number of a day that was given as a date or as its text 2025-06-10."""
    if isinstance(given, np.datetime64) and given.dtype == "M8[D]" and not np.isnat(given):
        return int(given.astype(np.int64))
    if isinstance(given, str):
        try:
            day = date.fromisoformat(given)
        except ValueError:
            return None
        return day_number(day) if day.isoformat() == given else None
    if isinstance(given, date) and not isinstance(given, datetime):
        return day_number(given)
    return None


def refuse_unknown(given: Mapping[str, object], *, known: Mapping[str, Fact]) -> None:
    """A misspelt fact is refused by name; silence would be a wrong figure."""
    for name in given:
        if name not in known:
            raise FactRefused(name, "unknown")
