"""An accident and a fire, from the report to the shelf: programs speak to the department."""

from datetime import timedelta

import pytest

from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.adjudication import QUESTIONS
from lipei.kit import audit, clock
from lipei.site.demonstration import CARDS, PERSONS
from tests import steps
from tests.walks.callers import Caller, pay, until

pytestmark = pytest.mark.django_db
SICK, HURT, HOME = PERSONS
YES = dict.fromkeys(QUESTIONS, True)


def reported(claimant: Caller, person, *, days_ago: int, **told: object) -> str:
    """The address of a claim that its insured reported."""
    said = {
        "lost_at": (clock.now() - timedelta(days=days_ago)).isoformat(), "place": "张江路 8 号",
        "story": "从梯子上摔下来。", "phone": person.phone, "line": person.line,
        "consented": True, **told,
    }  # fmt: skip
    return f"/claims/{claimant.post('/claims', status=201, **said)['number']}"


def registered(claimant: Caller, clerk: Caller, claim: str) -> None:
    """Every paper handed in and found good; a reserve for each part."""
    wanted = [p for p in claimant.get(f"{claim}/papers") if p["state"] == "wanted"]
    first = 1000 + 50 * int(claim[-6:])  # no photograph of one claim is handed in with another
    for seed, paper in enumerate(wanted, start=first):
        upload = claimant.upload(seed)
        claimant.post(f"{claim}/papers", status=201, upload=upload, kind=paper["kind"])
    for paper in claimant.get(f"{claim}/papers"):
        if paper["state"] != "accepted":
            clerk.post(f"{claim}/papers/check", kind=paper["kind"], accepted=True)
    parts = [one["position"] for one in claimant.get(claim)["exposures"]]
    reserves = [{"position": n, "reserve_fen": 1_000_000} for n in parts]
    clerk.post(f"{claim}/registration", reserves=reserves)


def decided(clerk: Caller, reviewer: Caller, claim: str, positions: list[int]) -> None:
    clerk.post(f"{claim}/review")
    for position in positions:
        reviewer.post(f"{claim}/decisions", position=position, approve=True, answers=YES)


def settled(claimant: Caller, claim: str, *, name: str, card: str) -> int:
    """The insured accepts every sum, by name and code; their account."""
    waiting = claimant.get(f"{claim}/agreement")
    code = claimant.post(f"{claim}/agreement/code")["code"]
    claimant.post(
        f"{claim}/agreement", sheets_digest=waiting["sheets_digest"], code=code,
        choices=[{"position": o["position"], "choice": "accept"} for o in waiting["items"]],
        signature={"kind": "name", "value": name},
    )  # fmt: skip
    first = waiting["items"][0]["position"]
    return claimant.post(
        f"{claim}/account", status=201, position=first, number=card, holder=name,
        bank_name="中国工商银行",
    )["account"]  # fmt: skip


def shelved(archivist: Caller, claim: str) -> str:
    until(lambda: archivist.client.get(f"{claim}/volume").status_code == 200)
    archivist.post(f"{claim}/volume/paper", paper_pages=0, scanned_pages=0)
    return archivist.post(f"{claim}/volume/shelf", place="B-02-01")["stage"]


def to_the_shelf(staff, claimant: Caller, claim: str, *, name: str, positions: list[int]) -> None:
    """Agreed, paid to the insured on one account, closed, archived."""
    card = dict(zip((HURT.name, HOME.name), CARDS, strict=True))[name]
    account = settled(claimant, claim, name=name, card=card)
    maker, checker = (staff(who, "payments.work") for who in ("zhaolin", "qianjin"))
    pay(maker, checker, claim, accounts=dict.fromkeys(positions, account))
    until(lambda: claimant.get(claim)["stage"] == "closed")
    assert {o["state"] for o in claimant.get(f"{claim}/orders")} == {"credited"}
    assert shelved(staff("sunjie", "claims.work"), claim) == "archived"


def parts_paid(claim: str) -> list[tuple[str, int, str]]:
    held = Claim.objects.get(number=claim.removeprefix("/claims/"))
    rows = held.exposures.select_related("payee").order_by("position")
    return [(one.product, one.paid_fen, one.payee.name if one.payee else "") for one in rows]


def days_of(claim: str, *, after: int = 0) -> str:
    return steps.day(Claim.objects.get(number=claim.removeprefix("/claims/")), after=after)


def test_an_accident_with_treatment_and_a_disability_is_paid_to_the_insured(house, by_phone, staff):
    claimant = by_phone(HURT.phone)
    clerk, reviewer = (staff(who, "claims.report", "claims.work") for who in ("wangmin", "xujing"))
    answers = [{"question": "treated", "answer": "inpatient"}]
    claim = reported(
        claimant, HURT, days_ago=60, policy="PACC2026310100000005", cause="disability",
        answers=answers, uploads=[{"upload": claimant.upload(400), "kind": "medical_records"}],
    )  # fmt: skip
    assert claimant.get(claim)["line"] == "accident"
    registered(claimant, clerk, claim)
    clerk.post(f"{claim}/facts", position=1, paper="disability_report", facts={
        "born_on": "1991-04-23", "established_on": days_of(claim, after=40), "grade_10_count": 1,
    })  # fmt: skip
    clerk.post(f"{claim}/facts", position=2, paper="medical_invoices", facts={
        "treated_on": days_of(claim, after=5), "cost_fen": 800_000, "social_paid_fen": 300_000,
    })  # fmt: skip
    sums = clerk.post(f"{claim}/calculation")["sums"]
    assert [one["benefit_fen"] for one in sums] == [5_000_000, 441_000]
    decided(clerk, reviewer, claim, [1, 2])
    to_the_shelf(staff, claimant, claim, name=HURT.name, positions=[1, 2])
    assert parts_paid(claim) == [
        ("accident", 5_000_000, HURT.name), ("accident_medical", 441_000, HURT.name),
    ]  # fmt: skip
    assert audit.verify(anchors=house.home.path / "anchors") == []


def test_a_fire_at_home_is_paid_by_average_of_each_item(house, by_phone, staff):
    """The kitchen is insured for three quarters of its value: (40,000.00 - 2,000.00) x 75 % is
    28,500.00. The television is insured in full: 5,000.00. The one deductible of 500.00 is
    shared in their proportion."""
    claimant = by_phone(HOME.phone)
    clerk, reviewer = (staff(who, "claims.report", "claims.work") for who in ("wangmin", "xujing"))
    assessor = staff("lijun", "claims.report", "claims.work")
    claim = reported(
        claimant, HOME, days_ago=1, policy="PPRO2026310100000006", cause="fire",
        answers=[{"question": "things", "answer": "厨房、电视"}],
    )  # fmt: skip
    registered(claimant, clerk, claim)
    item = {"product": "property", "thing": "own_property", "reserve_fen": 100_000}
    assert clerk.post(f"{claim}/exposures", label="电视", **item)["position"] == 2
    clerk.post(f"{claim}/survey", to="lijun")
    assessor.post(f"{claim}/survey/start")
    assessor.post(f"{claim}/survey/arrival", where="31.22,121.54")
    picture = assessor.upload(600)
    assessor.post(f"{claim}/papers", status=201, upload=picture, kind="survey")
    kitchen = {"part": "橱柜", "action": "replace", "unit_price_fen": 4_000_000,
               "salvage_fen": 200_000}  # fmt: skip
    television = {"part": "电视", "action": "replace", "unit_price_fen": 500_000}
    lines = [{"thing": "own_property", **one} for one in (kitchen, television)]
    assert assessor.post(f"{claim}/losses", status=422, lines=lines)["slug"] == "thing_not_told"
    for line, label in zip(lines, ("保险标的", "电视"), strict=True):
        line["label"] = label
    assessor.post(f"{claim}/losses", lines=lines)
    assessor.post(f"{claim}/survey/finish", findings="起火属实", signed_name="李军")
    worth = {1: 40_000_000, 2: 600_000}
    for position, value_fen in worth.items():
        clerk.post(f"{claim}/facts", position=position, paper="loss_list",
                   facts={"value_fen": value_fen})  # fmt: skip
    sums = clerk.post(f"{claim}/calculation")["sums"]
    assert [one["benefit_fen"] for one in sums] == [2_807_463, 492_537]
    decided(clerk, reviewer, claim, [1, 2])
    to_the_shelf(staff, claimant, claim, name=HOME.name, positions=[1, 2])
    assert parts_paid(claim) == [
        ("property", 2_807_463, HOME.name), ("property", 492_537, HOME.name),
    ]  # fmt: skip
    assert audit.verify(anchors=house.home.path / "anchors") == []
