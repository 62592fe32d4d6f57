"""/audit/outside/: how the house runs: the queue, listeners, parties outside, kept reports."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST
from procrastinate.contrib.django.models import ProcrastinateWorker

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch04_payment.screening import name_list
from lipei.ch06_systems import maintenance
from lipei.kit import clock, journal, parties
from lipei.kit.jobs import OUTSIDE
from lipei.kit.models import Parked
from lipei.kit.refusal import Refused
from lipei.site import standby
from lipei.site.desk import tasks
from lipei.site.verbs import verb

SEE_OTHER = 303
MOST = 50
READERS = ("audit.read", "system.operate")
COLUMNS = (
    gettext_lazy("任务"), gettext_lazy("等待"), gettext_lazy("在做"), gettext_lazy("重试"),
    gettext_lazy("停滞"), gettext_lazy("未成"), gettext_lazy("定时"), gettext_lazy("最久等待"),
)  # fmt: skip
WHY_PARKED = {
    "signed_out": gettext_lazy("登录已过期；请联系报案人重新登录，草稿仍在"),
    "form_refused": gettext_lazy("内容没有通过检查；请联系报案人打开草稿更正"),
    "unreadable": gettext_lazy("文件已无法读取"),
    "report_duplicate": gettext_lazy("同一保单一天内已有报案；请核对是否另一次事故"),
    "request_repeated_otherwise": gettext_lazy("同一编号下先前报过不同的内容"),
}  # fmt: skip


@require_GET
@staff_page(*READERS)
def running(request: StaffRequest) -> HttpResponse:
    """The queue by task, what is in trouble, what is parked, which party answers; it keeps up."""
    present = clock.now()
    waits = maintenance.jobs_in_queue(OUTSIDE)
    told = {
        "columns": [{"label": str(one), "align": "" if n == 0 else "right"}
                    for n, one in enumerate(COLUMNS)],
        "lines": [(one, tasks.task_words(one.task)) for one in maintenance.task_lines()],
        "jobs": [_job(one) for one in maintenance.troubled_jobs(most=MOST)],
        "parked": Parked.objects.select_related("entry").order_by("entry_id")[:MOST],
        "ears": maintenance.hearings(),
        "parties": [(one, _waiting_for(one.party, waits)) for one in parties.known()],
        "name_list": name_list() is not None,
        "kept": [(one, _why(one)) for one in standby.lying()],
        "workers": [
            (one, one.last_heartbeat > present - maintenance.SILENT)
            for one in ProcrastinateWorker.objects.order_by("-last_heartbeat")[:10]
        ],
        "may_operate": request.actor.may("system.operate"), "present": present,
    }  # fmt: skip
    return render(request, "desk/running.html", told)


@require_GET
@staff_page(*READERS)
def job(request: StaffRequest, job: int) -> HttpResponse:
    """One job in trouble: what it should do, why it did not, and what can be done with it."""
    found = next((one for one in maintenance.troubled_jobs(most=10 * MOST) if one.job == job), None)
    if found is None:
        raise Refused("job_not_there")
    told = {
        **_job(found), "why_aside": tasks.WHY_ASIDE.items(),
        "history": [(verb(one.verb).words, one) for one in journal.history(f"job/{job}")],
        "may_operate": request.actor.may("system.operate"),
    }  # fmt: skip
    return render(request, "desk/running_job.html", told)


@require_POST
@staff_page("system.operate")
def try_again(request: StaffRequest, job: int) -> HttpResponse:
    """Do a job in trouble now."""
    return _answered(
        request, lambda: maintenance.try_job_again(job, by=request.actor.reference),
        words=_("任务已重新排队"),
    )  # fmt: skip


@require_POST
@staff_page("system.operate")
def set_aside(request: StaffRequest, job: int) -> HttpResponse:
    """Never do a job in trouble any more."""
    why = request.POST.get("why", "")
    return _answered(
        request, lambda: maintenance.set_job_aside(job, why=why, by=request.actor.reference),
        words=_("任务已搁置，不会再执行"),
    )  # fmt: skip


@require_POST
@staff_page("system.operate")
def retry_parked(request: StaffRequest) -> HttpResponse:
    """Try what is parked once more, now: all of it, or one subject of one listener."""
    asked = {"subject": request.POST.get("subject", "")[:60]}
    listener = request.POST.get("listener", "")[:120]
    try:
        maintenance.try_parked_again(listener, by=request.actor.reference, **asked)
    except Refused as no:
        messages.error(request, no.words(request.LANGUAGE_CODE))
        return _back()
    through = journal.retry_parked()
    messages.success(request, _("已重试，%(n)s 条通过") % {"n": through})
    return _back()


@require_POST
@staff_page("system.operate")
def file_reports(request: StaffRequest) -> HttpResponse:
    """File what was kept while the database was in trouble once more, parked ones too."""
    taken, refused = standby.file_again()
    told = _("已立案 %(n)s 件，未能立案 %(m)s 件") % {"n": taken, "m": refused}
    (messages.warning if refused else messages.success)(request, told)
    return _back()


# The parts of the pages


def _job(one: maintenance.TroubledJob) -> dict[str, Any]:
    state, level = tasks.state_of(one)
    return {
        "job": one, "words": tasks.task_words(one.task), "why": tasks.why(one), "state": state,
        "level": level, "arguments": tasks.arguments_of(one),
        "may_try": one.state in {"failed", "retried"},
        "may_set_aside": one.state in {"failed", "aborted", "retried"},
    }  # fmt: skip


def _waiting_for(party: str, waits: dict[str, int]) -> list[tuple[str, int]]:
    """What waits for a party, by task, in words."""
    return [
        (tasks.task_words(task), count)
        for task, count in sorted(waits.items()) if tasks.WAITS_FOR.get(task) == party
    ]  # fmt: skip


def _why(report: standby.KeptReport) -> str:
    """Why a kept report is parked, in words; what the API refused otherwise by its name."""
    return str(WHY_PARKED.get(report.reason, report.reason))


def _answered(request: StaffRequest, act: Callable[[], None], *, words: str) -> HttpResponse:
    """Do it and say so; a refusal is told on the page of the queue."""
    try:
        act()
    except Refused as no:
        told = f"{no.words(request.LANGUAGE_CODE)}{no.next_step(request.LANGUAGE_CODE)}"
        messages.error(request, told)
    else:
        messages.success(request, words)
    return _back()


def _back() -> HttpResponse:
    answer = redirect("desk:running")
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("audit/outside/", running, name="running"),
    path("audit/outside/parked/", retry_parked, name="retry_parked"),
    path("audit/outside/reports/", file_reports, name="file_reports"),
    path("audit/outside/jobs/<int:job>/", job, name="running_job"),
    path("audit/outside/jobs/<int:job>/retry/", try_again, name="retry_job"),
    path("audit/outside/jobs/<int:job>/aside/", set_aside, name="set_job_aside"),
]
