"""/desk/: the work list beside the claim; claims dealt out; the list as a file."""

from functools import partial

from django.contrib import messages
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general import worklist
from lipei.ch01_general.duties import assign_claim, officers_for
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.kit.forms import said
from lipei.kit.refusal import Refused
from lipei.site.desk.export import exported
from lipei.site.desk.listing import Listing, asked_of, listing, rows_asked
from lipei.site.desk.parts import wants
from lipei.site.nav_counts import nav_counts

MOST_ASSIGNED = 200


@require_GET
@staff_page()
def home(request: StaffRequest) -> HttpResponse:
    """The desk; for htmx only its list, or only the next rows of it."""
    if not request.actor.may("claims.view"):
        return render(request, "desk/nothing.html")
    place = reverse("desk:home")
    if wants(request, "u-rest"):
        views = worklist.views_of(request.actor)
        asked = asked_of(request.GET, views)
        rows, next_query = rows_asked(asked, request.actor, views)
        told = {"rows": rows, "next_query": next_query, "path": place}
        return render(request, "desk/rows.html", told)
    made = listing(request.GET, request.actor, path=place)
    template = "desk/list.html" if wants(request, "u-work") else "desk/home.html"
    return render(request, template, list_context(request, made) | {"show": "list"})


@require_POST
@staff_page("claims.assign")
def assign(request: StaffRequest) -> HttpResponse:
    """Give the picked claims to one officer; what could not be given is said with its reason."""
    numbers = request.POST.getlist("number")[:MOST_ASSIGNED]
    done, refused = 0, dict[str, str]()
    for number in dict.fromkeys(numbers):
        try:
            assign_claim(number, to=request.POST.get("to", ""), by=request.actor.reference)
            done += 1
        except Refused as no:
            refused[number] = said(no)
    if done:
        words = ngettext("已分派 %(n)s 件", "已分派 %(n)s 件", done) % {"n": done}
        messages.success(request, words)
    for number, why in list(refused.items())[:5]:
        messages.error(request, f"{number}：{why}")
    if not numbers:
        messages.error(request, _("还没有选中案件"))
    return HttpResponseRedirect(f"{reverse('desk:home')}?{_query(request)}")


@require_POST
@staff_page("claims.view")
def export(request: StaffRequest) -> StreamingHttpResponse:
    """The list as it is filtered now, as CSV; who took it and when is recorded and stands in it."""
    return exported(request.GET, request.actor, person=request.user)


def list_context(request: StaffRequest, made: Listing) -> dict[str, object]:
    """What the list pane needs beside the list; its counts serve the navigation too."""
    known = partial(nav_counts, request.actor, known=made.counts)
    request.nav_counts = SimpleLazyObject(known)  # type: ignore[attr-defined]
    may_assign = request.actor.may("claims.assign")
    officers = officers_for(request.actor) if may_assign else []
    return {"listing": made, "path": reverse("desk:home"), "officers": officers}


def _query(request: HttpRequest) -> str:
    return request.GET.urlencode()


namespace = "desk"
prefix = ""
urlpatterns = [
    path("desk/", home, name="home"),
    path("desk/assign/", assign, name="assign"),
    path("desk/export/", export, name="export"),
]
