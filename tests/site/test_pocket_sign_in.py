"""Claimants come in by phone and code, and by nothing else."""

import pytest
from django.test import Client

from lipei.ch01_general.models import Party
from lipei.kit import clock
from tests.site import pocket

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def in_a_demonstration(settings):
    settings.LIPEI_DEMO = True


def asked(client, phone=pocket.PHONE, **more):
    return client.post("/m/login/", {"phone": phone, **more})


def test_a_phone_and_its_code_open_the_home(client):
    asked(client)
    page = client.get("/m/login/code/")
    assert "138****6021" in page.content.decode()
    answer = client.post("/m/login/code/", {"code": pocket.shown_code(page)})
    assert answer["Location"] == "/m/"
    assert client.get("/m/").status_code == 200


def test_the_session_gets_a_new_name_with_the_sign_in(client):
    asked(client)
    before = client.session.session_key
    code = pocket.shown_code(client.get("/m/login/code/"))
    client.post("/m/login/code/", {"code": code})
    assert client.session.session_key != before


def test_outside_a_demonstration_the_code_is_not_on_the_screen(client, settings):
    settings.LIPEI_DEMO = False
    asked(client)
    page = client.get("/m/login/code/").content.decode()
    assert pocket.CODE.search(page) is None
    assert "演示环境" not in page


@pytest.mark.parametrize("phone", ["", "12345", "二三四", "1380000602１x", "0" * 400])
def test_a_wrong_phone_is_told_and_kept(client, phone):
    answer = asked(client, phone)
    assert answer.status_code == 422
    assert "data-errors" in answer.content.decode()


def test_a_wrong_code_is_counted_and_the_fifth_spends_it(client):
    asked(client)
    right = pocket.shown_code(client.get("/m/login/code/"))
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(5):
        answer = client.post("/m/login/code/", {"code": wrong})
        assert answer.status_code == 422
        assert "验证码不正确" in answer.content.decode()
    answer = client.post("/m/login/code/", {"code": right})
    assert answer.status_code == 422
    assert "已过期或已用过" in answer.content.decode()
    assert client.get("/m/").status_code == 302


def test_a_code_works_once(client):
    asked(client)
    code = pocket.shown_code(client.get("/m/login/code/"))
    client.post("/m/login/code/", {"code": code})
    other = Client()
    asked(other)
    assert other.post("/m/login/code/", {"code": code}).status_code == 422


def test_too_many_codes_for_one_phone_are_refused_in_words(client):
    for _ in range(6):
        assert asked(client).status_code == 302
    answer = asked(client)
    assert answer.status_code == 422
    assert "过于频繁" in answer.content.decode()


def test_an_old_code_no_longer_opens(client, monkeypatch):
    asked(client)
    code = pocket.shown_code(client.get("/m/login/code/"))
    late = clock.now() + 2 * pocket.timedelta(minutes=5)
    monkeypatch.setattr(clock, "now", lambda: late)
    assert client.post("/m/login/code/", {"code": code}).status_code == 422


def test_after_the_sign_in_one_is_where_one_wanted_to_be(client):
    wanted = "/m/claims/CX-1/"
    assert client.get(wanted)["Location"] == f"/m/login/?next={wanted}"
    answer = asked(client, next=wanted)
    assert answer["Location"].endswith("?next=%2Fm%2Fclaims%2FCX-1%2F")
    code = pocket.shown_code(client.get(answer["Location"]))
    assert client.post("/m/login/code/", {"code": code, "next": wanted})["Location"] == wanted


@pytest.mark.parametrize("elsewhere", ["https://example.org/m/", "//example.org/m/", "/desk/"])
def test_nobody_is_led_elsewhere_after_the_sign_in(client, elsewhere):
    asked(client)
    code = pocket.shown_code(client.get("/m/login/code/"))
    answer = client.post("/m/login/code/", {"code": code, "next": elsewhere})
    assert answer["Location"] == "/m/"


def test_a_phone_that_is_new_to_us_becomes_a_party(client):
    asked(client, "13700001111")
    code = pocket.shown_code(client.get("/m/login/code/"))
    client.post("/m/login/code/", {"code": code})
    assert Party.objects.filter(phone="13700001111").count() == 1
    assert "出险了" in client.get("/m/").content.decode()


def test_signing_out_needs_a_click_and_ends_the_session():
    client = pocket.signed_in("13700001111")
    assert client.get("/m/logout/").status_code == 200
    assert client.get("/m/").status_code == 200
    assert client.post("/m/logout/")["Location"] == "/m/login/"
    assert client.get("/m/").status_code == 302


@pytest.mark.parametrize(
    "address",
    ["/m/", "/m/claims/", "/m/inbox/", "/m/me/", "/m/report/", "/m/claims/CX-1/confirm/"],
)
def test_every_page_wants_a_sign_in(client, address):
    answer = client.get(address)
    assert answer.status_code == 302
    assert answer["Location"].startswith("/m/login/?next=")


def test_a_nul_in_a_phone_is_refused_and_nothing_falls(client):
    assert asked(client, "138\x0000006021").status_code == 400


@pytest.mark.clause("6.1-b")
@pytest.mark.parametrize(("hours", "status"), [(11, 200), (13, 302)])
def test_a_claimant_may_pause_for_hours_and_signs_in_again_the_next_day(client, hours, status):
    asked(client)
    code = pocket.shown_code(client.get("/m/login/code/"))
    client.post("/m/login/code/", {"code": code})
    session = client.session
    session["entered_at"] -= hours * 3600
    session.save()
    answer = client.get("/m/")
    assert answer.status_code == status
    if status != 200:
        assert answer["Location"] == "/m/login/?next=/m/"
        assert not client.session.keys()
