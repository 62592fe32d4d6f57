"""A report is always taken: with the database out of reach it is kept, receipted, filed once."""

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.db import connection
from django.test import Client

from lipei.ch01_general.models import Claim, Party
from lipei.ch01_general.tokens import PARTY_SCOPES, issue_token
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.site import standby
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)


@contextmanager
def database_out_of_reach():
    """The address of the database leads nowhere, as when its machine is off."""
    connection.close()
    connection.close_pool()
    told = connection.settings_dict
    kept, pool = told["HOST"], told["OPTIONS"]["pool"]
    told["HOST"] = "/nowhere"
    told["OPTIONS"]["pool"] = {**pool, "timeout": 0.3, "min_size": 0}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()
        told["HOST"] = kept
        told["OPTIONS"]["pool"] = pool


@pytest.fixture
def caller(department) -> Client:
    party = Party.objects.get(phone=steps.PHONE)
    life = timedelta(hours=1)
    token = issue_token(party, scopes=list(PARTY_SCOPES), life=life, by="system/test")
    return Client(headers={"Authorization": f"Bearer {token}"}, raise_request_exception=False)


def body(**more: object) -> dict[str, object]:
    policy = Party.objects.get(phone=steps.PHONE).policies.get().number
    lost_at = (clock.now() - timedelta(hours=1)).isoformat()
    told = {"lost_at": lost_at, "place": "春和路", "cause": "collision", "story": "追尾",
            "policy": policy, "consented": True}  # fmt: skip
    return {**told, **more}


def send(caller: Client, told: dict[str, object], key: str = "standby-0001"):
    return caller.post("/api/v1/claims", told, content_type="application/json",
                       headers={"Idempotency-Key": key})  # fmt: skip


def test_a_report_is_kept_and_filed_at_the_instant_of_its_receipt(caller, settings):
    told = body()
    received = clock.now() - timedelta(minutes=40)
    told["lost_at"] = (received - timedelta(hours=1)).isoformat()
    with time_machine.travel(received, tick=False), database_out_of_reach():
        first, again = send(caller, told), send(caller, told)
    assert first.status_code == 202, first.content
    assert first.json() == again.json()
    files = list(Path(settings.LIPEI_INBOX).glob("*.report"))
    assert len(files) == 1
    assert "春和路" not in files[0].read_text("ascii")
    assert standby.take_in() == (1, 0)
    claim = Claim.objects.get()
    assert claim.reported_at == received
    assert history(claim.subject)[0].occurred_at == received
    assert claim.clocks.get(clause="2.3-a").started_at == received
    assert standby.take_in() == (0, 0)
    assert Claim.objects.count() == 1


def test_what_reached_the_database_after_all_is_not_filed_twice(caller):
    told = body()
    with database_out_of_reach():
        assert send(caller, told).status_code == 202
    assert send(caller, told).status_code == 201
    assert standby.take_in() == (1, 0)
    assert Claim.objects.count() == 1


def test_what_the_door_refuses_is_put_aside_for_a_person(caller, settings):
    told = body(cause="x" * 500)
    with database_out_of_reach():
        send(caller, told)
    assert standby.take_in() == (0, 1)
    assert standby.waiting() == (0, 1)
    assert Claim.objects.count() == 0


def test_while_the_database_is_away_nothing_is_lost_from_the_inbox(caller):
    told = body()
    with database_out_of_reach():
        send(caller, told)
        assert standby.take_in() == (0, 0)
        assert standby.waiting() == (1, 0)


def test_with_the_database_up_a_failure_is_a_failure(caller):
    assert send(caller, {"nonsense": 1}).status_code in {400, 422}
    assert standby.waiting() == (0, 0)
    assert json.loads(send(caller, body()).content)["number"]
