"""What is done on a claim: each act asks in a dialog (or on a page of its own), then answers
with the claim as it stands, or with the form as it was typed and the reason why not."""

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Claim
from lipei.ch02_intake.materials import check_document
from lipei.kit.forms import complain, said
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused
from lipei.site.choices import paper_title
from lipei.site.desk.acts import KINDS
from lipei.site.desk.claim import TABS
from lipei.site.desk.dispatching import Dispatch
from lipei.site.desk.estimating import Estimate
from lipei.site.desk.forms import FORMS as WORK
from lipei.site.desk.forms import ActForm, ReturnPaper
from lipei.site.desk.opening import FORMS as OPENING
from lipei.site.desk.scene import Scene
from lipei.site.desk.seen import as_seen
from lipei.site.desk.stops import FORMS as STOPS
from lipei.site.pages.claims import claim_shown

REFUSED = 422
FORMS = {**WORK, **STOPS, **OPENING, "estimate": Estimate, "dispatch": Dispatch}


@require_http_methods(["GET", "POST"])
@staff_page()
def act(request: StaffRequest, number: str, key: str) -> HttpResponse:
    """One act of `FORMS`, for who has its duty on this claim."""
    if key not in FORMS:
        raise Refused("claim_not_found")
    found = claim_for(request.actor, number, duty=KINDS[key].duty)
    made = FORMS[key](Scene(found, request.actor), *_given(request))
    return _asked(request, found, made)


@require_http_methods(["GET", "POST"])
@staff_page("materials.check")
def return_paper(request: StaffRequest, number: str, kind: str) -> HttpResponse:
    """Give one paper back, with the reason that the claimant reads."""
    found = claim_for(request.actor, number, duty="materials.check")
    made = ReturnPaper(Scene(found, request.actor), *_given(request))
    made.kind = kind
    made.heading = _("退回：%(what)s") % {"what": paper_title(kind)}
    return _asked(request, found, made)


@require_POST
@staff_page("materials.check")
def accept_paper(request: StaffRequest, number: str, kind: str) -> HttpResponse:
    """Say that one paper is good; with the last good one the claim is accepted."""
    found = claim_for(request.actor, number, duty="materials.check")
    try:
        with as_seen(found, request.POST.get("seen", ""), by=request.actor.reference):
            check_document(number, kind=kind, accepted=True, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已核：%(what)s") % {"what": paper_title(kind)})
    return _claim_again(request, number, tab=request.POST.get("tab", ""))


def _given(request: StaffRequest) -> tuple[object, ...]:
    return (request.POST, request.FILES) if request.method == "POST" else ()


def _asked(request: StaffRequest, found: Claim, made: ActForm) -> HttpResponse:
    if request.method == "GET":
        return _form_shown(request, made)
    if not made.is_valid():
        return _form_shown(request, made, status=REFUSED)
    try:
        with as_seen(found, request.POST.get("seen", ""), by=request.actor.reference):
            words = made.run(request.actor.reference)
    except Refused as no:
        complain(made, no)
        return _form_shown(request, made, status=no.status)
    messages.success(request, words)
    return taken(request, _claim_again(request, found.number, tab=request.POST.get("tab", "")))


def _form_shown(request: StaffRequest, made: ActForm, *, status: int = 200) -> HttpResponse:
    template = "desk/act_dialog.html" if request.headers.get("HX-Request") else "desk/act.html"
    told = {
        "form": made, "claim": made.scene.claim, "scene": made.scene,
        "tab": request.POST.get("tab", request.GET.get("tab", "")), "url": request.path,
    }  # fmt: skip
    return render(request, template, told, status=status)


def _claim_again(request: StaffRequest, number: str, *, tab: str) -> HttpResponse:
    """The claim as it stands now: as a part for htmx, else by its address."""
    if not request.headers.get("HX-Request"):
        return HttpResponseRedirect(f"/claims/{number}/{f'{tab}/' if tab in TABS and tab else ''}")
    try:
        fresh = claim_for(request.actor, number, duty="claims.view")
    except Refused:
        return HttpResponseRedirect("/desk/")
    response = claim_shown(request, fresh, tab=tab if tab in TABS else "", alone=True)
    response["HX-Retarget"], response["HX-Reswap"] = "#u-detail", "innerHTML"
    return response


namespace = "desk"
prefix = ""
urlpatterns = [
    path("claims/<slug:number>/acts/<slug:key>/", act, name="act"),
    path("claims/<slug:number>/papers/<slug:kind>/accept/", accept_paper, name="accept_paper"),
    path("claims/<slug:number>/papers/<slug:kind>/return/", return_paper, name="return_paper"),
]
