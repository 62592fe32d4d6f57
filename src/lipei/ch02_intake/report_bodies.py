"""What a report looks like at the API: the event, its line and answers, damage and uploads."""

from typing import Annotated

from pydantic import Field

from lipei.ch02_intake import channels, filing
from lipei.ch02_intake.lines import LINES
from lipei.kit import fields
from lipei.kit.api import Body

Kind = Annotated[str, fields.text(40, example="scene")]
UploadId = Annotated[int, Field(ge=1, le=2**53 - 1, examples=[17])]
ASKED = tuple(dict.fromkeys(one.name for line in LINES.values() for one in line.questions))


class DamageBody(Body):
    """One damaged part."""

    thing: Annotated[str, fields.one_of("own_vehicle", "other_vehicle", "other_property")]
    part: Annotated[str, fields.text(40, example="front_bumper")]
    severity: Annotated[str, fields.text(40, example="scratch")]


class UploadBody(Body):
    """A file that was uploaded before, and what it shows."""

    upload: UploadId
    kind: Kind


class AnswerBody(Body):
    """The answer to one question of the line."""

    question: Annotated[str, fields.one_of(*ASKED)]
    answer: Annotated[str, fields.text(1000, lines=True, example="discharged")]


class ReportBody(Body):
    """What a reporter says of an event."""

    lost_at: fields.PastInstant
    place: Annotated[str, fields.text(200, example="深圳市南山区科苑路 15 号")]
    cause: Annotated[str, fields.text(40, example="collision")]
    story: Annotated[str, fields.text(2000, lines=True, example="倒车时刮到立柱。")]
    consented: bool = Field(description="已单独同意处理报案所需的敏感信息。", examples=[True])
    policy: Annotated[str, fields.text(40, empty=True, example="PDAA202644030000000001")] = ""
    holder: Annotated[str, fields.or_none(fields.Name)] = Field(
        "", description="保单不是本人的：投保人或被保险人姓名；与证件号都对得上，才关联保单。"
    )
    id_number: Annotated[str, fields.or_none(fields.ResidentId)] = ""
    relation: Annotated[str, fields.text(20, example="insured")] = "insured"
    phone: Annotated[str, fields.or_none(fields.Phone)] = ""
    injured: bool = False
    others: Annotated[str, fields.one_of(*filing.OTHERS)] = "none"
    other_plate: Annotated[str, fields.or_none(fields.Plate)] = ""
    other_name: Annotated[str, fields.text(80, empty=True)] = ""
    other_phone: Annotated[str, fields.or_none(fields.Phone)] = ""
    fault: Annotated[str, fields.one_of(*filing.FAULTS)] = "unknown"
    proof: Annotated[str, fields.one_of(*filing.PROOFS)] = "none"
    damage: list[DamageBody] = Field(default_factory=list, max_length=40)
    line: Annotated[str, fields.one_of("", *LINES)] = Field(
        "", description="出了哪一类事；不写就按保单的险类，没有保单的按车险。"
    )
    answers: list[AnswerBody] = Field(
        default_factory=list, max_length=20, description="这一类事另外要问的，须写明 line。"
    )
    uploads: list[UploadBody] = Field(default_factory=list, max_length=60)
    another: bool = Field(False, description="同一保单一天内的另一次事故。")


class KeyedReportBody(ReportBody):
    """What a caller or visitor tells, keyed by somebody of the house."""

    caller: fields.Name
    phone: fields.Phone
    channel: Annotated[str, fields.one_of("phone", "counter")] = "phone"
    received_at: fields.PastInstant | None = Field(
        None, description="告知的时间，早于录入时须附时间凭据和理由。"
    )
    received_why: Annotated[str, fields.text(200, empty=True)] = ""


KEYED = ("caller", "channel", "received_at")


def report_of(body: ReportBody) -> channels.Report:
    """The report that a body tells."""
    plain = body.model_dump(exclude={"answers", "damage", "uploads", "another", *KEYED})
    return channels.Report(
        **plain,
        answers=tuple((one.question, one.answer) for one in body.answers),
        damage=tuple(channels.Damage(**one.model_dump()) for one in body.damage),
        uploads=tuple((one.upload, one.kind) for one in body.uploads),
    )
