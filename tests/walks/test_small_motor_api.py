"""The small motor claim, from sign-in to shelf, through the API alone."""

from datetime import timedelta
from itertools import count

import pytest
from django.test import Client

from lipei.ch01_general.models import OneTimeCode, Party, Staff
from lipei.ch01_general.tokens import SCOPES, issue_token
from lipei.kit import audit, clock
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
_keys = count(1)


class Caller:
    """A program that speaks to the API for one person."""

    def __init__(self, token: str) -> None:
        self.client = Client(headers={"Authorization": f"Bearer {token}"})

    def get(self, path: str) -> dict:
        response = self.client.get(f"/api/v1{path}")
        assert response.status_code == 200, response.content.decode()
        return response.json()

    def post(self, path: str, *, status: int = 200, key: str = "", **body: object) -> dict:
        headers = {"Idempotency-Key": key or f"walk-key-{next(_keys)}"}
        response = self.client.post(
            f"/api/v1{path}", data=body, content_type="application/json", headers=headers
        )
        assert response.status_code == status, response.content.decode()
        return response.json()

    def upload(self, seed: int) -> int:
        response = self.client.post(
            "/api/v1/uploads",
            data={"file": steps.photograph(seed)},
            headers={"Idempotency-Key": f"walk-file-{seed}"},
        )
        assert response.status_code == 201, response.content.decode()
        return response.json()["upload"]


def staff(username: str) -> Caller:
    person = Staff.objects.get(username=username)
    life = timedelta(days=1)
    return Caller(issue_token(person, scopes=list(SCOPES), life=life, by="system/test"))


@pytest.fixture
def claimant(department, settings) -> Caller:
    settings.LIPEI_DEMO = True
    door = Client()
    asked = door.post("/api/v1/codes", {"phone": steps.PHONE}, content_type="application/json")
    told = {"phone": steps.PHONE, "code": asked.json()["code"]}
    signed_in = door.post("/api/v1/tokens", told, content_type="application/json")
    assert signed_in.status_code == 201, signed_in.content.decode()
    return Caller(signed_in.json()["token"])


def report(claimant: Caller) -> dict:
    policy = Party.objects.get(phone=steps.PHONE).policies.get()
    return {
        "lost_at": (clock.now() - timedelta(hours=3)).isoformat(), "place": "春和路 118 号",
        "cause": "collision", "story": "起步时追尾前车。", "policy": policy.number,
        "phone": steps.PHONE, "others": "vehicle", "other_plate": "沪C12345",
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
    steps.hear()


def agree(claimant: Caller, claim: str) -> None:
    waiting = claimant.get(f"{claim}/agreement")
    assert [one["benefit_fen"] for one in waiting["items"]] == [180_000, 150_000]
    code = claimant.post(f"{claim}/agreement/code")["code"]
    claimant.post(
        f"{claim}/agreement", sheets_digest=waiting["sheets_digest"], code=code,
        choices=[{"position": o["position"], "choice": "accept"} for o in waiting["items"]],
        signature={"kind": "name", "value": "周国栋"},
    )  # fmt: skip


def pay(maker: Caller, checker: Caller, claim: str) -> None:
    for exposure in maker.get(claim)["exposures"]:
        payee = steps.Claim.objects.get(number=claim.rpartition("/")[2]).exposures.get(
            position=exposure["position"]
        ).payee  # fmt: skip
        order = maker.post(
            f"{claim}/orders", status=201, position=exposure["position"],
            account=steps.account_of(payee).pk,
        )["order"]  # fmt: skip
        steps.hear()
        checker.post(f"/orders/{order}/release")
        steps.credit_order(order, receipt=f"R-{order}", at=None, by="system/bank")
        steps.make_receipt(order=order)
        steps.hear()


def test_from_sign_in_to_shelf(claimant, settings):
    clerk, assessor = staff("wangmin"), staff("lijun")
    filed = claimant.post("/claims", status=201, key="walk-report", **(said := report(claimant)))
    assert claimant.post("/claims", status=201, key="walk-report", **said) == filed
    steps.hear()
    claim = f"/claims/{filed['number']}"
    assert claimant.get(claim)["estimate_low_fen"] > 0
    complete_papers(claimant, clerk, claim)
    reserves = [{"position": p, "reserve_fen": 200_000} for p in (1, 2)]
    assert len(clerk.post(f"{claim}/registration", reserves=reserves)["numbers"]) == 2
    survey(clerk, assessor, claim)
    assert claimant.get(claim)["stage"] == "approved"
    assert [s["benefit_fen"] for s in claimant.get(f"{claim}/sums")] == [180_000, 150_000]
    agree(claimant, claim)
    pay(staff("zhaolin"), staff("qianjin"), claim)
    assert [o["state"] for o in claimant.get(f"{claim}/orders")] == ["credited", "credited"]
    archivist = staff("sunjie")
    archivist.post(f"{claim}/volume/paper", paper_pages=0, scanned_pages=0)
    shelved = archivist.post(f"{claim}/volume/shelf", place="A-01-03")
    assert shelved["stage"] == "archived"
    assert archivist.get(f"{claim}/volume")["place"] == "A-01-03"
    verbs = [m["verb"] for m in claimant.get(f"{claim}/timeline")]
    assert verbs[0] == "intake.claim_reported"
    assert verbs[-1] == "archive.claim_archived"
    assert audit.verify(anchors=settings.LIPEI_ANCHORS) == []


def test_the_same_key_with_another_body_is_refused(claimant):
    said = report(claimant)
    claimant.post("/claims", status=201, key="walk-report", **said)
    problem = claimant.post("/claims", status=409, key="walk-report", **{**said, "place": "别处"})
    assert problem["slug"] == "request_repeated_otherwise"


def test_a_repeated_command_answers_the_same_and_happens_once(claimant):
    filed = claimant.post("/claims", status=201, **report(claimant))
    claim = f"/claims/{filed['number']}"
    taken = {"upload": claimant.upload(5), "kind": "close"}
    first = claimant.post(f"{claim}/papers", status=201, key="walk-paper", **taken)
    before = len(claimant.get(f"{claim}/timeline"))
    assert claimant.post(f"{claim}/papers", status=201, key="walk-paper", **taken) == first
    assert len(claimant.get(f"{claim}/timeline")) == before


@pytest.mark.clause("1.4-f")
def test_anothers_claim_does_not_exist(claimant, department):
    filed = claimant.post("/claims", status=201, **report(claimant))
    other = Party.objects.exclude(phone=steps.PHONE).first()
    stranger = Caller(
        issue_token(other, scopes=["claims.read", "claims.report", "own.confirm"],
                    life=timedelta(hours=1), by="system/test")
    )  # fmt: skip
    claim = f"/api/v1/claims/{filed['number']}"
    for path in ("", "/timeline", "/papers", "/sums", "/orders", "/agreement", "/volume"):
        response = stranger.client.get(f"{claim}{path}")
        assert response.status_code == 404, path
        assert response.json()["slug"] == "claim_not_found"
    unknown = stranger.client.get("/api/v1/claims/CX-0").json()
    known = stranger.client.get(claim).json()
    assert {k: unknown[k] for k in ("slug", "detail")} == {k: known[k] for k in ("slug", "detail")}


def test_a_skipped_stage_is_refused_and_nothing_is_half_done(claimant):
    filed = claimant.post("/claims", status=201, **report(claimant))
    claim, clerk = f"/claims/{filed['number']}", staff("wangmin")
    before = clerk.get(f"{claim}/timeline")
    reserves = [{"position": 1, "reserve_fen": 1}, {"position": 2, "reserve_fen": 1}]
    clerk.post(f"{claim}/registration", status=409, reserves=reserves)
    clerk.post(f"{claim}/calculation", status=409)
    clerk.post(f"{claim}/survey", status=409, to="lijun")
    claimant.post(f"{claim}/survey/start", status=403)
    assert clerk.get(f"{claim}/timeline") == before


def test_a_wrong_code_counts_even_though_it_is_refused(claimant):
    said = {"phone": steps.PHONE, "code": "000000"}
    newest = OneTimeCode.objects.create(
        phone=steps.PHONE,
        purpose="sign_in",
        digest="x",
        expires_at=clock.now() + timedelta(hours=1),
    )
    for _ in range(3):
        response = Client().post("/api/v1/tokens", said, content_type="application/json")
        assert response.status_code == 422
    newest.refresh_from_db()
    assert newest.tries == 3
