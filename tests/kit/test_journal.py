"""The journal: what nobody can do to it, and how its listeners follow."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Event, Thread

import pytest
from django.db import DatabaseError, connection, transaction

from lipei.kit import clock, journal
from lipei.kit.models import Chain, Cursor, Entry, Parked

pytestmark = pytest.mark.django_db(transaction=True)
Heard = list[tuple[str, int]]


def write(subject: str = "claim/A", verb: str = "test.told", **facts: object) -> Entry:
    with transaction.atomic():
        return journal.record(subject, verb, by="staff/wang", clause="6.1-d", **facts)


@pytest.fixture
def ear() -> Iterator[Callable[[Callable[[Entry], None]], str]]:
    """Let a function of the test listen; it is forgotten with the test."""
    made: list[str] = []

    def listen(listener: Callable[[Entry], None], *verbs: str) -> str:
        journal.on(*(verbs or ("test.told",)))(listener)
        made.append(f"{listener.__module__}.{listener.__qualname__}")
        return made[-1]

    yield listen
    for name in made:
        journal._ears.pop(name)


def everything(name: str) -> int:
    """Let one listener hear all that it may; how much that was."""
    heard = 0
    while one := journal.hear(name):
        heard += one
    return heard


@pytest.mark.parametrize(
    "line",
    [
        "UPDATE kit_entry SET actor = 'staff/li'",
        "UPDATE kit_entry SET facts = '{}'",
        "DELETE FROM kit_entry",
        "TRUNCATE kit_entry CASCADE",
        "DELETE FROM kit_chain",
        "TRUNCATE kit_chain",
        "UPDATE kit_chain SET number = number - 1",
        "UPDATE kit_chain SET subject = 'claim/B'",
        "TRUNCATE kit_transfer",
    ],
)
def test_nobody_changes_or_takes_away_what_was_written(line):
    write()
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(line)
    assert Entry.objects.get().actor == "staff/wang"
    assert Chain.objects.get().number == 1


@pytest.mark.parametrize("change", ["actor = ''", "hash = repeat('0', 64)", "line = '[]'"])
def test_an_entry_without_actor_or_with_a_wrong_hash_is_refused_by_the_database(change):
    entry = write()
    column, value = change.split(" = ")
    columns = "subject, verb, clause, actor, occurred_at, recorded_at, facts, line, hash"
    chosen = columns.replace(column, value)
    with pytest.raises(DatabaseError), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO kit_entry ({columns}, number) SELECT {chosen}, 2 FROM kit_entry "
            "WHERE id = %s",
            [entry.pk],
        )
    assert Entry.objects.count() == 1


def test_an_entry_needs_an_actor_and_a_transaction():
    with pytest.raises(AssertionError, match="actor"), transaction.atomic():
        journal.record("claim/A", "test.told", by="", clause="6.1-d")
    with pytest.raises(AssertionError, match="transaction"):
        journal.record("claim/A", "test.told", by="staff/wang", clause="6.1-d")
    assert not Entry.objects.exists()


def test_entries_of_a_subject_are_numbered_without_gaps_from_many_hands():
    def hand() -> None:
        for _ in range(10):
            write()
        connection.close()

    hands = [Thread(target=hand) for _ in range(4)]
    for one in hands:
        one.start()
    for one in hands:
        one.join()
    numbers = list(Entry.objects.order_by("number").values_list("number", flat=True))
    assert numbers == list(range(1, 41))
    assert Chain.objects.get().number == 40


def test_a_refused_command_leaves_no_number_behind():
    write()

    def refused() -> None:
        with transaction.atomic():
            journal.record("claim/A", "test.told", by="staff/wang", clause="6.1-d")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        refused()
    assert write().number == 2


def test_a_listener_hears_its_verbs_in_order_and_once(ear):
    heard: Heard = []
    name = ear(lambda e: heard.append((e.subject, e.number)))
    for subject in ("claim/A", "claim/B", "claim/A"):
        write(subject)
    write("claim/A", "test.other")
    everything(name)
    assert heard == [("claim/A", 1), ("claim/B", 1), ("claim/A", 2)]
    assert everything(name) == 0
    assert len(heard) == 3


def test_a_late_transaction_is_not_missed(ear):
    """It began first, and committed last: its entry stands before one that was heard later."""
    heard: Heard = []
    name = ear(lambda e: heard.append((e.subject, e.number)))
    begun, go = Event(), Event()

    def late() -> None:
        with transaction.atomic():
            journal.record("claim/late", "test.told", by="staff/li", clause="6.1-d")
            begun.set()
            go.wait(10)
        connection.close()

    slow = Thread(target=late)
    slow.start()
    begun.wait(10)
    write("claim/soon")
    everything(name)
    assert heard == []
    go.set()
    slow.join()
    everything(name)
    assert heard == [("claim/late", 1), ("claim/soon", 1)]


def test_a_listener_of_a_rare_verb_does_not_read_all_others_again(ear):
    name = ear(lambda e: None, "test.rare")
    for _ in range(5):
        write()
    everything(name)
    reached = Cursor.objects.get(listener=name).reached_transaction
    assert reached >= Entry.objects.order_by("-transaction")[0].transaction
    assert [journal.behind(one) for one in journal.ears() if one.name == name] == [0]


def test_a_subject_that_fails_is_parked_and_stops_no_other(ear):
    heard: Heard = []
    broken = {"claim/bad"}

    def listener(entry: Entry) -> None:
        if entry.subject in broken:
            raise ValueError("not yet")
        heard.append((entry.subject, entry.number))

    name = ear(listener)
    for subject in ("claim/bad", "claim/good", "claim/bad", "claim/good"):
        write(subject)
    everything(name)
    assert heard == [("claim/good", 1), ("claim/good", 2)]
    parked = list(Parked.objects.order_by("entry_id").values_list("subject", "error"))
    assert parked == [
        ("claim/bad", "ValueError: not yet"),
        ("claim/bad", "behind an entry that is parked"),
    ]
    broken.clear()
    assert journal.retry_parked() == 2
    assert heard[2:] == [("claim/bad", 1), ("claim/bad", 2)]
    assert not Parked.objects.exists()


def test_what_stays_broken_is_tried_later_and_later(ear):
    def listener(entry: Entry) -> None:
        raise ValueError("for good")

    name = ear(listener)
    write()
    everything(name)
    tried = []
    for _ in range(3):
        Parked.objects.update(next_try_at=clock.now())
        assert journal.retry_parked() == 0
        held = Parked.objects.get()
        tried.append((held.tries, held.next_try_at - clock.now() > timedelta(seconds=5)))
    assert tried == [(2, True), (3, True), (4, True)]
    assert journal.retry_parked() == 0


def test_what_a_failing_listener_wrote_is_undone(ear):
    def listener(entry: Entry) -> None:
        journal.record("claim/half", "test.half", by="system/test", clause="6.1-d")
        raise ValueError("in the middle")

    name = ear(listener)
    write()
    everything(name)
    assert not Entry.objects.filter(subject="claim/half").exists()
    assert Parked.objects.count() == 1


def test_many_entries_at_once_join_their_chains():
    write("claim/A")
    with transaction.atomic():
        rows = [("claim/A", {"clause": "K2"}), ("claim/B", {"clause": "K2"}),
                ("claim/A", {"clause": "K3"})]  # fmt: skip
        assert journal.record_many(rows, "test.swept", by="system/test", clause="1.1-b") == 2
    assert [e.number for e in journal.history("claim/A")] == [1, 2]
    assert len(journal.history("claim/A")[1].facts["of"]) == 2
