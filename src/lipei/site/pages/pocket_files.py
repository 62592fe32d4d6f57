"""Files from the phone: whole or in parts, each once; and shown again to whoever may see them."""

from collections.abc import Mapping

from django.db.models import Q
from django.http import HttpRequest, HttpResponseBase, JsonResponse
from django.http.response import HttpResponse
from django.urls import path
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from lipei.ch01_general.guards import PartyRequest
from lipei.ch01_general.reading import claims_seen
from lipei.ch02_intake.drafts import attach_to_draft
from lipei.ch02_intake.materials import receive_document
from lipei.kit import checks, files, parts, uploads
from lipei.kit.bodies import json_of
from lipei.kit.models import Upload
from lipei.kit.refusal import Refused
from lipei.site.choices import FRAME_KINDS
from lipei.site.pocket.page import pocket_call
from lipei.site.pocket.pictures import thumb_url

LONGEST_NAME = 200
SIZES = ("original", "page", "thumb")


@require_POST
@pocket_call
def upload(request: PartyRequest) -> HttpResponseBase:
    """Take a whole file. The same key again is the same file."""
    file = request.FILES.get("file")
    if file is None:
        raise Refused("file_empty", field="file")
    key = _key(request)
    taken = uploads.take(
        file, owner=request.actor.reference, client_id=key, filename=file.name or ""
    )
    return _told(request, taken, request.POST)


@require_http_methods(["PUT"])
@pocket_call
def part(request: PartyRequest, client_id: str, number: int) -> HttpResponseBase:
    """Take one part of a larger file; parts may come again, in any order."""
    told = request.headers.get("Content-Range", "")
    parts.keep_part(
        request.actor.reference, client_id=client_id, number=number, content_range=told,
        content=request.body,
    )  # fmt: skip
    return JsonResponse({"part": number})


@require_POST
@pocket_call
def done(request: PartyRequest, client_id: str) -> HttpResponseBase:
    """All parts are here: keep the file as one."""
    about = json_of(request)
    size = parts.told_size(about)
    assert isinstance(about, dict), "a size was told in it"
    owner = request.actor.reference
    taken = Upload.objects.filter(owner=owner, client_id=client_id).first()
    if taken is None:
        stream = parts.whole(owner, client_id=client_id, size=size)
        taken = uploads.take(stream, owner=owner, client_id=client_id, filename=_name(about))
        parts.throw_away(owner, client_id=client_id)
    return _told(request, taken, about)


@require_GET
@pocket_call
def file(request: PartyRequest, upload: int, size: str) -> HttpResponseBase:
    """A file as it came or as a picture for the screen: one's own, or of one's own claim."""
    mine = Q(owner=request.actor.reference) | Q(documents__claim__in=claims_seen(request.actor))
    found = Upload.objects.filter(mine, pk=upload).first()
    if found is None or size not in SIZES:
        raise Refused("file_not_found")
    try:
        return files.serve(request, sha256=found.sha256, filename=f"lipei-{upload}", size=size)
    except FileNotFoundError:
        raise Refused("file_not_found") from None


def _told(request: PartyRequest, taken: Upload, about: Mapping[str, object]) -> HttpResponse:
    """Hang the file where it belongs, and say under which name it can be seen."""
    kind = checks.plain_text(about.get("kind"), field="kind", limit=40, lines=False, empty=False)
    by = request.actor.reference
    if about.get("draft"):
        checks.choice(kind, allowed=FRAME_KINDS, field="kind")
        attach_to_draft(str(about["draft"]), upload=taken.pk, kind=kind, by=by)
    elif about.get("claim"):
        receive_document(str(about["claim"]), kind=kind, upload=taken.pk, by=by)
    return JsonResponse({"id": taken.pk, "thumb_url": thumb_url(taken)}, status=201)


def _key(request: HttpRequest) -> str:
    key = request.headers.get("Idempotency-Key")
    if not key:
        raise Refused("request_key_missing")
    return checks.idempotency_key(key)


def _name(about: Mapping[str, object]) -> str:
    name = about.get("name")
    return name[:LONGEST_NAME] if isinstance(name, str) else ""


pocket_urlpatterns = [
    path("uploads/", upload, name="uploads"),
    path("uploads/<str:client_id>/parts/<int:number>", part, name="upload_part"),
    path("uploads/<str:client_id>/done", done, name="upload_done"),
    path("files/<int:upload>/<slug:size>/", file, name="file"),
]
