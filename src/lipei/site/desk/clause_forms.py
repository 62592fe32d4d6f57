"""The form in which a change of a clause is proposed: its own numbers, and nothing else."""

import re
from collections.abc import Mapping
from unicodedata import normalize

from django import forms
from django.utils.translation import gettext_lazy as _

from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.kit.refusal import Refused
from lipei.manual import Clause, Limit, columns_of
from lipei.manual.clauses import BETWEEN, OPERATORS
from lipei.site.desk.manual import SIGNS, UNIT_WORDS
from lipei.site.faces import yuan_words

WHOLE = re.compile(r"[0-9]{1,9}")
PERCENT = re.compile(r"([0-9]{1,5})(?:\.([0-9]{1,2}))?%?")
HUNDRED = 100
REASON = 500


class ClauseForm(forms.Form):
    """The numbers of one clause from a day on, and why."""

    effective_from = Checked(
        lambda text, field: checks.day(text, field=field), name="effective_from",
        label=_("自哪天起"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("明天或以后；已在跑的时限仍按原来的版本。"),
    )  # fmt: skip
    reason = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=REASON), name="reason",
        label=_("为什么改"), widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    based_on = forms.CharField(widget=forms.HiddenInput, required=False, max_length=20)

    def __init__(self, row: Clause, **plain: object) -> None:
        super().__init__(**plain)  # type: ignore[arg-type]  # Django checks them itself
        self.row = row
        self.fields["based_on"].initial = row.edition
        for one in row.limits:
            self.fields.update(
                _fields(one, is_one=len(row.limits) == 1, may_compare=row.kind != "clock")
            )
        if row.number_from == "law":
            self.fields["article"] = Checked(
                lambda text, field: checks.plain_text(text, field=field, limit=60, lines=False),
                name="article", label=_("依据条文"), initial=row.article,
                help_text=_("放宽法定数值，须写明修改后的条文。"),
            )  # fmt: skip
        self.order_fields([n for n in self.fields if n not in {"effective_from", "reason"}])

    @property
    def numbers(self) -> list[forms.BoundField]:
        """The fields of the clause's own numbers, in their order."""
        return [self[name] for name in self.fields if name.partition("__")[1]]

    def changes(self) -> dict[str, object]:
        """What the command is asked for: numbers, and the article where there is one."""
        told = self.cleaned_data
        limits = columns_of(self.row)["limits"]
        assert isinstance(limits, list)
        asked: dict[str, object] = {"limits": [_limit(one, told) for one in limits]}
        if told.get("article"):
            asked["article"] = told["article"]
        return asked


def read_number(text: object, *, unit: str, field: str) -> int:
    """A number as people write it in its unit: yuan, per cent, or whole."""
    if unit == "fen":
        return checks.yuan_to_fen(text, field=field)
    said = normalize("NFKC", checks.plain_text(text, field=field, limit=24, lines=False))
    found = (PERCENT if unit == "bp" else WHOLE).fullmatch(said.replace(",", ""))
    if found is None:
        raise Refused("number_wrong", field=field)
    if unit != "bp":
        return int(found[0])
    return int(found[1]) * HUNDRED + int((found[2] or "").ljust(2, "0"))


def written(value: int, *, unit: str) -> str:
    """A number as it stands in its field."""
    if unit == "fen":
        return yuan_words(value)
    return f"{value // HUNDRED}.{value % HUNDRED:02d}" if unit == "bp" else str(value)


def _fields(one: Limit, *, is_one: bool, may_compare: bool) -> dict[str, forms.Field]:
    label = _("数值") if is_one else one.name
    found: dict[str, forms.Field] = {}
    if may_compare and one.operator != BETWEEN:
        found[f"operator__{one.name}"] = forms.ChoiceField(
            label=_("比较") if is_one else f"{one.name} · {_('比较')}",
            choices=[(sign, SIGNS[sign]) for sign in OPERATORS], initial=one.operator,
        )  # fmt: skip
    ends = {"value": one.value} if one.upper is None else {"value": one.value, "upper": one.upper}
    for end, value in ends.items():
        found[f"{end}__{one.name}"] = Checked(
            lambda text, field: read_number(text, unit=one.unit, field=field),
            name=f"{end}__{one.name}", label=label if end == "value" else _("上限"),
            initial=written(value, unit=one.unit), help_text=UNIT_WORDS[one.unit],
            widget=forms.TextInput(attrs={"inputmode": "decimal"}),
        )  # fmt: skip
    return found


def _limit(one: Mapping[str, object], told: Mapping[str, object]) -> dict[str, object]:
    name = one["name"]
    asked = {"value": told[f"value__{name}"], "upper": told.get(f"upper__{name}"),
             "operator": told.get(f"operator__{name}")}  # fmt: skip
    return {**one, **{k: v for k, v in asked.items() if v not in (None, "")}}
