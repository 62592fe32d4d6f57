"""The small motor claim, from sign-in to shelf: a program speaks to the running department."""

import hashlib
from datetime import timedelta

import pytest

from lipei.kit import audit, clock
from tests.walks.callers import Caller, pay, until

pytestmark = pytest.mark.django_db
POLICY, PHONE = "PDAA2026310100000001", "13800006021"
OWN_CARD, OTHER_CARD = "6222021234567890128", "6217001234567890122"


@pytest.fixture
def claimant(by_phone) -> Caller:
    return by_phone(PHONE)


def report(claimant: Caller) -> dict:
    return {
        "lost_at": (clock.now() - timedelta(hours=3)).isoformat(), "place": "春和路 118 号",
        "cause": "collision", "story": "起步时追尾前车。", "policy": POLICY,
        "phone": PHONE, "others": "vehicle", "other_plate": "沪C12345",
        "other_name": "王五", "other_phone": "13911112222", "fault": "full",
        "proof": "agreement", "consented": True,
        "damage": [{"thing": "own_vehicle", "part": "front_bumper", "severity": "dent"}],
        "uploads": [{"upload": claimant.upload(1), "kind": "scene"}],
    }  # fmt: skip


def complete_papers(claimant: Caller, clerk: Caller, claim: str) -> None:
    wanted = [p for p in claimant.get(f"{claim}/papers") if p["state"] == "wanted"]
    for seed, paper in enumerate(wanted, start=100):
        upload = claimant.upload(seed)
        claimant.post(f"{claim}/papers", status=201, upload=upload, kind=paper["kind"])
    for held in clerk.get(f"{claim}/documents"):
        content = clerk.bytes(f"{claim}/documents/{held['document']}")
        assert hashlib.sha256(content).hexdigest() == held["sha256"]
    for paper in claimant.get(f"{claim}/papers"):
        if paper["state"] != "accepted":
            clerk.post(f"{claim}/papers/check", kind=paper["kind"], accepted=True)


def survey(clerk: Caller, assessor: Caller, claim: str) -> None:
    clerk.post(f"{claim}/survey", to="lijun")
    assessor.post(f"{claim}/survey/start")
    assessor.post(f"{claim}/survey/arrival", where="31.22,121.54")
    picture = assessor.upload(200)
    assessor.post(f"{claim}/papers", status=201, upload=picture, kind="survey")
    own = {"thing": "own_vehicle", "part": "前保险杠", "action": "replace"}
    other = {"thing": "other_vehicle", "part": "后保险杠", "action": "repair"}
    lines = [{**own, "unit_price_fen": 180_000}, {**other, "unit_price_fen": 150_000}]
    assert assessor.post(f"{claim}/losses", lines=lines)["total_fen"] == 330_000
    assessor.post(f"{claim}/survey/finish", findings="痕迹相符", signed_name="李军")


def agree(claimant: Caller, claim: str) -> None:
    waiting = claimant.get(f"{claim}/agreement")
    assert [one["benefit_fen"] for one in waiting["items"]] == [180_000, 150_000]
    code = claimant.post(f"{claim}/agreement/code")["code"]
    claimant.post(
        f"{claim}/agreement", sheets_digest=waiting["sheets_digest"], code=code,
        choices=[{"position": o["position"], "choice": "accept"} for o in waiting["items"]],
        signature={"kind": "name", "value": "周国栋"},
    )  # fmt: skip


def accounts(claimant: Caller, claim: str) -> dict[int, int]:
    """The claimant's own account, and that of the driver in front, by part of the claim."""
    given = {1: ("周国栋", OWN_CARD), 2: ("王五", OTHER_CARD)}
    told = {"bank_name": "中国工商银行"}
    wrong = {"position": 2, "number": OTHER_CARD, "holder": "赵六"}
    no = claimant.post(f"{claim}/account", status=409, **wrong, **told)
    assert no["slug"] == "account_name_differs"
    return {
        position: claimant.post(
            f"{claim}/account", status=201, position=position, number=card, holder=holder, **told
        )["account"]
        for position, (holder, card) in given.items()
    }


def test_from_sign_in_to_shelf(house, claimant, staff):
    clerk, assessor = (staff(who, "claims.report", "claims.work") for who in ("wangmin", "lijun"))
    maker, checker = (staff(who, "payments.work") for who in ("zhaolin", "qianjin"))
    filed = claimant.post("/claims", status=201, key="walk-report", **(said := report(claimant)))
    assert claimant.post("/claims", status=201, key="walk-report", **said) == filed
    claim = f"/claims/{filed['number']}"
    assert claimant.get(claim)["estimate_low_fen"] > 0
    complete_papers(claimant, clerk, claim)
    reserves = [{"position": p, "reserve_fen": 200_000} for p in (1, 2)]
    assert len(clerk.post(f"{claim}/registration", reserves=reserves)["numbers"]) == 2
    survey(clerk, assessor, claim)
    until(lambda: claimant.get(claim)["stage"] == "approved")
    assert [s["benefit_fen"] for s in claimant.get(f"{claim}/sums")] == [180_000, 150_000]
    agree(claimant, claim)
    pay(maker, checker, claim, accounts=accounts(claimant, claim))
    until(lambda: claimant.get(claim)["stage"] == "closed")
    orders = claimant.get(f"{claim}/orders")
    assert [o["state"] for o in orders] == ["credited", "credited"]
    for order in orders:
        assert claimant.bytes(f"/orders/{order['number']}/receipt").startswith(b"%PDF-")
    archivist = staff("sunjie", "claims.work")
    until(lambda: archivist.client.get(f"{claim}/volume").status_code == 200)
    archivist.post(f"{claim}/volume/paper", paper_pages=0, scanned_pages=0)
    shelved = archivist.post(f"{claim}/volume/shelf", place="A-01-03")
    assert shelved["stage"] == "archived"
    assert archivist.get(f"{claim}/volume")["place"] == "A-01-03"
    verbs = [m["verb"] for m in claimant.get(f"{claim}/timeline")]
    assert verbs[0] == "intake.claim_reported"
    assert verbs[-1] == "archive.claim_archived"
    assert audit.verify(anchors=house.home.path / "anchors") == []


def test_a_caller_is_keyed_by_the_house_and_the_claim_is_theirs(claimant, staff):
    clerk = staff("wangmin", "claims.report", "claims.work")
    told = {
        "lost_at": (clock.now() - timedelta(hours=2)).isoformat(), "place": "张杨路 500 号",
        "cause": "collision", "story": "倒车刮到立柱。", "consented": True,
        "caller": "周国栋", "phone": PHONE, "channel": "phone", "policy": POLICY, "another": True,
    }  # fmt: skip
    no = claimant.post("/reports", status=403, **told)
    assert no["slug"] == "scope_missing"
    filed = clerk.post("/reports", status=201, **told)
    assert claimant.get(f"/claims/{filed['number']}")["place"] == "张杨路 500 号"
