"""The living manual: every clause on a page, who carries it, and its change by two persons."""

from datetime import datetime, time, timedelta

import pytest
import time_machine
from django.test import Client

from lipei.ch01_general.models import ClauseEdition
from lipei.kit import clock
from lipei.manual import clause, install, sections, shipped
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
CLAUSE = "/manual/clauses/1.3-b/"


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())


def page(client: Client, path: str, status: int = 200) -> str:
    answer = client.get(path)
    assert answer.status_code == status
    return answer.content.decode()


def next_month():
    """The second day of the month that follows, when this month is the last one."""
    first = (clock.today().replace(day=1) + timedelta(days=32)).replace(day=1)
    at = datetime.combine(first, time(10), tzinfo=clock.LOCAL) + timedelta(days=1)
    return time_machine.travel(at, tick=False)


def tomorrow() -> str:
    return (clock.today() + timedelta(days=1)).isoformat()


def asked(**more: str) -> dict[str, str]:
    return {"value__limit": "3", "effective_from": tomorrow(), "reason": "道路拥堵",
            "based_on": "2025", "act": "propose"} | more  # fmt: skip


def propose(client: Client, where: str = CLAUSE, status: int = 303, **more: str) -> str:
    answer = client.post(f"{where}proposals/", asked(**more))
    assert answer.status_code == status
    return answer.content.decode()


def test_every_clause_and_section_stands_on_the_page_and_what_is_not_built_says_so(staff_client):
    told = page(staff_client("wangmin"), "/manual/")
    assert all(f'href="/manual/clauses/{id}/"' in told for id in shipped().ids())
    assert all(one.title_zh in told for one in sections())
    assert "尚未建成" in told
    lending = page(staff_client("wangmin"), "/manual/9.3/")
    assert "尚未建成" in lending
    assert "ch09_archive" not in lending
    assert "ch02_intake.materials" in page(staff_client("wangmin"), "/manual/2.2/")
    page(staff_client("wangmin"), "/manual/13.1/", status=404)
    page(staff_client("wangmin"), "/manual/clauses/99.9-z/", status=404)


def test_the_manual_is_found_from_the_navigation_and_not_by_customers(
    staff_client, claimant_client
):
    assert 'href="/manual/"' in page(staff_client("wangmin"), "/manual/")
    answer = claimant_client().get("/manual/")
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/")


def test_the_manual_is_searched_and_filtered(staff_client):
    client = staff_client("wangmin")
    law = page(client, "/manual/?origin=law&kind=clock")
    assert "/manual/clauses/K2/" in law
    assert "/manual/clauses/1.3-b/" not in law
    found = page(client, "/manual/?q=保险法23")
    assert "/manual/clauses/K3/" in found
    assert "/manual/clauses/K5/" not in found
    chapter = page(client, "/manual/?chapter=9")
    assert "/manual/clauses/9.2-a/" in chapter
    assert "/manual/clauses/K2/" not in chapter
    assert "没有这样的条款" in page(client, "/manual/?q=没有这样的话")


def test_a_clause_tells_its_numbers_its_law_and_the_functions_and_tests_that_carry_it(
    staff_client,
):
    told = page(staff_client("wangmin"), "/manual/clauses/K2/")
    assert "保险法23" in told
    assert "≤ 30 日" in told
    assert "ch01_general.process · decide_clock" in told
    assert "test_a_running_clock_is_paused_and_runs_on" in told
    waiting = page(staff_client("wangmin"), "/manual/clauses/K4/")
    assert "等 3.3 建成" in waiting
    assert "提议修改" not in told, "a clerk proposes nothing"


@pytest.mark.clause("1.4-g")
def test_one_person_proposes_and_another_approves(staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    propose(manager)
    assert "须由另一位有权人员批准" in page(manager, CLAUSE)
    approve = f"{CLAUSE}proposals/2025+1/approve/"
    assert manager.post(approve).status_code == 403
    assert clause("1.3-b", at=clock.today() + timedelta(days=1)).value == 2
    assert "≤ 3 小时" in page(compliance, CLAUSE)
    assert compliance.post(approve).status_code == 303
    assert clause("1.3-b", at=clock.today() + timedelta(days=1)).value == 3
    assert clause("1.3-b").value == 2, "what begins tomorrow is not so today"
    assert "已批准" in page(compliance, CLAUSE)


@pytest.mark.clause("1.4-g")
def test_nobody_approves_their_own_proposal_on_the_page_either(staff_client):
    compliance = staff_client("hege")
    propose(compliance)
    answer = compliance.post(f"{CLAUSE}proposals/2025+1/approve/", follow=True)
    assert "这是您自己提出的" in answer.content.decode()
    assert ClauseEdition.objects.get().is_open


def test_a_proposal_is_returned_with_the_reason_or_taken_back_and_then_another_may_be_made(
    staff_client,
):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    propose(manager)
    back = f"{CLAUSE}proposals/2025+1/return/"
    assert "请填写" in compliance.post(back, {"why": " "}, follow=True).content.decode()
    compliance.post(back, {"why": "理由不足"})
    assert "理由不足" in page(manager, CLAUSE)
    propose(manager, reason="附上了数据")
    manager.post(f"{CLAUSE}proposals/2025+2/return/", {"why": "我再想想"})
    assert not ClauseEdition.objects.filter(approved_by="", returned_by="").exists()
    assert clause("1.3-b").value == 2


def test_two_who_change_one_clause_are_told_of_each_other(staff_client):
    manager, compliance = staff_client("zhouwei"), staff_client("hege")
    propose(manager)
    told = propose(compliance, status=409, value__limit="4")
    assert "已有一份提议在等第二人" in told
    assert ClauseEdition.objects.count() == 1
    compliance.post(f"{CLAUSE}proposals/2025+1/approve/")
    day = (clock.today() + timedelta(days=9)).isoformat()
    told = propose(manager, status=409, value__limit="4", effective_from=day)
    assert "已被改为 2025+1 版" in told, "the page was drawn before the change"
    propose(manager, value__limit="4", effective_from=day, based_on="2025+1")


def test_what_is_wrong_with_a_proposal_is_told_at_its_field(staff_client):
    manager = staff_client("zhouwei")
    assert "不是可以使用的数" in propose(manager, status=422, value__limit="两")
    assert "生效日必须晚于今天" in propose(
        manager, status=422, effective_from=clock.today().isoformat()
    )
    assert "没有要改的" in propose(manager, status=422, value__limit="2")
    assert "more than a hundred years" in propose(manager, status=422, value__limit="999999999")
    assert propose(manager, status=422, reason="")
    assert staff_client("wangmin").post(f"{CLAUSE}proposals/", asked()).status_code == 403
    assert not ClauseEdition.objects.exists()


@pytest.mark.clause("K2")
def test_the_law_is_never_loosened_but_follows_the_article_that_changed(staff_client):
    manager, law = staff_client("zhouwei"), "/manual/clauses/K2/"
    wide = {"value__limit": "45", "article": "保险法23"}
    assert "不能比法律更宽" in propose(manager, law, status=422, **wide)
    propose(manager, law, value__limit="20", article="保险法23")
    manager.post(f"{law}proposals/2025+1/return/", {"why": "先不改"})
    propose(manager, law, value__limit="45", article="保险法23（2027 年修正）")
    assert ClauseEdition.objects.latest("pk").row["article"] == "保险法23（2027 年修正）"


def test_before_a_clock_changes_it_is_told_who_would_have_kept_it_last_month(staff_client):
    quick, slow = steps.filed(damage=()), steps.filed(damage=())
    for claim, minutes in ((quick, 30), (slow, 90)):
        held = claim.clocks.get(clause="1.3-b")
        held.stopped_at = held.started_at + timedelta(minutes=minutes)
        held.save()
    with next_month():
        told = propose(staff_client("zhouwei"), status=200, act="preview", value__limit="1")
    assert "开始计时的案件 2 件" in told
    assert slow.number in told.split("会变成超时的")[1]
    assert quick.number not in told
    assert not ClauseEdition.objects.exists(), "a look changes nothing"


def test_before_the_gate_of_small_claims_changes_it_is_told_which_would_need_a_person(
    staff_client,
):
    claim = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    with next_month():
        manager = staff_client("zhouwei")
        told = propose(manager, "/manual/clauses/1.3-e/", status=200, act="preview",
                       value__limit="100.00", operator__limit="<=")  # fmt: skip
        none = propose(manager, "/manual/clauses/2.1-e/", status=200, act="preview",
                       value__window="2", operator__window="<=")  # fmt: skip
    assert "核赔的案件 1 件" in told
    assert claim.number in told.split("不再通过的")[1]
    assert "没有试算" in none
