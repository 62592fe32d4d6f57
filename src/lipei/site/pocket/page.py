"""The guard of the claimants' pages, and how a claimant is named in the frame."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_cache_control

from lipei.ch01_general.guards import PARTY, PartyRequest, claimant_page, visit_is_over
from lipei.ch01_general.models import Message, Party
from lipei.kit import sealed
from lipei.kit.refusal import Refused
from lipei.site.shell import Reader

P = ParamSpec("P")
Page = Callable[Concatenate[PartyRequest, P], HttpResponseBase]
SEEN = "inbox_seen"
WRONG = 422
"""The status of a form that is shown again with what is wrong in it."""


def pocket_page(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open a claimants' page to a signed-in claimant, with name and unread count in its frame."""

    def seen(request: PartyRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        request.reader = reader_of(request.party)  # type: ignore[attr-defined]
        request.nav_counts = {"inbox": (unread(request), False)}  # type: ignore[attr-defined]
        response = view(request, *args, **kwargs)
        patch_cache_control(response, private=True, no_cache=True)
        return response

    return wraps(view)(claimant_page(seen))


def pocket_call(view: Page[P]) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Open an address that scripts and pictures ask for: who is not signed in is told so in a
    refusal, not led to a page."""

    def called(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if visit_is_over(request) or not request.session.get(PARTY):
            raise Refused("sign_in_needed")
        return claimant_page(view)(request, *args, **kwargs)

    return wraps(view)(called)


def reader_of(party: Party) -> Reader:
    """A claimant as the frame names them; the key keeps one phone's people apart."""
    name = party.name or sealed.masked(party.phone)
    return Reader(name=name, key=f"p{party.pk}", signed_in=True)


def unread(request: PartyRequest) -> int:
    """How many messages came since the inbox was last opened in this session."""
    after = int(request.session.get(SEEN, 0))
    return Message.objects.filter(party=request.party, pk__gt=after).count()


def refilled(
    request: HttpRequest, template: str, told: dict[str, object], *, wrong: bool
) -> HttpResponse:
    """A form's page; with something wrong in it, everything typed stands there again."""
    return render(request, template, told, status=WRONG if wrong else 200)
