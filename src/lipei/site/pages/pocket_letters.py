"""The claimant's letters: each to read, to print, to keep; opening one is its delivery."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.ch01_general.guards import PartyRequest
from lipei.ch01_general.letters import language_read, letters_of, number_of, open_letter
from lipei.ch01_general.models import Letter
from lipei.ch01_general.reading import claim_seen
from lipei.ch02_intake.channels import write_receipt
from lipei.kit.refusal import Refused
from lipei.manual.letter_list import LANGUAGES
from lipei.site.pages.letters import paper_answer, shown
from lipei.site.pocket.page import pocket_page

LONGEST = 10**4


@require_GET
@pocket_page
def letters(request: PartyRequest, number: str) -> HttpResponse:
    """Every letter of one claim that is addressed to whoever reads, the newest first."""
    found = claim_seen(number, acting=request.actor)
    mine = letters_of(found, acting=request.actor)
    language = language_read()
    rows = [(one, one.text[language]["title"], number_of(one)) for one in mine]
    return render(request, "pocket/letters.html", {"claim": found, "rows": rows})


@require_GET
@pocket_page
def receipt(request: PartyRequest, number: str) -> HttpResponse:
    """The receipt of the report as a letter; written when it is first asked for."""
    found = claim_seen(number, acting=request.actor)
    return redirect("pocket:letter", found.number, write_receipt(found).position)


@require_GET
@pocket_page
def letter(request: PartyRequest, number: str, position: int) -> HttpResponse:
    """One letter to read."""
    held = _opened(request, number, position)
    told = shown(held, language=language_read())
    return render(
        request, "pocket/letter.html",
        {"claim": held.claim, "letter": held, "number": number_of(held), **told},
    )  # fmt: skip


@require_GET
@pocket_page
def paper(request: PartyRequest, number: str, position: int, language: str) -> HttpResponse:
    """Its paper as PDF."""
    if language not in LANGUAGES:
        raise Refused("letter_not_found")
    return paper_answer(_opened(request, number, position), language=language)


def _opened(request: PartyRequest, number: str, position: int) -> Letter:
    found = claim_seen(number, acting=request.actor)
    by = request.actor.reference
    return open_letter(found.number, letter=min(position, LONGEST), by=by)


pocket_urlpatterns = [
    path("claims/<str:number>/letters/", letters, name="letters"),
    path("claims/<str:number>/letters/receipt/", receipt, name="letter_receipt"),
    path("claims/<str:number>/letters/<int:position>/", letter, name="letter"),
    path("claims/<str:number>/letters/<int:position>/<slug:language>.pdf", paper,
         name="letter_paper"),
]  # fmt: skip
