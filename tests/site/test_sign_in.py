"""How people of the house come in: both factors, lock-out in words, and nowhere else to go."""

import time

import pytest
from django.conf import settings
from django.test import Client
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

from lipei.ch01_general.models import Staff
from lipei.kit.models import Entry
from lipei.site.demonstration import PASSWORD

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def plain(settings):
    settings.LIPEI_DEMO = False


def token_of(username, *, ahead=0):
    device = TOTPDevice.objects.get(user__username=username)
    counter = TOTP(device.bin_key, device.step, device.t0, device.digits, device.drift)
    counter.time = time.time() + ahead * device.step
    return f"{counter.token():06d}"


def first_step(client, *, username="wangmin", password=PASSWORD, **more):
    return client.post("/login/", {"username": username, "password": password, **more})


def test_both_factors_lead_to_the_page_that_was_wanted(department):
    client = Client()
    asked = client.get("/claims/?view=soon")
    assert asked.headers["Location"].startswith("/login/?next=")
    first = first_step(client, next="/claims/?view=soon")
    assert first.headers["Location"].startswith("/login/code/?next=")
    before = client.session.session_key
    second = client.post(
        "/login/code/", {"code": token_of("wangmin"), "next": "/claims/?view=soon"}
    )
    assert second.headers["Location"] == "/claims/?view=soon"
    assert client.session.session_key != before
    assert client.get("/claims/?view=soon").status_code == 200
    entry = Entry.objects.get(verb="general.staff_signed_in")
    assert (entry.subject, entry.actor) == ("staff/wangmin", "staff/wangmin")


@pytest.mark.clause("6.1-a")
def test_the_password_alone_opens_no_page(department):
    client = Client()
    first_step(client)
    for page in ("/desk/", "/claims/", "/claims/new/", "/search/?q=a"):
        answer = client.get(page)
        assert answer.status_code == 302
        assert answer.headers["Location"].startswith("/login/?next=")
    assert client.get("/login/").headers["Location"] == "/login/code/"
    assert not Entry.objects.filter(verb="general.staff_signed_in").exists()


def test_a_wrong_password_keeps_the_name_and_says_no(department):
    answer = first_step(Client(), password="not-the-password")
    page = answer.content.decode()
    assert answer.status_code == 403
    assert 'value="wangmin"' in page
    assert "not-the-password" not in page
    assert "登录信息不正确" in page
    stranger = first_step(Client(), username="nobody").content.decode()
    assert "登录信息不正确" in stranger


@pytest.mark.parametrize("name", ["9" * 256, "wang\u202emin"])
def test_a_name_that_nobody_can_have_is_refused_in_words(department, name):
    answer = first_step(Client(raise_request_exception=False), username=name)
    assert 400 <= answer.status_code < 500
    assert answer.context["words"]
    assert first_step(Client()).status_code == 302


def test_five_failures_lock_the_name_for_half_an_hour_in_words(department):
    client = Client()
    for _ in range(4):
        assert first_step(client, password="wrong").status_code == 403
    locked = first_step(client, password="wrong")
    assert locked.status_code == 429
    assert "30 分钟" in locked.content.decode()
    assert first_step(client).status_code == 429
    assert first_step(client, username="lijun").status_code == 302


def test_wrong_codes_count_towards_the_lock(department):
    client = Client()
    first_step(client)
    for _ in range(4):
        TOTPDevice.objects.update(throttling_failure_timestamp=None)
        assert client.post("/login/code/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_timestamp=None)
    assert client.post("/login/code/", {"code": "000000"}).status_code == 429
    assert client.get("/login/code/").headers["Location"].startswith("/login/")


def test_after_a_wrong_code_the_next_one_must_wait(department):
    client = Client()
    first_step(client)
    client.post("/login/code/", {"code": "000000"})
    answer = client.post("/login/code/", {"code": token_of("wangmin")})
    assert answer.status_code == 429
    assert "秒" in answer.content.decode()


def test_a_code_serves_once(department):
    code = token_of("wangmin")
    first, second = Client(), Client()
    for client in (first, second):
        first_step(client)
    assert first.post("/login/code/", {"code": code}).status_code == 302
    answer = second.post("/login/code/", {"code": code})
    assert answer.status_code == 422
    assert "已经用过" in answer.content.decode()


@pytest.mark.parametrize(
    "typed", ["", "12345", "1234567", "abcdef", "１２３４５６", "12 34 5x", "-12345"]
)
def test_what_is_no_code_is_refused(department, typed):
    client = Client()
    first_step(client)
    assert client.post("/login/code/", {"code": typed}).status_code == 422


def test_the_code_is_shown_in_the_demonstration_and_nowhere_else(department, settings):
    client = Client()
    first_step(client)
    assert "演示环境" not in client.get("/login/code/").content.decode()
    settings.LIPEI_DEMO = True
    page = client.get("/login/code/").content.decode()
    assert "演示环境" in page
    shown = page.split('<b class="u-n">')[1][:6]
    assert client.post("/login/code/", {"code": shown}).status_code == 302
    again = Client()
    first_step(again)
    shown = again.get("/login/code/").content.decode().split('<b class="u-n">')[1][:6]
    assert again.post("/login/code/", {"code": shown}).status_code == 302


def test_who_has_no_authenticator_takes_one_up(department):
    TOTPDevice.objects.filter(user__username="heyu").delete()
    client = Client()
    assert first_step(client, username="heyu").headers["Location"] == "/login/enrol/"
    page = client.get("/login/enrol/").content.decode()
    assert "data:image/svg+xml" in page
    assert client.get("/desk/").status_code == 302
    assert client.post("/login/enrol/", {"code": "000000"}).status_code == 422
    TOTPDevice.objects.update(throttling_failure_timestamp=None, throttling_failure_count=0)
    assert client.post("/login/enrol/", {"code": token_of("heyu")}).status_code == 302
    assert TOTPDevice.objects.get(user__username="heyu").confirmed
    assert Entry.objects.get(subject="staff/heyu", verb="general.staff_signed_in").facts["enrolled"]
    assert client.get("/login/enrol/").headers["Location"] == "/"


def test_who_has_one_cannot_put_another_in_its_place(department):
    client = Client()
    first_step(client)
    assert client.get("/login/enrol/").headers["Location"] == "/login/code/"
    assert client.post("/login/enrol/", {"code": "123456"}).headers["Location"] == "/login/code/"
    assert TOTPDevice.objects.filter(user__username="wangmin").count() == 1


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "desk/"],
)
def test_next_leads_nowhere_else(department, wanted):
    client = Client()
    first = first_step(client, next=wanted)
    assert "evil" not in first.headers["Location"]
    second = client.post("/login/code/", {"code": token_of("wangmin"), "next": wanted})
    assert second.headers["Location"] == "/"


def test_signing_out_empties_the_session(staff_client):
    client = staff_client("wangmin")
    assert client.get("/desk/").status_code == 200
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").headers["Location"] == "/login/"
    assert client.get("/desk/").status_code == 302
    assert not client.session.keys()


@pytest.mark.clause("6.1-b")
def test_who_was_away_for_long_signs_in_again(staff_client):
    client = staff_client("wangmin")
    client.get("/desk/")
    session = client.session
    session["seen_at"] = time.time() - 16 * 60
    session.save()
    answer = client.get("/claims/?view=soon")
    assert answer.headers["Location"].startswith("/login/?")
    assert "timeout" in answer.headers["Location"]
    page = client.get(answer.headers["Location"]).content.decode()
    assert "闲置" in page


@pytest.mark.clause("6.1-b")
@pytest.mark.parametrize(("hours", "status"), [(11, 200), (13, 302)])
def test_after_a_days_work_both_factors_are_asked_again_however_busy_one_was(
    department, hours, status
):
    client = Client()
    first_step(client)
    client.post("/login/code/", {"code": token_of("wangmin")})
    assert client.get("/desk/").status_code == 200
    session = client.session
    session["entered_at"] -= hours * 3600
    session.save()
    answer = client.get("/desk/")
    assert answer.status_code == status
    if status != 200:
        assert answer.headers["Location"] == "/login/?next=/desk/"
        assert not client.session.keys()


def test_who_left_the_house_does_not_come_in(department):
    Staff.objects.filter(username="wangmin").update(is_active=False)
    assert first_step(Client()).status_code == 403


@pytest.mark.parametrize(
    ("username", "place"),
    [("wangmin", "/desk/"), ("xujing", "/desk/"), ("itadmin", "/desk/")],
)
def test_the_front_door_leads_to_the_posts_own_desk(staff_client, username, place):
    assert staff_client(username).get("/").headers["Location"] == place


def test_somebody_without_claims_is_told_so(staff_client):
    client = staff_client("itadmin")
    assert "不处理理赔案件" in client.get("/desk/").content.decode()
    assert client.get("/claims/").status_code == 403
    assert settings.LOGIN_URL == "/login/"
