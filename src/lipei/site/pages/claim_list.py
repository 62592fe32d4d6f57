"""/claims/: every claim that one may see, open ones by their limit, closed ones newest first."""

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from lipei.ch01_general import worklist
from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch01_general.models import Claim
from lipei.ch01_general.reading import claims_seen
from lipei.ch01_general.stages import Stage
from lipei.ch01_general.words import STAGE_WORDS
from lipei.site.choices import ALL_CAUSES, title_of
from lipei.site.desk.find import claim_ids
from lipei.site.desk.listing import listing
from lipei.site.desk.parts import wants
from lipei.site.desk.rows import who

LONGEST_ID = 18
CLOSED = "closed"
CLOSED_ROWS = 50


@require_GET
@staff_page("claims.view")
def claims(request: StaffRequest) -> HttpResponse:
    """The list as a table; for htmx only the table."""
    place = reverse("desk:claims")
    told = _closed(request) if request.GET.get("view") == CLOSED else _open(request, place)
    told |= {"path": place, "columns": _columns(), "query": request.GET.urlencode()}
    template = "desk/claim_table.html" if wants(request, "u-claims") else "desk/claim_list.html"
    return render(request, template, told)


def _open(request: StaffRequest, place: str) -> dict[str, object]:
    """The open claims, by any view of the work list; all of them unless one is asked for."""
    asked = request.GET.copy()
    asked.setdefault("view", "every")
    return {"listing": listing(asked, request.actor, path=place, every=True), "closed": None}


def _closed(request: StaffRequest) -> dict[str, object]:
    views = {"every": worklist.every_open(request.actor)}
    found = _before(claims_seen(request.actor).filter(is_open=False), request.GET.get("after", ""))
    q = request.GET.get("q", "")[:80]
    if q:
        found = found.filter(pk__in=claim_ids(q, request.actor))
    rows = list(
        found.select_related("policy__insured", "reporter", "branch").order_by("-pk")[
            : CLOSED_ROWS + 1
        ]
    )
    more = rows[CLOSED_ROWS - 1].pk if len(rows) > CLOSED_ROWS else None
    return {
        "listing": None, "q": q, "more": more, "counts": worklist.counted(views),
        "closed": [_row(claim) for claim in rows[:CLOSED_ROWS]],
    }  # fmt: skip


def _before(found: QuerySet[Claim], after: str) -> QuerySet[Claim]:
    told = after.isascii() and after.isdigit() and len(after) <= LONGEST_ID
    return found.filter(pk__lt=int(after)) if told else found


def _row(claim: Claim) -> dict[str, object]:
    insured = claim.policy_then.insured if claim.policy_then else claim.reporter
    return {
        "number": claim.number,
        "name": who(insured.name if insured else "", claim.plate, claim.phone),
        "plate": claim.plate,
        "cause": title_of(ALL_CAUSES, claim.cause),
        "stage": str(STAGE_WORDS[Stage(claim.stage)]),
        "closed_at": claim.closed_at,
        "branch": claim.branch.name,
    }


def _columns() -> list[dict[str, str]]:
    labels = (_("案件号"), _("客户"), _("险种与原因"), _("阶段"), _("金额"), _("时限"),
              _("在谁手上"), _("经办人"), _("机构"))  # fmt: skip
    return [{"label": label, "align": "right" if label == _("金额") else ""} for label in labels]


namespace = "desk"
prefix = ""
urlpatterns = [path("claims/", claims, name="claims")]
