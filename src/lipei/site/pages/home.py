"""The front door: / sends everybody to where their work is."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.ch01_general.actors import Actor, actor
from lipei.ch01_general.models import Staff
from lipei.site.shell import CLAIMANT_PREFIX, address

HOME = "desk:home"
DESKS = {
    "survey.do": "desk:survey",
    "pay.make": "desk:payments",
    "archive.shelve": "desk:archive",
    "audit.read": "desk:audit",
}
"""The desk of a post by the duty that makes it, for those who work no claims of their own."""


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Staff to the desk of their post, claimants to their claims, everybody else to sign in."""
    person = request.user
    if isinstance(person, Staff):
        return HttpResponseRedirect(_desk(actor(person.reference)))
    if request.session.get("party"):
        return HttpResponseRedirect(CLAIMANT_PREFIX)
    return HttpResponseRedirect(settings.LOGIN_URL)


def _desk(acting: Actor) -> str:
    """Where somebody's post has its work; the work list where no other desk is theirs."""
    for duty, route in DESKS.items():
        if acting.may(duty) and not acting.may("claims.register") and address(route):
            return address(route)
    return address(HOME)


namespace = ""
urlpatterns = [path("", home, name="home")]
