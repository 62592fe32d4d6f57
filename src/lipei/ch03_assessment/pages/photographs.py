"""3.1 on screen: the photographs of a visit, whole or in parts, each once, and shown again."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general.guards import StaffRequest, claim_for, staff_page
from lipei.ch01_general.models import Claim
from lipei.ch02_intake.materials import receive_document
from lipei.ch02_intake.models import Document
from lipei.ch03_assessment.models import Survey
from lipei.kit import checks, files, parts, uploads
from lipei.kit.bodies import json_of
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused

SIZES = ("original", "page", "thumb")
KIND = "survey"


@require_POST
@staff_page("survey.do")
def take_photos(request: StaffRequest, number: str) -> HttpResponseBase:
    """Take photographs of the damage: one from a script, or several from a plain form."""
    _ask_own(request, number)
    key = request.headers.get("Idempotency-Key", "")
    found = request.FILES.getlist("file")
    if key:
        checks.idempotency_key(key)
    if not found:
        raise Refused("file_empty", field="file")
    taken = None
    for n, file in enumerate(found):
        name = key if key and not n else f"{request.POST.get('form_key', '')[:60]}-{n}"
        taken = _kept(request, number, file, client_id=checks.idempotency_key(name))
    if key and taken is not None:
        return _told(number, taken)
    messages.success(request, _("照片已收下"))
    return redirect("desk:visit", number)


@require_http_methods(["PUT"])
@staff_page("survey.do")
def take_part(request: StaffRequest, number: str, client_id: str, part: int) -> HttpResponseBase:
    """Take one part of a larger photograph or film."""
    _ask_own(request, number)
    parts.keep_part(
        request.actor.reference, client_id=client_id, number=part, content=request.body,
        content_range=request.headers.get("Content-Range", ""),
    )  # fmt: skip
    return JsonResponse({"part": part})


@require_POST
@staff_page("survey.do")
def take_whole(request: StaffRequest, number: str, client_id: str) -> HttpResponseBase:
    """All parts are here: keep them as one file."""
    owner = request.actor.reference
    size = parts.told_size(json_of(request))
    taken = Upload.objects.filter(owner=owner, client_id=client_id).first()
    if taken is None:
        stream = parts.whole(owner, client_id=client_id, size=size)
        taken = _kept(request, number, stream, client_id=client_id)
        parts.throw_away(owner, client_id=client_id)
    return _told(number, taken)


@require_GET
@staff_page("claims.view")
def photo(request: StaffRequest, number: str, upload: int, size: str) -> HttpResponseBase:
    """A file of the claim, as it came or as a picture for the screen."""
    claim = claim_for(request.actor, number, duty="claims.view")
    found = Document.objects.filter(claim=claim, upload_id=upload).select_related("upload")
    document = found.first()
    if document is None or size not in SIZES:
        raise Refused("file_not_found")
    name = f"{number}-{document.kind}-{upload}"
    try:
        return files.serve(request, sha256=document.upload.sha256, filename=name, size=size)
    except FileNotFoundError:
        raise Refused("file_not_found") from None


def shown(claim: Claim) -> list[dict[str, object]]:
    """The pictures of a claim as a page shows them, the newest first."""
    found = Document.objects.filter(claim=claim).select_related("upload").order_by("-pk")
    return [
        {
            "title": one.kind, "survey": one.kind == KIND, "at": one.received_at,
            "url": reverse("desk:photo", args=[claim.number, one.upload_id, "page"]),
            "thumb_url": reverse("desk:photo", args=[claim.number, one.upload_id, "thumb"]),
        }
        for one in found
        if one.upload.media_type.startswith("image/")
    ]  # fmt: skip


def _ask_own(request: StaffRequest, number: str) -> None:
    """Refuse anybody but the assessor whose visit this is or was: a photograph may come late."""
    claim = claim_for(request.actor, number, duty="materials.receive")
    mine = Survey.objects.filter(claim=claim, assessor_id=request.actor.staff_id)
    if not mine.exists():
        raise Refused("survey_not_yours")


def _kept(
    request: StaffRequest, number: str, stream: Any, *, client_id: str  # noqa: ANN401
) -> Upload:  # fmt: skip
    _ask_own(request, number)
    by = request.actor.reference
    taken = uploads.take(
        stream, owner=by, client_id=client_id, filename=getattr(stream, "name", "") or ""
    )
    receive_document(number, kind=KIND, upload=taken.pk, by=by, duty="materials.receive")
    return taken


def _told(number: str, taken: Upload) -> JsonResponse:
    thumb = reverse("desk:photo", args=[number, taken.pk, "thumb"])
    drawn = taken.media_type.startswith("image/")
    return JsonResponse({"id": taken.pk, "thumb_url": thumb if drawn else ""}, status=201)


urlpatterns = [
    path("survey/<str:number>/photos/", take_photos, name="visit_photos"),
    path("survey/<str:number>/photos/<str:client_id>/parts/<int:part>", take_part),
    path("survey/<str:number>/photos/<str:client_id>/done", take_whole),
    path("survey/<str:number>/photos/<int:upload>/<slug:size>/", photo, name="photo"),
]
