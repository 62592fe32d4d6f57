"""The estimate interval as an act of the desk: ticked parts, or two sums with their basis."""

from functools import partial

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lipei.ch02_intake.estimates import COST_FACT
from lipei.ch02_intake.estimating import give_estimate
from lipei.ch02_intake.filing import Damage
from lipei.kit import checks, clock
from lipei.kit.forms import Checked
from lipei.rules.estimate import price_table
from lipei.site import choices
from lipei.site.desk.exposures import NAMES
from lipei.site.desk.forms import LONG, ActForm, Label

MONEY = forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"})


class Estimate(ActForm):
    """出预估区间: from the parts that the photographs show, or in words."""

    heading: Label = gettext_lazy("出预估区间")
    words: Label = gettext_lazy(
        "看照片勾选受损部位，按价格表和保单限额计算区间，客户会看到依据。区间不是赔付承诺。"
    )
    act = gettext_lazy("给出区间")
    icon = "sparkles"
    part = "desk/part_estimate.html"
    low_fen = Checked(
        checks.yuan_to_fen, name="low_fen", label=gettext_lazy("区间下限"), required=False,
        help_text=gettext_lazy("元"), widget=MONEY,
    )  # fmt: skip
    high_fen = Checked(
        checks.yuan_to_fen, name="high_fen", label=gettext_lazy("区间上限"), required=False,
        help_text=gettext_lazy("元"), widget=MONEY,
    )  # fmt: skip
    basis = Checked(
        partial(checks.plain_text, limit=300, empty=False), name="basis", required=False,
        label=gettext_lazy("依据"), widget=LONG,
        help_text=gettext_lazy("客户会看到，例如：照片所见、修理厂报价、保单限额。"),
    )  # fmt: skip

    def prepare(self) -> None:
        claim = self.scene.claim
        table = price_table(claim.reported_at.astimezone(clock.LOCAL).date())
        told = {(d["thing"], d["part"]): d["severity"] for d in claim.facts.get("damage", [])}
        severities = [("", "—"), *((k, choices.spoken(w)) for k, w in table.severities.items())]
        things = dict.fromkeys(e.thing for e in self.scene.live if e.product in COST_FACT)
        self.marks = {
            f"damage_{thing}_{part}": (thing, part) for thing in things for part in table.parts
        }
        for name, (thing, part) in self.marks.items():
            self.fields[name] = forms.ChoiceField(
                label=choices.spoken(table.parts[part]), choices=severities, required=False,
                initial=told.get((thing, part), ""),
            )  # fmt: skip

    @property
    def asked(self) -> list[forms.BoundField]:
        return [self[name] for name in ("low_fen", "high_fen", "basis")]

    def damage_fields(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields of the damaged parts, by thing."""
        things = dict.fromkeys(thing for thing, _part in self.marks.values())
        return [
            (
                str(NAMES.get(thing, thing)),
                [self[n] for n, (t, _p) in self.marks.items() if t == thing],
            )
            for thing in things
        ]

    def run(self, by: str) -> str:
        told = self.cleaned_data
        damage = [
            Damage(thing, part, told[name])
            for name, (thing, part) in self.marks.items()
            if told[name]
        ]
        give_estimate(
            self.number, damage=damage, low_fen=_fen(told["low_fen"]),
            high_fen=_fen(told["high_fen"]), basis=str(told["basis"]), by=by,
        )  # fmt: skip
        return _("已给出预估区间")


def _fen(typed: object) -> int | None:
    return typed if isinstance(typed, int) else None
