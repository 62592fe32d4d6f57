"""What the pictures show: made-up customers whose claims stand at different steps.

``python docs/pictures/scene.py FOLDER``, in the surroundings of a fresh demonstration; FOLDER holds
the photographs that `take.py` drew. Prints each customer's telephone and the number of the claim.
"""

import json
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import count
from pathlib import Path

import django

django.setup()

import time_machine  # noqa: E402  once Django is ready

from lipei.ch01_general.models import Appointment, Branch, Claim, Party  # noqa: E402
from lipei.ch02_intake.channels import Damage  # noqa: E402
from lipei.ch02_intake.materials import (  # noqa: E402
    materials_missing,
    receive_document,
    request_materials,
)
from lipei.ch02_intake.registration import register_claim  # noqa: E402
from lipei.ch03_assessment.adjudication import calculate_claim  # noqa: E402
from lipei.ch03_assessment.investigation import (  # noqa: E402
    Line,
    arrive_at_survey,
    dispatch_survey,
    finish_survey,
    list_losses,
    start_survey,
)
from lipei.kit import clock, uploads  # noqa: E402
from lipei.site.demonstration import add_customer  # noqa: E402
from tests import steps  # noqa: E402

CUSTOMERS = (
    ("何建民", "13800006031", "31010119720415", "沪C7D921", "LSVAM4187C2184831", "large"),
    ("孙浩然", "13800006032", "31010119910822", "沪A30K52", "LSGBL5441HF000032", "small"),
    ("吴思远", "13800006033", "31010119880303", "沪B5Q817", "LFV2A21K8H4000033", "middle"),
    ("马丽娜", "13800006034", "31010119860919", "沪DA0352", "LSVAA4187E2184834", "middle"),
    ("林晓雯", "13800006035", "31010119940127", "沪E66L08", "LSGBL5441HF000035", "small"),
    ("郭志强", "13800006036", "31010119791105", "沪F218K9", "LFV2A21K8H4000036", "large"),
    ("赵雅琴", "13800006037", "31010119830614", "沪G9T440", "LSVAA4187E2184837", "middle"),
)
OWN = (
    Line("own_vehicle", "前保险杠", "replace", 246_000, remark="原厂件，核价一致"),
    Line("own_vehicle", "左前大灯", "replace", 384_000, remark="原厂件"),
    Line("own_vehicle", "发动机盖", "paint", 138_000, remark="钣金和喷漆"),
    Line("own_vehicle", "散热器支架", "replace", 218_000, salvage_fen=36_000),
)
OTHER = (
    Line("other_vehicle", "后保险杠", "replace", 168_000, remark="原厂件，核价一致"),
    Line("other_vehicle", "后尾门", "paint", 124_000, remark="工时 6.5"),
    Line("other_vehicle", "右后尾灯", "replace", 84_000),
)
PICTURES = ("scene", "plate", "close")
PAPERS = {"driving_licence": "licence", "vehicle_licence": "licence"}
FOLDER = Path(sys.argv[1])
_taken = count(1)


@dataclass(frozen=True)
class Told:
    """How a claim begins: whose, how long ago, where, what happened."""

    phone: str
    ago: timedelta
    place: str
    story: str
    plate: str
    cause: str = "collision"
    other: str = "王五"


def hours_ago(hours: float) -> AbstractContextManager[object]:
    """Let it be so many hours ago; the clock goes on from there."""
    return time_machine.travel(clock.now() - timedelta(hours=hours), tick=True)


def upload(owner: str, name: str) -> int:
    """One of the drawn photographs in somebody's hands; a few bytes make each its own."""
    n = next(_taken)
    stream = BytesIO((FOLDER / f"{name}.jpg").read_bytes() + b"%d" % n)
    return uploads.take(stream, owner=owner, client_id=f"scene-{n}", filename=f"{name}.jpg").pk


def reported(told: Told) -> Claim:
    """File the report with three photographs of the drawn car."""
    steps.PHONE = told.phone
    by = steps.claimant()
    files = tuple((upload(by, name), name) for name in PICTURES)
    files += tuple((upload(by, "licence"), name) for name in PAPERS)
    return steps.filed(
        place=told.place, story=told.story, cause=told.cause, phone=told.phone,
        lost_at=clock.now() - timedelta(hours=1), other_plate=told.plate, other_name=told.other,
        uploads=files,
        damage=(Damage("own_vehicle", "front_bumper", "broken"),
                Damage("own_vehicle", "headlamp", "broken"),
                Damage("other_vehicle", "rear_bumper", "dent")),
    )  # fmt: skip


def complete(claim: Claim) -> Claim:
    """The claimant hands in what is missing, the clerk accepts everything."""
    by = steps.claimant()
    for material in materials_missing(claim):
        if material.state == "wanted":
            receive_document(claim.number, kind=material.kind, upload=upload(by, "paper"), by=by)
    return steps.accepted(claim)


def registered(claim: Claim) -> Claim:
    """Registered with a reserve for each part."""
    reserves = {e.position: 480_000 // e.position for e in claim.exposures.all()}
    register_claim(claim.number, reserves=reserves, by=steps.CLERK)
    return steps.again(claim)


def visited(claim: Claim, lines: tuple[Line, ...]) -> Claim:
    """An assessor is there, with the losses listed and photographed; nothing is signed yet."""
    number = claim.number
    dispatch_survey(number, to="lijun", by=steps.CLERK)
    start_survey(number, by=steps.ASSESSOR)
    arrive_at_survey(number, by=steps.ASSESSOR, where="31.221234,121.541234")
    for name in ("close", "plate"):
        receive_document(number, kind="survey", upload=upload(steps.ASSESSOR, name),
                         by=steps.ASSESSOR, duty="materials.receive")  # fmt: skip
    list_losses(number, lines=lines, by=steps.ASSESSOR)
    return steps.again(claim)


def signed(claim: Claim) -> Claim:
    """The survey is signed."""
    words = "痕迹与报案相符，受损部位与照片一致。"
    finish_survey(claim.number, findings=words, signed_name="李军", by=steps.ASSESSOR)
    steps.hear()
    return steps.again(claim)


def small(claim: Claim) -> Claim:
    """A loss of less than five thousand yuan, surveyed and approved at once."""
    return signed(visited(claim, (OWN[0], OTHER[0])))


# The claims, in the order in which they began


def large_calculated() -> Claim:
    told = Told("13800006021", timedelta(hours=50), "春和路 118 号", "起步时没有刹住，追尾了前车。",
                "沪C12345")  # fmt: skip
    with hours_ago(50):
        claim = reported(told)
    with hours_ago(46):
        claim = registered(complete(claim))
    with hours_ago(26):
        claim = signed(visited(claim, OWN + OTHER))
    with hours_ago(2):
        calculate_claim(claim.number, by=steps.CLERK)
        steps.hear()
    return claim


def visit_overdue() -> Claim:
    told = Told("13800006031", timedelta(hours=27), "沪芦高速 31 公里处", "变道时与货车剐碰。",
                "沪D83K61", cause="scrape", other="宋伟")  # fmt: skip
    with hours_ago(27):
        claim = registered(complete(reported(told)))
    with hours_ago(3.1):
        return visited(claim, OWN[:1])


def papers_asked() -> Claim:
    told = Told("13800006037", timedelta(hours=25), "锦绣路 2500 号", "倒车时碰到后车。",
                "沪A91F35", other="陶静")  # fmt: skip
    with hours_ago(25):
        claim = reported(told)
    with hours_ago(21):
        request_materials(claim.number, by=steps.CLERK)
        steps.hear()
    return claim


def paid() -> Claim:
    told = Told("13800006036", timedelta(hours=24), "张杨路 500 号", "路口转弯时相碰。",
                "沪B20M77", other="秦峰")  # fmt: skip
    with hours_ago(24):
        claim = small(registered(complete(reported(told))))
    with hours_ago(5):
        return steps.closed(steps.paid(steps.agreed(claim)))


def agreed() -> Claim:
    told = Told("13800006035", timedelta(hours=23), "世纪大道 88 号", "停车时蹭到邻车。",
                "沪E31P08", cause="scrape", other="何敏")  # fmt: skip
    with hours_ago(23):
        claim = small(registered(complete(reported(told))))
    with hours_ago(4):
        return steps.agreed(claim)


def waiting_for_word() -> Claim:
    told = Told("13800006034", timedelta(hours=22), "民生路 1199 弄", "跟车过近，追尾。",
                "沪C55G18", other="方圆")  # fmt: skip
    with hours_ago(22):
        return small(registered(complete(reported(told))))


def being_visited() -> Claim:
    told = Told("13800006022", timedelta(hours=6), "商城路 660 号", "并线时追尾前车。",
                "沪A77R20", other="沈洋")  # fmt: skip
    with hours_ago(6):
        claim = registered(complete(reported(told)))
    with hours_ago(0.68):
        return visited(claim, OWN[:2] + OTHER[:2])


def to_be_registered() -> Claim:
    told = Told("13800006033", timedelta(hours=4), "浦东南路 1111 号", "起步时碰到前车。",
                "沪F08N63", other="曹阳")  # fmt: skip
    with hours_ago(4):
        return complete(reported(told))


def just_reported() -> Claim:
    told = Told("13800006032", timedelta(minutes=50), "杨高中路 2111 号", "雨天路滑，追尾。",
                "沪G66H90", other="姜涛")  # fmt: skip
    with hours_ago(0.8):
        return reported(told)


CLAIMS: tuple[Callable[[], Claim], ...] = (
    large_calculated, visit_overdue, papers_asked, paid, agreed, waiting_for_word,
    being_visited, to_be_registered, just_reported,
)  # fmt: skip


def main() -> None:
    """Lay it all out; tell `take.py` which claim is whose.

    The claims began in the past days: the people of the house must have been there then.
    """
    Appointment.objects.update(since=clock.today() - timedelta(days=300))
    branch = Branch.objects.get(code="3101")
    for number, customer in enumerate(CUSTOMERS, start=31):
        if not Party.objects.filter(phone=customer[1]).exists():
            add_customer(number, customer, branch)
    made = {}
    for lay_out in CLAIMS:
        claim = lay_out()
        made[lay_out.__name__] = claim.number
    sys.stdout.write(json.dumps(made))


if __name__ == "__main__":
    main()
