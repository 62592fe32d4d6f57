"""/policies/import/: a file of policies taken, its columns named, tried, brought in, watched."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib import messages
from django.http import HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general import policy_import
from lipei.ch01_general.duties import note_export
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.models import ImportMapping, PolicyImport
from lipei.ch01_general.policy_import import DUTY
from lipei.ch01_general.policy_rows import FIELDS
from lipei.kit import checks
from lipei.kit.forms import said
from lipei.kit.refusal import Refused
from lipei.site.desk import importing
from lipei.site.import_rejects import reject_lines

MOST, LARGEST, SEE_OTHER = 30, 10**15, 303


@require_http_methods(["GET", "POST"])
@staff_page(DUTY)
def imports(request: StaffRequest) -> HttpResponse:
    """The files so far; a new one is taken in and its columns are guessed."""
    if request.method == "POST":
        file = request.FILES.get("file")
        try:
            if file is None:
                raise Refused("file_empty", field="file")
            made = policy_import.begin_import(file, by=request.actor.reference)
        except Refused as no:
            return _list(request, wrong=said(no), status=no.status)
        return _to(made.pk)
    return _list(request)


@require_GET
@staff_page(DUTY)
def one(request: StaffRequest, number: int) -> HttpResponse:
    """One file: its columns and first rows, or how far it is, or what came of it."""
    run = policy_import.import_of(min(number, LARGEST), by=request.actor.reference)
    named = ImportMapping.objects.filter(name=request.GET.get("mapping", "")[:40]).first()
    mapping = run.mapping if named is None else {
        field: column for field, column in named.mapping.items() if column in run.columns
    }  # fmt: skip
    return _page(request, run, mapping)


@require_POST
@staff_page(DUTY)
def start(request: StaffRequest, number: int) -> HttpResponse:
    """Look again with other columns, keep them under a name, try the file, or bring it in."""
    run = policy_import.import_of(min(number, LARGEST), by=request.actor.reference)
    told = {name: request.POST.get(f"map_{name}", "")[:200] for name in FIELDS}
    mapping, by = {n: c for n, c in told.items() if c}, request.actor.reference
    act = request.POST.get("act", "look")
    try:
        if act == "keep":
            policy_import.keep_mapping(request.POST.get("name", ""), mapping=mapping, by=by)
            messages.success(request, _("已保存为常用对应"))
        elif act in {"try", "import"}:
            policy_import.start_import(
                run.pk, mapping=mapping, trial=act == "try", by=by, as_of=_as_of(request)
            )
            return _to(run.pk)
    except Refused as no:
        return _page(request, run, mapping, no=no, status=no.status)
    return _page(request, run, mapping)


@require_POST
@staff_page(DUTY)
def discard(request: StaffRequest, number: int) -> HttpResponse:
    """Stop an import where it stands."""
    try:
        policy_import.discard_import(min(number, LARGEST), by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    return _to(number)


@require_GET
@staff_page(DUTY)
def rejects(request: StaffRequest, number: int) -> HttpResponseBase:
    """The refused rows as a file; taking it is recorded (6.1-d)."""
    run = policy_import.import_of(min(number, LARGEST), by=request.actor.reference)
    if run.erased_at is not None:
        raise Refused("import_ended")
    note_export(by=request.actor.reference, view=run.subject, searched=False, filters=[])
    lines = reject_lines(run, language=get_language() or "zh-hans")
    answer = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="refused-{run.pk}.csv"'
    answer["Cache-Control"] = "no-store"
    return answer


# The parts of the pages


def _list(request: StaffRequest, *, wrong: str = "", status: int = 200) -> HttpResponse:
    seen = policy_import.imports_seen(request.actor.reference)
    told = {"imports": seen.order_by("-pk")[:MOST], "wrong": wrong}
    return render(request, "desk/imports.html", told, status=status)


def _page(
    request: StaffRequest, run: PolicyImport, mapping: Mapping[str, str], *,
    no: Refused | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    may_start = run.state in {PolicyImport.State.MAPPING, PolicyImport.State.TRIED}
    told = {
        "run": run, "may_start": may_start, "fields": importing.fields(run, mapping, no),
        "rows": importing.previewed(run, mapping) if may_start else [],
        "faults": importing.faults(run), "wrong": said(no) if no else "",
        "mappings": ImportMapping.objects.order_by("name"), "place": run.row_done,
        "whole": max(run.height + run.head_row, 1),
    }  # fmt: skip
    return render(request, "desk/import.html", told, status=status)


def _as_of(request: StaffRequest) -> datetime | None:
    told = request.POST.get("as_of", "")
    return checks.local_instant(f"{told}T00:00", field="as_of") if told else None


def _to(number: int) -> HttpResponse:
    answer = redirect("desk:policy_import", min(number, LARGEST))
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("policies/import/", imports, name="policy_imports"),
    path("policies/import/<int:number>/", one, name="policy_import"),
    path("policies/import/<int:number>/start/", start, name="policy_import_start"),
    path("policies/import/<int:number>/discard/", discard, name="policy_import_discard"),
    path("policies/import/<int:number>/refused.csv", rejects, name="policy_import_rejects"),
]
