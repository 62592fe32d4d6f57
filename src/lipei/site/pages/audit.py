"""/audit/: the journal searched and proved."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.kit import audit, jobs
from lipei.kit.models import Entry
from lipei.site.desk.story import audit_lines, people_of
from lipei.site.journal_search import PAGE, asked_of, entries
from lipei.site.verbs import VERBS

COLUMNS = (
    gettext_lazy("对象"), gettext_lazy("事项"), gettext_lazy("经手"), gettext_lazy("依据条款"),
    gettext_lazy("时间"), gettext_lazy("内容"), gettext_lazy("哈希"),
)  # fmt: skip
SEE_OTHER = 303


@require_GET
@staff_page("audit.read")
def log(request: StaffRequest) -> HttpResponse:
    """The journal by subject, verb, actor and day; one subject can be verified at once."""
    asked = asked_of(request.GET.dict())
    found = entries(asked)
    shown = found[:PAGE]
    verify = bool(asked.subject) and request.GET.get("verify") == "1"
    query = {k: v for k, v in vars(asked).items() if v and k != "before"}
    following = f"?{urlencode({**query, 'before': shown[-1].pk})}" if len(found) > PAGE else ""
    last = Entry.objects.filter(verb=audit.PROVED).order_by("-recorded_at").first()
    told = {
        "asked": asked, "lines": audit_lines(shown[::-1], people_of(shown)),
        "subjects": [one.subject for one in shown], "next": following,
        "verbs": sorted(VERBS), "verified": verify,
        "faults": audit.faults_of(asked.subject) if verify else [],
        "exists": bool(shown), "last": last,
        "anchors": audit.anchors_made(settings.LIPEI_ANCHORS)[:5],
        "columns": [{"label": str(label)} for label in COLUMNS],
    }  # fmt: skip
    return render(request, "desk/audit.html", told)


@require_POST
@staff_page("audit.read")
def prove(request: StaffRequest) -> HttpResponse:
    """Verify the whole journal now; a job does it, and writes down what came of it."""
    with transaction.atomic():
        jobs.queue("lipei.prove_journal", lock="prove_now", asked=1)
    messages.success(request, _("正在验证全部记录，完成后结果会写在这里"))
    return _back("desk:audit")


# The parts of the pages


def _back(route: str) -> HttpResponse:
    answer = redirect(route)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("audit/", log, name="audit"),
    path("audit/prove/", prove, name="audit_prove"),
]
