"""The endpoints of the words of refusals, and proposals to say them otherwise."""

from typing import Annotated

from django.http import HttpRequest
from ninja import Path
from pydantic import Field

from lipei.ch01_general import refusal_words
from lipei.ch01_general.manual_api import Why, of_the_house
from lipei.ch01_general.matrices_api import router
from lipei.ch01_general.revisions_api import RevisionTold, told
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope
from lipei.manual import shipped_refusals

__all__ = ["router"]
Slug = Annotated[str, fields.text(60, example="claim_not_found"), Path(description="用语编号。")]
Words = Annotated[str, fields.text(refusal_words.LIMIT)]


class RefusalTold(Told):
    """What the house says: why not, and what to do now, in both languages."""

    slug: str
    zh: str
    en: str
    next_zh: str
    next_en: str
    clause: str
    status: int
    is_shipped: bool
    holes: list[str] = Field(description="由系统填写、须保留的内容。")


class TextsBody(Body):
    """The four texts of a refusal."""

    zh: Words
    en: Words
    next_zh: Words
    next_en: Words


class WordsBody(Body):
    """Other words for a refusal; none takes it back to what ships."""

    words: TextsBody | None = None
    reason: Why
    based_on: Annotated[int, Field(ge=0, le=10**9)] | None = None


@router.get("/refusals/{slug}", response=RefusalTold)
@scope("claims.read")
def read_refusal(request: HttpRequest, slug: Slug) -> RefusalTold:
    """一条拒绝用语：理由和下一步，中英文各一份。"""
    of_the_house(request)
    one = refusal_words.known(slug)
    return RefusalTold(
        slug=one.slug, clause=one.clause, status=one.status, holes=sorted(one.wants),
        is_shipped=one == shipped_refusals()[slug], **refusal_words.words_of(one),
    )  # fmt: skip


@router.post("/refusals/{slug}/proposals", response=RevisionTold)
@scope("claims.work")
def propose_refusal(request: HttpRequest, slug: Slug, key: Key, body: WordsBody) -> Answer:
    """提出改写一条拒绝用语；另一人批准后立即适用。不给用语就是恢复随系统发布的。"""

    def act() -> Answer:
        return told(refusal_words.propose_words(
            slug, words=body.words.model_dump() if body.words else {}, reason=body.reason,
            by=caller(request).reference, based_on=body.based_on,
        ))  # fmt: skip

    return answered_once(request, "propose_refusal", key=key, body=body, act=act, slug=slug)
