"""Letters: each as it was written, how it went out and arrived; and the words of all of them."""

from uuid import uuid4

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.letters import (
    LETTER,
    SEAL,
    in_force,
    language_read,
    letter_pdf,
    note_arrival,
    number_of,
    propose_letter,
    seal_in_force,
    send_letter,
    words_in,
)
from lipei.ch01_general.models import Claim, Letter, LetterDelivery, Revision
from lipei.ch01_general.revisions import revisions_of, waiting_all
from lipei.kit import checks, clock, uploads
from lipei.kit.forms import Checked, complain
from lipei.kit.records import Part, Record, record_pdf
from lipei.kit.refusal import Refused
from lipei.manual.letter_list import LANGUAGES, ROWS, letters

SEEN_BY = ("clauses.propose", "clauses.change", "audit.read")
WRONG, SEE_OTHER = 422, 303
PDF = "application/pdf"
Way = LetterDelivery.Way


class SendForm(forms.Form):
    """How a letter goes out on paper."""

    way = forms.ChoiceField(
        label=gettext_lazy("方式"), choices=[(w.value, w.label) for w in (Way.POST, Way.HAND)]
    )
    reference = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=60, lines=False),
        name="reference", label=gettext_lazy("快递单号"), required=False,
        help_text=gettext_lazy("当面递交可以不填。"),
    )  # fmt: skip


class ArrivalForm(forms.Form):
    """When it arrived, and what proves it."""

    at = forms.DateTimeField(
        label=gettext_lazy("送达时间"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
    )
    proof = forms.FileField(
        label=gettext_lazy("送达凭证"), help_text=gettext_lazy("签收单、回执等照片或 PDF。")
    )


class WordsForm(forms.Form):
    """The words of one letter in both languages, and why they change."""

    title_zh = forms.CharField(label=gettext_lazy("标题（中文）"), max_length=80)
    body_zh = forms.CharField(
        label=gettext_lazy("正文（中文）"), max_length=6000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip
    title_en = forms.CharField(label=gettext_lazy("标题（英文）"), max_length=120)
    body_en = forms.CharField(
        label=gettext_lazy("正文（英文）"), max_length=6000,
        widget=forms.Textarea(attrs={"rows": 12}),
    )  # fmt: skip
    reason = forms.CharField(label=gettext_lazy("为什么改"), max_length=200)


class SealForm(forms.Form):
    """A picture of the seal, and why it changes."""

    seal = forms.FileField(
        label=gettext_lazy("印章图片"), help_text=gettext_lazy("PNG 或 JPEG，最好是透明底的方图。")
    )
    reason = forms.CharField(label=gettext_lazy("为什么改"), max_length=200)


# One claim's letters


@require_GET
@staff_page("claims.view")
def letter(request: StaffRequest, number: str, position: int) -> HttpResponse:
    """One letter: its words, its paper, its ways."""
    return _letter(request, *_found(request, number, position))


@require_GET
@staff_page("claims.view")
def paper(request: StaffRequest, number: str, position: int, language: str) -> HttpResponse:
    """The letter's paper as PDF."""
    _claim, held = _found(request, number, position)
    return paper_answer(held, language=language)


@require_POST
@staff_page("customers.contact")
def send(request: StaffRequest, number: str, position: int) -> HttpResponse:
    """Write down that it was posted or taken along."""
    claim, held = _found(request, number, position, duty="customers.contact")
    form = SendForm(request.POST)
    if form.is_valid():
        try:
            send_letter(number, letter=position, by=request.actor.reference, **form.cleaned_data)
        except Refused as no:
            complain(form, no)
        else:
            messages.success(request, _("已登记寄送"))
            return _to("desk:letter", number, position)
    return _letter(request, claim, held, sending=form)


@require_POST
@staff_page("customers.contact")
def arrived(request: StaffRequest, number: str, position: int, delivery: int) -> HttpResponse:
    """Write down that it arrived, with its proof."""
    claim, held = _found(request, number, position, duty="customers.contact")
    form = ArrivalForm(request.POST, request.FILES)
    if form.is_valid():
        file, by = form.cleaned_data["proof"], request.actor.reference
        try:
            proof = uploads.take(file, owner=by, client_id=str(uuid4()), filename=file.name)
            note_arrival(number, letter=position, delivery=delivery, proof=proof.pk, by=by,
                         at=form.cleaned_data["at"])  # fmt: skip
        except Refused as no:
            complain(form, no)
        else:
            messages.success(request, _("已登记送达"))
            return _to("desk:letter", number, position)
    return _letter(request, claim, held, arriving=form)


# The register


@require_GET
@staff_page(*SEEN_BY)
def register(request: StaffRequest) -> HttpResponse:
    """Every letter of the department: its number, its edition, what waits for a second person."""
    waiting = {one.key for one in waiting_all(LETTER.name)}
    rows = [
        {
            "slug": slug, "number": one.number, "edition": in_force(slug)[0],
            "title": in_force(slug)[1][language_read()].title, "waits": slug in waiting,
        }
        for slug, one in letters().items()
    ]  # fmt: skip
    told = {"rows": rows, "seal": seal_in_force(), "seal_waits": SEAL in waiting}
    return render(request, "desk/letters.html", told)


@require_http_methods(["GET", "POST"])
@staff_page(*SEEN_BY)
def words(request: StaffRequest, slug: str) -> HttpResponse:
    """The words of one letter: as they are in force, as they are proposed, as they were."""
    if slug != SEAL and slug not in letters():
        raise Refused("letter_not_found")
    kind = SealForm if slug == SEAL else WordsForm
    form: forms.Form = kind(initial=_standing(slug))
    if request.method == "POST":
        form = kind(request.POST, request.FILES)
        if form.is_valid():
            try:
                _propose(request, slug, form)
            except Refused as no:
                complain(form, no)
            else:
                messages.success(request, _("已提出，等另一个人批准"))
                return _to("desk:letter_words", slug)
    told = {
        "slug": slug, "form": form, "known": letters().get(slug), "blanks": _blanks(slug),
        "editions": revisions_of(LETTER.name, slug),
        "may_propose": request.actor.may("clauses.propose"),
        "may_change": request.actor.may_everywhere("clauses.change"), "me": request.actor.reference,
        "title": _("印章") if slug == SEAL else in_force(slug)[1][language_read()].title,
    }  # fmt: skip
    status = WRONG if form.is_bound else 200
    return render(request, "desk/letter_words.html", told, status=status)


@require_GET
@staff_page(*SEEN_BY)
def preview(request: StaffRequest, slug: str, edition: int, language: str) -> HttpResponse:
    """The paper of an edition with its blanks left open."""
    if slug not in letters() or language not in LANGUAGES:
        raise Refused("letter_not_found")
    held = Revision.objects.filter(kind=LETTER.name, key=slug, edition=edition).first()
    told = words_in(held.row)[language] if held else in_force(slug)[1][language]
    title, body = told.title, told.body
    before, _mark, after = body.partition(ROWS)
    table = (("…", "…"), ("…", "…")) if letters()[slug].has_rows else ()
    made = Record(
        title, letters()[slug].number, (Part(words=before), Part(rows=table), Part(words=after)),
        language=language,
    )  # fmt: skip
    return HttpResponse(record_pdf(made), content_type=PDF)


# The parts of the pages


def paper_answer(held: Letter, *, language: str) -> HttpResponse:
    """The paper of a letter to keep or to print."""
    if language not in LANGUAGES:
        raise Refused("letter_not_found")
    response = HttpResponse(letter_pdf(held, language=language), content_type=PDF)
    name = f"{number_of(held)}-{language}.pdf"
    response["Content-Disposition"] = f'inline; filename="{name}"'
    return response


def _found(
    request: StaffRequest, number: str, position: int, *, duty: str = "claims.view"
) -> tuple[Claim, Letter]:
    claim = claim_for(request.actor, number, duty=duty)
    held = claim.letters.filter(position=min(position, 10**4)).select_related("party").first()
    if held is None:
        raise Refused("letter_not_found")
    return claim, held


def _letter(
    request: StaffRequest, claim: Claim, held: Letter, *, sending: SendForm | None = None,
    arriving: ArrivalForm | None = None,
) -> HttpResponse:  # fmt: skip
    present = timezone.localtime(clock.now())
    told = {
        "claim": claim, "letter": held, "number": number_of(held),
        "deliveries": list(held.deliveries.order_by("pk")),
        "sending": sending or SendForm(),
        "arriving": arriving or ArrivalForm(initial={"at": f"{present:%Y-%m-%dT%H:%M}"}),
        "may_send": request.actor.may("customers.contact", claim.branch_path),
        **shown(held, language=language_read()),
    }  # fmt: skip
    status = WRONG if sending or arriving else 200
    return render(request, "desk/letter.html", told, status=status)


def shown(held: Letter, *, language: str) -> dict[str, object]:
    """A letter's words for the screen: paragraphs before and after its table."""
    text = held.text[language]
    before, _mark, after = text["body"].partition(ROWS)
    head, *rows = text["rows"] or [[]]
    return {
        "language": language, "title": text["title"], "house": text["house"],
        "before": before.strip().split("\n\n"), "head": head, "rows": rows,
        "after": [one for one in after.strip().split("\n\n") if one],
    }  # fmt: skip


def _blanks(slug: str) -> list[str]:
    """What the words must hold, in braces."""
    known = letters().get(slug)
    if known is None:
        return []
    return [f"{{{one}}}" for one in sorted(known.blanks)] + ([ROWS] if known.has_rows else [])


def _standing(slug: str) -> dict[str, str]:
    if slug == SEAL:
        return {}
    told = in_force(slug)[1]
    return {f"title_{one}": told[one].title for one in LANGUAGES} | {
        f"body_{one}": told[one].body for one in LANGUAGES
    }


def _propose(request: StaffRequest, slug: str, form: forms.Form) -> None:
    told, by, seal = dict(form.cleaned_data), request.actor.reference, None
    reason = str(told.pop("reason"))
    if slug == SEAL:
        file = told.pop("seal")
        seal = uploads.take(file, owner=by, client_id=str(uuid4()), filename=file.name).pk
    plain = {name: str(words).replace("\r\n", "\n") for name, words in told.items()}
    propose_letter(slug, words=plain, seal=seal, reason=reason, by=by)


def _to(route: str, *place: object) -> HttpResponse:
    answer = redirect(route, *place)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("claims/<slug:number>/letters/<int:position>/", letter, name="letter"),
    path("claims/<slug:number>/letters/<int:position>/<slug:language>.pdf", paper,
         name="letter_paper"),
    path("claims/<slug:number>/letters/<int:position>/send/", send, name="letter_send"),
    path("claims/<slug:number>/letters/<int:position>/<int:delivery>/arrived/", arrived,
         name="letter_arrived"),
    path("letters/", register, name="letters"),
    path("letters/<slug:slug>/", words, name="letter_words"),
    path("letters/<slug:slug>/<int:edition>/<slug:language>.pdf", preview, name="letter_preview"),
]  # fmt: skip
