"""The first start: who reads the console makes the first administrator, and nobody else does."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import time_machine
from django.db import connections
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import Branch, Staff
from lipei.ch01_general.tokens import bearer_of, issue_token
from lipei.ch06_systems.setup import (
    Founder,
    make_administrator,
    new_setup_code,
    recover_administrator,
    set_up,
)
from lipei.kit import audit, clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests.conftest import CHEAP_HASHER

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "quiet-harbour-41"
FOUNDER = Founder(username="gaoyuan", name="高远", number="10001", password=PASSWORD)
TYPED = {
    "house": "远洋财险总公司", "name": "高远", "number": "10001", "username": "gaoyuan",
    "password": PASSWORD, "again": PASSWORD,
}  # fmt: skip


@pytest.fixture(autouse=True)
def cheap(settings):
    settings.PASSWORD_HASHERS = [CHEAP_HASHER, *settings.PASSWORD_HASHERS]
    settings.LIPEI_DEMO = False


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def shown_code(username: str) -> str:
    device = TOTPDevice.objects.get(user__username=username)
    counter = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    counter.time = clock.now().timestamp()
    return f"{counter.token():06d}"


def test_an_empty_house_leads_to_its_set_up_and_from_there_to_the_desk():
    client, code = Client(), new_setup_code()
    assert client.get("/login/").headers["Location"] == "/setup/"
    assert "初始化代码" in client.get("/setup/").content.decode()
    made = client.post("/setup/", {**TYPED, "code": code.lower().replace("-", " ")})
    assert made.headers["Location"] == "/login/enrol/"
    assert client.get("/desk/").status_code == 302, "the second factor comes first"
    client.get("/login/enrol/")
    assert client.post("/login/enrol/", {"code": shown_code("gaoyuan")}).status_code == 302
    assert client.get("/desk/").status_code == 200
    acting = actor("staff/gaoyuan")
    assert acting.may("accounts.manage", Branch.objects.get(name="远洋财险总公司").path)
    first = history("staff/gaoyuan")[0]
    assert (first.verb, first.actor) == ("systems.administrator_made", "system/setup")
    assert "高远" not in first.line
    assert audit.faults_of("staff/gaoyuan") == []


def test_the_first_visitor_without_the_code_becomes_nobody():
    new_setup_code()
    for code in ("", "AAAAA-BBBBB-CCCCC-DDDDD", "0" * 500):
        answer = Client().post("/setup/", {**TYPED, "code": code})
        assert answer.status_code in {403, 422}
        assert PASSWORD not in answer.content.decode()
    assert not Staff.objects.exists()
    assert not Branch.objects.exists()


def test_a_code_dies_after_a_day_and_after_its_use():
    code = new_setup_code()
    with time_machine.travel(clock.now() + timedelta(hours=25)), refused("setup_code_wrong"):
        set_up(FOUNDER, house="总公司", code=code)
    set_up(FOUNDER, house="总公司", code=code)
    with refused("setup_over"):
        set_up(FOUNDER, house="总公司", code=code)
    Staff.objects.all()[0].appointments.all().delete()
    Staff.objects.all().delete()
    with refused("setup_code_wrong"):
        set_up(FOUNDER, house="总公司", code=code)


def test_once_somebody_is_there_the_set_up_is_gone(department):
    assert new_setup_code() == ""
    assert Client().get("/setup/").status_code == 404
    assert Client().post("/setup/", {**TYPED, "code": "x"}).status_code == 404
    assert Client().get("/login/").status_code == 200


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("password", "short"), ("password", "password1234"), ("password", "gaoyuan-gaoyuan"),
        ("again", "another-harbour-41"), ("username", "Gao Yuan!"), ("number", "№ 7"),
        ("name", "123"), ("house", "\u202e"), ("code", ""),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field_and_nobody_is_made(field, typed):
    code = new_setup_code()
    told = {**TYPED, "code": code, field: typed}
    if field == "password":
        told["again"] = typed
    answer = Client().post("/setup/", told)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not Staff.objects.exists()
    assert Client().post("/setup/", {**TYPED, "code": code}).status_code == 302


def test_of_two_who_set_up_at_once_one_becomes_the_administrator():
    codes = [new_setup_code(), new_setup_code()]

    def trying(number: int) -> str:
        founder = Founder(f"founder{number}", "高远", f"1000{number}", PASSWORD)
        try:
            set_up(founder, house="总公司", code=codes[number])
        except Refused as no:
            return no.slug
        finally:
            connections.close_all()
        return "made"

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(trying, range(2))) == ["made", "setup_over"]
    assert Staff.objects.count() == Branch.objects.count() == 1


@pytest.mark.clause("6.1-a")
def test_beside_an_administrator_another_is_made_only_to_recover(department):
    with refused("administrator_exists"):
        make_administrator(FOUNDER, house="-", by="system/console")
    made = make_administrator(FOUNDER, house="-", by="system/console", beside_others=True)
    assert made.branch == Branch.objects.get(code="00"), "the head office that is there"
    assert history("staff/gaoyuan")[0].facts["beside_others"]


@pytest.mark.clause("6.1-a")
def test_who_is_recovered_comes_in_anew_and_nothing_old_of_theirs_does(department, staff_client):
    client = staff_client("itadmin")
    token = issue_token(
        Staff.objects.get(username="itadmin"), scopes=["claims.read"], life=timedelta(days=1),
        by="system/test",
    )  # fmt: skip
    assert client.get("/desk/").status_code == 200
    recover_administrator("itadmin", password=PASSWORD, by="system/console")
    assert client.get("/desk/").status_code == 302
    assert bearer_of(token) is None
    again = Client()
    answer = again.post("/login/", {"username": "itadmin", "password": PASSWORD})
    assert answer.headers["Location"] == "/login/enrol/"
    last = history("staff/itadmin")[-1]
    assert (last.verb, last.facts["tokens"]) == ("systems.administrator_recovered", 1)


def test_nobody_but_an_administrator_is_recovered(department):
    with refused("not_administrator"):
        recover_administrator("wangmin", password=PASSWORD, by="system/console")
    with refused("password_weak"):
        recover_administrator("itadmin", password="short", by="system/console")
