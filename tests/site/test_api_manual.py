"""The living manual over the API: the same clauses, the same two persons."""

import json
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.test import Client

from lipei.ch01_general.models import Staff
from lipei.ch01_general.tokens import SCOPES, issue_token
from lipei.kit import clock
from lipei.manual import clause, install, shipped
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())


class Caller:
    """Somebody of the house with a token."""

    number = 0

    def __init__(self, username: str) -> None:
        person = Staff.objects.get(username=username)
        token = issue_token(person, scopes=list(SCOPES), life=timedelta(days=1), by="system/tests")
        self.client = Client(HTTP_AUTHORIZATION=f"Bearer {token}")

    def get(self, path: str, status: int = 200):
        answer = self.client.get(f"/api/v1{path}")
        assert answer.status_code == status, answer.content
        return answer.json()

    def post(self, path: str, body: dict[str, object], status: int = 200):
        Caller.number += 1
        answer = self.client.post(
            f"/api/v1{path}", json.dumps(body), content_type="application/json",
            HTTP_IDEMPOTENCY_KEY=f"manual-key-{Caller.number}",
        )  # fmt: skip
        assert answer.status_code == status, answer.content
        return answer.json()


def change(**more: object) -> dict[str, object]:
    day = (clock.today() + timedelta(days=1)).isoformat()
    return {"limits": [{"name": "limit", "value": 3}], "effective_from": day,
            "reason": "道路拥堵"} | more  # fmt: skip


def test_every_clause_is_told_and_filtered(department):
    clerk = Caller("wangmin")
    assert [one["id"] for one in clerk.get("/clauses")] == list(shipped().ids())
    law = clerk.get("/clauses?origin=law&kind=clock")
    assert {one["origin"] for one in law} == {"law"}
    assert clerk.get("/clauses/K2")["limits"] == [
        {"name": "limit", "value": 30, "unit": "days", "operator": "<=", "upper": None}
    ]
    assert clerk.get("/clauses/K99", status=404)["type"].endswith("clause_not_found")
    clerk.get("/clauses?kind=poem", status=422)


@pytest.mark.clause("1.4-g")
def test_two_persons_change_a_clause_and_others_are_refused(department):
    manager, compliance = Caller("zhouwei"), Caller("hege")
    Caller("wangmin").post("/clauses/1.3-b/proposals", change(), status=403)
    made = manager.post("/clauses/1.3-b/proposals", change(based_on="2025"))
    where = f"/clauses/1.3-b/proposals/{quote(made['edition'])}"
    manager.post(f"{where}/approval", {}, status=403)
    compliance.post("/clauses/1.3-b/proposals", change(), status=409)
    assert compliance.post(f"{where}/approval", {})["approved_by"] == "staff/hege"
    assert clause("1.3-b", at=clock.today() + timedelta(days=1)).value == 3
    compliance.post(f"{where}/return", {"why": "晚了"}, status=404)
    assert len(manager.get("/clauses/1.3-b/proposals")) == 1


def test_what_no_clause_takes_is_refused_by_its_field(department):
    manager = Caller("zhouwei")
    unknown = [{"name": "colour", "value": 3}]
    told = manager.post("/clauses/1.3-b/proposals", change(limits=unknown), status=422)
    assert told["field"] == "limits"
    manager.post("/clauses/1.3-b/proposals", change(limits=[]), status=422)
    manager.post("/clauses/K1/proposals", change(), status=409)
    loose = change(limits=[{"name": "limit", "value": 45}])
    refused = manager.post("/clauses/K2/proposals", loose, status=422)
    assert refused["type"].endswith("law_not_loosened")


def test_the_effect_of_a_change_is_told_before_and_changes_nothing(department):
    steps.filed(damage=())
    told = Caller("zhouwei").post("/clauses/1.3-b/preview", change())
    assert told["kind"] == "clock"
    assert told["claims"] == 0, "this month is not the last one"
    none = {"limits": [{"name": "window", "value": 2}]}
    assert Caller("zhouwei").post("/clauses/2.1-e/preview", change(**none))["kind"] == "none"
    Caller("wangmin").post("/clauses/1.3-b/preview", change(), status=403)
    assert Caller("zhouwei").get("/clauses/1.3-b/proposals") == []
