"""Look and language of this device: cookies, no account needed."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.urls import path
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from lipei.site.shell import COOKIES

YEAR_SECONDS = 365 * 24 * 3600
ALLOWED = {
    "theme": ("light", "dark", "system"),
    "size": ("normal", "large"),
    "keys": ("on", "off"),
    "language": tuple(code for code, _ in settings.LANGUAGES),
}
NAMES = {**COOKIES, "language": settings.LANGUAGE_COOKIE_NAME}


@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    """Keep what was chosen: 204 for a script, else back to the page; 400 for what is unknown."""
    chosen = {name: request.POST[name] for name in ALLOWED if name in request.POST}
    if not chosen or any(value not in ALLOWED[name] for name, value in chosen.items()):
        return HttpResponseBadRequest()
    by_script = request.headers.get("X-Requested-With") == "fetch"
    answer = HttpResponse(status=204) if by_script else HttpResponseRedirect(_back(request))
    for name, value in chosen.items():
        answer.set_cookie(
            NAMES[name],
            value,
            max_age=YEAR_SECONDS,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return answer


def _back(request: HttpRequest) -> str:
    """The page that was left, if it is ours."""
    page = request.headers.get("Referer", "")
    hosts = {request.get_host()}
    ours = url_has_allowed_host_and_scheme(page, hosts, require_https=request.is_secure())
    return page if ours else "/"


urlpatterns = [path("preferences/", preferences, name="preferences")]
