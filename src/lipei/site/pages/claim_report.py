"""/claims/new/: a report keyed for a caller or visitor; the policy found first, or none."""

from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.models import Policy
from lipei.ch02_intake.channels import take_report
from lipei.ch02_intake.filing import MOTOR
from lipei.ch02_intake.lines import LINES
from lipei.kit.checks import KEY, plain_text
from lipei.kit.forms import complain
from lipei.kit.kept import taken
from lipei.kit.refusal import Refused
from lipei.site.desk.find import policies_found
from lipei.site.desk.report_form import ReportForm

REFUSED = 422


@require_http_methods(["GET", "POST"])
@staff_page("claims.report")
def report(request: StaffRequest) -> HttpResponse:
    """The form; after it the claim, with its number to tell on the telephone."""
    policy = _policy(request, request.POST.get("policy") or request.GET.get("policy", ""))
    asked = request.POST.get("line") or request.GET.get("line", "")
    line = policy.line if policy else asked if asked in LINES else MOTOR
    if request.method == "GET":
        return _shown(request, ReportForm(initial=_known(policy), line=line), policy)
    form = ReportForm(request.POST, request.FILES, line=line)
    if not form.is_valid():
        return _shown(request, form, policy, status=REFUSED)
    by, key = request.actor.reference, _key(request)
    try:
        told = take_report(
            form.report(policy.number if policy else "", by=by, key=key),
            caller=form.cleaned_data["caller"], by=by, key=key,
            channel=form.cleaned_data["channel"], received_at=form.received(),
            another=form.cleaned_data["another"], branch=request.user.branch.code,
        )  # fmt: skip
    except Refused as no:
        complain(form, no)
        return _shown(request, form, policy, status=no.status)
    words = _("报案已收到，案件号 %(number)s，请告诉报案人") % {"number": told["number"]}
    messages.success(request, words)
    return taken(request, HttpResponseRedirect(reverse("desk:claim", args=[told["number"]])))


@require_GET
@staff_page("claims.report")
def find_policy(request: StaffRequest) -> HttpResponse:
    """The policies that a caller may mean, as choices for the form."""
    q = _text(request.GET.get("find", ""))
    found = policies_found(q, request.actor)
    return render(request, "desk/policies.html", {"policies": found, "q": q})


def _shown(
    request: StaffRequest, form: ReportForm, policy: Policy | None, *, status: int = 200
) -> HttpResponse:
    q = _text(request.GET.get("find", ""))
    found = policies_found(q, request.actor) if q else []
    told = {
        "form": form, "policy": policy, "policies": found, "q": q,
        "lines": [] if policy else LINES.values(),
        "key": request.POST.get("key") or str(uuid4()),
    }  # fmt: skip
    return render(request, "desk/report.html", told, status=status)


def _policy(request: StaffRequest, number: str) -> Policy | None:
    """The chosen policy, if it is one on which this person takes reports."""
    if not number or len(number) > 40:  # noqa: PLR2004  the longest number that a policy has
        return None
    found = Policy.objects.filter(number=number).select_related("insured", "branch").first()
    may = found is not None and request.actor.may("claims.report", found.branch.path)
    return found if may else None


def _known(policy: Policy | None) -> dict[str, str]:
    return {"caller": policy.insured.name, "phone": policy.insured.phone} if policy else {}


def _key(request: StaffRequest) -> str:
    key = request.POST.get("key", "")
    return key if KEY.fullmatch(key) else str(uuid4())


def _text(value: str) -> str:
    try:
        return plain_text(value, field="find", limit=80, lines=False)
    except Refused:
        return ""


namespace = "desk"
prefix = ""
urlpatterns = [
    path("claims/new/", report, name="report"),
    path("claims/new/policies/", find_policy, name="find_policy"),
]
