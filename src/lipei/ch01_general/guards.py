"""The guards of every page: who asks, and whether this claim is theirs to see. One step each."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast
from urllib.parse import quote, urlsplit

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import Claim, Party, Staff
from lipei.ch01_general.process import allowed
from lipei.kit import clock
from lipei.kit.refusal import Refused
from lipei.manual import clause

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]
PARTY = "party"
STAFF_LOGIN, CLAIMANT_LOGIN = "/login/", "/m/login/"
SEEN, ENTERED = "seen_at", "entered_at"
"""When somebody of the house was last here, and when whoever it is signed in."""
MINUTE = 60
HOUR = 60 * MINUTE


class StaffRequest(HttpRequest):
    """A request of somebody of the house who is signed in with both factors."""

    user: Staff
    actor: Actor


class PartyRequest(HttpRequest):
    """A request of a claimant who is signed in by phone and code."""

    party: Party
    actor: Actor


def staff_page(
    *duties: str,
) -> Callable[[Callable[Concatenate[StaffRequest, P], HttpResponseBase]], View[P]]:
    """Open a page to staff with one of these duties (any, if none is named).

    Not signed in, or without the second factor: to the sign-in. Without a duty: `duty_missing`.
    Sets `request.actor`.
    """

    def guard(view: Callable[Concatenate[StaffRequest, P], HttpResponseBase]) -> View[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            user = request.user
            if not isinstance(user, Staff) or not user.is_verified():  # type: ignore[attr-defined]
                return _to(STAFF_LOGIN, request)
            if _is_over(request, "session"):
                logout(request)
                return _to(STAFF_LOGIN, request)
            if _was_away(request):
                logout(request)
                return _to(STAFF_LOGIN, request, timeout=True)
            acting = actor(user.reference)
            if duties and not any(acting.may(duty) for duty in duties):
                raise Refused("duty_missing")
            request.actor = acting  # type: ignore[attr-defined]
            return view(request, *args, **kwargs)  # type: ignore[arg-type]

        return cast(View[P], guarded)

    return guard


def claimant_page(view: Callable[Concatenate[PartyRequest, P], HttpResponseBase]) -> View[P]:
    """Open a page to a signed-in claimant. Sets `request.party` and `request.actor`."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if visit_is_over(request):
            request.session.flush()
        party = Party.objects.filter(pk=request.session.get(PARTY, 0)).first()
        if party is None:
            return _to(CLAIMANT_LOGIN, request)
        request.party = party  # type: ignore[attr-defined]
        request.actor = Actor(f"party/{party.pk}", party_id=party.pk)  # type: ignore[attr-defined]
        return view(request, *args, **kwargs)  # type: ignore[arg-type]

    return cast(View[P], guarded)


def claim_for(acting: Actor, number: str, *, duty: str) -> Claim:
    """Fetch a claim and authorise in one step; unknown and not yours get the same refusal."""
    found = Claim.objects.select_related("policy__insured", "reporter", "officer", "branch")
    claim = found.filter(number=number).first()
    if claim is None or not allowed(acting, claim, duty):
        raise Refused("claim_not_found")
    return claim


def enter(request: HttpRequest) -> None:
    """Note when somebody signed in: the whole visit is counted from here, used or not (6.1-b)."""
    request.session[ENTERED] = clock.now().timestamp()


def visit_is_over(request: HttpRequest) -> bool:
    """Whether a claimant signed in longer ago than 6.1-b allows.

    They are not sent out for being idle: the phone is their own, a report is written beside a
    road with pauses, and whatever binds them asks for a fresh code besides.
    """
    return _is_over(request, "claimant_session")


def _is_over(request: HttpRequest, limit: str) -> bool:
    entered = request.session.get(ENTERED)
    if entered is None:
        return False
    hours = clause("6.1-b").limit(limit).value
    return _is_to_come(entered) or bool(clock.now().timestamp() - entered > hours * HOUR)


def _is_to_come(instant: float) -> bool:
    """Whether a visit's mark lies in the future: the machine's clock went back, and what is
    counted from there would never end. Such a visit is over."""
    return bool(instant > (clock.now() + clock.SLACK).timestamp())


def _was_away(request: HttpRequest) -> bool:
    """Whether somebody was idle for longer than 6.1-b allows; else the visit is noted."""
    now = clock.now().timestamp()
    seen = request.session.get(SEEN, now)
    if _is_to_come(seen) or now - seen > clause("6.1-b").limit("idle").value * MINUTE:
        return True
    if SEEN not in request.session or now - seen > MINUTE:
        request.session[SEEN] = now
    return False


def _to(door: str, request: HttpRequest, *, timeout: bool = False) -> HttpResponse:
    """To the sign-in and back to where one was; a part of a page leads the whole page there.

    Where one was is the page with the form, not the address that the form is sent to.
    """
    part = bool(request.headers.get("HX-Request"))
    sent_from = request.headers.get("Referer", "") if request.method == "POST" else ""
    page = urlsplit(request.headers.get("HX-Current-URL", "") if part else sent_from)
    back = f"{page.path}?{page.query}" if part or page.path else request.get_full_path()
    where = f"{door}?{'timeout&' if timeout else ''}next={quote(back)}"
    return HttpResponse(headers={"HX-Redirect": where}) if part else HttpResponseRedirect(where)
