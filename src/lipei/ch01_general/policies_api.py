"""One policy over the API, as it stood at an instant, for people of the house."""

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Path, Query
from pydantic import Field

from lipei.ch01_general.actors import actor
from lipei.ch01_general.policies import covers_of, policy_seen
from lipei.ch01_general.refusal_words_api import router
from lipei.kit import clock, fields, sealed
from lipei.kit.api import Told, caller, scope

__all__ = ["router"]
PolicyNumber = Annotated[
    str, fields.text(40, example="PDAA202644030000000001"), Path(description="保单号。")
]


class CoverTold(Told):
    """One cover of a policy and the time for which it stands."""

    product: str = Field(examples=["own_damage"])
    starts_at: datetime
    ends_at: datetime = Field(description="不含这一刻。")


class VersionTold(Told):
    """One change of a policy, with the names of what changed and its two times."""

    number: int = Field(examples=[2])
    kind: str = Field(examples=["endorsed"])
    reference: str = Field(description="批单号或缴费单号。", examples=["E-7"])
    effective_at: datetime
    recorded_at: datetime
    fields: list[str] = Field(examples=[["plate"]])


class PolicyThen(Told):
    """A policy as it stood at an instant, its parties masked, and all its versions."""

    number: str = Field(examples=["PDAA202644030000000001"])
    line: str = Field(examples=["motor"])
    at: datetime
    in_force: bool
    premium_paid: bool
    plate: str = Field(examples=["粤B12345"])
    vin: str = Field(examples=["LSVAA49J132047371"])
    region: str = Field(examples=["境内"])
    insured: str = Field(description="姓名，中间隐去。", examples=["周**"])
    holder: str = Field(description="姓名，中间隐去。", examples=["周**"])
    starts_at: datetime
    ends_at: datetime = Field(description="不含这一刻。")
    covers: list[CoverTold]
    versions: list[VersionTold]


@router.get("/policies/{number}", response=PolicyThen)
@scope("claims.read")
def read_policy(
    request: HttpRequest, number: PolicyNumber,
    at: Annotated[
        fields.Instant | None, Query(description="看哪一刻的保单；不填为现在。")
    ] = None,
) -> PolicyThen:  # fmt: skip
    """一份保单在某一刻的样子，和它的全部版本；只给内部人员，只看本机构的。"""
    policy = policy_seen(number, acting=actor(caller(request).reference))
    instant = at or clock.now()
    then = policy.at(instant)
    return PolicyThen(
        number=policy.number, line=policy.line, at=instant,
        in_force=then.starts_at <= instant < then.ends_at, premium_paid=then.premium_paid,
        plate=then.plate, vin=then.vin, region=then.region,
        insured=sealed.masked_name(then.insured.name), holder=sealed.masked_name(then.holder.name),
        starts_at=then.starts_at, ends_at=then.ends_at,
        covers=[CoverTold.model_validate(one) for one in covers_of(policy, at=instant)],
        versions=[
            VersionTold(number=c.number, kind=c.kind, reference=c.reference,
                        effective_at=c.effective_at, recorded_at=c.recorded_at,
                        fields=sorted(c.told))
            for c in policy.changes.order_by("number")
        ],
    )  # fmt: skip
