"""/manual/refusals/: what the house says when it says no, reworded by two persons."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general import proposals, refusal_words, revisions, snapshot
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.kit import checks
from lipei.kit.forms import Checked, complain
from lipei.kit.refusal import Refused
from lipei.manual import WORDS, Refusal, refusals, shipped_refusals

WRONG, SEE_OTHER = 422, 303
LABELS = {
    "zh": gettext_lazy("为什么不行（中文）"), "en": gettext_lazy("为什么不行（英文）"),
    "next_zh": gettext_lazy("下一步怎么办（中文）"),
    "next_en": gettext_lazy("下一步怎么办（英文）"),
}  # fmt: skip


class WordsForm(forms.Form):
    """The four texts of a refusal, and why they change."""

    reason = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=500), name="reason",
        label=gettext_lazy("为什么改"), widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip

    def __init__(self, one: Refusal, **plain: object) -> None:
        super().__init__(**plain)  # type: ignore[arg-type]  # Django checks them itself
        for name in WORDS:
            self.fields[name] = Checked(
                lambda text, field: checks.plain_text(text, field=field, lines=False,
                                                      limit=refusal_words.LIMIT),
                name=name, label=LABELS[name], initial=getattr(one, name),
                widget=forms.Textarea(attrs={"rows": 2}),
            )  # fmt: skip
        self.order_fields(list(WORDS))

    @property
    def texts(self) -> list[forms.BoundField]:
        """The fields of the four texts."""
        return [self[name] for name in WORDS]


@require_GET
@staff_page()
def every(request: StaffRequest) -> HttpResponse:
    """All refusals with their words, searched."""
    snapshot.learn()
    q = request.GET.get("q", "").strip()[:60]
    waiting = {one.key for one in revisions.waiting_all("refusal")}
    rows = [
        (one, one != shipped_refusals()[slug], slug in waiting)
        for slug, one in refusals().items()
        if q.casefold() in f"{slug} {one.zh} {one.en} {one.clause}".casefold()
    ]
    return render(request, "desk/refusals.html", {"rows": rows, "q": q})


@require_GET
@staff_page()
def refusal(request: StaffRequest, slug: str) -> HttpResponse:
    """One refusal: its words now and as shipped, its editions, and a change in waiting."""
    return _page(request, slug)


@require_POST
@staff_page(proposals.PROPOSE)
def propose(request: StaffRequest, slug: str) -> HttpResponse:
    """Propose other words, or the shipped ones again."""
    one = refusal_words.known(slug)
    back = request.POST.get("act") == "shipped"
    form = WordsForm(one, data=request.POST)
    if not form.is_valid() and not (back and "reason" not in form.errors):
        return _page(request, slug, form=form, status=WRONG)
    try:
        refusal_words.propose_words(
            slug, words={} if back else {name: form.cleaned_data[name] for name in WORDS},
            reason=form.cleaned_data["reason"], by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return _page(request, slug, form=form, status=no.status)
    messages.success(request, _("已提出，等另一人批准"))
    answer = redirect("desk:refusal", slug)
    answer.status_code = SEE_OTHER
    return answer


def _page(
    request: StaffRequest, slug: str, *, form: WordsForm | None = None, status: int = 200
) -> HttpResponse:
    one = refusal_words.known(slug)
    shipped = shipped_refusals()[slug]
    waits = revisions.waiting_of("refusal", slug)
    told: dict[str, Any] = {
        "one": one, "words": _words(one), "shipped": _words(shipped), "is_shipped": one == shipped,
        "holes": [f"{{{hole}}}" for hole in sorted(shipped.wants)], "waits": waits,
        "asked": waits and [(LABELS[n], (waits.row or refusal_words.words_of(shipped))[n])
                            for n in WORDS],
        "history": revisions.revisions_of("refusal", slug), "form": form or WordsForm(one),
        "wrong": form,
        "is_mine": waits is not None and waits.proposed_by == request.actor.reference,
        "may_propose": request.actor.may(proposals.PROPOSE),
        "may_change": request.actor.may_everywhere(proposals.CHANGE),
    }  # fmt: skip
    return render(request, "desk/refusal.html", told, status=status)


def _words(one: Refusal) -> list[tuple[object, str]]:
    return [(LABELS[name], getattr(one, name)) for name in WORDS]


namespace = "desk"
urlpatterns = [
    path("manual/refusals/", every, name="refusals"),
    path("manual/refusals/<str:slug>/", refusal, name="refusal"),
    path("manual/refusals/<str:slug>/proposals/", propose, name="refusal_propose"),
]
