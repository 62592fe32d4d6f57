"""4.1 on screen: sums become orders, a second person lets them go, the bank's word comes back.

Each row of a bulk act is one command in its own transaction; each gets its own answer.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.reading import claims_seen
from lipei.ch04_payment.accounts import correct_account
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import (
    AT_THE_BANK,
    CLEARANCES,
    approve_payment,
    ask_bank_now,
    clear_order,
    number_of,
    prepare_payment,
    reject_payment,
    release_payment,
)
from lipei.ch04_payment.waiting import MOST, orders_prepared, orders_seen, sums_waiting
from lipei.kit import checks, clock, outside
from lipei.kit.bank import RETURN_REASONS
from lipei.kit.forms import Checked, complain, said
from lipei.kit.kept import taken
from lipei.kit.once import acted_once
from lipei.kit.refusal import Refused

FINANCE = ("pay.make", "pay.check", "pay.return", "pay.approve", "screening.clear", "ledger.view")
VIEWS = ("make", "check", "bank", "returned", "done")
RESULTS = "pay_results"
WRONG, SEE_OTHER = 422, 303
LONGEST_NUMBER = 18
SHORTEST_KEY, LONGEST_KEY = 8, 40
Answer = tuple[str, bool, str]


class AccountForm(forms.Form):
    """The payee's own account, corrected after the money came back."""

    bank_name = Checked(
        lambda text, field: checks.plain_text(text, field=field, limit=60, lines=False),
        name="bank_name", label=gettext_lazy("开户银行"),
    )  # fmt: skip
    account_number = Checked(
        checks.bank_card, name="account_number", label=gettext_lazy("银行账号"),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )  # fmt: skip
    account_holder = Checked(
        checks.person_name, name="account_holder", label=gettext_lazy("户名"),
        help_text=gettext_lazy("必须是收款人本人的账户。"),
    )  # fmt: skip


@require_GET
@staff_page(*FINANCE)
def payments(request: StaffRequest) -> HttpResponse:
    """The five lists of finance; `?view=` says which."""
    return _page(request)


@require_POST
@staff_page("pay.make")
def prepare(request: StaffRequest) -> HttpResponse:
    """Make orders of the chosen sums."""
    seen = claims_seen(request.actor).values("pk")
    rows = Exposure.objects.filter(pk__in=_numbers(request, "exposure"), claim__in=seen)
    answers = [
        _answered(f"{row.claim.number} · {row.position}", partial(_prepared, request, row))
        for row in rows.select_related("claim").order_by("claim_id", "position")
    ]
    return _told(request, answers, view="make")


@require_POST
@staff_page("pay.check")
def release(request: StaffRequest) -> HttpResponse:
    """First show what would go out; when that is confirmed, let it go, order by order."""
    numbers = [n for n in request.POST.getlist("order")[:MOST] if n]
    waiting = orders_prepared(request.actor, numbers=numbers)
    if request.POST.get("confirmed") != "yes":
        total_fen = sum(one.order.amount_fen for one in waiting if one.ready)
        told = {"waiting": waiting, "total_fen": total_fen, "form_key": _form_key(request)}
        if not any(one.ready for one in waiting):
            messages.error(request, _("没有选中可以放款的付款单"))
            return redirect("/pay/?view=check")
        return render(request, "desk/payments_confirm.html", told)
    answers = [_answered(n, partial(_released, request, n)) for n in numbers]
    return _told(request, answers, view="check")


@require_POST
@staff_page("pay.approve")
def approve(request: StaffRequest, number: str) -> HttpResponse:
    """A large sum may go out, says a third person."""

    def act() -> str:
        approve_payment(number, by=request.actor.reference)
        return _("已批准")

    return _told(request, [_answered(number, act)], view="check")


@require_POST
@staff_page("pay.check")
def reject(request: StaffRequest, number: str) -> HttpResponse:
    """Send an order back to be made anew, with the reason."""
    return _told(request, [_answered(number, partial(_rejected, request, number))], view="check")


@require_POST
@staff_page("screening.clear")
def clear(request: StaffRequest, number: str) -> HttpResponse:
    """Say, with the reason, that nothing of one kind stands against an order."""
    return _told(request, [_answered(number, partial(_cleared, request, number))], view="check")


@require_POST
@staff_page("pay.check", "pay.return")
def ask_again(request: StaffRequest, number: str) -> HttpResponse:
    """Ask the bank about an order now."""

    def act() -> str:
        claim_for(request.actor, number_of(number), duty="claims.view")
        with transaction.atomic():
            ask_bank_now(number)
        return _("正在询问银行")

    return _told(request, [_answered(number, act)], view="bank")


@require_POST
@staff_page("pay.return")
def correct(request: StaffRequest, exposure: int) -> HttpResponse:
    """Enter the payee's corrected account after the money came back."""
    held = Exposure.objects.select_related("claim").filter(pk=exposure).first()
    if held is None or held.payee_id is None:
        raise Refused("claim_not_found")
    claim_for(request.actor, held.claim.number, duty="pay.return")
    form = AccountForm(request.POST, prefix=f"a{exposure}")
    status = WRONG
    if form.is_valid():
        told = form.cleaned_data
        try:
            correct_account(
                held.claim.number, position=held.position, bank_name=told["bank_name"],
                card=told["account_number"], holder=told["account_holder"],
                by=request.actor.reference,
            )  # fmt: skip
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            messages.success(request, _("新账户已核对，可以重新制单"))
            return taken(request, redirect("/pay/?view=make"))
    return _page(request, view="returned", typed=form, at=exposure, status=status)


# The parts of the pages


def _page(
    request: StaffRequest, *, view: str = "", typed: AccountForm | None = None, at: int = 0,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    acting = request.actor
    view = view or _view(request)
    told: dict[str, Any] = {
        "view": view, "tabs": _tabs(request, view), "typed": typed, "typed_at": at,
        "results": request.session.pop(RESULTS, []), "form_key": _form_key(request),
        "may": {duty.replace(".", "_"): acting.may(duty) for duty in FINANCE},
    }  # fmt: skip
    if view == "make":
        told["sums"] = sums_waiting(acting)
    elif view == "check":
        told["waiting"] = orders_prepared(acting)
    elif view == "bank":
        told["orders"] = orders_seen(acting, *AT_THE_BANK)[:MOST]
        told["bank"] = next((one for one in outside.status() if one.party == "bank"), None)
    elif view == "returned":
        told["returned"] = _returned(request, typed, at)
    else:
        told["orders"] = _credited(request)
    return render(request, "desk/payments.html", told, status=status)


def _view(request: StaffRequest) -> str:
    asked = request.GET.get("view", "")
    if asked in VIEWS:
        return asked
    acting = request.actor
    homes = (("pay.make", "make"), ("pay.check", "check"), ("screening.clear", "check"))
    return next((view for duty, view in homes if acting.may(duty)), "check")


def _tabs(request: StaffRequest, view: str) -> list[dict[str, object]]:
    acting = request.actor
    counts = {
        "make": len(sums_waiting(acting)),
        "check": orders_seen(acting, Order.State.PREPARED).count(),
        "bank": orders_seen(acting, *AT_THE_BANK).count(),
        "returned": len(sums_waiting(acting, bounced=True)),
        "done": None,
    }
    words = {
        "make": _("待制单"), "check": _("待复核放款"), "bank": _("银行处理中"),
        "returned": _("退票"), "done": _("已到账"),
    }  # fmt: skip
    return [
        {"label": words[v], "count": counts[v], "url": f"?view={v}", "current": v == view}
        for v in VIEWS
    ]


def _returned(request: StaffRequest, typed: AccountForm | None, at: int) -> list[dict[str, object]]:
    """Each sum whose money came back, why, and the form to go on."""
    rows: list[dict[str, object]] = []
    for one in sums_waiting(request.actor, bounced=True):
        orders = Order.objects.filter(exposure=one.exposure, state=Order.State.RETURNED)
        last = orders.select_related("account").order_by("-returned_at").first()
        pk = one.exposure.pk
        form = typed if typed is not None and at == pk else AccountForm(prefix=f"a{pk}")
        reason = last.return_reason if last else ""
        rows.append({
            "sum": one, "order": last, "form": form, "open": typed is not None and at == pk,
            "reason": str(RETURN_REASONS.get(reason, reason)), "code": reason,
        })  # fmt: skip
    return rows


def _credited(request: StaffRequest) -> Iterable[Order]:
    found = orders_seen(request.actor, Order.State.CREDITED).select_related("voucher")
    asked = request.GET.get("q", "").strip()[:60]
    if asked:
        found = found.filter(number__icontains=asked) | found.filter(
            exposure__claim__number__icontains=asked
        )
    return found.order_by("-credited_at", "-pk")[:100]


def _answered(name: str, act: Callable[[], str]) -> Answer:
    """One row's answer: what was done, or why not, in words."""
    try:
        return name, True, act()
    except Refused as no:
        return name, False, said(no)


def _told(request: StaffRequest, answers: list[Answer], *, view: str) -> HttpResponse:
    if not answers:
        messages.error(request, _("没有选中任何一行"))
    request.session[RESULTS] = answers
    answer = redirect(f"/pay/?view={view}")
    answer.status_code = SEE_OTHER
    done = bool(answers) and all(is_done for _name, is_done, _words in answers)
    return taken(request, answer) if done else answer


def _numbers(request: StaffRequest, name: str) -> list[int]:
    told = request.POST.getlist(name)[:MOST]
    return [number for number in map(_number, told) if number]


def _number(told: str) -> int:
    """A row's number as a form sends it; nought for anything else."""
    return int(told) if told.isascii() and told.isdigit() and len(told) < LONGEST_NUMBER else 0


def _form_key(request: StaffRequest) -> str:
    """One key for the page that is shown: a second press of its button is the same act."""
    given = request.POST.get("form_key", "")
    fits = SHORTEST_KEY <= len(given) <= LONGEST_KEY
    return given if fits else f"{clock.now():%Y%m%d%H%M%S%f}"


def _key(request: StaffRequest, name: object) -> str:
    return checks.idempotency_key(f"{_form_key(request)}-{name}")


def _prepared(request: StaffRequest, row: Exposure) -> str:
    by, pk = request.actor.reference, _number(request.POST.get(f"account-{row.pk}", ""))
    body: dict[str, object] = {"exposure": row.pk, "account": pk}

    def act() -> dict[str, object]:
        order = prepare_payment(row.claim.number, position=row.position, account=pk, by=by)
        return {"order": order.number}

    made = acted_once(by, "prepare_payment", key=_key(request, row.pk), body=body, act=act)
    return _("已制单 %(order)s，等另一人复核") % {"order": made["order"]}


def _released(request: StaffRequest, number: str) -> str:
    """Let one order go, if it is still the one that was shown."""
    by = request.actor.reference
    shown = request.POST.get(f"seal-{number}", "")
    if not Order.objects.filter(number=number, seal=shown).exists():
        raise Refused("seal_broken")

    def act() -> dict[str, object]:
        release_payment(number, by=by)
        return {}

    body: dict[str, object] = {"order": number, "seal": shown}
    acted_once(by, "release_payment", key=_key(request, number), body=body, act=act)
    return _("已放款，正在通知银行")


def _cleared(request: StaffRequest, number: str) -> str:
    kind = checks.choice(request.POST.get("kind"), allowed=CLEARANCES, field="kind")
    reason = checks.plain_text(
        request.POST.get("reason", ""), field="reason", limit=300, lines=False
    )
    clear_order(number, kind=kind, reason=reason, by=request.actor.reference)
    return _("已放行")


def _rejected(request: StaffRequest, number: str) -> str:
    reason = checks.plain_text(
        request.POST.get("reason", ""), field="reason", limit=300, lines=False
    )
    reject_payment(number, reason=reason, by=request.actor.reference)
    return _("已退回制单")


namespace, prefix = "desk", ""
urlpatterns = [
    path("pay/", payments, name="payments"),
    path("pay/prepare/", prepare, name="pay_prepare"),
    path("pay/release/", release, name="pay_release"),
    path("pay/<str:number>/approve/", approve, name="pay_approve"),
    path("pay/<str:number>/reject/", reject, name="pay_reject"),
    path("pay/<str:number>/clear/", clear, name="pay_clear"),
    path("pay/<str:number>/ask/", ask_again, name="pay_ask"),
    path("pay/accounts/<int:exposure>/", correct, name="pay_correct"),
]
