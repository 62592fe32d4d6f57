"""The acts that open a further part of a claim, and correct whether anybody was hurt."""

from collections.abc import Callable
from functools import partial

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lipei.ch01_general.policies import covers_of
from lipei.ch02_intake.covers import ANSWERS_FOR, LABELS
from lipei.ch02_intake.registration import open_part
from lipei.ch03_assessment.verification import establish_injury
from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.rules import edition
from lipei.site.choices import INJURED, spoken
from lipei.site.desk.exposures import NAMES
from lipei.site.desk.forms import ActForm

Label = str | Promise


class OpenPart(ActForm):
    """A further victim or thing under a cover of the policy."""

    heading: Label = gettext_lazy("开立责任项")
    words: Label = gettext_lazy(
        "每个险种对每一个受损的人或物各开一项。它的材料会一并列出；已立案的案件当即编号。"
    )
    act = pgettext_lazy("act", "开立")
    icon = "stack-2"
    what = forms.ChoiceField(label=gettext_lazy("险种和对象"))
    label = Checked(
        partial(checks.plain_text, limit=80, lines=False), name="label",
        label=gettext_lazy("称谓"), help_text=gettext_lazy("区分同类的几项，例如：伤者甲。"),
    )  # fmt: skip
    reserve_fen = Checked(
        checks.yuan_to_fen, name="reserve_fen", label=gettext_lazy("估损，元"),
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )  # fmt: skip

    def prepare(self) -> None:
        policy = self.scene.claim.policy
        covers = covers_of(policy, at=self.scene.claim.lost_at) if policy else []
        choices = [
            (f"{cover.product}:{thing}", f"{spoken(edition(cover.edition).title)} · {NAMES[thing]}")
            for cover in covers
            for thing in ANSWERS_FOR.get(cover.product, ())
        ]
        self.fields["what"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["label"].initial = LABELS["person"]

    def run(self, by: str) -> str:
        told = self.cleaned_data
        product, _colon, thing = str(told["what"]).partition(":")
        position = open_part(
            self.number, product=product, thing=thing, label=str(told["label"]),
            reserve_fen=int(told["reserve_fen"]), by=by,
        )  # fmt: skip
        return _("已开立第 %(n)s 项") % {"n": position}


class Injury(ActForm):
    """Whether anybody was hurt, as the papers show it."""

    heading: Label = gettext_lazy("更正人伤情况")
    words: Label = gettext_lazy("报案说有人受伤的，没有伤者的责任项就不能理算责任险。")
    act = pgettext_lazy("act", "登记")
    icon = "first-aid-kit"
    injured = forms.ChoiceField(
        label=gettext_lazy("有人受伤吗"), choices=[(o.value, o.title) for o in INJURED],
        widget=forms.RadioSelect,
    )  # fmt: skip

    def prepare(self) -> None:
        self.fields["injured"].initial = "yes" if self.scene.claim.injured else "no"

    def run(self, by: str) -> str:
        establish_injury(self.number, injured=self.cleaned_data["injured"] == "yes", by=by)
        return _("已登记人伤情况")


FORMS: dict[str, Callable[..., ActForm]] = {"part": OpenPart, "injury": Injury}
