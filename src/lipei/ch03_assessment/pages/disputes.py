"""3.4 on screen: objections that wait for an answer, and the answer in writing."""

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.models import Task
from lipei.ch01_general.reading import claims_seen
from lipei.ch03_assessment.disputes import answer_dispute
from lipei.ch03_assessment.models import Dispute
from lipei.kit import checks
from lipei.kit.forms import Checked, complain
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused

MOST = 100
WRONG, SEE_OTHER = 422, 303


class AnswerForm(forms.Form):
    """The written answer, and whether the sum is worked out again."""

    answer = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=2000),
        name="answer", label=gettext_lazy("书面答复"), widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("客户会看到全文。写明依据的条款或证据。"),
    )  # fmt: skip
    outcome = forms.ChoiceField(
        label=gettext_lazy("处理结果"), widget=forms.RadioSelect,
        choices=[
            ("stands", gettext_lazy("维持原金额")), ("again", gettext_lazy("重新理算")),
        ],
    )  # fmt: skip


@require_GET
@staff_page("disputes.answer")
def disputes(request: StaffRequest) -> HttpResponse:
    """Every open objection, the oldest first, with the form of its answer."""
    return _page(request)


@require_POST
@staff_page("disputes.answer")
def answer(request: StaffRequest, dispute: int) -> HttpResponse:
    """Answer one objection in writing."""
    held = _open(request).filter(pk=dispute).first()
    if held is None:
        raise Refused("no_open_dispute")
    form = AnswerForm(request.POST, prefix=f"d{held.pk}")
    status = WRONG
    if form.is_valid():
        told = form.cleaned_data
        try:
            answer_dispute(
                held.exposure.claim.number, position=held.exposure.position,
                answer=told["answer"], again=told["outcome"] == "again",
                by=request.actor.reference,
            )  # fmt: skip
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            messages.success(request, _("已书面答复客户"))
            back = redirect("desk:disputes")
            back.status_code = SEE_OTHER
            return taken(request, back)
    return _page(request, typed=form, at=held.pk, status=status)


# The parts of the pages


def _open(request: StaffRequest) -> QuerySet[Dispute]:
    seen = claims_seen(request.actor).values("pk")
    found = Dispute.objects.filter(answered_at=None, exposure__claim__in=seen)
    return found.select_related("exposure__claim__reporter").order_by("opened_at")


def _page(
    request: StaffRequest, *, typed: AnswerForm | None = None, at: int = 0, status: int = 200
) -> HttpResponse:
    rows = list(_open(request)[:MOST])
    due = dict(
        Task.objects.filter(
            kind="answer_dispute", done_at=None, exposure__in=[one.exposure_id for one in rows]
        ).values_list("exposure_id", "due_at")
    )
    shown = [
        (
            one, due.get(one.exposure_id),
            typed if typed is not None and one.pk == at else AnswerForm(prefix=f"d{one.pk}"),
            one.pk == at,
        )
        for one in rows
    ]  # fmt: skip
    return render(request, "desk/disputes.html", {"rows": shown}, status=status)


namespace, prefix = "desk", ""
urlpatterns = [
    path("disputes/", disputes, name="disputes"),
    path("disputes/<int:dispute>/answer/", answer, name="dispute_answer"),
]
