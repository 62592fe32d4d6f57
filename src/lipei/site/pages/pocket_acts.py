"""What a claimant may ask of us at any time: object, withdraw, have a person decide."""

from django import forms
from django.contrib import messages
from django.http import HttpResponseBase, QueryDict
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from lipei.ch01_general.guards import PartyRequest
from lipei.ch01_general.models import Claim, Exposure
from lipei.ch01_general.reading import claim_seen
from lipei.ch01_general.stages import living
from lipei.ch02_intake.irregular import may_withdraw, withdraw_claim, withdraw_part
from lipei.ch03_assessment.disputes import OPEN_TO_OBJECTION, ask_for_person, object_to
from lipei.ch03_assessment.models import Dispute
from lipei.kit import checks
from lipei.kit.forms import Checked, complain
from lipei.kit.refusal import Refused
from lipei.site.journey.parts import part_title
from lipei.site.pocket.page import pocket_page, refilled
from lipei.site.pocket.report_forms import paragraph, short_line

WORD = "撤回"


class ObjectForm(forms.Form):
    """What is objected to, in the claimant's own words; no form is needed beyond that."""

    position = Checked(short_line(4), name="position", label=gettext_lazy("对哪一项有异议"))
    words = Checked(
        paragraph(2000), name="words", label=gettext_lazy("您的理由"),
        help_text=gettext_lazy("写什么都行：金额、部位、责任……不用懂条款"),
        widget=forms.Textarea(attrs={"rows": 5, "maxlength": 2000}),
    )  # fmt: skip


WHOLE = "all"


class WithdrawForm(forms.Form):
    """What is taken back, a reason, and a word typed in so that it does not happen by a slip."""

    what = forms.ChoiceField(label=gettext_lazy("撤回什么"), widget=forms.RadioSelect)
    reason = Checked(
        paragraph(200), name="reason", label=gettext_lazy("为什么撤回"),
        widget=forms.Textarea(attrs={"rows": 3, "maxlength": 200}),
    )  # fmt: skip
    typed = Checked(short_line(20), name="typed", label=gettext_lazy("请输入“撤回”两个字"))

    def __init__(self, typed: QueryDict | None, *, claim: Claim) -> None:
        super().__init__(typed)
        live = [e for e in claim.exposures.order_by("position") if living(e.sides)]
        parts = [(str(one.position), part_title(one)) for one in live if may_withdraw(one)]
        whole = [(WHOLE, _("整个案件"))] if len(parts) in {0, len(live)} else []
        alone = len(live) == 1 or not parts
        self.fields["what"].choices = whole if alone else [*whole, *parts]  # type: ignore[attr-defined]  # a ChoiceField
        if whole:
            self.fields["what"].initial = WHOLE
        if alone:
            self.fields["what"].widget = forms.HiddenInput()

    def run(self, number: str, *, by: str) -> str:
        """Take it back; the words for what was done."""
        what, reason = self.cleaned_data["what"], self.cleaned_data["reason"]
        if what == WHOLE:
            withdraw_claim(number, by=by, reason=reason)
            return _("已撤回。以后还可以再报。")
        withdraw_part(number, position=int(what), by=by, reason=reason)
        return _("已撤回这一项，其余的继续办理。")

    def clean_typed(self) -> str:
        """The very word, or its English."""
        typed = str(self.cleaned_data["typed"])
        if typed.lower() not in {WORD, "withdraw"}:
            raise forms.ValidationError(_("输入的字不对，没有撤回。"))
        return typed


@require_http_methods(["GET", "POST"])
@pocket_page
def objection(request: PartyRequest, number: str) -> HttpResponseBase:
    """Object to a sum; it is registered at once (3.4-a)."""
    found = claim_seen(number, acting=request.actor)
    open_to = _open_to_objection(found)
    form = ObjectForm(_sent(request), initial=_alone(open_to))
    if form.is_bound and form.is_valid() and _objected(request, found, form, open_to):
        messages.success(request, _("异议已登记。另派人复核，书面答复您；无争议的部分照付。"))
        return redirect("pocket:claim", number)
    chosen = str(form["position"].value() or "")
    told = {
        "claim": found, "form": form, "disputes": _disputes(found),
        "parts": [(str(e.position), part_title(e), str(e.position) == chosen) for e in open_to],
    }  # fmt: skip
    return refilled(request, "pocket/object.html", told, wrong=form.is_bound)


@require_http_methods(["GET", "POST"])
@pocket_page
def withdraw(request: PartyRequest, number: str) -> HttpResponseBase:
    """Take a claim, or one part of it, back before it is decided; it can be reported again."""
    found = claim_seen(number, acting=request.actor)
    form = WithdrawForm(_sent(request), claim=found)
    if form.is_bound and form.is_valid():
        try:
            words = form.run(number, by=request.actor.reference)
        except Refused as no:
            complain(form, no)
        else:
            messages.success(request, words)
            return redirect("pocket:claim", number)
    told = {"claim": found, "form": form}
    return refilled(request, "pocket/withdraw.html", told, wrong=form.is_bound)


@require_http_methods(["GET", "POST"])
@pocket_page
def human(request: PartyRequest, number: str) -> HttpResponseBase:
    """Have a person decide instead of a program (1.3-l)."""
    found = claim_seen(number, acting=request.actor)
    if request.method == "POST":
        ask_for_person(number, by=request.actor.reference)
        messages.success(request, _("已转人工。经办人会联系您。"))
        return redirect("pocket:claim", number)
    asked = bool(found.facts.get("human_wanted"))
    told = {"claim": found, "asked": asked}
    return refilled(request, "pocket/human.html", told, wrong=False)


def _sent(request: PartyRequest) -> QueryDict | None:
    """What was sent, an empty form too; none where the page is only looked at."""
    return request.POST if request.method == "POST" else None


def _objected(
    request: PartyRequest, found: Claim, form: ObjectForm, open_to: list[Exposure]
) -> bool:
    try:
        chosen = checks.choice(
            form.cleaned_data["position"], allowed=tuple(str(e.position) for e in open_to),
            field="position",
        )  # fmt: skip
        object_to(
            found.number, position=int(chosen), words=form.cleaned_data["words"],
            by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return False
    return True


def _open_to_objection(found: Claim) -> list[Exposure]:
    exposures = found.exposures.order_by("position")
    return [one for one in exposures if one.stage in OPEN_TO_OBJECTION]


def _alone(open_to: list[Exposure]) -> dict[str, str]:
    return {"position": str(open_to[0].position)} if len(open_to) == 1 else {}


def _disputes(found: Claim) -> list[Dispute]:
    """What was objected to before, with the answers."""
    return list(Dispute.objects.filter(exposure__claim=found).order_by("-pk"))


pocket_urlpatterns = [
    path("claims/<str:number>/object/", objection, name="object"),
    path("claims/<str:number>/withdraw/", withdraw, name="withdraw"),
    path("claims/<str:number>/human/", human, name="human"),
]
