"""/limits/: what was used up of limits before Lipei, brought in and approved by another person."""

import hashlib
import tempfile
from collections.abc import Sequence
from pathlib import Path
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from lipei.ch01_general.guards import StaffRequest, staff_page
from lipei.ch03_assessment import prior, prior_tables
from lipei.ch03_assessment.models import PriorBatch
from lipei.kit import files, uploads
from lipei.kit.files.keeping import Readable
from lipei.kit.forms import complain, said
from lipei.kit.refusal import Refused
from lipei.kit.tables import Fault
from lipei.site.desk import priors

MOST, MOST_FAULTS, LARGEST = 30, 50, 10**15
WRONG, SEE_OTHER = 422, 303
CHUNK = 64 * 1024
SEEN_BY = (prior.BRING, prior.APPROVE, prior.READ)


@require_GET
@staff_page(*SEEN_BY)
def limits(request: StaffRequest) -> HttpResponse:
    """The batches so far, and the form for another one."""
    return _page(request, form=priors.PriorForm())


@require_POST
@staff_page(prior.BRING)
def bring(request: StaffRequest) -> HttpResponse:
    """Bring in a table, or one typed row; whole or not at all."""
    form = priors.PriorForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, form=form, status=WRONG)
    table = form.cleaned_data["table"]
    try:
        read, digest = _read(table, request) if table else (_typed(form), "")
        if read.faults:
            raise Refused("prior_rows_wrong", wrong=len({one.row for one in read.faults}))
        if not read.rows:
            return _page(request, form=form, status=WRONG)
        made = _proposed(request, form, read.rows, digest)
    except Refused as no:
        complain(form, no)
        faults = read.faults if no.slug == "prior_rows_wrong" else ()
        return _page(request, form=form, faults=faults, status=no.status)
    return _to(made.pk)


@require_GET
@staff_page(*SEEN_BY)
def batch(request: StaffRequest, number: int) -> HttpResponse:
    """One batch: its rows, who answers for it, and what is left to do."""
    held = prior.batch_seen(min(number, LARGEST), by=request.actor)
    is_mine = held.proposed_by == request.actor.reference
    waits = held.state == PriorBatch.State.WAITING
    told = {
        "batch": held, "rows": priors.rows(held), "settled_before": prior.settled_before(held),
        "is_mine": is_mine, "waits": waits,
        "is_nobodys": waits and not held.proposed_by.startswith(prior.PERSON),
        "may_bring": request.actor.may(prior.BRING),
        "may_approve": request.actor.may(prior.APPROVE),
    }  # fmt: skip
    return render(request, "desk/prior_batch.html", told)


@require_POST
@staff_page(prior.APPROVE)
def approve(request: StaffRequest, number: int) -> HttpResponse:
    """The second person's word on the very rows that were shown."""
    digest = request.POST.get("digest", "")
    try:
        prior.approve_prior(min(number, LARGEST), digest=digest, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    else:
        messages.success(request, _("已计入，以后的理算接着计算"))
    return _to(number)


@require_POST
@staff_page(prior.BRING)
def drop(request: StaffRequest, number: int) -> HttpResponse:
    """Give up a batch that nobody has approved."""
    try:
        prior.drop_prior(min(number, LARGEST), by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    return _to(number)


@require_POST
@staff_page(prior.BRING)
def vouch(request: StaffRequest, number: int) -> HttpResponse:
    """Answer for what was brought in at the console, with its evidence."""
    file = request.FILES.get("proof")
    try:
        proof = None if file is None else _kept(request, file, name=file.name or "")
        prior.vouch_prior(min(number, LARGEST), proof=proof, by=request.actor.reference)
    except Refused as no:
        messages.error(request, said(no))
    return _to(number)


@require_GET
@staff_page(*SEEN_BY)
def proof(request: StaffRequest, number: int) -> HttpResponseBase:
    """The evidence of a batch, as it was handed in."""
    held = prior.batch_seen(min(number, LARGEST), by=request.actor)
    if held.proof is None:
        raise Refused("file_not_found")
    try:
        return files.serve(
            request, sha256=held.proof.sha256, filename=f"limits-{held.pk}", size="original"
        )
    except FileNotFoundError as gone:
        raise Refused("file_not_found") from gone


# The parts of the pages


def _read(table: Readable, request: StaffRequest) -> tuple[prior_tables.Read, str]:
    """A table's rows and faults, and its hash; it is kept no longer than it is read."""
    counted = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="lipei-limits-") as room:
        copy = Path(room, "table")
        with copy.open("wb") as target:
            while piece := table.read(CHUNK):
                counted.update(piece)
                target.write(piece)
        return prior_tables.read_prior(copy, acting=request.actor), counted.hexdigest()


def _typed(form: priors.PriorForm) -> prior_tables.Read:
    told = form.typed()
    return prior_tables.Read([told] if told else [], ())


def _proposed(
    request: StaffRequest, form: priors.PriorForm, rows: Sequence[prior.Told], digest: str
) -> PriorBatch:
    told = form.cleaned_data
    proof = _kept(request, told["proof"], name=told["proof"].name or "")
    return prior.propose_prior(
        rows, source=str(told["source"]), paper=str(told["paper"]), reason=str(told["reason"]),
        proof=proof, file_hash=digest, by=request.actor.reference,
    )  # fmt: skip


def _kept(request: StaffRequest, file: Readable, *, name: str) -> int:
    owner = request.actor.reference
    return uploads.take(file, owner=owner, client_id=str(uuid4()), filename=name).pk


def _page(
    request: StaffRequest, *, form: priors.PriorForm, faults: Sequence[Fault] = (),
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    told = {
        "form": form, "batches": priors.batches(request.actor, most=MOST),
        "faults": priors.faults(faults[:MOST_FAULTS]), "more": max(0, len(faults) - MOST_FAULTS),
        "may_bring": request.actor.may(prior.BRING),
    }  # fmt: skip
    return render(request, "desk/prior.html", told, status=status)


def _to(number: int) -> HttpResponse:
    answer = redirect("desk:prior_batch", min(number, LARGEST))
    answer.status_code = SEE_OTHER
    return answer


namespace = "desk"
urlpatterns = [
    path("limits/", limits, name="prior"),
    path("limits/bring/", bring, name="prior_bring"),
    path("limits/<int:number>/", batch, name="prior_batch"),
    path("limits/<int:number>/approve/", approve, name="prior_approve"),
    path("limits/<int:number>/drop/", drop, name="prior_drop"),
    path("limits/<int:number>/vouch/", vouch, name="prior_vouch"),
    path("limits/<int:number>/proof/", proof, name="prior_proof"),
]
