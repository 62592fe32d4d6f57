"""/manual/rest-days/: the roster of rest days by year, brought in as a file by two persons."""

import json
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general import proposals, revisions, roster, snapshot
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.roster_file import read_roster
from lipei.kit import calendar, checks, clock
from lipei.kit.forms import Checked, complain
from lipei.kit.refusal import Refused

WRONG, SEE_OTHER = 422, 303
LONGEST = 60_000
SAMPLE = (
    ("日期", "性质", "节日", "文件"), ("2027-01-01", "休息", "元旦", ""),
    ("2027-02-05", "休息", "春节", ""), ("2027-01-30", "上班", "春节", ""),
)  # fmt: skip


class RosterForm(forms.Form):
    """The file of a year, looked at before anything is proposed."""

    file = forms.FileField(
        label=gettext_lazy("节假日安排文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=gettext_lazy("CSV 或 XLSX，一行一天：日期、休息或上班、节日。"),
    )


class ProposeForm(forms.Form):
    """What was looked at, and why it is proposed."""

    table = forms.CharField(widget=forms.HiddenInput, max_length=LONGEST)
    reason = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=500), name="reason",
        label=gettext_lazy("依据"), widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("例如国务院办公厅的通知和文号。"),
    )  # fmt: skip


@require_GET
@staff_page()
def this_year(request: StaffRequest) -> HttpResponse:
    """The year whose roster matters most: the one that is missing, else this one."""
    snapshot.learn()
    missing = roster.missing_year()
    return redirect("desk:rest_days", str(missing[0] if missing else clock.today().year))


@require_GET
@staff_page()
def rest_days(request: StaffRequest, year: str) -> HttpResponse:
    """One year: its rest days and make-up days, or that nobody has announced it."""
    return _page(request, _year(year))


@require_GET
@staff_page()
def sample(request: HttpRequest) -> HttpResponse:
    """A file to begin with."""
    text = "\ufeff" + "\r\n".join(",".join(row) for row in SAMPLE)
    answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="rest-days.csv"'
    return answer


@require_POST
@staff_page(proposals.PROPOSE)
def look(request: StaffRequest, year: str) -> HttpResponse:
    """Read a file and show what it says and which clocks it would move; nothing is kept."""
    number, form = _year(year), RosterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, number, form=form, status=WRONG)
    try:
        row = _read(form.cleaned_data["file"])
        roster.REST_YEAR.check(str(number), row)
    except Refused as no:
        complain(form, no)
        return _page(request, number, form=form, status=no.status)
    return _page(request, number, row=row)


@require_POST
@staff_page(proposals.PROPOSE)
def propose(request: StaffRequest, year: str) -> HttpResponse:
    """Propose what was looked at."""
    number, form = _year(year), ProposeForm(request.POST)
    row = _parsed(request.POST.get("table", ""))
    try:
        roster.REST_YEAR.check(str(number), row)
        if not form.is_valid():
            return _page(request, number, row=row, proposing=form, status=WRONG)
        roster.propose_rest_year(
            number, table=row, reason=form.cleaned_data["reason"], by=request.actor.reference
        )
    except Refused as no:
        complain(form, no)
        return _page(request, number, proposing=form, status=no.status)
    messages.success(request, _("已提出，等另一人批准"))
    answer = redirect("desk:rest_days", year)
    answer.status_code = SEE_OTHER
    return answer


# The parts of the pages


def _page(
    request: StaffRequest, year: int, *, form: RosterForm | None = None,
    proposing: ProposeForm | None = None, row: revisions.Row | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    snapshot.learn()
    waits = revisions.waiting_of("rest_year", str(year))
    asked = row or (waits.row if waits else None)
    told: dict[str, Any] = {
        "year": year, "one": roster.year_shown(year), "waits": waits,
        "asked": roster.shown_of(asked, year=year) if asked else None,
        "move": roster.would_move(asked, year=year) if asked else None,
        "history": revisions.revisions_of("rest_year", str(year)),
        "years": [year - 1, year + 1], "form": form or RosterForm(),
        "proposing": proposing or ProposeForm(initial={"table": json.dumps(row)}),
        "looked": row is not None, "wrong": form or proposing,
        "is_mine": waits is not None and waits.proposed_by == request.actor.reference,
        "may_propose": request.actor.may(proposals.PROPOSE),
        "may_change": request.actor.may_everywhere(proposals.CHANGE),
    }  # fmt: skip
    return render(request, "desk/rest_days.html", told, status=status)


def _year(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) == len("2027")):
        raise Http404
    if not calendar.FIRST_YEAR <= int(text) < calendar.LAST_YEAR:
        raise Http404
    return int(text)


def _read(upload: Any) -> revisions.Row:  # noqa: ANN401  Django's own upload
    with NamedTemporaryFile() as kept:
        for chunk in upload.chunks():
            kept.write(chunk)
        kept.flush()
        return read_roster(Path(kept.name))


def _parsed(text: str) -> dict[str, Any]:
    """What was looked at, as the page carried it; whatever else it is, the command refuses."""
    try:
        row = json.loads(text[:LONGEST])
    except (ValueError, RecursionError):
        return {}
    told = isinstance(row, dict) and checks.is_readable(json.dumps(row, ensure_ascii=False))
    return row if told else {}


namespace = "desk"
urlpatterns = [
    path("manual/rest-days/", this_year, name="rest_days_now"),
    path("manual/rest-days/sample.csv", sample, name="rest_days_sample"),
    path("manual/rest-days/<str:year>/", rest_days, name="rest_days"),
    path("manual/rest-days/<str:year>/look/", look, name="rest_days_look"),
    path("manual/rest-days/<str:year>/proposals/", propose, name="rest_days_propose"),
]
