"""/audit/: the journal searched and proved, and how the house runs: parties, listeners, jobs."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob, ProcrastinateWorker
from procrastinate.exceptions import ConnectorException

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch04_payment.screening import name_list
from lipei.kit import audit, clock, jobs, journal, outside
from lipei.kit.models import Entry, Parked
from lipei.site import standby
from lipei.site.desk.story import audit_lines, people_of
from lipei.site.journal_search import PAGE, asked_of, entries
from lipei.site.verbs import VERBS

COLUMNS = (
    gettext_lazy("对象"), gettext_lazy("事项"), gettext_lazy("经手"), gettext_lazy("依据条款"),
    gettext_lazy("时间"), gettext_lazy("内容"), gettext_lazy("哈希"),
)  # fmt: skip
SEE_OTHER = 303
MOST = 50
SILENT_S = 60
LONGEST = 18
WHY_PARKED = {
    "signed_out": gettext_lazy("登录已过期；请联系报案人重新登录，草稿仍在"),
    "form_refused": gettext_lazy("内容没有通过检查；请联系报案人打开草稿更正"),
    "unreadable": gettext_lazy("文件已无法读取"),
    "report_duplicate": gettext_lazy("同一保单一天内已有报案；请核对是否另一次事故"),
    "request_repeated_otherwise": gettext_lazy("同一编号下先前报过不同的内容"),
}  # fmt: skip
SHOWN_ARGUMENTS = ("order", "message_id", "turn")


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


@require_GET
@staff_page("audit.read", "system.operate")
def running(request: StaffRequest) -> HttpResponse:
    """Which party is down, how far each listener came, what is parked, how the jobs stand."""
    present = clock.now()
    parked = Parked.objects.select_related("entry").order_by("entry_id")[:MOST]
    waits = dict(Parked.objects.values_list("listener").annotate(n=Count("pk")))
    open_jobs = ProcrastinateJob.objects.exclude(status="succeeded")
    told = {
        "parties": outside.status(), "name_list": name_list() is not None,
        "ears": [(one, journal.behind(one), waits.get(one.name, 0)) for one in journal.ears()],
        "parked": parked, "kept": [(one, _why(one)) for one in standby.lying()],
        "counts": open_jobs.values("task_name", "status").annotate(n=Count("pk"))
        .order_by("task_name", "status"),
        "failed": [_job(one) for one in open_jobs.filter(status__in=["failed", "aborted"])
                   .order_by("-pk")[:MOST]],
        "workers": [
            (one, (present - one.last_heartbeat).total_seconds() < SILENT_S)
            for one in ProcrastinateWorker.objects.order_by("-last_heartbeat")[:10]
        ],
        "may_operate": request.actor.may("system.operate"),
    }  # fmt: skip
    return render(request, "desk/running.html", told)


@require_POST
@staff_page("system.operate")
def retry_parked(request: StaffRequest) -> HttpResponse:
    """Try everything that is parked once more, now."""
    Parked.objects.update(next_try_at=clock.now())
    through = journal.retry_parked()
    messages.success(request, _("已重试，%(n)s 条通过") % {"n": through})
    return _back("desk:running")


@require_POST
@staff_page("system.operate")
def file_reports(request: StaffRequest) -> HttpResponse:
    """File what was kept while the database was in trouble once more, parked ones too."""
    taken, refused = standby.file_again()
    told = _("已立案 %(n)s 件，未能立案 %(m)s 件") % {"n": taken, "m": refused}
    (messages.warning if refused else messages.success)(request, told)
    return _back("desk:running")


@require_POST
@staff_page("system.operate")
def retry_job(request: StaffRequest, job: int) -> HttpResponse:
    """Run a failed job once more."""
    found = ProcrastinateJob.objects.filter(pk=min(job, 10**LONGEST), status="failed").first()
    try:
        if found is None:
            raise ConnectorException
        app.job_manager.retry_job_by_id(found.pk, retry_at=clock.now())
    except ConnectorException:
        messages.error(request, _("这个任务现在不能重试"))
    else:
        messages.success(request, _("任务已重新排队"))
    return _back("desk:running")


# The parts of the pages


def _job(job: ProcrastinateJob) -> tuple[ProcrastinateJob, str]:
    """A job with those of its arguments that name no person."""
    told = {k: v for k, v in job.args.items() if k in SHOWN_ARGUMENTS}
    return job, " · ".join(f"{k} {v}" for k, v in told.items())


def _why(report: standby.KeptReport) -> str:
    """Why a kept report is parked, in words; what the API refused otherwise by its name."""
    return str(WHY_PARKED.get(report.reason, report.reason))


def _back(route: str) -> HttpResponse:
    answer = redirect(route)
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("audit/", log, name="audit"),
    path("audit/prove/", prove, name="audit_prove"),
    path("audit/outside/", running, name="running"),
    path("audit/outside/parked/", retry_parked, name="retry_parked"),
    path("audit/outside/reports/", file_reports, name="file_reports"),
    path("audit/outside/jobs/<int:job>/retry/", retry_job, name="retry_job"),
]
