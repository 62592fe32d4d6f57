"""A claim at the API: a key that comes again, another's number, a stage that was skipped."""

from datetime import timedelta
from itertools import count

import pytest
from django.test import Client

from lipei.ch01_general.models import OneTimeCode, Party, Staff
from lipei.ch01_general.tokens import SCOPES, issue_token
from lipei.kit import clock
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


@pytest.mark.clause("4.1-b")
def test_whoever_merely_reported_names_no_payee(department):
    claim = steps.filed(other_name="")
    driver = Party.objects.get(phone="13800006022")
    claim.reporter = driver
    claim.save()
    token = issue_token(driver, scopes=["own.confirm"], life=timedelta(hours=1), by="system/test")
    no = Caller(token).post(f"/claims/{claim.number}/payee", status=403, name="赵六")
    assert no["type"].endswith("payee_not_yours")
    insured = Caller(issue_token(Party.objects.get(phone=steps.PHONE), scopes=["own.confirm"],
                                 life=timedelta(hours=1), by="system/test"))  # fmt: skip
    insured.post(f"/claims/{claim.number}/payee", status=201, name="赵六")


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


def test_a_dispatch_far_away_wants_its_reason_and_its_clock_says_which_limit_counts(claimant):
    claim = steps.registered(steps.accepted(steps.filed(place="苏州市人民路 8 号")))
    clerk, path = staff("wangmin"), f"/claims/{claim.number}"
    said = clerk.post(f"{path}/survey", status=422, to="lijun", distance="remote")
    assert said["type"].endswith("distance_reason_missing")
    clerk.post(f"{path}/survey", status=422, to="lijun", distance="moon")
    clerk.post(f"{path}/survey", to="lijun", distance="remote", distance_reason="车在苏州")
    limits = {c["clause"]: c["limit"] for c in clerk.get(path)["clocks"]}
    assert limits["3.1-a"] == "remote"
