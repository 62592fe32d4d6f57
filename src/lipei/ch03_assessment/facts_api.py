"""The endpoints of the facts of a sum: what stands, what is missing, and telling it."""

from datetime import datetime
from typing import Annotated, Any

from django.http import HttpRequest
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.api import Done, Number, Position, stands
from lipei.ch01_general.models import Exposure
from lipei.ch01_general.reading import claim_seen
from lipei.ch01_general.stages import ENDINGS, Side
from lipei.ch03_assessment import telling, verification
from lipei.ch03_assessment.facts import Event, Held, facts_held, formula_of, tellable
from lipei.ch03_assessment.models import ToldFact
from lipei.ch03_assessment.prior_api import router
from lipei.kit import fields
from lipei.kit.api import Answer, Body, Key, Told, answered_once, caller, scope
from lipei.rules.facts import Fact

__all__ = ["router"]
MOST_FACTS = 200
Name = Annotated[str, fields.text(60, example="catalogue_cost_fen")]
Value = bool | int | Annotated[str, fields.text(40, example="2026-03-01")] | None
About = Annotated[str, fields.one_of(*ToldFact.About.values)]


class FactsBody(Body):
    """Facts of one exposure, each in the kind of its formula: whole fen, basis points or days,
    true or false, a date, or a code; null takes back what was told."""

    position: Position
    about: About = "cover"
    paper: Annotated[str, fields.text(40, example="medical_invoices")]
    facts: dict[Name, Value] = Field(
        min_length=1, max_length=MOST_FACTS,
        examples=[{"catalogue_cost_fen": 1_860_000, "was_settled_socially": True}],
    )  # fmt: skip


class FactsTold(Told):
    """The names of the facts that changed."""

    names: list[str] = Field(examples=[["catalogue_cost_fen"]])


class InjuryBody(Body):
    """Whether anybody was hurt, as the papers show it."""

    injured: bool = Field(examples=[False])


class FactShown(Told):
    """One fact of a formula: its words and kind, its value, and where that comes from."""

    name: str = Field(examples=["catalogue_cost_fen"])
    kind: str = Field(examples=["fen"])
    zh: str
    en: str
    needed: bool = Field(description="没有默认值，必须填写。")
    value: Any = Field(None, description="现有的值；没有时按默认值计算。")
    source: str = Field("", examples=["told"])
    fixed: bool = Field(False, description="由案件其他内容得出，不在这里填写。")
    paper: str = ""
    told_by: str = ""
    told_at: datetime | None = None


class FactsShown(Told):
    """The facts of one exposure, and the first that it still lacks."""

    position: int
    about: str
    edition: str = Field(examples=["health_inpatient_2020"])
    missing: str = Field("", description="还缺的一项；空表示可以理算。")
    facts: list[FactShown]


@router.get("/claims/{number}/facts", response=list[FactsShown])
@scope("claims.read")
def list_facts(request: HttpRequest, number: Number) -> list[FactsShown]:
    """每个责任项理算所需的事实：已知的、已填的和还缺的。"""
    claim = claim_seen(number, acting=actor(caller(request).reference))
    living = [
        e for e in claim.exposures.order_by("position")
        if not ENDINGS & {Side(s) for s in e.sides}
    ]  # fmt: skip
    event = Event(claim, living)
    shown = [_shown(event, e, ToldFact.About.COVER) for e in living]
    hurt = [e for e in living if e.thing == Exposure.Thing.PERSON]
    return shown + [_shown(event, e, ToldFact.About.INJURY) for e in hurt]


@router.post("/claims/{number}/facts", response=FactsTold)
@scope("claims.work")
def tell_facts(request: HttpRequest, number: Number, key: Key, body: FactsBody) -> Answer:
    """登记理算事实，并写明依据哪份材料。"""

    def act() -> Answer:
        told = body.model_dump()
        return {"names": telling.tell_facts(number, **told, by=caller(request).reference)}

    return answered_once(request, "tell_facts", key=key, body=body, act=act, number=number)


@router.post("/claims/{number}/injury", response=Done)
@scope("claims.work")
def establish_injury(request: HttpRequest, number: Number, key: Key, body: InjuryBody) -> Answer:
    """更正是否有人受伤。"""

    def act() -> Answer:
        verification.establish_injury(number, injured=body.injured, by=caller(request).reference)
        return stands(number)

    return answered_once(request, "establish_injury", key=key, body=body, act=act, number=number)


def _shown(event: Event, exposure: Exposure, about: str) -> FactsShown:
    formula = formula_of(event, exposure, about)
    held = facts_held(event, exposure, about=about)
    missing = telling.what_is_missing(event, exposure)
    return FactsShown(
        position=exposure.position, about=about, edition=formula.name,
        missing=missing.field if missing else "",
        facts=[
            _fact(fact, held.get(name))
            for name, fact in tellable(formula).items()
        ],
    )  # fmt: skip


def _fact(fact: Fact, held: Held | None) -> FactShown:
    row = held.told if held else None
    return FactShown(
        name=fact.name, kind=fact.kind, zh=fact.zh, en=fact.en, needed=fact.default is None,
        value=held.value if held else None, source=held.source if held else "",
        fixed=bool(held and held.is_fixed), paper=row.paper if row else "",
        told_by=row.told_by if row else "", told_at=row.told_at if row else None,
    )  # fmt: skip
