"""A report is always taken: with the database out of reach it is kept, receipted, filed once."""

import json
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.db import connection
from django.test import Client

from lipei.ch01_general.models import Claim, Party
from lipei.ch01_general.tokens import PARTY_SCOPES, issue_token
from lipei.ch02_intake.irregular import withdraw_claim
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.site import standby
from tests import steps
from tests.site import pocket

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


def run(sql: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql)


@contextmanager
def database_read_only():
    """The server answers and writes nothing, as when it stands by for another."""
    run("SET default_transaction_read_only = on")
    try:
        yield
    finally:
        run("SET default_transaction_read_only = off")


@contextmanager
def table_failing(table: str, when: str = "true"):
    """Nothing can be written into a table, as when its disk is full."""
    run("CREATE FUNCTION test_fails() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION 'full' USING ERRCODE = 'disk_full'; END $$")  # fmt: skip
    run(f"CREATE TRIGGER test_fails BEFORE INSERT ON {table} FOR EACH ROW WHEN ({when}) "
        "EXECUTE FUNCTION test_fails()")  # fmt: skip
    try:
        yield
    finally:
        run("DROP FUNCTION test_fails CASCADE")


def running_page(client: Client) -> str:
    return client.get("/audit/outside/").content.decode()


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


# Trouble of every kind


@pytest.mark.parametrize(
    "trouble",
    [
        database_read_only,
        lambda: table_failing("kit_entry"),
        lambda: table_failing("general_claim"),
    ],
    ids=["read only", "journal failing", "disk full"],
)
def test_a_report_is_kept_whatever_ails_the_database(caller, trouble):
    told = body()
    with trouble():
        assert send(caller, told).status_code == 202
        assert standby.take_in() == (0, 0)
        assert standby.waiting() == (1, 0)
    assert standby.take_in() == (1, 0)
    assert Claim.objects.count() == 1


def test_one_report_in_trouble_holds_up_no_other(caller):
    ill, well = body(place="甲路"), body(place="乙路", another=True)
    with database_out_of_reach():
        send(caller, ill, key="standby-0001")
        send(caller, well, key="standby-0002")
    with table_failing("general_claim", when="NEW.place = '甲路'"):
        assert standby.take_in() == (1, 0)
        assert standby.waiting() == (1, 0)
    assert Claim.objects.get().place == "乙路"


# What the door does not take


def test_a_second_event_of_the_day_is_parked_shown_and_filed_again(caller, staff_client):
    first, second = send(caller, body()).json()["number"], body(place="另一条路")
    with database_out_of_reach():
        assert send(caller, second, key="standby-0002").status_code == 202
    assert standby.take_in() == (0, 1)
    operator = staff_client("itadmin")
    page = running_page(operator)
    assert "同一保单一天内已有报案" in page
    assert "另一条路" not in page
    assert "再次提交" not in running_page(staff_client("wutong"))
    assert staff_client("wutong").post("/audit/outside/reports/").status_code == 403
    assert operator.post("/audit/outside/reports/").status_code == 303
    assert standby.waiting() == (0, 1)
    withdraw_claim(first, by=steps.claimant(), reason="自行处理")
    assert operator.post("/audit/outside/reports/").status_code == 303
    assert standby.waiting() == (0, 0)
    assert Claim.objects.filter(place="另一条路").count() == 1
    assert "库外留存的报案" not in running_page(operator)


def test_other_content_under_a_used_key_is_parked_not_thrown_away(caller):
    said = body(another=True)
    assert send(caller, said).status_code == 201
    with database_out_of_reach():
        assert send(caller, {**said, "place": "另一条路"}).status_code == 202
    assert standby.take_in() == (0, 1)
    assert [one.reason for one in standby.lying()] == ["request_repeated_otherwise"]


@pytest.mark.parametrize("signed_in", [True, False], ids=["still signed in", "sign-in ended"])
def test_a_report_by_phone_leaves_the_disk_only_as_a_claim(
    claimant_client, staff_client, signed_in
):
    phone = claimant_client()
    phone.raise_request_exception = False
    draft = pocket.typed_through(phone)
    with database_out_of_reach():
        told = phone.post(pocket.step(draft, 4), {"phone": pocket.PHONE, "consented": "on"})
    assert (told.status_code, standby.waiting()) == (202, (1, 0))
    assert "default-src" in told["Content-Security-Policy"]
    assert "报案已收下" in told.content.decode()
    assert "等待立案" in running_page(staff_client("itadmin"))
    if signed_in:
        assert standby.take_in() == (1, 0)
        assert Claim.objects.count() == 1
        return
    Session.objects.all().delete()
    assert standby.take_in() == (0, 1)
    assert "登录已过期" in running_page(staff_client("itadmin"))


def test_a_form_that_is_shown_again_is_no_claim(claimant_client):
    phone = claimant_client()
    phone.raise_request_exception = False
    draft = pocket.typed_through(phone)
    with database_out_of_reach():
        phone.post(pocket.step(draft, 4), {"phone": pocket.PHONE})
    assert standby.take_in() == (0, 1)
    assert [one.reason for one in standby.lying()] == ["form_refused"]


def test_a_kept_report_that_cannot_be_read_stops_no_other(caller, settings, staff_client):
    told = body()
    with database_out_of_reach():
        send(caller, told)
    (Path(settings.LIPEI_INBOX) / "BROKEN.report").write_text("torn")
    assert standby.take_in() == (1, 0)
    assert "文件已无法读取" in running_page(staff_client("itadmin"))
