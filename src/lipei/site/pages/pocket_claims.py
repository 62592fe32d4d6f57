"""The claimant's own claims: home, list, progress, the whole sum, and receipts."""

from uuid import uuid4

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.duties import know_caller, reports_under
from lipei.ch01_general.guards import PartyRequest
from lipei.ch01_general.models import Claim
from lipei.ch01_general.reading import claim_seen, claims_seen
from lipei.ch01_general.words import stage_words
from lipei.ch02_intake import drafts
from lipei.ch02_intake.materials import receive_document
from lipei.ch04_payment.models import Voucher
from lipei.ch04_payment.vouchers import receipt_of
from lipei.kit import checks, uploads
from lipei.kit.forms import complain, said
from lipei.kit.refusal import Refused
from lipei.site.journey.progress import progress, row, version_of
from lipei.site.journey.sums import sums_shown
from lipei.site.journey.turn import with_scenes
from lipei.site.pocket.account_forms import CallerForm
from lipei.site.pocket.page import pocket_call, pocket_page, refilled
from lipei.site.receipt import receipt_of_report

MOST_LISTED = 50
UNCHANGED = 204


@require_GET
@pocket_page
def home(request: PartyRequest) -> HttpResponse:
    """What is under way, and the way to report."""
    rows = [row(claim) for claim in _claims(request).filter(is_open=True)[:5]]
    waiting = [one for one in rows if one.you]
    begun = list(drafts.open_drafts(request.actor.reference)[:3])
    told = {"party": request.party, "rows": rows, "waiting": waiting, "drafts": begun}
    return render(request, "pocket/home.html", told)


@require_GET
@pocket_page
def claims(request: PartyRequest) -> HttpResponse:
    """Every claim of this claimant, the newest first."""
    return _listed(request, CallerForm())


@require_POST
@pocket_page
def known_caller(request: PartyRequest) -> HttpResponse:
    """Name the caller under whom reports from one's own phone were keyed: then one sees them."""
    form = CallerForm(request.POST)
    if form.is_valid():
        try:
            name = form.cleaned_data["caller"]
            found = know_caller(request.party.pk, name=name, by=request.actor.reference)
        except Refused as no:
            complain(form, no)
        else:
            number = len(found)
            said_so = ngettext("已找到 %(n)s 件报案", "已找到 %(n)s 件报案", number) % {"n": number}
            messages.success(request, said_so)
            return redirect("pocket:claims")
    return _listed(request, form)


@require_GET
@pocket_page
def claim(request: PartyRequest, number: str) -> HttpResponse:
    """One claim: whose turn it is, what is missing, how far it has come."""
    found = _claim(request, number)
    return render(
        request,
        "pocket/claim.html",
        {"p": progress(found, reader=request.party.pk), "claim": found},
    )


@require_GET
@pocket_call
def live(request: PartyRequest, number: str) -> HttpResponse:
    """The changing part of the progress page; nothing while nothing has changed (1.1-f)."""
    found = _claim(request, number)
    if request.GET.get("v") == str(version_of(found)):
        return HttpResponse(status=UNCHANGED)
    response = render(
        request,
        "pocket/claim_live.html",
        {"p": progress(found, reader=request.party.pk), "claim": found},
    )
    response["Cache-Control"] = "no-store"
    return response


@require_GET
@pocket_page
def slip(request: PartyRequest, number: str) -> HttpResponse:
    """The electronic receipt of the report, any day after it."""
    found = _claim(request, number)
    told = {"claim": found, "receipt": receipt_of_report(found)}
    return render(request, "pocket/report_done.html", told)


@require_POST
@pocket_page
def papers(request: PartyRequest, number: str) -> HttpResponseBase:
    """Files for one missing paper, from a form without scripts."""
    found = _claim(request, number)
    by = request.actor.reference
    kind = checks.plain_text(request.POST.get("kind"), field="kind", limit=40, empty=False)
    files = request.FILES.getlist("file")
    if not files:
        messages.warning(request, said(Refused("file_empty")))
    for file in files:
        try:
            taken = uploads.take(file, owner=by, client_id=str(uuid4()), filename=file.name or "")
            receive_document(found.number, kind=kind, upload=taken.pk, by=by)
        except Refused as no:
            messages.error(request, said(no))
        else:
            messages.success(request, _("已收到，我们会尽快审核。"))
    return redirect("pocket:claim", found.number)


@require_GET
@pocket_page
def calc(request: PartyRequest, number: str) -> HttpResponse:
    """The whole sum, step by step, with the article behind each line."""
    found = _claim(request, number)
    told = sums_shown(found)
    if not told:
        raise Refused.stage(stage_words(found.stage))
    return render(request, "pocket/calc.html", {"claim": found, "sums": told})


@require_GET
@pocket_page
def receipt(request: PartyRequest, number: str, order: str) -> HttpResponse:
    """The electronic receipt of one payment, as a PDF to keep."""
    found = _claim(request, number)
    held = Voucher.objects.filter(order__number=order, order__exposure__claim=found).first()
    if held is None:
        raise Refused("file_not_found")
    response = HttpResponse(receipt_of(held), content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{held}.pdf"'
    return response


def _listed(request: PartyRequest, form: CallerForm) -> HttpResponse:
    rows = [row(claim) for claim in _claims(request)[:MOST_LISTED]]
    told = {"rows": rows, "caller": form, "keyed": reports_under(request.party).exists()}
    return refilled(request, "pocket/claims.html", told, wrong=form.is_bound)


def _claims(request: PartyRequest) -> QuerySet[Claim]:
    mine = claims_seen(request.actor).select_related("officer", "policy")
    return with_scenes(mine).order_by("-pk")


def _claim(request: PartyRequest, number: str) -> Claim:
    """The claim of this number if it is this claimant's; else as if there were none."""
    return claim_seen(number, acting=request.actor)


pocket_urlpatterns = [
    path("", home, name="home"),
    path("claims/", claims, name="claims"),
    path("claims/caller/", known_caller, name="known_caller"),
    path("claims/<str:number>/", claim, name="claim"),
    path("claims/<str:number>/live/", live, name="live"),
    path("claims/<str:number>/slip/", slip, name="slip"),
    path("claims/<str:number>/papers/", papers, name="papers"),
    path("claims/<str:number>/calc/", calc, name="calc"),
    path("claims/<str:number>/receipt/<str:order>/", receipt, name="receipt"),
]
