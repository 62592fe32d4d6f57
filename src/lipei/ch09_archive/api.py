"""Chapter 9's endpoints: the volume of a closed claim, counted and shelved."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Done, Number, stands
from lipei.ch01_general.reading import claim_seen
from lipei.ch09_archive import filing
from lipei.ch09_archive.models import Volume
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope
from lipei.kit.refusal import Refused

router = Router()
Pages = Annotated[int, Field(ge=0, le=100_000, examples=[12])]


class PaperBody(Body):
    """How many sheets there are on paper, and how many pictures of them."""

    paper_pages: Pages
    scanned_pages: Pages


class ShelfBody(Body):
    """Where the volume stands from now on."""

    place: Annotated[str, fields.text(60, example="A-01-03")]


class VolumeTold(Told):
    """The volume of a claim."""

    number: str = Field(examples=["V2026-000051"])
    state: str = Field(examples=["open"])
    paper_pages: int | None
    scanned_pages: int | None
    place: str
    shelved_at: datetime | None
    items: int = Field(description="卷内件数。")


@router.get("/claims/{number}/volume", response=VolumeTold)
@scope("claims.read")
def read_volume(request: HttpRequest, number: Number) -> VolumeTold:
    """案卷：页数、存放位置和卷内件数。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    volume = Volume.objects.filter(claim=claim).first()
    if volume is None:
        raise Refused("file_not_found")
    told = {name: getattr(volume, name, None) for name in VolumeTold.model_fields}
    return VolumeTold.model_validate({**told, "items": volume.items.count()})


@router.post("/claims/{number}/volume/paper", response=Done)
@scope("claims.work")
def arrange_paper(request: HttpRequest, number: Number, key: Key, body: PaperBody) -> Answer:
    """纸质材料整理：页数与扫描件须一致。"""

    def act() -> Answer:
        filing.arrange_paper(number, **body.model_dump(), by=caller(request).reference)
        return stands(number)

    return answered_once(request, "arrange_paper", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/volume/shelf", response=Done)
@scope("claims.work")
def archive_claim(request: HttpRequest, number: Number, key: Key, body: ShelfBody) -> Answer:
    """归档上架：先逐份核验。"""

    def act() -> Answer:
        filing.archive_claim(number, place=body.place, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "archive_claim", key=key, body=body, act=act, number=number)
