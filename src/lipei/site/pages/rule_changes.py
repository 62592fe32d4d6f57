"""/rules/: a changed edition run over what is settled, its report, and the second person's word."""

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch03_assessment import peers
from lipei.ch03_assessment import replay as rule_replay
from lipei.ch03_assessment import shadow as rule_shadow
from lipei.ch03_assessment.models import Replay, Shadow
from lipei.ch03_assessment.replay import SEEN_BY
from lipei.kit import checks
from lipei.kit.forms import Checked, complain, said
from lipei.kit.refusal import Refused
from lipei.manual import clause
from lipei.site.desk import replays

MOST, LARGEST = 30, 10**15
WRONG, SEE_OTHER = 422, 303
BESIDE = "shadow_%s"


class EditionForm(forms.Form):
    """Which edition is run."""

    edition = forms.ChoiceField(label=gettext_lazy("条款版本"), choices=replays.choices)


class ReplayForm(EditionForm):
    """Over the claims settled between which days it is run."""

    from_on = Checked(
        lambda text, field: checks.day(text, field=field), name="from_on", required=False,
        label=gettext_lazy("核赔日期从"), widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    to_on = Checked(
        lambda text, field: checks.day(text, field=field), name="to_on", required=False,
        label=gettext_lazy("到"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("不填就是全部已结算案件。"),
    )  # fmt: skip


class ShadowForm(EditionForm):
    """For how long it runs beside the live one."""

    from_on = Checked(
        lambda text, field: checks.day(text, field=field), name="from_on",
        label=gettext_lazy("从"), widget=forms.DateInput(attrs={"type": "date"}),
    )  # fmt: skip
    to_on = Checked(
        lambda text, field: checks.day(text, field=field), name="to_on",
        label=gettext_lazy("到"), widget=forms.DateInput(attrs={"type": "date"}),
        help_text=gettext_lazy("两天都算在内。"),
    )  # fmt: skip


@require_GET
@staff_page(*SEEN_BY)
def rules(request: StaffRequest) -> HttpResponse:
    """The editions that wait for this installation's word, and the runs so far."""
    return _page(request)


@require_POST
@staff_page("clauses.propose")
def start(request: StaffRequest) -> HttpResponse:
    """Run an edition over what is settled; a job does it, the page shows how far it is."""
    form = ReplayForm(request.POST)
    if form.is_valid():
        told = form.cleaned_data
        try:
            made = rule_replay.start_replay(
                told["edition"], from_on=told["from_on"] or None, to_on=told["to_on"] or None,
                by=request.actor.reference,
            )  # fmt: skip
        except Refused as no:
            complain(form, no)
            return _page(request, form=form, status=no.status)
        return _to("desk:replay", made.pk)
    return _page(request, form=form, status=WRONG)


@require_GET
@staff_page(*SEEN_BY)
def replay(request: StaffRequest, run: int) -> HttpResponse:
    """One run: how far it is, and then its report."""
    held = rule_replay.replay_of(min(run, LARGEST))
    told = {
        "replay": held, "total": held.tally["total"], "tables": replays.tables(held),
        "steps": replays.steps(held), "hardest": replays.hardest(held, by=request.actor),
        "refused": list(replays.refused(held)),
        "carried": replays.carried(held, by=request.actor),
        "unknown": sorted(held.tally["unknown"].items()),
        "may_approve": _may_approve(request, held), "is_mine": _is_mine(request, held),
        "shown": next((one for one in replays.awaiting() if one.name == held.edition), None),
    }  # fmt: skip
    return render(request, "desk/replay.html", told)


@require_POST
@staff_page("clauses.change")
def approve(request: StaffRequest, run: int) -> HttpResponse:
    """The second person's word: the edition goes live in the files that were run."""
    try:
        rule_replay.approve_replay(
            min(run, LARGEST), report_hash=request.POST.get("report_hash", ""),
            by=request.actor.reference,
        )  # fmt: skip
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已批准，条款版本生效"))
    return _to("desk:replay", run)


@require_POST
@staff_page("clauses.propose")
def start_shadow(request: StaffRequest) -> HttpResponse:
    """Let an edition run beside the live one for some days."""
    form = ShadowForm(request.POST, auto_id=BESIDE)
    if form.is_valid():
        try:
            made = rule_shadow.start_shadow(
                form.cleaned_data["edition"], from_on=form.cleaned_data["from_on"],
                to_on=form.cleaned_data["to_on"], by=request.actor.reference,
            )  # fmt: skip
        except Refused as no:
            complain(form, no)
            return _page(request, beside=form, status=no.status)
        return _to("desk:shadow", made.pk)
    return _page(request, beside=form, status=WRONG)


@require_GET
@staff_page(*SEEN_BY)
def shadow(request: StaffRequest, run: int) -> HttpResponse:
    """An edition beside the live one: how it did so far."""
    held = rule_shadow.shadow_of(min(run, LARGEST))
    told = {
        "shadow": held, "total": rule_shadow.counts_of(held), "runs": replays.runs(held),
        "rows": replays.unlike_rows(rule_shadow.unlike_of(held, by=request.actor)[:MOST]),
        "may_end": request.actor.may("clauses.propose") and held.ended_at is None,
    }  # fmt: skip
    return render(request, "desk/shadow.html", told)


@require_POST
@staff_page("clauses.propose")
def end_shadow(request: StaffRequest, run: int) -> HttpResponse:
    """End it before its time."""
    try:
        rule_shadow.end_shadow(min(run, LARGEST), by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    return _to("desk:shadow", run)


@require_GET
@staff_page(*peers.SEEN_BY)
def alike(request: StaffRequest) -> HttpResponse:
    """Same claim, same payout: the sums that are unlike those of their peers."""
    row = clause("1.1-d")
    told = {
        "rows": peers.unlike_their_peers(request.actor), "least": row.limit("peers").value,
        "months": row.limit("lookback").value, "tolerance_bp": row.limit("tolerance").value,
    }  # fmt: skip
    return render(request, "desk/alike.html", told)


# The parts of the pages


def _page(
    request: StaffRequest, *, form: ReplayForm | None = None, beside: ShadowForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    told = {
        "editions": replays.awaiting(), "replays": Replay.objects.order_by("-pk")[:MOST],
        "form": form or ReplayForm(), "wrong": form or beside,
        "shadows": [(one, replays.runs(one)) for one in Shadow.objects.order_by("-pk")[:MOST]],
        "beside": beside or ShadowForm(auto_id=BESIDE),
        "may_start": request.actor.may("clauses.propose"),
    }  # fmt: skip
    return render(request, "desk/rules.html", told, status=status)


def _is_mine(request: StaffRequest, held: Replay) -> bool:
    return held.started_by == request.actor.reference


def _may_approve(request: StaffRequest, held: Replay) -> bool:
    done = held.state == Replay.State.DONE
    return done and not _is_mine(request, held) and request.actor.may("clauses.change")


def _to(route: str, run: int) -> HttpResponse:
    answer = redirect(route, min(run, LARGEST))
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("rules/", rules, name="rules"),
    path("rules/replays/", start, name="replay_start"),
    path("rules/replays/<int:run>/", replay, name="replay"),
    path("rules/replays/<int:run>/approve/", approve, name="replay_approve"),
    path("rules/beside/", start_shadow, name="shadow_start"),
    path("rules/beside/<int:run>/", shadow, name="shadow"),
    path("rules/beside/<int:run>/end/", end_shadow, name="shadow_end"),
    path("rules/alike/", alike, name="alike"),
]
