"""/manual/changes/: the second person's word on what ships as data and was changed here."""

from collections.abc import Mapping

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from lipei.ch01_general import revisions
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.kinds import kind_of
from lipei.kit.forms import said
from lipei.kit.refusal import Refused

SEE_OTHER = 303
PLACES: Mapping[str, str] = {
    "rest_year": "desk:rest_days",
    "authority": "desk:matrix",
    "refusal": "desk:refusal",
    "letter": "desk:letter_words",
}
"""The page on which each kind stands."""


@require_POST
@staff_page()
def approve(request: StaffRequest, kind: str, key: str, edition: int) -> HttpResponse:
    """Approve what another person proposed; the command asks for the duty of its kind."""
    try:
        revisions.approve_revision(
            kind_of(kind), key=key, edition=min(edition, 10**9), by=request.actor.reference
        )
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已批准"))
    return _to(kind, key)


@require_POST
@staff_page()
def send_back(request: StaffRequest, kind: str, key: str, edition: int) -> HttpResponse:
    """Return a proposal with the reason, or take back one's own."""
    try:
        revisions.return_revision(
            kind_of(kind), key=key, edition=min(edition, 10**9),
            why=request.POST.get("why", "")[:500], by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已退回"))
    return _to(kind, key)


def _to(kind: str, key: str) -> HttpResponse:
    kind_of(kind)
    answer = redirect(reverse(PLACES[kind], args=[key]))
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("manual/changes/<str:kind>/<str:key>/<int:edition>/approve/", approve,
         name="revision_approve"),
    path("manual/changes/<str:kind>/<str:key>/<int:edition>/return/", send_back,
         name="revision_return"),
]  # fmt: skip
