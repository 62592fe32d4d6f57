"""Limits and deductibles beside a sum, as desk and phone show them in the reader's language."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy

from lipei.ch03_assessment.accumulators import in_unit
from lipei.ch03_assessment.limits import Standing, standings
from lipei.ch03_assessment.models import Calculation
from lipei.rules import edition
from lipei.rules.products.edition import Words
from lipei.site.choices import spoken

STATES: Mapping[str, tuple[str | Promise, str]] = {
    "waiting": (gettext_lazy("核赔通过后计入"), ""),
    "counted": (gettext_lazy("已计入"), "ok"),
    "given_back": (gettext_lazy("已退回"), "warn"),
}


@dataclass(frozen=True)
class LimitShown:
    """One limit or deductible: what was used of it before a sum, by it, and what is left."""

    name: str
    limit: str
    before: str
    used: str
    left: str
    state: str
    level: str


def limits_shown(standing: Sequence[Standing]) -> list[LimitShown]:
    """Those that limit anything; one that the policy does not have is not told."""
    return [_shown(one) for one in standing if one.is_limited and one.limit_units]


def lasting_limits(calculation: Calculation) -> list[LimitShown]:
    """Those of a year or of a life: what is left of them concerns whoever claims again."""
    rules = edition(calculation.edition).accumulators
    if not any(Standing.outlasts(rule) for rule in rules):
        return []
    held = standings([calculation])[calculation.pk]
    return limits_shown([one for one in held if Standing.outlasts(one.rule)])


def _shown(one: Standing) -> LimitShown:
    words, level = STATES[one.state]
    return LimitShown(
        name=spoken(Words(one.rule.zh, one.rule.en)), limit=_amount(one, one.limit_units),
        before=_amount(one, one.before_units), used=_amount(one, one.used_units),
        left=_amount(one, one.left_units), state=str(words), level=level,
    )  # fmt: skip


def _amount(one: Standing, units: int) -> str:
    zh, en = in_unit(units, one.unit)
    return en if (get_language() or "").startswith("en") else zh
