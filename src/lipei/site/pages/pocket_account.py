"""Who is here: sign in by phone and one-time code, sign out, what we keep, what we told."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general.duties import sign_in_party
from lipei.ch01_general.guards import PARTY, PartyRequest, enter
from lipei.ch01_general.reading import claims_seen
from lipei.ch02_intake.papers import CLAIM_DOCUMENT
from lipei.ch09_archive.retention import kept_years
from lipei.kit import sealed
from lipei.kit.forms import complain
from lipei.kit.refusal import Refused
from lipei.site import demonstration
from lipei.site.inbox import letters
from lipei.site.pocket import codes
from lipei.site.pocket.account_forms import CodeForm, PhoneForm
from lipei.site.pocket.page import SEEN, pocket_page, refilled
from lipei.site.shell import CLAIMANT_PREFIX

PURPOSE = "sign_in"


@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponseBase:
    """The phone number; a code goes there."""
    form = PhoneForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _sent(request, form):
        return redirect(_with_next("pocket:login_code", request))
    people = demonstration.CUSTOMERS if settings.LIPEI_DEMO else ()
    told = {"form": form, "next": _next(request), "people": [(c[0], c[1]) for c in people]}
    return refilled(request, "pocket/login.html", told, wrong=form.is_bound)


@require_http_methods(["GET", "POST"])
def login_code(request: HttpRequest) -> HttpResponseBase:
    """The code; with the right one the claimant is in, and the session gets a new name."""
    sent = codes.sent(request, purpose=PURPOSE)
    if sent is None:
        return redirect("pocket:login")
    form = CodeForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid() and _signed_in(request, form):
        return HttpResponseRedirect(_next(request) or CLAIMANT_PREFIX)
    told = {"form": form, "sent": sent, "next": _next(request)}
    return refilled(request, "pocket/login_code.html", told, wrong=form.is_bound)


@require_POST
def login_again(request: HttpRequest) -> HttpResponseBase:
    """Send another code to the same phone."""
    phone = codes.phone_of(request, purpose=PURPOSE)
    if phone:
        codes.send(request, phone, purpose=PURPOSE)
    return redirect(_with_next("pocket:login_code" if phone else "pocket:login", request))


@require_http_methods(["GET", "POST"])
def logout(request: HttpRequest) -> HttpResponseBase:
    """Leave: the session ends, and the phone forgets the pages that it kept."""
    if request.method == "POST":
        request.session.flush()
        return redirect("pocket:login")
    return render(request, "pocket/logout.html", {})


@require_GET
@pocket_page
def me(request: PartyRequest) -> HttpResponse:
    """Name, masked phone, look, language, what is kept, and the way out."""
    claims = claims_seen(request.actor).count()
    told = {
        "party": request.party, "phone": sealed.masked(request.party.reached_at), "claims": claims,
        "paper_years": kept_years(CLAIM_DOCUMENT), "voucher_years": kept_years("voucher"),
    }  # fmt: skip
    return render(request, "pocket/me.html", told)


@require_GET
@pocket_page
def inbox(request: PartyRequest) -> HttpResponse:
    """Everything that we told this claimant, the newest first."""
    told = letters(request.party)
    if told:
        request.session[SEEN] = told[0].pk
    request.nav_counts = {}  # type: ignore[attr-defined]
    return render(request, "pocket/inbox.html", {"letters": told})


def _sent(request: HttpRequest, form: PhoneForm) -> bool:
    try:
        codes.send(request, form.cleaned_data["phone"], purpose=PURPOSE)
    except Refused as no:
        complain(form, no)
        return False
    return True


def _signed_in(request: HttpRequest, form: CodeForm) -> bool:
    phone = codes.phone_of(request, purpose=PURPOSE)
    try:
        party = sign_in_party(phone, code=form.cleaned_data["code"])
    except Refused as no:
        complain(form, no)
        return False
    codes.forget(request, purpose=PURPOSE)
    request.session.cycle_key()
    enter(request)
    request.session[PARTY] = party.pk
    request.session[SEEN] = 0
    return True


def _next(request: HttpRequest) -> str:
    """Where the claimant wanted to go, if that is one of the claimants' own pages."""
    wanted = request.POST.get("next") or request.GET.get("next", "")
    ours = url_has_allowed_host_and_scheme(wanted, None) and wanted.startswith(CLAIMANT_PREFIX)
    return wanted if ours else ""


def _with_next(route: str, request: HttpRequest) -> str:
    wanted = _next(request)
    return reverse(route) + (f"?{urlencode({'next': wanted})}" if wanted else "")


pocket_urlpatterns = [
    path("login/", login, name="login"),
    path("login/code/", login_code, name="login_code"),
    path("login/again/", login_again, name="login_again"),
    path("logout/", logout, name="logout"),
    path("me/", me, name="me"),
    path("inbox/", inbox, name="inbox"),
]
