"""3.3 on screen: what waits for a decision, why it did not flow straight, sum and questions."""

from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Clock, Exposure
from lipei.ch01_general.reading import claims_seen
from lipei.ch01_general.stages import Stage
from lipei.ch03_assessment.adjudication import QUESTIONS, calculation_of, decide_claim
from lipei.ch03_assessment.questions import asked
from lipei.ch03_assessment.straight import reason_words, reasons_of
from lipei.kit import checks
from lipei.kit.forms import Checked, complain, said
from lipei.kit.kept import taken
from lipei.kit.models import Entry
from lipei.kit.refusal import Refused
from lipei.manual import authority, posts

OPEN = (Stage.CALCULATED, Stage.REVIEWING)
CLOCKS = ("K2", "K6-decide", "1.3-e", "1.3-l-review", "1.1-e")
MOST = 100
WRONG, SEE_OTHER = 422, 303


@dataclass(frozen=True)
class Authority:
    """Whose level a sum needs, counted over the whole event, and whether the reader has it."""

    mine: str
    limit_fen: int | None
    needed: str
    total_fen: int
    suffices: bool


class DecisionForm(forms.Form):
    """The word on one sum: every question answered, or the reason of the return."""

    remark = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=300),
        name="remark", label=gettext_lazy("意见"), required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=gettext_lazy("退回时必须写明原因，理算人会看到。"),
    )  # fmt: skip


@require_GET
@staff_page("review.decide")
def approvals(request: StaffRequest) -> HttpResponse:
    """The queue beside the first of it; on a phone the queue alone."""
    rows = _queue(request.actor)
    first = rows[0] if rows else None
    return _page(request, first, show="list")


@require_GET
@staff_page("review.decide")
def approval(request: StaffRequest, number: str, position: int) -> HttpResponse:
    """One sum that waits for a decision."""
    return _page(request, _held(request, number, position))


@require_POST
@staff_page("review.decide")
def decide(request: StaffRequest, number: str, position: int) -> HttpResponse:
    """Approve or return; the next one opens."""
    held, form = _held(request, number, position), DecisionForm(request.POST)
    approve = request.POST.get("word") == "approve"
    answers = {name: request.POST.get(f"q-{name}") == "yes" for name in QUESTIONS}
    if not form.is_valid():
        return _page(request, held, form=form, answers=answers, status=WRONG)
    try:
        decide_claim(
            number, position=held.position, approve=approve, answers=answers,
            remark=form.cleaned_data["remark"], by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        if Exposure.objects.filter(pk=held.pk, stage__in=OPEN).exists():
            complain(form, no)
            return _page(request, held, form=form, answers=answers, status=no.status)
        messages.error(request, said(no))
        return _onward(request)
    told = {"number": f"{number} · {held.position}"}
    words = _("%(number)s 已通过") if approve else _("%(number)s 已退回")
    messages.success(request, words % told)
    return taken(request, _onward(request))


# The parts of the pages


def _queue(acting: Actor) -> list[Exposure]:
    seen = claims_seen(acting).filter(is_open=True).values("pk")
    found = Exposure.objects.filter(stage__in=OPEN, claim__in=seen)
    rows = found.select_related("claim__policy__insured", "claim__reporter", "payee")
    return list(rows.order_by("claim__next_due_at", "claim_id", "position")[:MOST])


def _held(request: StaffRequest, number: str, position: int) -> Exposure:
    claim_for(request.actor, number, duty="review.decide")
    found = Exposure.objects.filter(claim__number=number, position=min(position, MOST))
    held = found.select_related("claim__policy__insured", "claim__reporter", "payee").first()
    if held is None:
        raise Refused("claim_not_found")
    return held


def _onward(request: StaffRequest) -> HttpResponse:
    answer = redirect(_next(request.actor))
    answer.status_code = SEE_OTHER
    return answer


def _next(acting: Actor) -> str:
    rows = _queue(acting)
    return f"/approvals/{rows[0].claim.number}/{rows[0].position}/" if rows else "/approvals/"


def _page(
    request: StaffRequest, held: Exposure | None, *, form: DecisionForm | None = None,
    answers: dict[str, bool] | None = None, show: str = "detail", status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = _queue(request.actor)
    clocks = _clocks(rows)
    told: dict[str, object] = {
        "rows": [(one, clocks.get(one.pk)) for one in rows], "held": held, "show": show,
        "form": form or DecisionForm(), "wrong": form,
    }  # fmt: skip
    if held is not None:
        told |= _detail(request.actor, held, answers or {})
    return render(request, "desk/approvals.html", told, status=status)


def _detail(acting: Actor, held: Exposure, answers: dict[str, bool]) -> dict[str, object]:
    claim = held.claim
    living = list(claim.exposures.order_by("position"))
    return {
        "calculation": calculation_of(held), "others": [e for e in living if e.pk != held.pk],
        "reasons": [(reason_words(str(r["name"])), r["passed"]) for r in reasons_of(claim, living)],
        "questions": [(one, said_, answers.get(one.name, False)) for one, said_ in asked(held)],
        "authority": _authority(acting, held), "barred": _barred(acting, held),
        "is_open": held.stage in OPEN, "documents": claim.documents.count(),
        "clocks": Clock.objects.filter(claim=claim, clause__in=CLOCKS, stopped_at=None)
        .exclude(exposure__in=[e.pk for e in living if e.pk != held.pk]).order_by("due_at"),
    }  # fmt: skip


def _authority(acting: Actor, held: Exposure) -> Authority:
    total = Exposure.objects.filter(claim=held.claim).aggregate(s=Sum("benefit_fen"))["s"] or 0
    matrix, mine = authority(), f"L{acting.level}"
    needed = matrix.level(matrix.needed("coverage", amount_fen=int(total)))
    level = matrix.level(mine)
    step = next((s for s in matrix.steps["coverage"] if s.level == mine), None)
    english = (get_language() or "").startswith("en")
    return Authority(
        mine=level.en if english else level.zh, limit_fen=step.upto_fen if step else 0,
        needed=needed.en if english else needed.zh, total_fen=int(total),
        suffices=matrix.suffices(mine, matter="coverage", amount_fen=int(total)),
    )  # fmt: skip


def _barred(acting: Actor, held: Exposure) -> str:
    """Which duty of this person on the claim bars the decision, in words; "" for none."""
    mine = Entry.objects.filter(subject=held.claim.subject, actor=acting.reference)
    done = {str(duty) for duty in mine.values_list("facts__duty", flat=True) if duty}
    rule = posts().bars("review.decide", done=done)
    if rule is None:
        return ""
    duty = posts().duties[rule.first if rule.second == "review.decide" else rule.second]
    return duty.en if (get_language() or "").startswith("en") else duty.zh


def _clocks(rows: list[Exposure]) -> dict[int, Clock]:
    running = Clock.objects.filter(
        exposure__in=[one.pk for one in rows], clause__in=CLOCKS, stopped_at=None
    )
    return {one.exposure_id or 0: one for one in running.order_by("-due_at")}


namespace, prefix = "desk", ""
urlpatterns = [
    path("approvals/", approvals, name="approvals"),
    path("approvals/<str:number>/<int:position>/", approval, name="approval"),
    path("approvals/<str:number>/<int:position>/decide/", decide, name="approval_decide"),
]
