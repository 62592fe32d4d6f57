"""/about/licences/: what Lipei is built on, and under which licences; open to everybody."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.site.licences import PLACES, package, packages


@require_GET
def licences(request: HttpRequest) -> HttpResponse:
    """Every package of this installation, with a way to the wording of its licence."""
    groups = [(place, [one for one in packages() if one.place == place]) for place in PLACES]
    return render(request, "about/licences.html", {"groups": groups})


@require_GET
def licence(request: HttpRequest, place: str, name: str) -> HttpResponse:
    """The wording of one licence; 404 where this installation has no such package."""
    found = package(place, name)
    if found is None:
        raise Http404
    return render(request, "about/licence.html", {"package": found})


urlpatterns = [
    path("about/licences/", licences, name="licences"),
    path("about/licences/<slug:place>/<path:name>/", licence, name="licence"),
]
