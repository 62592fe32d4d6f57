"""/people/import/: the staff of a house from a file, looked at before it is taken in."""

import csv
from io import StringIO

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general.company import MANAGE
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch06_systems import rolls
from lipei.ch06_systems.invitations import invite
from lipei.ch06_systems.roll import BAD, COLUMNS, MORE, NEW, SAME, Line, Roll
from lipei.kit import identity
from lipei.kit.forms import complain, said
from lipei.kit.refusal import Refused
from lipei.kit.tables import safe_cell
from lipei.site.desk.export import BOM
from lipei.site.people.words import post_title
from lipei.site.punctuation import listed

WRONG, SEE_OTHER = 422, 303
LARGEST = 2**53 - 1
MOST_SHOWN = 100
SAMPLE = (
    "20817", "王敏", "wangmin", "13800001111", "31", "理赔一部", "理赔专员", "1", "理赔从业资格证",
    "LP-20817", "中国保险行业协会", "2026-01-01", "2028-12-31",
)  # fmt: skip


class RollForm(forms.Form):
    """The file, looked at before anything is taken in."""

    file = forms.FileField(
        label=gettext_lazy("人员文件"),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,.xlsx"}),
        help_text=gettext_lazy("CSV 或 XLSX，一行一人一岗；同一人的第二行是另一个岗位。"),
    )


@require_http_methods(["GET", "POST"])
@staff_page(MANAGE)
def people_import(request: StaffRequest) -> HttpResponse:
    """Hand a file in."""
    form = RollForm(request.POST or None, request.FILES or None)
    status = 200 if request.method == "GET" else WRONG
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            held = rolls.hand_in(file, name=file.name, by=request.actor.reference)
            rolls.looked_at(held.pk, by=request.actor.reference)
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            return _to(held.pk)
    told = {"form": form, "columns": [names[0] for names in COLUMNS.values()]}
    return render(request, "desk/people_import.html", told, status=status)


@require_GET
@staff_page(MANAGE)
def people_import_sample(request: StaffRequest) -> HttpResponse:
    """A file to begin with."""
    rows = [[names[0] for names in COLUMNS.values()], list(SAMPLE)]
    return _file(rows, name="staff.csv")


@require_GET
@staff_page(MANAGE)
def people_roll(request: StaffRequest, roll: int) -> HttpResponse:
    """What each row would do, and every fault in words; nothing is changed."""
    number = min(roll, LARGEST)
    held = rolls.roll_file(number, by=request.actor.reference)
    found = rolls.looked_at(number, by=request.actor.reference)
    told = {
        "held": held, "bad": [(one, _whys(one)) for one in found.of(BAD)[:MOST_SHOWN]],
        "good": [(one, post_title(one.post.code) if one.post else "")
                 for one in [*found.of(NEW), *found.of(MORE)][:MOST_SHOWN]],
        "new": len(found.of(NEW)), "more": len(found.of(MORE)), "same": len(found.of(SAME)),
        "wrong": len(found.of(BAD)), "most": MOST_SHOWN,
    }  # fmt: skip
    return render(request, "desk/people_roll.html", told)


@require_POST
@staff_page(MANAGE)
def people_roll_take(request: StaffRequest, roll: int) -> HttpResponse:
    """Take the good rows in; who has a mobile gets the link to it if that is wanted."""
    number = min(roll, LARGEST)
    found = rolls.take_in_file(number, by=request.actor.reference)
    sent = _invite_all(request, found) if request.POST.get("invite") else 0
    told = {"new": len(found.of(NEW)), "more": len(found.of(MORE)), "sent": sent,
            "wrong": len(found.of(BAD))}  # fmt: skip
    words = _("新增 %(new)s 人，补充 %(more)s 行，发出邀请 %(sent)s 份，未导入 %(wrong)s 行")
    messages.success(request, words % told)
    return _to(number)


@require_GET
@staff_page(MANAGE)
def people_roll_bad(request: StaffRequest, roll: int) -> HttpResponse:
    """The rows that were not taken in, as they came, each with its number and why."""
    found = rolls.looked_at(min(roll, LARGEST), by=request.actor.reference)
    rows = [[_("行"), _("原因"), *found.columns]]
    for one in found.of(BAD):
        rows.append([str(one.row), _whys(one), *(one.cells.get(c, "") for c in found.columns)])
    return _file(rows, name="not-taken.csv")


# The parts of the pages


def _invite_all(request: StaffRequest, found: Roll) -> int:
    """Send a link to each new person's own mobile; how many were sent."""
    sent = 0
    for line in found.of(NEW):
        if identity.is_mobile(line.phone):
            try:
                sent += invite(line.username, by=request.actor.reference).sent
            except Refused as no:
                messages.error(request, said(no))
    return sent


def _whys(line: Line) -> str:
    language = get_language() or "zh-hans"
    told = (f"{one.column}：{one.words(language)}" if one.column else one.words(language)
            for one in line.faults)  # fmt: skip
    return listed(told, strong=True)


def _file(rows: list[list[str]], *, name: str) -> HttpResponse:
    text = StringIO()
    csv.writer(text).writerows([safe_cell(cell) for cell in row] for row in rows)
    answer = HttpResponse(BOM + text.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "no-store"
    return answer


def _to(roll: int) -> HttpResponse:
    answer = redirect("desk:people_roll", roll)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
prefix = ""
urlpatterns = [
    path("people/import/", people_import, name="people_import"),
    path("people/import/sample/", people_import_sample, name="people_import_sample"),
    path("people/import/<int:roll>/", people_roll, name="people_roll"),
    path("people/import/<int:roll>/take/", people_roll_take, name="people_roll_take"),
    path("people/import/<int:roll>/bad/", people_roll_bad, name="people_roll_bad"),
]
