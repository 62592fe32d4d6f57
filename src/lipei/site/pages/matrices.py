"""/manual/authority/: who decides up to which amount, changed by two persons from a day on."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general import matrices, revisions, snapshot
from lipei.ch01_general.clock_preview import last_month
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch03_assessment.matrix_preview import matrix_preview
from lipei.kit.forms import complain
from lipei.kit.refusal import Refused
from lipei.manual import Step, steps_from
from lipei.site.desk import matrices as shown

WRONG, SEE_OTHER = 422, 303


@require_GET
@staff_page()
def every(request: StaffRequest) -> HttpResponse:
    """All matters with their levels."""
    snapshot.learn()
    waiting = {one.key for one in revisions.waiting_all("authority")}
    told = {"matrices": [(one, one.matter in waiting) for one in shown.matrices()]}
    return render(request, "desk/matrices.html", told)


@require_GET
@staff_page()
def matrix(request: StaffRequest, matter: str) -> HttpResponse:
    """One matter: its levels, its editions, and a change in waiting with its effect."""
    return _page(request, matter)


@require_POST
@staff_page(*matrices.PROPOSE)
def propose(request: StaffRequest, matter: str) -> HttpResponse:
    """Propose other amounts, or look first at what they would have meant last month."""
    form = shown.MatrixForm(matrices.steps_now(matter), data=request.POST)
    if not form.is_valid():
        return _page(request, matter, form=form, status=WRONG)
    try:
        steps = form.steps()
        if request.POST.get("act") == "preview":
            return _page(request, matter, form=form, after=steps_from(matter, told=steps))
        matrices.propose_matrix(
            matter, steps=steps, effective_from=form.cleaned_data["effective_from"],
            reason=form.cleaned_data["reason"], by=request.actor.reference,
            based_on=_number(request.POST.get("based_on", "")),
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return _page(request, matter, form=form, status=no.status)
    messages.success(request, _("已提出，等另一人批准"))
    answer = redirect("desk:matrix", matter)
    answer.status_code = SEE_OTHER
    return answer


def _page(
    request: StaffRequest, matter: str, *, form: shown.MatrixForm | None = None,
    after: tuple[Step, ...] | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    before = matrices.steps_now(matter)
    waits = revisions.waiting_of("authority", matter)
    if waits is not None and after is None:
        after = steps_from(matter, told=waits.row["steps"])
    newest = revisions.newest_of("authority", matter)
    told: dict[str, Any] = {
        "one": shown.matrix(matter), "waits": waits, "form": form or shown.MatrixForm(before),
        "wrong": form, "after": shown.step_words(after) if after else None,
        "preview": after and matrix_preview(
            matter, before=before, after=after, days=last_month(), seen_by=request.actor
        ),
        "history": [
            (held, shown.step_words(steps_from(matter, told=held.row["steps"])))
            for held in revisions.revisions_of("authority", matter)
        ],
        "based_on": newest.edition if newest else 0,
        "is_mine": waits is not None and waits.proposed_by == request.actor.reference,
        "may_propose": any(request.actor.may(duty) for duty in matrices.PROPOSE),
        "may_change": any(request.actor.may_everywhere(duty) for duty in matrices.CHANGE),
    }  # fmt: skip
    return render(request, "desk/matrix.html", told, status=status)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < len("1" * 9) else None


namespace = "desk"
urlpatterns = [
    path("manual/authority/", every, name="matrices"),
    path("manual/authority/<str:matter>/", matrix, name="matrix"),
    path("manual/authority/<str:matter>/proposals/", propose, name="matrix_propose"),
]
