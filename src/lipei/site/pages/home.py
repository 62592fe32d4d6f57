"""The front door: / sends everybody to where their work is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.site.shell import CLAIMANT_PREFIX, address

DESK = "desk:home"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Staff to the desk, claimants to their claims, everybody else to the sign-in."""
    if request.user.is_authenticated:
        return HttpResponseRedirect(address(DESK) or "/desk/")
    if request.session.get("party"):
        return HttpResponseRedirect(CLAIMANT_PREFIX)
    return HttpResponseRedirect(settings.LOGIN_URL)


namespace = ""
urlpatterns = [path("", home, name="home")]
