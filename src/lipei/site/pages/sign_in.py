"""How people of the house come in: name and password, then the code of their authenticator."""

import re
from typing import cast

import segno
from axes.utils import reset
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.signals import user_login_failed
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST
from django_otp import login as confirm_second_factor
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.duties import sign_in_staff
from lipei.ch01_general.guards import ENTERED, enter
from lipei.ch01_general.models import Staff
from lipei.ch06_systems.security import last_reset
from lipei.ch06_systems.setup import is_set_up
from lipei.kit import clock
from lipei.kit.checks import plain_text
from lipei.kit.forms import said
from lipei.kit.refusal import Refused

CODE = re.compile(r"[0-9]{6}")
NAME_LIMIT = 150
BACKEND = "django.contrib.auth.backends.ModelBackend"


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    """Name and password. Five wrong tries lock the name for a while (6.1-b), in words."""
    if request.method == "GET":
        if isinstance(request.user, Staff):
            return _onward(request, request.user)
        if not is_set_up():
            return HttpResponseRedirect(reverse("desk:setup"))
        return _shown(request, "login", timed_out="timeout" in request.GET)
    try:
        username = plain_text(
            request.POST.get("username", ""), field="username", limit=NAME_LIMIT, lines=False
        )
    except Refused as no:
        return _shown(request, "login", refused=no)
    password = request.POST.get("password", "")
    person = authenticate(request, username=username, password=password)
    if getattr(request, "axes_locked_out", False):
        return _locked(request, "login", username=username)
    if not isinstance(person, Staff):
        refused = Refused("sign_in_failed")
        return _shown(request, "login", refused=refused, username=username)
    login(request, person, backend=BACKEND)
    return _onward(request, person)


@never_cache
@require_http_methods(["GET", "POST"])
def code(request: HttpRequest) -> HttpResponse:
    """The second factor: six digits of the authenticator, each used once."""
    person = request.user
    if not isinstance(person, Staff):
        return HttpResponseRedirect(_with_next(request, "desk:login"))
    device = _device(person)
    if device is None or person.is_verified():  # type: ignore[attr-defined]
        return _onward(request, person)
    refused = None
    if request.method == "POST":
        refused = _refused_code(request, device)
        if getattr(request, "axes_locked_out", False):
            logout(request)
            return _locked(request, "login", username=person.username)
        if refused is None:
            return _inside(request, device)
    return _shown(request, "code", refused=refused, demo=_demonstration_code(device))


@never_cache
@require_http_methods(["GET", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Whoever has no authenticator yet takes one up: scan, type the code, done."""
    person = request.user
    if not isinstance(person, Staff):
        return HttpResponseRedirect(_with_next(request, "desk:login"))
    if _device(person) is not None:
        return _onward(request, person)
    if ENTERED in request.session:
        # it was inside with an authenticator that was taken away: the password is asked again
        logout(request)
        return HttpResponseRedirect(_with_next(request, "desk:login"))
    device, _made = TOTPDevice.objects.get_or_create(
        user=person, confirmed=False, defaults={"name": "authenticator"}
    )
    refused = None
    if request.method == "POST":
        refused = _refused_code(request, device)
        if getattr(request, "axes_locked_out", False):
            logout(request)
            return _locked(request, "login", username=person.username)
        if refused is None:
            device.confirmed = True
            device.save(update_fields=["confirmed"])
            return _inside(request, device, enrolled=True)
    drawn = segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=2)
    key = device.config_url.partition("secret=")[2].partition("&")[0]
    spaced = " ".join(key[n : n + 4] for n in range(0, len(key), 4))
    return _shown(request, "enrol", refused=refused, drawn=drawn, key=spaced,
                  reset=last_reset(person), demo=_demonstration_code(device))  # fmt: skip


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out; the session is emptied."""
    logout(request)
    return HttpResponseRedirect(reverse("desk:login"))


def _shown(
    request: HttpRequest, name: str, *, refused: Refused | None = None, **told: object
) -> HttpResponse:
    given = {"next": _next(request), "words": said(refused) if refused else "", **told}
    status = refused.status if refused else 200
    return render(request, f"auth/{name}.html", given, status=status)


def _locked(request: HttpRequest, name: str, *, username: str) -> HttpResponse:
    """The page in words instead of the bare lock-out: the middleware need not answer."""
    request.axes_locked_out = False  # type: ignore[attr-defined]
    minutes = round(float(settings.AXES_COOLOFF_TIME) * 60)
    refused = Refused("account_locked", minutes=minutes)
    return _shown(request, name, refused=refused, username=username)


def _onward(request: HttpRequest, person: Staff) -> HttpResponse:
    """Where somebody belongs who has shown a password: to the code, to enrol, or inside."""
    if person.is_verified() if hasattr(person, "is_verified") else False:
        return HttpResponseRedirect(_next(request) or "/")
    step = "desk:code" if _device(person) else "desk:enrol"
    return HttpResponseRedirect(_with_next(request, step))


def _inside(request: HttpRequest, device: TOTPDevice, *, enrolled: bool = False) -> HttpResponse:
    person = cast(Staff, request.user)
    confirm_second_factor(request, device)
    request.session.cycle_key()
    enter(request)
    reset(username=person.username)
    sign_in_staff(person.username, enrolled=enrolled)
    return HttpResponseRedirect(_next(request) or "/")


def _device(person: Staff) -> TOTPDevice | None:
    found: TOTPDevice | None = TOTPDevice.objects.filter(user=person, confirmed=True).first()
    return found


def _refused_code(request: HttpRequest, device: TOTPDevice) -> Refused | None:
    """Why a code is not taken; none if it is. A wrong one counts towards the lock-out."""
    typed = "".join(request.POST.get("code", "").split())
    allowed, why = device.verify_is_allowed()
    if not allowed:
        seconds = (why["locked_until"] - clock.now()).seconds + 1 if why else 1
        return Refused("code_too_soon", seconds=seconds)
    if CODE.fullmatch(typed) and device.verify_token(typed):
        return None
    user_login_failed.send(
        sender=__name__, credentials={"username": device.user.username}, request=request
    )
    return Refused("authenticator_code_wrong", field="code")


def _demonstration_code(device: TOTPDevice) -> str:
    """The code of this moment, for the demonstration's screen only; the next if it is used."""
    if not settings.LIPEI_DEMO:
        return ""
    counter = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    counter.time = clock.now().timestamp()
    if counter.t() <= device.last_t:
        counter.time += (device.last_t + 1 - counter.t()) * device.step
    return f"{counter.token():06d}"


def _next(request: HttpRequest) -> str:
    """Where the person wanted to go, if it is a place of ours."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    ours = url_has_allowed_host_and_scheme(
        wanted, {request.get_host()}, require_https=request.is_secure()
    )
    return wanted if ours and wanted.startswith("/") else ""


def _with_next(request: HttpRequest, route: str) -> str:
    wanted = _next(request)
    return reverse(route, query={"next": wanted} if wanted else None)


namespace = "desk"
prefix = ""
urlpatterns = [
    path("login/", sign_in, name="login"),
    path("login/code/", code, name="code"),
    path("login/enrol/", enrol, name="enrol"),
    path("logout/", leave, name="logout"),
]
