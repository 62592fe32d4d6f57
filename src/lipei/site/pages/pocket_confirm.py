"""The claimant's word on the sums, signed; and the accounts to which they go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from lipei.ch01_general.guards import PartyRequest
from lipei.ch01_general.models import Claim
from lipei.ch01_general.reading import claim_seen
from lipei.ch02_intake.lines import Option
from lipei.ch02_intake.models import Material
from lipei.ch02_intake.papers import AUTHORISATION
from lipei.ch04_payment.accounts import give_payee_account, may_give_account
from lipei.ch04_payment.methods import agree_to_sums, may_sign
from lipei.ch04_payment.models import Account
from lipei.kit.forms import complain
from lipei.kit.refusal import Refused
from lipei.site.choices import paper_title
from lipei.site.journey.law import credited_words
from lipei.site.journey.progress import line_words
from lipei.site.journey.sums import SumShown, open_sums, sums_shown
from lipei.site.pocket import codes
from lipei.site.pocket.confirm_forms import AccountForm, ConfirmForm, choice_name
from lipei.site.pocket.page import pocket_page, refilled
from lipei.site.pocket.report_pages import Card, cards
from lipei.site.punctuation import labelled

WORD = (
    Option("accept", gettext_lazy("接受"), icon="checks", note=gettext_lazy("按这个金额付款")),
    Option(
        "reserve", gettext_lazy("接受但保留意见"), icon="message-2",
        note=gettext_lazy("先收款，意见写进确认书"),
    ),
    Option(
        "object", gettext_lazy("有异议"), icon="hand-stop",
        note=gettext_lazy("这一项先不付，另派人复核"),
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """One sum with the choices for it and what is wrong with the choice, if anything."""

    sum: SumShown
    name: str
    cards: list[Card]
    error: str


@require_http_methods(["GET", "POST"])
@pocket_page
def confirm(request: PartyRequest, number: str) -> HttpResponseBase:
    """Show every sum with all its steps, and take the word on each."""
    found = claim_seen(number, acting=request.actor)
    told = _told(request, found)
    if not told["sums"].sums:
        messages.info(request, _("现在没有等您确认的金额。"))
        return redirect("pocket:claim", number)
    if request.method == "POST" and not told["may_sign"]:
        raise Refused("signer_not_insured")
    if request.method == "POST" and _agreed(request, found, told):
        messages.success(request, _("已签署。接受的部分马上进入付款，您可以在这里看到账情况。"))
        return redirect("pocket:claim", number)
    return _shown(request, told, wrong=request.method == "POST")


@require_POST
@pocket_page
def confirm_code(request: PartyRequest, number: str) -> HttpResponseBase:
    """Send the code for this claim's signature; everything typed stays."""
    found = claim_seen(number, acting=request.actor)
    told = _told(request, found)
    if not told["may_sign"]:
        raise Refused("signer_not_insured")
    refused = ""
    try:
        codes.send(request, request.party.reached_at, purpose=f"agree/{number}")
    except Refused as no:
        told["form"].errors.clear()
        complain(told["form"], no)
        refused = no.slug
    return _shown(request, told, wrong=bool(refused))


@require_http_methods(["GET", "POST"])
@pocket_page
def account(request: PartyRequest, number: str) -> HttpResponseBase:
    """Give or mend the accounts of whoever this claim pays."""
    found = claim_seen(number, acting=request.actor)
    typed = _typed(request)
    payees = {
        one.payee.party_id: one.payee for one in sums_shown(found)
        if may_give_account(found, party_id=request.party.pk, payee_id=one.payee.party_id)
    }  # fmt: skip
    if not payees:
        raise Refused("payee_not_yours")
    forms = [AccountForm(typed, payee=payee) for payee in payees.values()]
    given = [form for form in forms if form.given]
    kept = bool(given) and all([form.is_valid() for form in given])
    if kept and all([_give(request, found, form) for form in given]):
        messages.success(request, _("账户已登记，户名已核对。"))
        return redirect("pocket:claim", number)
    if typed is not None and not given:
        return redirect("pocket:claim", number)
    told = {"claim": found, "accounts": forms, "problems": problems_of(given)}
    return refilled(request, "pocket/account.html", told, wrong=typed is not None)


def _told(request: PartyRequest, found: Claim) -> dict[str, Any]:
    sums, typed = open_sums(found, reader=request.party.pk), _typed(request)
    form = ConfirmForm(typed, sums=sums, signer=request.party.name)
    return {
        "claim": found, "line": line_words(found), "sums": sums, "form": form,
        "accounts": [AccountForm(typed, payee=payee) for payee in sums.payees],
        "may_sign": may_sign(found, party_id=request.party.pk),
        "authorisation": _authorisation(found),
        "signer": request.party.name, "credited": credited_words([e.amount_fen for e in sums.sums]),
    }  # fmt: skip


def _authorisation(found: Claim) -> dict[str, Any]:
    """The written authorisation as a paper that one may hand in, and how it stands."""
    paper = found.materials.filter(kind=AUTHORISATION).first()
    note = (paper and paper.reason) or _("写明代办的案件和事项，双方签名")
    waits = paper is not None and paper.state == Material.State.RECEIVED
    return {"title": paper_title(AUTHORISATION), "note": note, "kind": AUTHORISATION,
            "icon": "signature", "open": not waits}  # fmt: skip


def _shown(request: PartyRequest, told: dict[str, Any], *, wrong: bool) -> HttpResponse:
    form, number = told["form"], told["claim"].number
    forms = [form, *told["accounts"]]
    if not wrong:
        for one in forms:
            one.errors.clear()
    purpose = f"agree/{number}"
    told["problems"] = problems_of(forms) if wrong else []
    told["asked"] = [_asked(form, one) for one in told["sums"].sums]
    told["sent"] = codes.sent(request, purpose=purpose)
    told["typed_code"] = form["code"].value() if wrong else ""
    return refilled(request, "pocket/confirm.html", told, wrong=wrong)


def problems_of(forms: Sequence[Form]) -> list[tuple[str, str]]:
    """What is wrong in several forms of one page: the words, and the field that they lead to."""
    found = []
    for form in forms:
        for name, errors in form.errors.items():
            label = form.fields[name].label if name in form.fields else ""
            anchor = form[name].id_for_label or f"id_{name}" if label else ""
            told = (labelled(str(label), str(e)) if label else str(e) for e in errors)
            found += [(words, anchor) for words in told]
    return found


def _asked(form: ConfirmForm, one: SumShown) -> Asked:
    name = choice_name(one)
    error = "".join(str(e) for e in form.errors.get(name, []))
    return Asked(one, name, cards(form, name, WORD), error)


def _agreed(request: PartyRequest, found: Claim, told: dict[str, Any]) -> bool:
    """Accounts first, since a name that differs must not cost the code; then the word."""
    form, accounts = told["form"], told["accounts"]
    wanted = [one for one in accounts if not one.stands()]
    if not form.is_valid() or wanted:
        return False
    if not all([_give(request, found, one) for one in accounts if one.given]):
        return False
    try:
        agree_to_sums(
            found.number, choices=form.choices(), sheets_digest=form.cleaned_data["digest"],
            signature=form.signed(), code=form.cleaned_data["code"],
            by=request.actor.reference, words=form.cleaned_data["words"],
            address=request.META.get("REMOTE_ADDR"),
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return False
    codes.forget(request, purpose=f"agree/{found.number}")
    return True


def _give(request: PartyRequest, found: Claim, form: AccountForm) -> bool:
    """Keep an account that was typed, in the payee's own name; a new third party is named."""
    by, told = request.actor.reference, form.cleaned_data
    try:
        account = give_payee_account(
            found.number, position=form.payee.position, bank_name=told["bank"],
            card=told["number"], holder=told["holder"], by=by,
        )  # fmt: skip
    except Refused as no:
        field = str(no.params.get("field", "")).removeprefix("account_")
        no.params["field"] = field
        complain(form, no)
        return False
    if account.checked == Account.Check.OPEN:
        words = _("银行暂时没有回应。账户已收下，我们会再去核对，核对好就付款，您不用再填。")
        messages.info(request, words)
    return True


def _typed(request: PartyRequest) -> dict[str, list[str]] | None:
    if request.method != "POST":
        return None
    return dict(request.POST.lists())


pocket_urlpatterns = [
    path("claims/<str:number>/confirm/", confirm, name="confirm"),
    path("claims/<str:number>/confirm/code/", confirm_code, name="confirm_code"),
    path("claims/<str:number>/account/", account, name="account"),
]
