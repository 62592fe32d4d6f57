"""What stops a claim or a part of it, as acts of the desk: a nil sum, its close, a hold, a flag."""

from collections.abc import Callable, Sequence
from functools import partial

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from lipei.ch01_general.holds import KINDS, lift_hold, place_hold
from lipei.ch01_general.models import Exposure, Hold
from lipei.ch01_general.stages import ORDER, Stage
from lipei.ch02_intake.irregular import OUTCOMES, settle_flag
from lipei.ch02_intake.models import Flag
from lipei.ch04_payment.vouchers import close_claim, close_nil, nil_parts
from lipei.kit import checks
from lipei.kit.forms import Checked
from lipei.manual import clause
from lipei.site.desk.exposures import exposure_title, sum_of
from lipei.site.desk.forms import LONG, ActForm, Label
from lipei.site.desk.words import FLAGS, HOLDS, OUTCOMES_WORDED
from lipei.site.journey.parts import why_nil

Note = Callable[[Exposure], str]


class Reason(Checked):
    """Why: a text that an auditor will read."""

    def __init__(self, label: Label) -> None:
        super().__init__(
            partial(checks.plain_text, limit=200, empty=False), name="reason", label=label,
            help_text=gettext_lazy("写明看到了什么，审计会看。"), widget=LONG,
        )  # fmt: skip


class CloseNil(ActForm):
    """零结案: nothing is payable of a part, so it ends without a payment."""

    heading: Label = pgettext_lazy("act", "零结案")
    words: Label = gettext_lazy(
        "核定后没有可赔金额，不制单、不付款。客户会收到理由，仍可提出异议；先予支付等时限不再计。"
    )
    act = pgettext_lazy("act", "零结案")
    icon = "flag-check"
    position = forms.TypedChoiceField(
        coerce=int, label=gettext_lazy("哪一项"), widget=forms.RadioSelect
    )

    def prepare(self) -> None:
        _choose_part(self, nil_parts(self.scene.exposures), note=why_nil)

    def run(self, by: str) -> str:
        close_nil(self.number, position=self.cleaned_data["position"], by=by)
        return _("已零结案，客户会收到理由")


class CloseClaim(ActForm):
    """结案: everything is paid or has ended; what follows is the claim's volume."""

    heading: Label = gettext_lazy("办理结案")
    act = gettext_lazy("确认结案")
    icon = "flag-check"
    part = "desk/part_losses.html"

    def prepare(self) -> None:
        told = {"arranged": clause("1.3-k-final").value, "shelved": clause("9.2-a").value}
        self.words = _(
            "各项都已付清或终止，不留未决准备金。结案后案件不再办理，从结案起：%(arranged)s 天内"
            "完成材料的最终整理，%(shelved)s 天内移交档案室。"
        ) % {name: str(days) for name, days in told.items()}

    @property
    def sums(self) -> list[dict[str, object]]:
        """What was paid for each part, or how it ended."""
        told = [(exposure_title(e), *sum_of(e)) for e in self.scene.exposures]
        return [{"name": name, "fen": fen, "kind": kind} for name, fen, kind in told]

    def run(self, by: str) -> str:
        close_claim(self.number, by=by)
        return _("已结案，归档时限开始计时")


class PlaceHold(ActForm):
    """中止付款: one part is not paid until somebody lifts the hold."""

    heading: Label = gettext_lazy("中止付款")
    words: Label = gettext_lazy(
        "这一项在解除之前付不出去；其他各项照常。法定时限照常计时，也不告诉客户中止的原因。"
    )
    act = gettext_lazy("中止付款")
    icon = "hand-stop"
    is_grave = True
    position = forms.TypedChoiceField(
        coerce=int, label=gettext_lazy("哪一项"), widget=forms.RadioSelect
    )
    kind = forms.ChoiceField(label=gettext_lazy("哪一种"), choices=[(k, HOLDS[k]) for k in KINDS])
    reason = Reason(gettext_lazy("依据"))

    def prepare(self) -> None:
        unpaid = [e for e in self.scene.live if ORDER[Stage(e.stage)] < ORDER[Stage.PAID]]
        _choose_part(self, unpaid)

    def run(self, by: str) -> str:
        told = self.cleaned_data
        place_hold(self.number, position=told["position"], kind=told["kind"],
                   reason=str(told["reason"]), by=by)  # fmt: skip
        return _("已中止付款")


class LiftHold(ActForm):
    """解除中止: somebody else than who placed the hold lets the payment go on."""

    heading: Label = gettext_lazy("解除中止")
    words: Label = gettext_lazy("设置中止的人不能自己解除。解除后这一项可以付款。")
    act = gettext_lazy("解除中止")
    icon = "lock-open"
    hold = forms.TypedChoiceField(
        coerce=int, label=gettext_lazy("哪一项"), widget=forms.RadioSelect
    )
    reason = Reason(gettext_lazy("解除的理由"))

    def prepare(self) -> None:
        _choose_one(self, "hold", [(one.pk, _hold(one)) for one in self.scene.holds])

    def run(self, by: str) -> str:
        told = self.cleaned_data
        lift_hold(self.number, hold=told["hold"], reason=str(told["reason"]), by=by)
        return _("已解除中止")


class SettleFlag(ActForm):
    """处理异常标记: what came of a flag; then the claim flows on."""

    heading: Label = gettext_lazy("处理异常标记")
    words: Label = gettext_lazy("标记的人不能自己处理。处理后标记消失，结论和理由留在案件里。")
    act = gettext_lazy("处理完毕")
    icon = "checks"
    kind = forms.ChoiceField(label=gettext_lazy("哪一个"), widget=forms.RadioSelect)
    outcome = forms.ChoiceField(
        label=gettext_lazy("结论"), choices=[(k, OUTCOMES_WORDED[k]) for k in OUTCOMES]
    )
    reason = Reason(gettext_lazy("理由"))

    def prepare(self) -> None:
        _choose_one(self, "kind", [(one.kind, _flag(one)) for one in self.scene.flags_open])

    def run(self, by: str) -> str:
        told = self.cleaned_data
        settle_flag(self.number, kind=told["kind"], outcome=told["outcome"],
                    reason=str(told["reason"]), by=by)  # fmt: skip
        return _("已处理异常标记")


FORMS: dict[str, Callable[..., ActForm]] = {
    "nil": CloseNil, "close": CloseClaim, "hold": PlaceHold, "lift": LiftHold, "settle": SettleFlag,
}  # fmt: skip


def _choose_part(form: ActForm, parts: Sequence[Exposure], *, note: Note | None = None) -> None:
    """Let a form choose one of these parts by name."""
    told = [
        (e.position, " · ".join(filter(None, (exposure_title(e), note and note(e))))) for e in parts
    ]
    _choose_one(form, "position", told)


def _choose_one(form: ActForm, name: str, told: Sequence[tuple[object, str]]) -> None:
    """The choices of a field; the only one is chosen already."""
    form.fields[name].choices = told  # type: ignore[attr-defined]  # a ChoiceField
    if len(told) == 1:
        form.fields[name].initial = told[0][0]


def _hold(one: Hold) -> str:
    return f"{exposure_title(one.exposure)} · {HOLDS.get(one.kind, one.kind)} · {one.reason}"


def _flag(one: Flag) -> str:
    name = FLAGS.get(one.kind, (one.kind, ""))[0]
    return " · ".join(filter(None, (str(name), str(one.facts.get("reason", "")))))
