"""A private value in full: only for a reason, which is recorded with who read it (1.4-f, 6.1-d)."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from lipei.ch01_general.duties import read_private
from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.kit.checks import plain_text
from lipei.kit.forms import said
from lipei.kit.refusal import Refused
from lipei.site.desk.parties import FIELDS, may_reveal, party_of, shown_hidden
from lipei.site.desk.scene import Scene


@never_cache
@require_http_methods(["GET", "POST"])
@staff_page("claims.view")
def reveal(request: StaffRequest, number: str, pk: int, field: str) -> HttpResponse:
    """Ask for the reason; with one, show the value once."""
    claim = claim_for(request.actor, number, duty="claims.view")
    scene = Scene(claim, request.actor)
    may_reveal(scene)
    party = party_of(scene, pk)
    if field not in FIELDS:
        raise Refused("claim_not_found")
    told = {"claim": claim, "party": party, "field": field, "url": request.path,
            "hidden": shown_hidden(party, field), "value": "", "words": ""}  # fmt: skip
    if request.method == "POST":
        told["reason"] = request.POST.get("reason", "")
        try:
            reason = plain_text(told["reason"], field="reason", limit=200)
            by = request.actor.reference
            told["value"] = read_private(party, field=field, reason=reason, by=by, claim=claim)
        except Refused as no:
            told["words"] = said(no)
            return _shown(request, told, status=no.status)
    return _shown(request, told)


def _shown(request: StaffRequest, told: dict[str, object], *, status: int = 200) -> HttpResponse:
    template = (
        "desk/reveal_dialog.html" if request.headers.get("HX-Request") else "desk/reveal.html"
    )
    return render(request, template, told, status=status)


namespace = "desk"
prefix = ""
urlpatterns = [
    path("claims/<slug:number>/people/<int:pk>/<slug:field>/", reveal, name="reveal"),
]
