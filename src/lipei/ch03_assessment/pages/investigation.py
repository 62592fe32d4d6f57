"""3.1 on screen: the assessor's visits, and the visit itself, made for a phone.

Everything works as plain forms; what was typed stands there again after a refusal.
"""

from collections.abc import Callable, Mapping

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Claim, Clock, Exposure
from lipei.ch01_general.reading import claims_seen
from lipei.ch03_assessment.investigation import (
    Line,
    arrive_at_survey,
    finish_survey,
    list_losses,
    object_of,
    start_survey,
    survey_gaps,
    surveys_of,
)
from lipei.ch03_assessment.models import LossLine, Survey
from lipei.ch03_assessment.pages import photographs
from lipei.ch03_assessment.pages.visit_forms import (
    ArriveForm,
    FinishForm,
    LineForm,
    damaged_of,
    object_title,
)
from lipei.kit import clock
from lipei.kit.forms import complain
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused

WRONG = 422
SEE_OTHER = 303
LATEST = 8


@require_GET
@staff_page("survey.do", "survey.dispatch")
def visits(request: StaffRequest) -> HttpResponse:
    """The assessor's open visits, the oldest first; a dispatcher sees everybody's."""
    acting = request.actor
    mine = acting.may("survey.do")
    opened = surveys_of(acting.staff_id or 0) if mine else _everybodys(request)
    rows = list(opened.select_related("claim__reporter", "assessor")[:100])
    clocks = {
        c.claim_id: c
        for c in Clock.objects.filter(
            claim__in=[s.claim_id for s in rows], clause__in=("3.1-a", "1.2-g"), stopped_at=None
        )
    }
    done = Survey.objects.filter(assessor_id=acting.staff_id).exclude(finished_at=None)
    told = {
        "rows": [(survey, clocks.get(survey.claim_id)) for survey in rows], "mine": mine,
        "done": done.select_related("claim__reporter").order_by("-finished_at")[:LATEST],
    }  # fmt: skip
    return render(request, "desk/visits.html", told)


@require_GET
@staff_page("survey.do")
def visit(request: StaffRequest, number: str) -> HttpResponse:
    """One visit: its clock, start, arrive, the loss list, photographs, finish."""
    return _page(request, number)


@require_POST
@staff_page("survey.do")
def start(request: StaffRequest, number: str) -> HttpResponse:
    """The assessor sets out."""
    form = forms.Form(request.POST)
    words = _("已记下出发时间")
    return _acted(request, number, form, "start", words=words,
                  act=lambda: start_survey(number, by=request.actor.reference))  # fmt: skip


@require_POST
@staff_page("survey.do")
def arrive(request: StaffRequest, number: str) -> HttpResponse:
    """The assessor is there: the time for the survey runs."""
    form = ArriveForm(request.POST)
    words = _("已到场，查勘时限从现在起算")
    return _acted(
        request, number, form, "arrive", words=words,
        act=lambda: arrive_at_survey(number, by=request.actor.reference, **form.told()),
    )  # fmt: skip


@require_POST
@staff_page("loss.assess")
def keep_line(request: StaffRequest, number: str) -> HttpResponse:
    """Add a line at the end of the loss list, or write one anew."""
    claim = claim_for(request.actor, number, duty="loss.assess")
    form = LineForm(request.POST, claim=claim)
    return _acted(request, number, form, "line", words=_("已记入损失清单"),
                  act=lambda: _keep(claim, form, by=request.actor.reference))  # fmt: skip


@require_POST
@staff_page("loss.assess")
def remove_line(request: StaffRequest, number: str, position: int) -> HttpResponse:
    """Take a line out of the loss list."""
    claim = claim_for(request.actor, number, duty="loss.assess")
    form = forms.Form(request.POST)

    def act() -> None:
        lines = _lines(claim)
        if str(len(lines)) != request.POST.get("seen") or not 1 <= position <= len(lines):
            raise Refused("claim_changed", who=_("您在另一个页面"))
        del lines[position - 1]
        list_losses(number, lines=lines, by=request.actor.reference)

    return _acted(request, number, form, "line", words=_("已从清单中移去"), act=act)


@require_POST
@staff_page("loss.assess")
def finish(request: StaffRequest, number: str) -> HttpResponse:
    """The survey is done and signed."""
    form = FinishForm(request.POST)
    return _acted(
        request, number, form, "finish", words=_("查勘已完成，案件转入理算"),
        act=lambda: finish_survey(number, by=request.actor.reference, **form.cleaned_data),
    )  # fmt: skip


# The parts of the pages


def _everybodys(request: StaffRequest) -> QuerySet[Survey]:
    seen = claims_seen(request.actor).values("pk")
    return Survey.objects.filter(finished_at=None, claim__in=seen).order_by("dispatched_at")


def _acted(
    request: StaffRequest, number: str, form: forms.Form, name: str, *, words: str,
    act: Callable[[], object],
) -> HttpResponse:  # fmt: skip
    """Do what a form asks and go back to the visit; on a no, the page with all that was typed."""
    status = WRONG
    if form.is_valid():
        try:
            act()
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            messages.success(request, words)
            answer = redirect("desk:visit", number)
            answer.status_code = SEE_OTHER
            return taken(request, answer)
    return _page(request, number, {name: form}, wrong=form, status=status)


def _page(
    request: StaffRequest, number: str, typed: Mapping[str, forms.Form] | None = None, *,
    wrong: forms.Form | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    typed = typed or {}
    claim = claim_for(request.actor, number, duty="survey.do")
    survey = Survey.objects.filter(claim=claim).order_by("finished_at", "-pk").first()
    opened = Survey.objects.filter(claim=claim, finished_at=None).first() or survey
    if opened is None or opened.assessor_id != request.actor.staff_id:
        raise Refused("survey_not_yours")
    lines = list(LossLine.objects.filter(claim=claim).order_by("position"))
    told = {
        "claim": claim, "survey": opened, "wrong": wrong, "lines": lines,
        "things": _things(claim, lines), "total_fen": sum(one.amount_fen for one in lines),
        "clock": _clock(claim, opened), "gaps": _gaps(claim, opened),
        "photos": photographs.shown(claim), "form_key": f"form-{clock.now():%Y%m%d%H%M%S%f}",
        "arrive": typed.get("arrive") or ArriveForm(),
        "line": typed.get("line") if "line" in typed else _line_form(request, claim, lines),
        "finish": typed.get("finish")
        or FinishForm(initial={"signed_name": request.user.name}),
    }  # fmt: skip
    return render(request, "desk/visit.html", told, status=status)


def _line_form(request: HttpRequest, claim: Claim, lines: list[LossLine]) -> LineForm | None:
    """The form of the line that the address names: a number, or a new one; none otherwise."""
    asked = request.GET.get("line", "")
    first = {"seen": len(lines)}
    if asked.isascii() and asked.isdigit() and 1 <= int(asked[:4]) <= len(lines):
        typed = _typed(lines[int(asked[:4]) - 1], damaged_of(claim))
        return LineForm(claim=claim, initial=first | typed)
    if asked != "new":
        return None
    begun = {"position": len(lines) + 1, "thing": request.GET.get("thing", ""), "quantity": 1}
    return LineForm(claim=claim, initial=first | begun | {"action": "replace"})


def _typed(line: LossLine, objects: list[Exposure]) -> dict[str, object]:
    of = next((one.position for one in objects if object_of(one) == object_of(line)), "")
    return {
        "position": line.position, "thing": of, "part": line.part,
        "action": line.action, "quantity": line.quantity, "remark": line.remark,
        "unit_price": _yuan(line.unit_price_fen),
        "salvage": _yuan(line.salvage_fen) if line.salvage_fen else "",
    }  # fmt: skip


def _yuan(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02}"


def _lines(claim: Claim) -> list[Line]:
    names = (
        "thing",
        "label",
        "part",
        "action",
        "unit_price_fen",
        "quantity",
        "salvage_fen",
        "remark",
    )
    rows = LossLine.objects.filter(claim=claim).order_by("position").values(*names)
    return [Line(**row) for row in rows]


def _keep(claim: Claim, form: LineForm, *, by: str) -> None:
    """Write the list with this line in its place; a second press of the button changes nothing."""
    lines, line = _lines(claim), form.line()
    at = form.cleaned_data["position"] - 1
    if at < len(lines) and lines[at] == line:
        return
    if form.cleaned_data["seen"] != len(lines) or at > len(lines):
        raise Refused("claim_changed", who=_("您在另一个页面"))
    list_losses(claim.number, lines=[*lines[:at], line, *lines[at + 1 :]], by=by)


def _things(claim: Claim, lines: list[LossLine]) -> list[dict[str, object]]:
    """The loss list by object: whose it is, its lines and their sum."""
    objects, shown = {one.position: one for one in damaged_of(claim)}, []
    for position, of in objects.items():
        mine = [one for one in lines if object_of(one) == object_of(of)]
        shown.append({
            "thing": position, "title": of.get_thing_display(), "lines": mine, "label": of.label,
            "name": object_title(of, objects), "total_fen": sum(one.amount_fen for one in mine),
        })  # fmt: skip
    return shown


def _clock(claim: Claim, survey: Survey) -> Clock | None:
    wanted = "1.2-g" if survey.arrived_at else "3.1-a"
    return Clock.objects.filter(claim=claim, clause=wanted).order_by("-pk").first()


def _gaps(claim: Claim, survey: Survey) -> list[tuple[str, str, str]]:
    """What is still missing before it can be finished: in words, what to do, and where."""
    words = {
        "survey_not_arrived": (_("还没有到场"), _("我到了"), "arrive"),
        "loss_list_empty": (_("损失清单还是空的"), _("记损失清单"), "losses"),
        "survey_photos_missing": (_("还没有查勘照片"), _("拍查勘照片"), "photos"),
    }
    return [words[gap] for gap in survey_gaps(claim, survey) if gap in words]


namespace, prefix = "desk", ""
urlpatterns = [
    path("survey/", visits, name="survey"),
    path("survey/<str:number>/", visit, name="visit"),
    path("survey/<str:number>/start/", start, name="visit_start"),
    path("survey/<str:number>/arrive/", arrive, name="visit_arrive"),
    path("survey/<str:number>/lines/", keep_line, name="visit_line"),
    path("survey/<str:number>/lines/<int:position>/remove/", remove_line, name="visit_remove"),
    path("survey/<str:number>/finish/", finish, name="visit_finish"),
    *photographs.urlpatterns,
]
