"""The endpoints of a claim's files: which there are, and each as it came."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest, HttpResponseBase
from ninja import Path, Query, Router
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Number
from lipei.ch01_general.reading import claim_seen
from lipei.ch02_intake.models import Document
from lipei.kit import fields, files
from lipei.kit.api import Told, caller, scope
from lipei.kit.refusal import Refused

router = Router()
"""The chapter's one router; `api.py` puts its own endpoints on it too."""
SIZES = ("original", "page", "thumb")
DocumentId = Annotated[int, Path(ge=1, le=2**53 - 1, description="文件编号。")]
Size = Annotated[
    str, fields.one_of(*SIZES), Query("original", description="原件，或供屏幕显示的图片。")
]
BYTES = {"*/*": {"schema": {"type": "string", "format": "binary"}}}


class DocumentTold(Told):
    """One file of a claim."""

    document: int = Field(examples=[31])
    kind: str = Field(examples=["driving_licence"])
    received_at: datetime
    sha256: str
    media_type: str = Field(examples=["image/jpeg"])
    size_bytes: int


@router.get("/claims/{number}/documents", response=list[DocumentTold])
@scope("claims.read")
def list_documents(request: HttpRequest, number: Number) -> list[DocumentTold]:
    """案件的照片和材料，先收到的在前。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    held = Document.objects.filter(claim=claim).select_related("upload")
    return [
        DocumentTold(
            document=one.pk, kind=one.kind, received_at=one.received_at, sha256=one.upload.sha256,
            media_type=one.upload.media_type, size_bytes=one.upload.size_bytes,
        )
        for one in held.order_by("received_at", "pk")
    ]  # fmt: skip


@router.get(
    "/claims/{number}/documents/{document}",
    openapi_extra={"responses": {200: {"description": "文件", "content": BYTES}}},
)
@scope("claims.read")
def read_document(
    request: HttpRequest, number: Number, document: DocumentId, size: Size
) -> HttpResponseBase:
    """一份照片或材料：原样，或供屏幕显示的图片。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    held = Document.objects.filter(claim=claim, pk=document).select_related("upload").first()
    if held is None:
        raise Refused("file_not_found")
    try:
        return files.serve(
            request, sha256=held.upload.sha256, filename=f"{number}-{held.kind}", size=size
        )
    except FileNotFoundError as gone:
        raise Refused("file_not_found") from gone
