"""A command under a key happens once, answers the same again, and keeps no refusal."""

from threading import Barrier, Thread

import pytest
from django.db import connection, transaction

from lipei.kit import clock
from lipei.kit.journal import record
from lipei.kit.models import Answer, Entry
from lipei.kit.once import KEPT, acted_once, forget_old_answers
from lipei.kit.refusal import Refused

pytestmark = pytest.mark.django_db(transaction=True)
BODY: dict[str, object] = {"order": "P1", "fen": 100}


def pay(*, by: str = "staff/wang", key: str = "key-00001", body: dict[str, object] = BODY):
    def act() -> dict[str, object]:
        entry = record("claim/A", "test.paid", by=by, clause="4.1-f")
        return {"number": entry.number}

    return acted_once(by, "pay", key=key, body=body, act=act)


def test_the_same_key_gives_the_same_answer_and_acts_once():
    assert pay() == pay() == {"number": 1}
    assert Entry.objects.count() == 1


def test_another_body_under_the_same_key_is_refused():
    pay()
    with pytest.raises(Refused) as no:
        pay(body={**BODY, "fen": 101})
    assert no.value.slug == "request_repeated_otherwise"
    assert Entry.objects.count() == 1


def test_another_key_or_another_person_acts_again():
    pay()
    assert pay(key="key-00002") == {"number": 2}
    assert pay(by="staff/li") == {"number": 3}


def test_two_at_the_same_time_act_once():
    answers: list[dict[str, object]] = []
    together = Barrier(4)

    def press() -> None:
        together.wait(10)
        answers.append(pay())
        connection.close()

    hands = [Thread(target=press) for _ in range(4)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert answers == [{"number": 1}] * 4
    assert Entry.objects.count() == 1


def test_a_refusal_is_not_kept():
    def refuse() -> dict[str, object]:
        raise Refused("seal_broken")

    with pytest.raises(Refused):
        acted_once("staff/wang", "pay", key="key-00001", body=BODY, act=refuse)
    assert not Answer.objects.exists()
    assert pay() == {"number": 1}


def test_answers_are_forgotten_after_thirty_days():
    pay()
    pay(key="key-00002")
    Answer.objects.filter(key="key-00001").update(at=clock.now() - KEPT * 2)
    assert forget_old_answers() == 1
    with transaction.atomic():
        assert [a.key for a in Answer.objects.all()] == ["key-00002"]
