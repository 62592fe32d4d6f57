"""/manual/: the living manual, and each clause with its editions and the change proposed for it."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path, re_path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general import clauses, proposals, snapshot
from lipei.ch01_general.clock_preview import ClockPreview, clock_preview, last_month, stood
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch03_assessment.gate_preview import GatePreview, gate_preview
from lipei.kit import clock
from lipei.kit.forms import complain, said
from lipei.kit.refusal import Refused
from lipei.manual import Clause, clause_from, installed, shipped
from lipei.manual.clauses import KINDS, RANKS
from lipei.site import carriers
from lipei.site.desk import manual as shown
from lipei.site.desk.clause_forms import ClauseForm
from lipei.site.desk.words import ORIGINS

WRONG, SEE_OTHER = 422, 303
PREVIEW = "preview"


@dataclass(frozen=True)
class Preview:
    """What a change would have meant last month: of a clock, of a gate, or of nothing counted."""

    clock: ClockPreview | None = None
    gate: GatePreview | None = None


@require_GET
@staff_page()
def manual(request: StaffRequest) -> HttpResponse:
    """The manual from its first chapter to its last, searched and filtered."""
    snapshot.learn()
    asked = shown.Asked.of(request.GET)
    found = shown.chapters(asked)
    told = {
        "asked": asked, "chapters": found, "edition": shipped().clause("1.1-a").edition,
        "count": sum(len(s.rows) for c in found for s in c.sections),
        "kinds": [(k, shown.KIND_WORDS[k]) for k in shown.KIND_WORDS if k in KINDS],
        "origins": [(k, ORIGINS[k]) for k in RANKS],
        "titles": list(enumerate(shown.CHAPTERS, start=1)),
        "waiting": proposals.waiting_count(),
    }  # fmt: skip
    return render(request, "desk/manual.html", told)


@require_GET
@staff_page()
def section(request: StaffRequest, number: str) -> HttpResponse:
    """One section: as a page, or beside the page that asked for it."""
    snapshot.learn()
    one = shown.section_shown(number)
    if one is None:
        raise Http404
    beside = "u-aside-body" in request.headers.get("HX-Target", "")
    name = "desk/manual_aside.html" if beside else "desk/manual_section.html"
    return render(request, name, {"one": one})


@require_GET
@staff_page()
def clause_page(request: StaffRequest, clause_id: str) -> HttpResponse:
    """One clause: its words and numbers, who carries it, its editions, and a change in waiting."""
    return _page(request, _row(clause_id))


@require_POST
@staff_page(proposals.PROPOSE)
def propose(request: StaffRequest, clause_id: str) -> HttpResponse:
    """Propose a change of the clause's numbers, or look first at what it would have meant."""
    row = _row(clause_id)
    form = ClauseForm(row, data=request.POST)
    if not form.is_valid():
        return _page(request, row, form=form, status=WRONG)
    told = form.cleaned_data
    try:
        if request.POST.get("act") == PREVIEW:
            after = _after(row, form)
            return _page(request, row, form=form, preview=_preview(row, after, request))
        clauses.propose_clause(
            clause_id, changes=form.changes(), effective_from=told["effective_from"],
            reason=told["reason"], based_on=told["based_on"], by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return _page(request, row, form=form, status=no.status)
    messages.success(request, _("已提出，等另一人批准"))
    return _to(clause_id)


@require_POST
@staff_page(proposals.CHANGE)
def approve(request: StaffRequest, clause_id: str, edition: str) -> HttpResponse:
    """The second person's word on a proposal."""
    try:
        clauses.approve_clause(edition, clause_id=clause_id, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已批准，到生效日起适用"))
    return _to(clause_id)


@require_POST
@staff_page(proposals.CHANGE, proposals.PROPOSE)
def send_back(request: StaffRequest, clause_id: str, edition: str) -> HttpResponse:
    """Return a proposal with the reason, or take back one's own."""
    why = request.POST.get("why", "")[:500]
    try:
        clauses.return_clause(edition, clause_id=clause_id, why=why, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已退回"))
    return _to(clause_id)


# The parts of the pages


def _page(
    request: StaffRequest, row: Clause, *, form: ClauseForm | None = None,
    preview: Preview | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    held = clauses.editions_of(row.id)
    waits = next((one for one in held if one.is_open), None)
    if waits is not None and preview is None:
        preview = _preview(row, clause_from(waits.row, edition=waits.edition), request)
    today = clock.today()
    told: dict[str, Any] = {
        "row": row, "summary": shown.summary_of(row), "kind": shown.KIND_WORDS[row.kind],
        "origin": ORIGINS[row.origin], "level": shown.ORIGIN_LEVELS[row.origin],
        "numbers": shown.numbers_of(row), "facts": shown.facts_of(row),
        "carriers": carriers.carried_by(row.id), "proofs": carriers.proved_by(row.id),
        "history": shown.history(row.id, held), "waits": waits, "preview": preview,
        "after": waits and shown.numbers_of(clause_from(waits.row, edition=waits.edition)),
        "is_mine": waits is not None and waits.proposed_by == request.actor.reference,
        "may_propose": request.actor.may(proposals.PROPOSE) and bool(row.limits)
        and not row.same_as,
        "may_change": request.actor.may_everywhere(proposals.CHANGE),
        "form": form or ClauseForm(row),
        "wrong": form, "month": today,
        "stood": stood(row.id, days=(today.replace(day=1), today)) if row.runs else None,
    }  # fmt: skip
    return render(request, "desk/clause.html", told, status=status)


def _row(clause_id: str) -> Clause:
    snapshot.learn()
    try:
        return installed().clause(clause_id, at=clock.today())
    except KeyError:
        raise Refused("clause_not_found") from None


def _after(row: Clause, form: ClauseForm) -> Clause:
    """The clause as it would be; refuses what the command would refuse."""
    day = form.cleaned_data["effective_from"]
    ground = clauses.ground_of(row.id, effective_from=day)
    drafted = clauses.drafted(
        ground, changes=form.changes(), effective_from=day, edition=f"{ground.edition}+"
    )
    return clause_from(drafted, edition=ground.edition)


def _preview(row: Clause, after: Clause, request: StaffRequest) -> Preview:
    days = last_month()
    if row.runs:
        return Preview(clock=clock_preview(after, days=days, seen_by=request.actor))
    return Preview(gate=gate_preview(row, after=after, days=days, seen_by=request.actor))


def _to(clause_id: str) -> HttpResponse:
    answer = redirect("desk:clause", clause_id)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("manual/", manual, name="manual"),
    re_path(r"^manual/(?P<number>[0-9]{1,2}\.[0-9])/$", section, name="manual_section"),
    path("manual/clauses/<str:clause_id>/", clause_page, name="clause"),
    path("manual/clauses/<str:clause_id>/proposals/", propose, name="clause_propose"),
    path("manual/clauses/<str:clause_id>/proposals/<str:edition>/approve/", approve,
         name="clause_approve"),
    path("manual/clauses/<str:clause_id>/proposals/<str:edition>/return/", send_back,
         name="clause_return"),
]  # fmt: skip
