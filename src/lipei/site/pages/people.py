"""/people/: the people of the house, one person's page, and every act of the administrator."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general import leaving, people
from lipei.ch01_general.company import MANAGE, VIEW, branches_seen
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.models import Staff
from lipei.ch01_general.people import Post, person_seen
from lipei.ch06_systems import invitations, security
from lipei.kit.forms import complain, said
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused
from lipei.site.people import forms as asked
from lipei.site.people.export import exported
from lipei.site.people.listing import asked_of, page, wanted
from lipei.site.people.person import shown
from lipei.site.people.words import STATES

WRONG, SEE_OTHER = 422, 303
LARGEST = 2**53 - 1
Told = dict[str, object]


@dataclass(frozen=True)
class Act:
    """One thing that is done to a person: its form, its command, and what is said after it."""

    form: Callable[..., forms.Form]
    do: Callable[[str, Told, str], object]
    done: Promise


def _give(username: str, told: Told, by: str) -> object:
    branch, department = asked.place_of(str(told.pop("place")))
    code = str(told.pop("post"))
    days = {k: told[k] or None for k in ("since", "until")}
    post = Post(code=code, branch=branch, department=department, level=told["level"], **days)  # type: ignore[arg-type]
    return people.give_post(username, post=post, by=by)


def _transfer(username: str, told: Told, by: str) -> None:
    branch, department = asked.place_of(str(told["place"]))
    to = str(told["to"])
    leaving.transfer(username, branch=branch, department=department, to=to, by=by)


def _absence(username: str, told: Told, by: str) -> object:
    told["deputy"] = told.pop("to")
    return leaving.plan_absence(username, **told, by=by)  # type: ignore[arg-type]


def _with(command: Callable[..., object]) -> Callable[[str, Told, str], object]:
    return lambda username, told, by: command(username, **told, by=by)


ACTS: Mapping[str, Act] = {
    "post": Act(asked.PostForm, _give, _("岗位已授予")),
    "details": Act(asked.DetailsForm, _with(people.correct_person), _("已更正")),
    "certificate": Act(asked.CertificateForm, _with(people.file_certificate), _("证书已登记")),
    "transfer": Act(asked.TransferForm, _transfer, _("已调动，原机构的权限已收回")),
    "absence": Act(asked.AbsenceForm, _absence, _("休假已登记")),
    "leave": Act(asked.HeirForm, _with(leaving.let_go), _("已办理离职，全部权限已收回")),
    "factor": Act(
        asked.ResetForm, _with(security.reset_second_factor),
        _("验证器已重置，下次登录须重新绑定"),
    ),
}  # fmt: skip
ENDINGS: Mapping[str, tuple[Callable[[str, int, str], object], Promise]] = {
    "post": (
        lambda name, row, by: people.end_post(name, appointment=row, by=by), _("岗位已终止"),
    ),
    "certificate": (
        lambda name, row, by: people.withdraw_certificate(name, certificate=row, by=by),
        _("证书已作废"),
    ),
    "absence": (
        lambda name, row, by: leaving.call_off_absence(name, absence=row, by=by),
        _("休假已取消"),
    ),
}  # fmt: skip


@require_GET
@staff_page(MANAGE, VIEW)
def people_list(request: StaffRequest) -> HttpResponse:
    """The people whom one may see, searched and filtered, a page at a time."""
    wish = asked_of(request.GET.dict())
    rows, after = page(wanted(wish, request.actor), after=request.GET.get("after", "")[:40])
    told = {
        "asked": wish, "rows": rows, "branches": branches_seen(request.actor),
        "posts": asked.post_choices(), "states": [(k, v[0]) for k, v in STATES.items()],
        "next": f"?{wish.query}&after={after}" if after else "",
        "may_manage": request.actor.may(MANAGE),
    }  # fmt: skip
    return render(request, "desk/people.html", told)


@require_POST
@staff_page(MANAGE, VIEW)
def people_export(request: StaffRequest) -> HttpResponseBase:
    """The list as a file: exactly what is filtered; the taking is recorded."""
    return exported(asked_of(request.GET.dict()), request.actor, person=request.user)


@require_http_methods(["GET", "POST"])
@staff_page(MANAGE)
def person_add(request: StaffRequest) -> HttpResponse:
    """Add a colleague with a first post; the link for the password is shown after it, once."""
    form = asked.PersonForm(request.POST or None, acting=request.actor, person=None)
    status = 200 if request.method == "GET" else WRONG
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        branch, department = asked.place_of(told["place"])
        post = Post(code=told["post"], branch=branch, department=department, level=told["level"])
        try:
            invitations.admit(
                told["username"], name=told["name"], number=told["number"],
                phone=told["phone"], post=post, by=request.actor.reference,
            )  # fmt: skip
        except Refused as no:
            complain(form, no)
            status = no.status
        else:
            return taken(request, _invited(request, told["username"]))
    places = asked.place_choices(request.actor)
    told = {"form": form, "places": places}
    return render(request, "desk/person_add.html", told, status=status)


@require_GET
@staff_page(MANAGE, VIEW)
def person(request: StaffRequest, username: str) -> HttpResponse:
    """One person: posts, certificates, days away, open work, and what may be done."""
    return _page(request, person_seen(username, acting=request.actor))


@require_POST
@staff_page(MANAGE)
def person_act(request: StaffRequest, username: str, act: str) -> HttpResponse:
    """Do one act of the page; what is wrong is said in its form."""
    who, wish = person_seen(username, acting=request.actor), ACTS.get(act)
    if wish is None:
        raise Refused("choice_unknown", field="act")
    form = wish.form(
        request.POST, acting=request.actor, person=who, auto_id=f"{act}_%s"
    )  # fmt: skip
    if not form.is_valid():
        return _page(request, who, wrong=(act, form), status=WRONG)
    try:
        wish.do(username, dict(form.cleaned_data), request.actor.reference)
    except Refused as no:
        complain(form, no)
        return _page(request, who, wrong=(act, form), status=no.status)
    messages.success(request, str(wish.done))
    return taken(request, _to(username))


@require_POST
@staff_page(MANAGE)
def person_end(request: StaffRequest, username: str, what: str, row: int) -> HttpResponse:
    """End a post, a certificate or days away at once."""
    person_seen(username, acting=request.actor)
    wish = ENDINGS.get(what)
    if wish is None:
        raise Refused("choice_unknown", field="act")
    try:
        wish[0](username, min(row, LARGEST), request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, str(wish[1]))
    return _to(username)


@never_cache
@require_POST
@staff_page(MANAGE)
def person_invite(request: StaffRequest, username: str) -> HttpResponse:
    """A link for a first or another password, shown once."""
    person_seen(username, acting=request.actor)
    try:
        return _invited(request, username)
    except Refused as no:
        messages.error(request, said(no))
        return _to(username)


# The parts of the pages


def _invited(request: StaffRequest, username: str) -> HttpResponse:
    """The page with the link; it stands in no address and cannot be called up again."""
    link = invitations.invite(username, by=request.actor.reference)
    who = person_seen(username, acting=request.actor)
    told = {"person": who, "link": link, "hours": invitations.HOURS}
    answer = render(request, "desk/person_invited.html", told)
    answer["Cache-Control"] = "no-store"
    return answer


def _page(
    request: StaffRequest, who: Staff, *, wrong: tuple[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    own = who.reference == request.actor.reference
    may = request.actor.may(MANAGE, who.branch.path) and who.is_active
    given = {
        name: act.form(acting=request.actor, person=who, auto_id=f"{name}_%s",
                       initial={"name": who.name, "phone": who.phone})
        for name, act in ACTS.items() if may
    } | dict([wrong] if wrong else [])  # fmt: skip
    told = {
        **shown(who), "forms": given, "wrong": wrong[1] if wrong else None,
        "wrong_act": wrong[0] if wrong else "", "may_manage": may and not own, "is_own": own,
        "acts_at": reverse("desk:person", args=[who.username]),
    }  # fmt: skip
    return render(request, "desk/person.html", told, status=status)


def _to(username: str) -> HttpResponse:
    answer = redirect("desk:person", username)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
prefix = ""
urlpatterns = [
    path("people/", people_list, name="people"),
    path("people/export/", people_export, name="people_export"),
    path("people/add/", person_add, name="person_add"),
    path("people/of/<str:username>/", person, name="person"),
    path("people/of/<str:username>/invite/", person_invite, name="person_invite"),
    path("people/of/<str:username>/<str:act>/", person_act, name="person_act"),
    path("people/of/<str:username>/<str:what>/<int:row>/end/", person_end, name="person_end"),
]
