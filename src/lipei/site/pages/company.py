"""/company/: the tree of branches, and one branch with its departments."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general import company as tree
from lipei.ch01_general.company import MANAGE, VIEW, branches_seen, people_in
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.models import Branch
from lipei.kit.forms import complain, said
from lipei.kit.refusal import Refused
from lipei.site.people.forms import BranchForm, DepartmentForm, NameForm
from lipei.site.people.words import branch_kind

WRONG, SEE_OTHER = 422, 303
LONGEST = 40


@require_GET
@staff_page(MANAGE, VIEW)
def company(request: StaffRequest) -> HttpResponse:
    """The branches whose people one may see, from the top down."""
    return _tree(request)


@require_POST
@staff_page(MANAGE)
def branch_add(request: StaffRequest) -> HttpResponse:
    """Open a branch below another."""
    form = BranchForm(request.POST, acting=request.actor)
    if form.is_valid():
        try:
            made = tree.add_branch(**form.cleaned_data, by=request.actor.reference)
        except Refused as no:
            complain(form, no)
            return _tree(request, form=form, status=no.status)
        messages.success(request, _("机构已设立"))
        return _to("desk:branch", made.code)
    return _tree(request, form=form, status=WRONG)


@require_GET
@staff_page(MANAGE, VIEW)
def branch(request: StaffRequest, code: str) -> HttpResponse:
    """One branch: what stands above and below it, its departments, who is there."""
    return _page(request, _seen(request, code))


@require_POST
@staff_page(MANAGE)
def branch_rename(request: StaffRequest, code: str) -> HttpResponse:
    """Call it otherwise."""
    held, form = _seen(request, code), NameForm(request.POST, auto_id="name_%s")
    if form.is_valid():
        try:
            tree.rename_branch(code, name=form.cleaned_data["name"], by=request.actor.reference)
        except Refused as no:
            complain(form, no)
            return _page(request, held, naming=form, status=no.status)
        messages.success(request, _("机构已更名"))
        return _to("desk:branch", code)
    return _page(request, held, naming=form, status=WRONG)


@require_POST
@staff_page(MANAGE)
def branch_close(request: StaffRequest, code: str) -> HttpResponse:
    """Close it; what is still open in it is said."""
    _seen(request, code)
    try:
        tree.close_branch(code, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("机构已撤销"))
    return _to("desk:branch", code)


@require_POST
@staff_page(MANAGE)
def department_add(request: StaffRequest, code: str) -> HttpResponse:
    """Set up a department."""
    held, form = _seen(request, code), DepartmentForm(request.POST, auto_id="department_%s")
    if form.is_valid():
        try:
            tree.add_department(
                form.cleaned_data["name"], branch=code, by=request.actor.reference
            )  # fmt: skip
        except Refused as no:
            complain(form, no)
            return _page(request, held, adding=form, status=no.status)
        messages.success(request, _("部门已设立"))
        return _to("desk:branch", code)
    return _page(request, held, adding=form, status=WRONG)


@require_POST
@staff_page(MANAGE)
def department_close(request: StaffRequest, code: str) -> HttpResponse:
    """Close a department in which nobody holds a post."""
    _seen(request, code)
    try:
        name = request.POST.get("name", "")[:LONGEST]
        tree.close_department(name, branch=code, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("部门已撤销"))
    return _to("desk:branch", code)


# The parts of the pages


def _seen(request: StaffRequest, code: str) -> Branch:
    held = branches_seen(request.actor).select_related("parent").filter(code=code).first()
    if held is None:
        raise Refused("branch_not_found")
    return held


def _tree(
    request: StaffRequest, *, form: BranchForm | None = None, status: int = 200
) -> HttpResponse:
    seen = branches_seen(request.actor).prefetch_related("departments")
    rows = [
        {"branch": one, "kind": branch_kind(one), "depth": one.depth,
         "departments": [d.name for d in one.departments.all() if d.closed_at is None]}
        for one in seen
    ]  # fmt: skip
    told = {
        "rows": rows, "form": form or BranchForm(acting=request.actor), "wrong": form,
        "may_manage": request.actor.may(MANAGE),
    }  # fmt: skip
    return render(request, "desk/company.html", told, status=status)


def _page(
    request: StaffRequest, held: Branch, *, naming: forms.Form | None = None,
    adding: forms.Form | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    may = request.actor.may(MANAGE, held.path) and held.closed_at is None
    told = {
        "branch": held, "kind": branch_kind(held), "people": people_in(held).count(),
        "below": Branch.objects.filter(parent=held).order_by("path"),
        "departments": held.departments.filter(closed_at=None).order_by("name"),
        "naming": naming or NameForm(initial={"name": held.name}, auto_id="name_%s"),
        "adding": adding or DepartmentForm(auto_id="department_%s"),
        "wrong": naming or adding, "may_manage": may,
        "may_close": may and held.parent_id is not None,
    }  # fmt: skip
    return render(request, "desk/branch.html", told, status=status)


def _to(route: str, code: str) -> HttpResponse:
    answer = redirect(route, code)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
prefix = ""
urlpatterns = [
    path("company/", company, name="company"),
    path("company/add/", branch_add, name="branch_add"),
    path("company/of/<str:code>/", branch, name="branch"),
    path("company/of/<str:code>/name/", branch_rename, name="branch_rename"),
    path("company/of/<str:code>/close/", branch_close, name="branch_close"),
    path("company/of/<str:code>/departments/", department_add, name="department_add"),
    path("company/of/<str:code>/departments/close/", department_close, name="department_close"),
]
