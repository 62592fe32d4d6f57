"""Objecting, withdrawing, wanting a person: always possible, never by a slip."""

import pytest

from lipei.ch03_assessment.disputes import HUMAN_WORDS, answer_dispute
from lipei.ch03_assessment.models import Dispute
from lipei.kit.journal import history
from tests import steps
from tests.site import pocket

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_a_demonstration(settings):
    settings.LIPEI_DEMO = True


@pytest.fixture
def phone(claimant_client):
    return claimant_client(pocket.PHONE)


def act(client, claim, name, **typed):
    return client.post(f"/m/claims/{claim.number}/{name}/", typed)


def ready(**changes):
    return steps.surveyed(steps.registered(steps.accepted(steps.filed(**changes))))


def test_an_objection_is_registered_at_once(phone):
    claim = ready()
    assert act(phone, claim, "object", position="1", words="少算了").status_code == 302
    assert Dispute.objects.get().words == "少算了"
    shown = phone.get(f"/m/claims/{claim.number}/").content.decode()
    assert "有争议" in shown


@pytest.mark.parametrize(
    "typed", [{}, {"position": "9", "words": "x"}, {"position": "1", "words": "  "},
              {"position": "'; --", "words": "x"}, {"position": "1", "words": "字" * 2_001}],
)  # fmt: skip
def test_an_objection_to_nothing_or_without_words_is_told(phone, typed):
    claim = ready()
    assert act(phone, claim, "object", **typed).status_code == 422
    assert Dispute.objects.count() == 0


def test_before_there_is_a_sum_the_page_says_so(phone):
    claim = steps.filed()
    shown = phone.get(f"/m/claims/{claim.number}/object/").content.decode()
    assert "还没有可以提异议的金额" in shown


def test_withdrawing_wants_the_very_word(phone):
    claim = steps.filed()
    assert act(phone, claim, "withdraw", what="all", reason="自己修", typed="是").status_code == 422
    assert steps.again(claim).is_open
    assert (
        act(phone, claim, "withdraw", what="all", reason="自己修", typed="撤回").status_code == 302
    )
    assert not steps.again(claim).is_open
    assert "已撤回" in phone.get(f"/m/claims/{claim.number}/").content.decode()


def test_why_it_was_withdrawn_stands_on_the_desk_and_not_in_the_journal(phone, staff_client):
    claim = steps.filed()
    act(phone, claim, "withdraw", what="all", reason="对方已经赔了", typed="是")
    assert "对方已经赔了" not in staff_client("wangmin").get(f"/claims/{claim.number}/").text
    act(phone, claim, "withdraw", what="all", reason="对方已经赔了", typed="撤回")
    assert "对方已经赔了" in staff_client("wangmin").get(f"/claims/{claim.number}/").text
    assert not [one for one in history(claim.subject) if "对方已经赔了" in one.line]


def test_what_is_decided_cannot_be_withdrawn(phone):
    claim = ready()
    answer = act(phone, claim, "withdraw", what="all", reason="自己修", typed="撤回")
    assert answer.status_code == 422
    assert "不能再撤案" in answer.content.decode()


@pytest.mark.clause("1.3-l")
def test_who_wants_a_person_is_not_decided_by_a_program(phone):
    claim = steps.filed()
    assert act(phone, claim, "human").status_code == 302
    claim = steps.surveyed(steps.registered(steps.accepted(claim)))
    assert {e.stage for e in claim.exposures.all()} == {"assessed"}
    assert claim.tasks.filter(kind="calculate", done_at=None).exists()


def test_a_sum_that_a_program_approved_is_looked_at_by_a_person(phone):
    claim = ready()
    assert act(phone, claim, "human").status_code == 302
    assert {d.words for d in Dispute.objects.all()} == {HUMAN_WORDS}
    running = claim.clocks.filter(clause="1.3-l-review", stopped_at=None)
    assert running.count() == 1
    for position in (1, 2):
        answer_dispute(claim.number, position=position, answer="金额无误", again=False,
                       by="staff/zhouwei")  # fmt: skip
    assert running.count() == 0
    assert "金额待您确认" in phone.get(f"/m/claims/{claim.number}/").content.decode()


@pytest.mark.clause("1.3-l")
def test_without_the_wish_a_small_loss_flows_straight(phone):
    assert {e.stage for e in ready().exposures.all()} == {"approved"}


def test_asking_twice_for_a_person_is_asking_once(phone):
    claim = ready()
    act(phone, claim, "human")
    act(phone, claim, "human")
    assert Dispute.objects.count() == 2
    assert "已转人工" in phone.get(f"/m/claims/{claim.number}/human/").content.decode()
