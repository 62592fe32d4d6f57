"""Limits and deductibles beside a sum: at the desk, at the API and on the phone."""

import re

import pytest
from django.utils import translation

from lipei.ch01_general.models import Party
from tests import stays, steps
from tests.site.test_api_claims import staff

pytestmark = pytest.mark.django_db(transaction=True)
ENGLISH = {"Accept-Language": "en"}


@pytest.fixture
def stay(department):
    """The second stay of a year; the first one used up the deductible and some of the limit."""
    policy = stays.policy_of(Party.objects.get(phone=steps.PHONE))
    stays.settled_now(policy, fen=800_000)
    claim = stays.assessed(policy, fen=600_000)
    stays.calculated(claim)
    return claim


def text(response) -> str:
    assert response.status_code == 200, response.content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def test_the_desk_shows_limit_used_before_used_by_this_and_left(stay, staff_client):
    client = staff_client("wangmin")
    page = text(client.get(f"/claims/{stay.number}/calc/"))
    row = "20,000.00 元 5,000.00 元 6,000.00 元 9,000.00 元"
    assert f"年度限额 {row} 核赔通过后计入" in page
    assert "年免赔额 3,000.00 元 3,000.00 元 0.00 元 0.00 元" in page
    assert "年度自付上限" not in page, "this policy has none"
    stays.approved(stay)
    assert f"年度限额 {row} 已计入" in text(client.get(f"/claims/{stay.number}/calc/"))


def test_the_desk_says_it_in_english_too(stay, staff_client):
    page = text(staff_client("wangmin").get(f"/claims/{stay.number}/calc/", headers=ENGLISH))
    assert "Limit of the year CNY 20,000.00 CNY 5,000.00 CNY 6,000.00 CNY 9,000.00" in page
    assert "Counted once approved" in page


def test_the_page_of_a_stage_without_a_sum_has_no_limits(department, staff_client):
    claim = steps.registered(steps.accepted(steps.filed()))
    assert "限额与免赔额" not in text(staff_client("wangmin").get(f"/claims/{claim.number}/calc/"))


def test_the_api_tells_every_limit_in_its_unit(stay):
    told = staff("wangmin").get(f"/claims/{stay.number}/sums")[0]["limits"]
    by_name = {one.pop("name"): one for one in told}
    assert by_name["yearly_limit"] == {
        "zh": "年度限额", "en": "Limit of the year", "scope": "insured_year", "unit": "fen",
        "is_limited": True, "limit": 2_000_000, "used_before": 500_000, "used": 600_000,
        "left": 900_000, "state": "waiting",
    }  # fmt: skip
    assert not by_name["stop_loss"]["is_limited"]


def test_a_refusal_at_the_api_says_why_and_what_to_do(stay):
    other = stays.assessed(stay.policy, fen=100_000)
    stays.calculated(other)
    stays.approved(other)
    answer = staff("xujing").post(
        f"/claims/{stay.number}/decisions", position=1, approve=True, answers=stays.YES, status=409
    )
    assert answer["slug"] == "limit_moved"
    told = f"{answer['title']} {answer['detail']}"
    assert "「年度限额」的已用额已由 5,000.00 元 变为 6,000.00 元" in told


def test_the_phone_shows_what_is_left_of_the_year(stay, claimant_client):
    client = claimant_client(steps.PHONE)
    page = text(client.get(f"/m/claims/{stay.number}/calc/"))
    assert "共 20,000.00 元，此前已用 5,000.00 元，本次 6,000.00 元，还剩 9,000.00 元" in page
    with translation.override("en"):
        page = text(client.get(f"/m/claims/{stay.number}/calc/", headers=ENGLISH))
    assert "CNY 20,000.00 in all, CNY 5,000.00 used before" in page


def test_the_phone_does_not_speak_of_limits_of_one_event(department, claimant_client):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    page = text(claimant_client(steps.PHONE).get(f"/m/claims/{claim.number}/calc/"))
    assert "此前已用" not in page
