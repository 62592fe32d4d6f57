"""/claims/<number>/: one claim, whole or as the part beside the list; its files."""

from urllib.parse import urlsplit

from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.http import require_GET

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Claim
from lipei.ch02_intake.models import Document
from lipei.kit import files
from lipei.kit.refusal import Refused
from lipei.site.desk.claim import TABS, claim_told
from lipei.site.desk.listing import listing
from lipei.site.desk.parts import wants
from lipei.site.desk.scene import Scene
from lipei.site.pages.desk import list_context

SIZES = ("original", "page", "thumb")


@require_GET
@staff_page("claims.view")
def claim(request: StaffRequest, number: str, tab: str = "") -> HttpResponse:
    """A claim: beside its list as a page, alone as the part that htmx asked for."""
    found = claim_for(request.actor, number, duty="claims.view")
    return claim_shown(request, found, tab=tab, alone=wants(request, "u-detail"))


def claim_shown(
    request: StaffRequest, found: Claim, *, tab: str = "", alone: bool = False
) -> HttpResponse:
    """Draw a claim as it stands now: alone, or beside its list."""
    asked = _list_asked(request)
    told = claim_told(Scene(found, request.actor), tab, query=asked.urlencode())
    if alone and request.method == "GET":
        return render(request, "desk/claim_part.html", told)
    made = listing(asked, request.actor, path=reverse("desk:home"), current=found.number)
    told |= list_context(request, made) | {"show": "detail", "changed": alone}
    return render(request, "desk/claim_part.html" if alone else "desk/claim.html", told)


def _list_asked(request: StaffRequest) -> QueryDict:
    """What the list beside the claim shows: the address says it, after an act that of the page."""
    if request.method == "GET":
        return request.GET
    return QueryDict(urlsplit(request.headers.get("HX-Current-URL", "")).query)


@require_GET
@staff_page("claims.view")
def document(request: StaffRequest, number: str, pk: int, size: str) -> HttpResponseBase:
    """One file of a claim, to whoever may see the claim: as it came, or drawn for the screen."""
    found = claim_for(request.actor, number, duty="claims.view")
    held = Document.objects.filter(claim=found, pk=pk).select_related("upload").first()
    if held is None or size not in SIZES:
        raise Refused("file_not_found")
    try:
        return files.serve(
            request, sha256=held.upload.sha256, filename=f"{number}-{held.kind}", size=size
        )
    except FileNotFoundError as gone:
        raise Refused("file_not_found") from gone


def _tab_path(tab: str) -> str:
    return f"claims/<slug:number>/{tab}/" if tab else "claims/<slug:number>/"


namespace = "desk"
prefix = ""
urlpatterns = [
    *(
        path(_tab_path(tab), claim, {"tab": tab}, name=f"claim_{tab}" if tab else "claim")
        for tab in TABS
    ),
    path("claims/<slug:number>/docs/<int:pk>/<slug:size>/", document, name="document"),
]
