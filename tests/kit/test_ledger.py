"""Double entry in two steps: set aside, then arrived or given back, each once."""

from threading import Barrier, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from lipei.kit import ledger
from lipei.kit.models import Transfer

pytestmark = pytest.mark.django_db(transaction=True)


def reserve(key: str = "order/P1", *, fen: int = 180_000, credit: str = "party/7") -> Transfer:
    with transaction.atomic():
        return ledger.reserve(key, debit="claims/motor", credit=credit, amount_fen=fen)


def settle(name: str, key: str = "order/P1") -> Transfer:
    with transaction.atomic():
        return getattr(ledger, name)(key)


def test_money_set_aside_has_not_arrived():
    reserve()
    assert ledger.balance_fen("party/7") == 0


def test_money_that_arrived_stands_on_both_sides():
    reserve()
    settle("post")
    assert ledger.balance_fen("party/7") == 180_000
    assert ledger.balance_fen("claims/motor") == -180_000


def test_money_that_came_back_is_free_again():
    reserve()
    settle("void")
    assert ledger.balance_fen("party/7") == 0


def test_the_same_key_is_the_same_transfer():
    assert reserve().pk == reserve().pk
    settle("post")
    settle("post")
    assert Transfer.objects.count() == 2
    assert ledger.balance_fen("party/7") == 180_000


@pytest.mark.parametrize("other", [{"fen": 180_001}, {"credit": "party/8"}])
def test_the_same_key_for_something_else_is_our_own_mistake(other):
    reserve()
    with pytest.raises(AssertionError):
        reserve(**other)


@pytest.mark.parametrize(("first", "second"), [("post", "void"), ("void", "post")])
def test_what_is_settled_stays_settled(first, second):
    reserve()
    settle(first)
    with pytest.raises(AssertionError):
        settle(second)
    assert Transfer.objects.count() == 2


@pytest.mark.parametrize("fen", [0, -1])
def test_nothing_and_less_cannot_be_moved(fen):
    with pytest.raises(AssertionError):
        reserve(fen=fen)


def test_two_at_the_same_time_move_the_money_once():
    reserve()
    together = Barrier(4)

    def press() -> None:
        together.wait(10)
        settle("post")
        connection.close()

    hands = [Thread(target=press) for _ in range(4)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    assert ledger.balance_fen("party/7") == 180_000


@pytest.mark.parametrize(
    "line", ["UPDATE kit_transfer SET amount_fen = 1", "DELETE FROM kit_transfer"]
)
def test_a_transfer_is_never_changed(line):
    reserve()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(line)
    assert Transfer.objects.get().amount_fen == 180_000
