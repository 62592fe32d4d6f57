"""/join/…/: an invitation is used: a password of one's own, then an authenticator."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from lipei.ch06_systems.invitations import invited_by, use_invitation
from lipei.kit.forms import complain
from lipei.kit.refusal import Refused
from lipei.site.pages.setup import WRONG, PasswordForm
from lipei.site.pages.sign_in import BACKEND

LONGEST = 100


@never_cache
@sensitive_post_parameters("password", "again")
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, link: str) -> HttpResponse:
    """Whom the link invites sets a password and goes on to the second factor."""
    text = link[:LONGEST]
    person = invited_by(text)
    form = PasswordForm(request.POST if request.method == "POST" else None)
    status = 200 if request.method == "GET" else WRONG
    if request.method == "POST" and form.is_valid():
        try:
            joined = use_invitation(text, password=form.cleaned_data["password"])
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            logout(request)
            login(request, joined, backend=BACKEND)
            return HttpResponseRedirect(reverse("desk:enrol"))
    return render(request, "auth/join.html", {"form": form, "person": person}, status=status)


namespace = "desk"
prefix = ""
urlpatterns = [path("join/<str:link>/", join, name="join")]
