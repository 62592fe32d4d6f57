"""Decisions and answers to objections through their forms."""

import pytest

from lipei.ch03_assessment.adjudication import (
    QUESTIONS,
    calculate_claim,
    review_straight_through,
)
from lipei.ch03_assessment.models import Decision, Dispute
from lipei.ch03_assessment.questions import WORDED
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
YES = {f"q-{name}": "yes" for name in QUESTIONS}


@pytest.fixture
def claim(department, settings):
    """Too much for the straight way: it waits for a reviewer."""
    settings.LIPEI_DEMO = True
    made = steps.registered(steps.accepted(steps.filed()))
    made = steps.surveyed(made, own_fen=900_000, other_fen=640_000)
    calculate_claim(made.number, by=steps.CLERK)
    review_straight_through(made.number)
    return steps.again(made)


@pytest.fixture
def reviewer(staff_client):
    return staff_client("xujing")


def at(claim, position: int, *rest: str) -> str:
    return "/".join(["/approvals", claim.number, str(position), *rest, ""])


def stages(claim) -> list[str]:
    return list(claim.exposures.order_by("position").values_list("stage", flat=True))


def test_each_question_has_its_words():
    assert tuple(WORDED) == QUESTIONS


def test_the_queue_says_why_it_did_not_pass_by_itself(claim, reviewer):
    page = reviewer.get("/approvals/").content.decode()
    assert claim.number in page
    assert "全案损失不超过 5,000.00 元" in page
    assert "¥9,000.00" in page
    assert "预估" not in page.split("u-detail")[1]


def test_the_next_one_opens_after_a_decision(claim, reviewer):
    count = claim.exposures.count()
    answer = reviewer.post(at(claim, 1, "decide"), {**YES, "word": "approve"})
    assert answer.status_code == 303
    assert answer["Location"] == at(claim, 2)
    for position in range(2, count + 1):
        answer = reviewer.post(at(claim, position, "decide"), {**YES, "word": "approve"})
    assert answer["Location"] == "/approvals/"
    assert stages(claim) == ["approved"] * count
    assert "没有等您决定的" in reviewer.get("/approvals/").content.decode()


def test_an_open_question_keeps_what_was_answered_and_typed(claim, reviewer):
    told = {**YES, "word": "approve", "remark": "限额已核"}
    del told["q-payee"]
    answer = reviewer.post(at(claim, 1, "decide"), told)
    page = answer.content.decode()
    assert answer.status_code in {409, 422}
    assert "限额已核" in page
    assert page.count(" checked") == len(QUESTIONS) - 1
    assert not Decision.objects.exists()


def test_a_return_needs_its_reason(claim, reviewer):
    assert reviewer.post(at(claim, 1, "decide"), {"word": "return"}).status_code in {409, 422}
    told = {"word": "return", "remark": "残值没有扣"}
    assert reviewer.post(at(claim, 1, "decide"), told).status_code == 303
    assert stages(claim)[0] == "returned"
    assert Decision.objects.get().remark == "残值没有扣"


def test_a_second_press_decides_nothing_more(claim, reviewer):
    for _ in range(3):
        answer = reviewer.post(at(claim, 1, "decide"), {**YES, "word": "approve"})
        assert answer.status_code == 303
    assert Decision.objects.count() == 1


def test_who_assessed_it_is_told_in_words_that_he_cannot_decide(claim, staff_client, department):
    from lipei.ch01_general.models import Appointment, Staff
    from lipei.kit import clock

    person = Staff.objects.get(username="lijun")
    Appointment.objects.create(
        staff=person, post="RV", level=3, department="理赔一部", branch=person.branch,
        since=clock.today(),
    )  # fmt: skip
    client = staff_client("lijun")
    page = client.get(at(claim, 1)).content.decode()
    assert "您在本案做过“定损”" in page
    assert 'value="approve"' not in page
    assert client.post(at(claim, 1, "decide"), {**YES, "word": "approve"}).status_code in {403, 409}
    assert not Decision.objects.exists()


@pytest.mark.parametrize("username", ["wangmin", "lijun", "zhaolin", "sunjie", "hege", "itadmin"])
def test_others_decide_nothing(claim, staff_client, username):
    client = staff_client(username)
    assert client.get("/approvals/").status_code == 403
    assert client.post(at(claim, 1, "decide"), {**YES, "word": "approve"}).status_code == 403
    assert not Decision.objects.exists()


@pytest.mark.parametrize("word", ["", "APPROVE", "delete", "<b>", "通过"])
def test_an_absurd_word_approves_nothing(claim, reviewer, word):
    reviewer.post(at(claim, 1, "decide"), {**YES, "word": word, "remark": "x" * 301})
    assert not Decision.objects.filter(outcome="approved").exists()
    for odd in ("99999999999999999999", "0"):
        assert reviewer.get(f"/approvals/{claim.number}/{odd}/").status_code == 404


@pytest.fixture
def disputed(department, settings):
    settings.LIPEI_DEMO = True
    made = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    return steps.agreed(made, choice="object", words="工时费偏低 <script>alert(1)</script>")


def test_an_objection_is_answered_in_writing_once(disputed, reviewer):
    page = reviewer.get("/disputes/").content.decode()
    assert "工时费偏低" in page
    assert "<script>alert(1)" not in page
    first = Dispute.objects.order_by("pk").first()
    path, mark = f"/disputes/{first.pk}/answer/", f"d{first.pk}"
    refused = reviewer.post(path, {f"{mark}-answer": "", f"{mark}-outcome": "stands"})
    assert refused.status_code == 422
    wrong = reviewer.post(path, {f"{mark}-answer": "已按标准复核", f"{mark}-outcome": "maybe"})
    assert wrong.status_code == 422
    assert "已按标准复核" in wrong.content.decode()
    told = {f"{mark}-answer": "已按标准复核", f"{mark}-outcome": "stands"}
    assert reviewer.post(path, told).status_code == 303
    assert reviewer.post(path, told).status_code in {404, 409}
    first.refresh_from_db()
    assert (first.answer, first.outcome) == ("已按标准复核", "stands")


def test_others_answer_no_objection(disputed, staff_client):
    first = Dispute.objects.order_by("pk").first()
    for username in ("wangmin", "lijun", "zhaolin"):
        assert staff_client(username).get("/disputes/").status_code == 403
        assert staff_client(username).post(f"/disputes/{first.pk}/answer/").status_code == 403
