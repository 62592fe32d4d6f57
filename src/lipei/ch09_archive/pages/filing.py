"""9.2 on screen: volumes to arrange with their thirty days, what lies in each, the shelf."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Clock
from lipei.ch01_general.reading import claims_seen
from lipei.ch09_archive.electronic import properties_of
from lipei.ch09_archive.filing import archive_claim, arrange_paper
from lipei.ch09_archive.models import Volume
from lipei.kit import checks, files
from lipei.kit.forms import Checked, complain
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused

READERS = ("archive.read", "archive.arrange", "archive.shelve")
CLOCKS = ("1.3-k", "1.3-k-final", "9.2-a")
VIEWS = (Volume.State.OPEN, Volume.State.ARRANGED, Volume.State.SHELVED)
MOST, MOST_PAGES = 100, 100_000
WRONG, SEE_OTHER = 422, 303


class PaperForm(forms.Form):
    """How many pages of paper there are, and how many pictures were made of them."""

    paper_pages = forms.IntegerField(
        label=gettext_lazy("纸质件页数"), min_value=0, max_value=MOST_PAGES, initial=0,
        help_text=gettext_lazy("正反面都算；没有纸质件就填 0。"),
    )  # fmt: skip
    scanned_pages = forms.IntegerField(
        label=gettext_lazy("扫描页数"), min_value=0, max_value=MOST_PAGES, initial=0,
        help_text=gettext_lazy("必须与纸质件页数相等。"),
    )  # fmt: skip


class PlaceForm(forms.Form):
    """Where the volume stands."""

    place = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=60, lines=False),
        name="place", label=gettext_lazy("库位"),
        help_text=gettext_lazy("架号、层、盒，例如 A-01-03；全电子案卷填“电子库”。"),
    )  # fmt: skip


@require_GET
@staff_page(*READERS)
def volumes(request: StaffRequest) -> HttpResponse:
    """The volumes in one state, those with the nearest limit first; the shelf can be searched."""
    asked = request.GET.get("view", "")
    view = asked if asked in VIEWS else Volume.State.OPEN
    found = _seen(request).filter(state=view)
    words = request.GET.get("q", "").strip()[:60]
    if words:
        found = found.filter(number__icontains=words) | found.filter(claim__number__icontains=words)
        found = found | _seen(request).filter(state=view, place__icontains=words)
    order = "-shelved_at" if view == Volume.State.SHELVED else "opened_at"
    rows = list(found.order_by(order)[:MOST])
    clocks = _clocks(rows)
    told = {
        "view": view, "q": words, "tabs": _tabs(request, view),
        "rows": [(one, clocks.get(one.claim_id)) for one in rows],
    }  # fmt: skip
    return render(request, "desk/volumes.html", told)


@require_GET
@staff_page(*READERS)
def volume(request: StaffRequest, number: str) -> HttpResponse:
    """One volume: contents in order, classes, how long each is kept, the four properties."""
    return _page(request, number)


@require_POST
@staff_page("archive.arrange")
def arrange(request: StaffRequest, number: str) -> HttpResponse:
    """The paper is ordered, scanned and counted."""
    held, form = _held(request, number), PaperForm(request.POST)
    if form.is_valid():
        try:
            arrange_paper(held.claim.number, by=request.actor.reference, **form.cleaned_data)
        except Refused as no:
            complain(form, no)
            return _page(request, number, paper=form, status=no.status)
        return _done(request, number, _("整理完毕，可以入库"))
    return _page(request, number, paper=form, status=WRONG)


@require_POST
@staff_page("archive.shelve")
def shelve(request: StaffRequest, number: str) -> HttpResponse:
    """The volume goes on its shelf; every file is read again first."""
    held, form = _held(request, number), PlaceForm(request.POST)
    if form.is_valid():
        try:
            archive_claim(held.claim.number, by=request.actor.reference, **form.cleaned_data)
        except Refused as no:
            complain(form, no)
            return _page(request, number, place=form, status=no.status)
        return _done(request, number, _("已入库归档"))
    return _page(request, number, place=form, status=WRONG)


@require_GET
@staff_page(*READERS)
def item(request: StaffRequest, number: str, position: int) -> HttpResponseBase:
    """One thing in a volume, as it is kept."""
    held = _held(request, number)
    found = held.items.filter(position=min(position, MOST_PAGES)).exclude(sha256="").first()
    if found is None:
        raise Refused("file_not_found")
    name = f"{held.number}-{position}-{found.kind}"
    try:
        return files.serve(request, sha256=found.sha256, filename=name)
    except FileNotFoundError:
        raise Refused("file_not_found") from None


# The parts of the pages


def _seen(request: StaffRequest) -> QuerySet[Volume]:
    seen = claims_seen(request.actor).values("pk")
    return Volume.objects.filter(claim__in=seen).select_related("claim__reporter")


def _held(request: StaffRequest, number: str) -> Volume:
    held = _seen(request).filter(number=number).first()
    if held is None:
        raise Refused("claim_not_found")
    claim_for(request.actor, held.claim.number, duty="claims.view")
    return held


def _tabs(request: StaffRequest, view: str) -> list[dict[str, object]]:
    seen = _seen(request)
    return [
        {
            "label": state.label, "url": f"?view={state.value}", "current": state.value == view,
            "count": None if state == Volume.State.SHELVED else seen.filter(state=state).count(),
        }
        for state in VIEWS
    ]  # fmt: skip


def _clocks(rows: list[Volume]) -> dict[int, Clock]:
    """The limit of each volume that runs out first, by claim."""
    running = Clock.objects.filter(
        claim__in=[one.claim_id for one in rows], clause__in=CLOCKS, stopped_at=None
    )
    return {one.claim_id: one for one in running.order_by("-due_at")}


def _page(
    request: StaffRequest, number: str, *, paper: PaperForm | None = None,
    place: PlaceForm | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    held, acting = _held(request, number), request.actor
    told: dict[str, Any] = {
        "volume": held, "items": held.items.order_by("position"), "wrong": paper or place,
        "clocks": Clock.objects.filter(claim=held.claim, clause__in=CLOCKS).order_by("pk"),
        "properties": properties_of(held),
        "paper": paper or PaperForm(), "place": place or PlaceForm(),
        "may_arrange": acting.may("archive.arrange"), "may_shelve": acting.may("archive.shelve"),
        "file_is_there": held.items.exists(),
    }  # fmt: skip
    return render(request, "desk/volume.html", told, status=status)


def _done(request: StaffRequest, number: str, words: str) -> HttpResponse:
    messages.success(request, words)
    answer = redirect("desk:volume", number)
    answer.status_code = SEE_OTHER
    return taken(request, answer)


namespace, prefix = "desk", ""
urlpatterns = [
    path("archive/", volumes, name="archive"),
    path("archive/<str:number>/", volume, name="volume"),
    path("archive/<str:number>/arrange/", arrange, name="volume_arrange"),
    path("archive/<str:number>/shelve/", shelve, name="volume_shelve"),
    path("archive/<str:number>/<int:position>/", item, name="volume_item"),
]
