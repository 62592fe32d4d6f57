"""/policies/: a policy searched, and read as it stood on a day."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.policies import policy_seen
from lipei.ch01_general.reading import claims_seen
from lipei.kit import checks
from lipei.kit.refusal import Refused
from lipei.site.desk import policy_page
from lipei.site.desk.find import policies_found

MOST, LONGEST = 20, 40


@require_GET
@staff_page("claims.view", "policies.import")
def policies(request: StaffRequest) -> HttpResponse:
    """The search for a policy, of the branches that one may see."""
    q = request.GET.get("q", "")[:80]
    found = policies_found(q, request.actor, most=MOST, duty="claims.view") if q.strip() else []
    told = {"q": q, "policies": found, "may_import": request.actor.may("policies.import"),
            "may_view": request.actor.may("claims.view")}  # fmt: skip
    return render(request, "desk/policy_list.html", told)


@require_GET
@staff_page("claims.view")
def policy(request: StaffRequest, number: str) -> HttpResponse:
    """One policy as it stands now, or stood on a day."""
    held = policy_seen(number[:LONGEST], acting=request.actor)
    told_day, wrong = request.GET.get("on", ""), ""
    try:
        day = checks.day(told_day, field="on") if told_day else None
        at = policy_page.instant_of(day)
    except Refused as no:
        at, wrong = policy_page.instant_of(None), no.slug
    then = held.at(at)
    told = {
        "policy": held, "then": then, "at": at, "on": told_day, "wrong": wrong,
        "in_force": then.starts_at <= at < then.ends_at, "facts": policy_page.facts(held, then),
        "people": policy_page.people(then), "covers": policy_page.covers(held, at),
        "versions": policy_page.versions(held),
        "claims": claims_seen(request.actor).filter(policy=held).order_by("-lost_at")[:MOST],
        "premiums": held.premiums.order_by("-paid_at")[:MOST],
    }  # fmt: skip
    return render(request, "desk/policy_page.html", told)


namespace = "desk"
urlpatterns = [
    path("policies/", policies, name="policies"),
    path("policies/of/<str:number>/", policy, name="policy"),
]
