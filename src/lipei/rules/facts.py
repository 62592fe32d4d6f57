"""What a product must be told, and the named refusal where it is told wrongly."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from lipei.rules.money import MOST_FEN, WHOLE

Kind = Literal["fen", "bp", "days", "count", "yes_no"]
Column = NDArray[np.int64] | NDArray[np.bool_]

KINDS = get_args(Kind)
MOST: dict[str, int] = {
    "fen": MOST_FEN,
    "bp": WHOLE,
    "days": 36_525,
    "count": 1_000_000,
    "yes_no": 1,
}
REASONS = {
    "missing": ("没有填写", "is missing"),
    "unknown": ("本产品没有这一项", "is not known to this product"),
    "wrong_kind": ("填写的类型不对", "is of the wrong kind"),
    "negative": ("不能是负数", "must not be negative"),
    "too_small": ("低于允许的最小值", "is below the smallest allowed value"),
    "too_large": ("超过允许的最大值", "is above the largest allowed value"),
    "uneven": ("行数与其他列不一致", "has another number of rows than its neighbours"),
    "no_edition": ("当时没有有效的条款版本", "no edition was in force then"),
}


class FactRefused(ValueError):
    """A fact that no figure may be computed from.

    `field` names the fact, `reason` is a key of REASONS, `row` the row of a batch (from 0),
    `zh` and `en` say it to a person.
    """

    def __init__(
        self, field: str, reason: str, *, zh: str = "", en: str = "", row: int | None = None
    ) -> None:
        assert reason in REASONS
        self.field, self.reason, self.row = field, reason, row
        self.zh = f"{zh or field}：{REASONS[reason][0]}"
        self.en = f"{en or field}: {REASONS[reason][1]}"
        place = "" if row is None else f" (row {row})"
        super().__init__(f"{field} {reason}{place}")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a product is told: a fact of the claim or a term of the policy.

    `default` is None where the fact must be given. `sign`, `part` and `clause` are set where
    the fact itself is a step of the sheet.
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

    def refused(self, reason: str, *, row: int | None = None) -> FactRefused:
        """The refusal of this fact, in the words of its own label."""
        return FactRefused(self.name, reason, zh=self.zh, en=self.en, row=row)

    def checked(self, given: object) -> int:
        """One value, as a whole number (yes is 1); refused by name where it cannot stand."""
        if given is None:
            if self.default is None:
                raise self.refused("missing")
            return self.default
        is_flag = isinstance(given, bool | np.bool_)
        if is_flag != (self.kind == "yes_no") or not isinstance(given, int | np.integer | np.bool_):
            raise self.refused("wrong_kind")
        number = int(given)
        if not self.least <= number <= self.most:
            raise self.refused(self.reason_against(number))
        return number

    def reason_against(self, number: int) -> str:
        """Why a number outside the limits of this fact cannot stand."""
        if number > self.most:
            return "too_large"
        return "negative" if number < 0 else "too_small"

    def checked_column(self, given: ArrayLike | None, *, height: int) -> Column:
        """A whole column, or one value for every row; the first bad row is named."""
        if given is None or np.ndim(given) == 0:
            value = self.checked(given if given is None else np.asarray(given)[()])
            return self.column_of(value, height=height)
        column = np.asarray(given)
        if column.shape != (height,):
            raise self.refused("uneven")
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

    def _refuse_the_first_outside(self, column: NDArray[Any]) -> None:
        if column.size == 0 or (column.min() >= self.least and column.max() <= self.most):
            return
        row = int(np.argmax((column < self.least) | (column > self.most)))
        raise self.refused(self.reason_against(int(column[row])), row=row)


def refuse_unknown(given: Mapping[str, object], *, known: Mapping[str, Fact]) -> None:
    """A misspelt fact is refused by name; silence would be a wrong figure."""
    for name in given:
        if name not in known:
            raise FactRefused(name, "unknown")
