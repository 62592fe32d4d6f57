"""A sum that anybody with its link may work out again, from its facts, without signing in.

The link is signed and names one calculation. The page shows no name, number or address of a
person: only facts, terms, steps and the hash of the sheet that was signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_GET

from lipei.ch03_assessment.adjudication import sheet_of
from lipei.ch03_assessment.models import Calculation
from lipei.ch03_assessment.settling import reference, settled_again
from lipei.kit.refusal import Refused
from lipei.rules import FactRefused, edition
from lipei.rules.facts import Fact
from lipei.rules.products.edition import Words
from lipei.rules.statement import Sheet, sheet
from lipei.rules.yuan import in_capitals
from lipei.site.choices import spoken
from lipei.site.fact_forms import FactForm
from lipei.site.journey.sums import SumLine, calculation_at, lines_of
from lipei.site.pocket.page import WRONG


@dataclass(frozen=True)
class Proof:
    """A sum worked out now: its steps, and whether it is the very sheet that was kept."""

    title: str
    lines: list[SumLine]
    amount_fen: int
    capitals: str
    digest: str
    is_same: bool


@require_GET
def proof(request: HttpRequest, token: str) -> HttpResponse:
    """The facts of a sum in fields, and what the rules make of them now."""
    kept = _calculation(token)
    held, known = {**kept.facts, **kept.terms}, edition(kept.edition)
    form = FactForm(known.given, held=held, data=request.GET.dict() or None)
    status, shown = 200, _shown(sheet_of(kept), kept)
    if form.is_bound:
        again = _again(form, kept) if form.is_valid() else None
        status, shown = (200, _shown(again, kept)) if again else (WRONG, shown)
    told = {"form": form, "proof": shown, "kept": kept, "token": token}
    told |= {"facts": _fields(form, known.facts), "terms": _fields(form, known.terms)}
    response = render(request, "pocket/proof.html", told, status=status)
    patch_cache_control(response, private=True, no_store=True)
    response["X-Robots-Tag"] = "noindex"
    return response


@require_GET
def proof_json(request: HttpRequest, token: str) -> HttpResponse:
    """The kept sheet as JSON, with everything that is needed to recompute it, and its hash."""
    kept = _calculation(token)
    made = sheet_of(kept)
    response = JsonResponse({**made.as_json(), "digest": made.digest})
    response["Content-Disposition"] = f'attachment; filename="sheet-{kept.version}.json"'
    patch_cache_control(response, private=True, no_store=True)
    return response


def _calculation(token: str) -> Calculation:
    held = calculation_at(token)
    if held is None:
        raise Refused("file_not_found")
    return held


def _again(form: FactForm, kept: Calculation) -> Sheet | None:
    """The sheet of the changed facts; none where the rules refuse one, told beside its field."""
    held = edition(kept.edition)
    facts = {name: value for name, value in form.told.items() if name in held.facts}
    terms = {name: value for name, value in form.told.items() if name in held.terms}
    try:
        settlement = settled_again(kept, facts=facts, terms=terms)
        return sheet(settlement, reference=reference(kept.exposure))
    except FactRefused as no:
        words = spoken(Words(no.zh, no.en))
        form.add_error(no.field if no.field in form.fields else None, words)
        return None


def _shown(made: Sheet, kept: Calculation) -> Proof:
    return Proof(
        title=spoken(made.title), lines=lines_of(made), amount_fen=made.benefit_fen,
        capitals=in_capitals(made.benefit_fen), digest=made.digest,
        is_same=made.digest == kept.sheet_hash,
    )  # fmt: skip


def _fields(form: FactForm, known: Mapping[str, Fact]) -> list[object]:
    """The fields of facts or of terms; a key is nobody's to tell."""
    return [form[name] for name, fact in known.items() if fact.kind != "key"]


pocket_urlpatterns = [
    path("proof/<str:token>/", proof, name="proof"),
    path("proof/<str:token>/sheet.json", proof_json, name="proof_json"),
]
