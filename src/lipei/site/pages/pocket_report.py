"""Reporting on the phone in four steps. Each step is a plain form; scripts only add to it."""

from collections.abc import Callable, Mapping
from urllib.parse import urlencode
from uuid import UUID, uuid4

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general.guards import PartyRequest
from lipei.ch02_intake import drafts
from lipei.ch02_intake.channels import file_claim
from lipei.ch02_intake.filing import MOTOR
from lipei.ch02_intake.lines import LINES, Line
from lipei.ch02_intake.models import Draft
from lipei.kit.forms import complain
from lipei.kit.refusal import Refused
from lipei.site.pocket import report
from lipei.site.pocket.page import pocket_page, refilled
from lipei.site.pocket.pictures import take_plain_files
from lipei.site.pocket.report_pages import TOLD, Told, first_words
from lipei.site.receipt import receipt_of_report

DUPLICATES = frozenset({"report_duplicate", "report_duplicate_elsewhere"})
NOT_TYPED = frozenset({"csrfmiddlewaretoken", "act"})


@require_GET
@pocket_page
def start(request: PartyRequest) -> HttpResponse:
    """Begin a report, or go on with one."""
    begun = drafts.open_drafts(request.actor.reference)
    told = {"drafts": begun, **first_words(report.lines_for(request.party))}
    return render(request, "pocket/report_start.html", told)


@require_GET
def new(request: HttpRequest) -> HttpResponseBase:
    """A fresh name for a report; nothing is kept until its first step is sent."""
    return redirect("pocket:kind", uuid4())


@require_GET
def kind(request: HttpRequest, draft_id: UUID) -> HttpResponseBase:
    """What happened, in plain words: what one's own policies cover; everything on request.

    The nameless one is kept on a phone for offline.
    """
    if str(draft_id) == report.BLANK:
        return _kinds(request, report.BLANK, report.lines_for(None), all_of_them=True)
    return _own_kinds(request, str(draft_id))


@pocket_page
def _own_kinds(request: PartyRequest, draft_id: str) -> HttpResponseBase:
    everything = report.lines_for(None)
    offered = everything if "all" in request.GET else report.lines_for(request.party)
    if len(offered) == 1:
        return _to_step(draft_id, report.OCCURRENCE, offered[0].slug)
    return _kinds(request, draft_id, offered, all_of_them=offered == everything)


def _kinds(
    request: HttpRequest, draft_id: str, offered: list[Line], *, all_of_them: bool
) -> HttpResponse:
    told = {"draft": draft_id, "lines": offered, "all_of_them": all_of_them}
    return render(request, "pocket/report_kind.html", told)


def _to_step(draft_id: str, n: int, line: str) -> HttpResponseBase:
    place = reverse("pocket:step", args=[draft_id, n])
    return redirect(f"{place}?{urlencode({'line': line})}" if line else place)


@require_http_methods(["GET", "POST"])
def step(request: HttpRequest, draft_id: UUID, n: int) -> HttpResponseBase:
    """One step of a report. The nameless one is the empty step that a phone keeps for offline."""
    if n not in TOLD or (str(draft_id) == report.BLANK and request.method != "GET"):
        raise Http404
    if str(draft_id) == report.BLANK:
        line = LINES.get(request.GET.get("line", ""), LINES[MOTOR])
        told = TOLD[n](None, party=None, line=line)
        return _shown(request, report.BLANK, n, told, line=line)
    return _own_step(request, str(draft_id), n)


@pocket_page
def _own_step(request: PartyRequest, draft_id: str, n: int) -> HttpResponseBase:
    draft = drafts.draft_of(draft_id, by=request.actor.reference)
    if draft is not None and draft.claim is not None:
        return redirect("pocket:done", draft_id)
    asked = (request.POST or request.GET).get("line", "")
    if request.method != "POST":
        line = report.line_of(asked, draft, party=request.party)
        if line is None:
            return redirect("pocket:kind", draft_id)
        told = TOLD[n](draft, party=request.party, line=line)
        return _shown(request, draft_id, n, told, line=line)
    typed = {k: v for k, v in request.POST.lists() if k not in NOT_TYPED}
    draft = drafts.save_draft(draft_id, step=n, typed=typed, by=request.actor.reference)
    if request.POST.get("act") == "leave":
        return redirect("pocket:home")
    line = report.line_of(asked, draft, party=request.party) or LINES[MOTOR]
    told = TOLD[n](draft, party=request.party, line=line)
    told["line"] = line
    if not TAKEN[n](request, draft, told):
        wrong = request.POST.get("act") != "find"
        return _shown(request, draft_id, n, told, line=line, wrong=wrong)
    if n == report.REVIEW:
        return redirect("pocket:done", draft_id)
    return _to_step(draft_id, n + 1, "" if line.slug == MOTOR else line.slug)


@require_POST
@pocket_page
def remove_picture(request: PartyRequest, draft_id: UUID, upload: int) -> HttpResponseBase:
    """Take a picture out of a report again."""
    drafts.drop_from_draft(str(draft_id), upload=upload, by=request.actor.reference)
    return redirect("pocket:step", draft_id, report.PICTURES)


@require_POST
@pocket_page
def discard(request: PartyRequest, draft_id: UUID) -> HttpResponseBase:
    """Throw a begun report away."""
    drafts.discard_draft(str(draft_id), by=request.actor.reference)
    return redirect("pocket:report")


@require_GET
@pocket_page
def done(request: PartyRequest, draft_id: UUID) -> HttpResponse:
    """The receipt: number, code to scan, what comes next, which papers are needed (K6-list)."""
    draft = drafts.draft_of(str(draft_id), by=request.actor.reference)
    if draft is None or draft.claim is None:
        raise Refused("draft_not_found")
    receipt = receipt_of_report(draft.claim)
    return render(request, "pocket/report_done.html", {"claim": draft.claim, "receipt": receipt})


def _take_occurrence(request: PartyRequest, draft: Draft, told: Told) -> bool:
    return request.POST.get("act") != "find" and told["form"].is_valid()


def _take_pictures(request: PartyRequest, draft: Draft, told: Told) -> bool:
    by = request.actor.reference
    troubles = take_plain_files(request, client_id=draft.client_id, by=by)
    told.update(
        TOLD[report.PICTURES](draft, party=request.party, line=told["line"]),
        problems=[(t, "") for t in troubles],
    )
    return not troubles


def _take_course(request: PartyRequest, draft: Draft, told: Told) -> bool:
    return bool(told["form"].is_valid())


def _take_report(request: PartyRequest, draft: Draft, told: Told) -> bool:
    """File the claim under the draft's own name; a second time it is the same claim."""
    form, found = told["form"], told["said"]
    if found.wrong_step is not None or not form.is_valid():
        return False
    another = request.POST.get("another") == "1"
    try:
        file_claim(
            found.report(form), by=request.actor.reference, key=draft.client_id, another=another
        )
    except Refused as no:
        complain(form, no)
        if no.slug in DUPLICATES:
            told["is_duplicate"], told["duplicate"] = True, no.params.get("number", "")
        return False
    return True


TAKEN: Mapping[int, Callable[[PartyRequest, Draft, Told], bool]] = {
    report.OCCURRENCE: _take_occurrence,
    report.PICTURES: _take_pictures,
    report.COURSE: _take_course,
    report.REVIEW: _take_report,
}


def _shown(
    request: HttpRequest, draft_id: str, n: int, told: Told, *, line: Line, wrong: bool = False
) -> HttpResponse:
    marks = report.steps(n)
    told.update(line=line, draft=draft_id, n=n, steps=marks, step_name=marks[n - 1].name)
    return refilled(request, f"pocket/report_{n}.html", told, wrong=wrong)


pocket_urlpatterns = [
    path("report/", start, name="report"),
    path("report/new/", new, name="report_new"),
    path("report/<uuid:draft_id>/kind/", kind, name="kind"),
    path("report/<uuid:draft_id>/step/<int:n>/", step, name="step"),
    path("report/<uuid:draft_id>/done/", done, name="done"),
    path("report/<uuid:draft_id>/files/<int:upload>/remove/", remove_picture, name="unpicture"),
    path("report/<uuid:draft_id>/discard/", discard, name="discard"),
]
