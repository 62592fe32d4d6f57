"""The forms of a visit: arrival, one line of the loss list, the end."""

import re
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy

from lipei.ch01_general.models import Claim, Exposure
from lipei.ch03_assessment.investigation import MOST_LINES, Line, damaged
from lipei.ch03_assessment.models import LossLine
from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.kit.refusal import Refused

PLACE = re.compile(r"-?[0-9]{1,2}\.[0-9]{1,7},-?[0-9]{1,3}\.[0-9]{1,7}")


class ArriveForm(forms.Form):
    """Where the assessor is: the device's position, or why there is none."""

    where = forms.CharField(required=False, max_length=60, widget=forms.HiddenInput)
    device_at = forms.CharField(required=False, max_length=40, widget=forms.HiddenInput)
    no_position_reason = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=100, lines=False),
        name="no_position_reason", label=gettext_lazy("没有定位的原因"), required=False,
        help_text=gettext_lazy("手机给不出位置时填写，例如：地下车库没有信号。"),
    )  # fmt: skip

    def told(self) -> dict[str, Any]:
        """What the command takes; a device's time and a place that make no sense
        are left out."""
        found = dict(self.cleaned_data)
        if not PLACE.fullmatch(found["where"]):
            found["where"] = ""
        try:
            found["device_at"] = checks.instant(found["device_at"], field="device_at")
        except Refused:
            found["device_at"] = None
        return found


def damaged_of(claim: Claim) -> list[Exposure]:
    """What is looked at in a visit, each object once."""
    return damaged(list(claim.exposures.order_by("position")))


def object_title(one: Exposure, objects: Mapping[int, Exposure]) -> str:
    """An object by its kind; of several of a kind, by its name too."""
    several = sum(other.thing == one.thing for other in objects.values()) > 1
    kind = str(one.get_thing_display())
    return f"{kind} · {one.label}" if several else kind


class LineForm(forms.Form):
    """One line of the loss list, in yuan as people write it."""

    position = forms.IntegerField(min_value=1, max_value=MOST_LINES, widget=forms.HiddenInput)
    seen = forms.IntegerField(min_value=0, max_value=MOST_LINES, widget=forms.HiddenInput)
    thing = forms.TypedChoiceField(coerce=int, label=gettext_lazy("哪一方的损失"))
    part = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=60, lines=False),
        name="part", label=gettext_lazy("损失部位"),
    )  # fmt: skip
    action = forms.ChoiceField(
        label=gettext_lazy("怎么处理"), choices=LossLine.Action, widget=forms.RadioSelect
    )
    unit_price = Checked(
        checks.yuan_to_fen, name="unit_price", label=gettext_lazy("单价"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    quantity = forms.IntegerField(
        label=gettext_lazy("数量"), min_value=1, max_value=MOST_LINES, initial=1
    )
    salvage = Checked(
        checks.yuan_to_fen, name="salvage", label=gettext_lazy("残值"), required=False,
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip
    remark = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=100, lines=False),
        name="remark", label=gettext_lazy("备注"), required=False,
    )  # fmt: skip

    def __init__(self, *args: Any, claim: Claim, **kwargs: Any) -> None:  # noqa: ANN401
        super().__init__(*args, **kwargs)
        self.objects = {one.position: one for one in damaged_of(claim)}
        told = [(at, object_title(one, self.objects)) for at, one in self.objects.items()]
        self.fields["thing"].choices = told  # type: ignore[attr-defined]  # a ChoiceField

    def line(self) -> Line:
        """The line as the command takes it, in fen."""
        told = self.cleaned_data
        of = self.objects[told["thing"]]
        return Line(
            thing=of.thing, label=of.label, part=told["part"], action=told["action"],
            unit_price_fen=told["unit_price"], quantity=told["quantity"],
            salvage_fen=told["salvage"] or 0, remark=told["remark"],
        )  # fmt: skip


class FinishForm(forms.Form):
    """What was found, and by whom."""

    findings = Checked(
        checks.plain_text, name="findings", label=gettext_lazy("查勘结论"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("痕迹是否与报案相符、受损范围、是否有疑点。"),
    )  # fmt: skip
    signed_name = Checked(
        lambda text, field: checks.person_name(text, field=field)[:40],
        name="signed_name", label=gettext_lazy("查勘员签名"),
        help_text=gettext_lazy("输入本人姓名即为签名。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )  # fmt: skip
