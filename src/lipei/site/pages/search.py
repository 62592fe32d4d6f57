"""Search: the palette's answers for htmx, and a page of its own for everybody else."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.kit.checks import plain_text
from lipei.kit.refusal import Refused
from lipei.site.context import shell
from lipei.site.desk.search import MOST_LISTED, Hits, answers

LONGEST = 80


@require_GET
@staff_page()
def palette(request: StaffRequest) -> HttpResponse:
    """What the palette shows under its field; without scripts the search page answers."""
    q = _asked(request)
    if not request.headers.get("HX-Request"):
        query = {"q": q} if q else None
        return HttpResponseRedirect(reverse("site:search", query=query))
    told = {"q": q, "groups": _answers(request, q)}
    return render(request, "c/palette_results.html", told)


@require_GET
@staff_page()
def search(request: StaffRequest) -> HttpResponse:
    """The search as a page."""
    q = _asked(request)
    groups = _answers(request, q, most=MOST_LISTED) if q else []
    return render(request, "desk/search.html", {"q": q, "groups": groups})


def _answers(request: StaffRequest, q: str, *, most: int = 8) -> list[Hits]:
    return answers(q, request.actor, shell(request)["shell"].nav, most=most)


def _asked(request: StaffRequest) -> str:
    try:
        return plain_text(request.GET.get("q", ""), field="q", limit=LONGEST, lines=False)
    except Refused:
        return ""


urlpatterns = [
    path("search/palette/", palette, name="palette"),
    path("search/", search, name="search"),
]
