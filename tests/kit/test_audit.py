"""The audit finds each kind of tampering by one who owns the tables, and says where."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from threading import Thread

import pytest
from django.core.management import call_command
from django.db import IntegrityError, connection, transaction

from lipei.kit import audit, journal
from lipei.kit.models import Chain, Entry

pytestmark = pytest.mark.django_db(transaction=True)
GUARDED = ("kit_entry", "kit_chain")


@pytest.fixture
def anchors(tmp_path: Path) -> Path:
    return tmp_path / "anchors"


@pytest.fixture
def chains() -> None:
    """Two claims with five entries each."""
    for n in range(5):
        for subject in ("claim/A", "claim/B"):
            with transaction.atomic():
                journal.record(subject, "test.told", by="staff/wang", clause="6.1-d", fen=n)


def tamper(line: str, *told: object) -> None:
    """Change rows as the owner of the tables can: with the guards switched off."""
    with transaction.atomic(), connection.cursor() as cursor:
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(line, list(told))
        for table in GUARDED:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def faults(anchors: Path) -> list[str]:
    return [str(fault) for fault in audit.verify(anchors=anchors)]


def forge(entry: Entry, *, before: str) -> str:
    """Write an entry anew so that it proves itself; its hash."""
    line = journal.canonical(before, entry)
    digest = sha256(line.encode()).hexdigest()
    tamper("UPDATE kit_entry SET facts = %s::jsonb, line = %s, hash = %s WHERE id = %s",
           json.dumps(entry.facts), line, digest, entry.pk)  # fmt: skip
    return digest


def at(number: int, subject: str = "claim/A") -> Entry:
    return Entry.objects.get(subject=subject, number=number)


def rewrite_from(number: int) -> None:
    """Change one entry and make everything after it fit, the head included."""
    before = at(number - 1).hash if number > 1 else ""
    for entry in journal.history("claim/A")[number - 1 :]:
        if entry.number == number:
            entry.facts = {"fen": 999}
        before = forge(entry, before=before)
    tamper("UPDATE kit_chain SET head = %s WHERE subject = 'claim/A'", before)


def test_an_honest_journal_is_clean(chains, anchors):
    assert faults(anchors) == []
    audit.anchor(anchors=anchors)
    assert faults(anchors) == []
    assert audit.faults_of("claim/A") == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'staff/li'", "actor = ' '", "verb = 'test.other'", "clause = 'K2'",
        "facts = '{\"fen\": 7}'",
        "occurred_at = occurred_at - interval '1 day'",
        "recorded_at = recorded_at + interval '1 second'",
        "line = replace(line, 'wang', 'zhao')", "hash = repeat('a', 64)",
    ],
)  # fmt: skip
def test_a_changed_field_is_named_with_its_subject_and_number(chains, anchors, change):
    tamper(f"UPDATE kit_entry SET {change} WHERE subject = 'claim/A' AND number = 3")
    assert "claim/A #3: changed" in faults(anchors)
    assert all("claim/A #3" in one for one in faults(anchors))
    assert [str(f) for f in audit.faults_of("claim/B")] == []


NOT_HASHED = {"id", "transaction"}
"""What an entry is stored under and where listeners stand; no part of what happened."""
MOVED = {"subject", "number"}
"""Changed, they move an entry to another place: its own place is empty, and the new one wrong."""


def other_value(column: str, was: object) -> object:
    """Another value for a column of an entry, of its own type."""
    if column == "facts":
        return json.dumps({"fen": 999})
    if isinstance(was, datetime):
        return was + timedelta(microseconds=1)
    return was + 1_000 if isinstance(was, int) else f"{was}x"[-64:]


@pytest.mark.parametrize("column", [f.column for f in Entry._meta.concrete_fields])
def test_whichever_column_of_an_entry_is_changed_the_entry_is_named(chains, anchors, column):
    entry = at(3)
    tamper(f"UPDATE kit_entry SET {column} = %s WHERE id = %s",
           other_value(column, getattr(entry, column)), entry.pk)  # fmt: skip
    if column in NOT_HASHED:
        assert faults(anchors) == []
    elif column in MOVED:
        assert "claim/A #3: missing" in faults(anchors)
    else:
        assert "claim/A #3: changed" in faults(anchors)
        assert all("claim/A #3" in one for one in faults(anchors))


@pytest.mark.parametrize("actor", ["", "staff/nobody"])
def test_an_entry_under_a_name_that_acted_never_is_refused_or_found(chains, anchors, actor):
    entry = at(3)
    line = "UPDATE kit_entry SET actor = %s WHERE id = %s"
    if not actor:
        with pytest.raises(IntegrityError):
            tamper(line, actor, entry.pk)
        return
    tamper(line, actor, entry.pk)
    assert faults(anchors) == ["claim/A #3: changed"]


def test_an_anchor_that_was_forged_with_its_root_is_found(chains, anchors):
    """The heads of an anchor are written anew so that the file proves itself."""
    first = audit.anchor(anchors=anchors)
    *heads, _root = [json.loads(line) for line in first.read_text().splitlines()]
    forged = [[s, n, "0" * 64] if s == "claim/B" else [s, n, head] for s, n, head in heads]
    lines = [json.dumps(one, ensure_ascii=False) for one in forged]
    root = sha256("".join(f"{line}\n" for line in lines).encode()).hexdigest()
    tail = json.dumps({"root": root, "algorithm": journal.ALGORITHM})
    first.write_text("".join(f"{line}\n" for line in [*lines, tail]))
    assert f"anchor/{first.name} #1: changed" in faults(anchors)
    assert "claim/B #5: not as anchored" in faults(anchors)


def test_a_changed_entry_whose_hash_was_forged_is_found(chains, anchors):
    entry = at(3)
    entry.facts = {"fen": 999}
    forge(entry, before=at(2).hash)
    assert faults(anchors) == ["claim/A #3: changed"]


def test_a_forged_last_entry_does_not_fit_its_head(chains, anchors):
    entry = at(5)
    entry.facts = {"fen": 999}
    forge(entry, before=at(4).hash)
    assert faults(anchors) == ["claim/A #5: not as its head says"]


def test_a_missing_entry_in_the_middle_is_found(chains, anchors):
    tamper("DELETE FROM kit_entry WHERE subject = 'claim/A' AND number IN (2, 3)")
    assert faults(anchors) == ["claim/A #2: missing", "claim/A #3: missing"]


def test_a_missing_tail_is_found(chains, anchors):
    tamper("DELETE FROM kit_entry WHERE subject = 'claim/A' AND number >= 4")
    assert faults(anchors) == ["claim/A #4: missing", "claim/A #5: missing"]


def test_a_missing_chain_is_found(chains, anchors):
    tamper("DELETE FROM kit_entry WHERE subject = 'claim/A'")
    assert faults(anchors) == ["claim/A #5: missing"]
    assert [str(f) for f in audit.faults_of("claim/A")] == ["claim/A #5: missing"]


def test_a_tail_cut_off_with_its_head_is_found_by_the_anchor(chains, anchors):
    audit.anchor(anchors=anchors)
    tamper("DELETE FROM kit_entry WHERE subject = 'claim/A' AND number = 5")
    tamper("UPDATE kit_chain SET number = 4, head = %s WHERE subject = 'claim/A'", at(4).hash)
    assert faults(anchors) == ["claim/A #5: not as anchored"]


def test_entries_that_changed_places_are_found(chains, anchors):
    tamper("UPDATE kit_entry SET number = 99 WHERE subject = 'claim/A' AND number = 2")
    tamper("UPDATE kit_entry SET number = 2 WHERE subject = 'claim/A' AND number = 3")
    tamper("UPDATE kit_entry SET number = 3 WHERE subject = 'claim/A' AND number = 99")
    found = faults(anchors)
    assert {"claim/A #2: re-ordered", "claim/A #3: re-ordered"} <= set(found)
    assert all(one.startswith("claim/A #") for one in found)


def test_an_entry_moved_to_another_claim_is_found_in_both(chains, anchors):
    tamper("UPDATE kit_entry SET subject = 'claim/B', number = 6 "
           "WHERE subject = 'claim/A' AND number = 5")  # fmt: skip
    found = faults(anchors)
    assert "claim/A #5: missing" in found
    assert "claim/B #6: re-ordered" in found


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("head = repeat('b', 64)", "claim/A #5: not as its head says"),
        ("number = 3", "claim/A #5: not in its head"),
        ("number = 7", "claim/A #6: missing"),
    ],
)
def test_a_changed_head_is_found(chains, anchors, change, fault):
    tamper(f"UPDATE kit_chain SET {change} WHERE subject = 'claim/A'")
    assert fault in faults(anchors)


def test_a_missing_head_is_found(chains, anchors):
    tamper("DELETE FROM kit_chain WHERE subject = 'claim/A'")
    assert faults(anchors) == ["claim/A #5: not in its head"]


def test_a_whole_chain_rewritten_is_found_by_an_anchor_made_before(chains, anchors):
    """Without an anchor it cannot be found: that is what anchors are for."""
    rewrite_from(2)
    assert faults(anchors) == []


def test_a_chain_rewritten_after_an_anchor_is_found(chains, anchors):
    audit.anchor(anchors=anchors)
    rewrite_from(2)
    assert faults(anchors) == ["claim/A #5: not as anchored"]


def test_a_chain_that_grew_since_its_anchor_is_honest(chains, anchors):
    audit.anchor(anchors=anchors)
    with transaction.atomic():
        journal.record("claim/A", "test.told", by="staff/wang", clause="6.1-d")
    audit.anchor(anchors=anchors)
    assert faults(anchors) == []
    assert [len(one.digest) for one in audit.anchors_made(anchors)] == [64, 64]


@pytest.mark.parametrize(
    ("harm", "kind"),
    [
        (lambda path: path.write_text(path.read_text().replace("claim/B", "claim/C")), "changed"),
        (lambda path: path.unlink(), "missing"),
    ],
)
def test_an_anchor_that_was_changed_or_taken_away_is_found(
    chains, anchors, harm: Callable[[Path], object], kind: str
):
    first = audit.anchor(anchors=anchors)
    audit.anchor(anchors=anchors)
    harm(first)
    assert f"anchor/{first.name} #1: {kind}" in faults(anchors)


def test_an_anchor_names_the_one_before_it_and_its_digest(chains, anchors):
    first = audit.anchor(anchors=anchors)
    second = audit.anchor(anchors=anchors)
    told = json.loads(second.read_text().splitlines()[0])
    assert told == {"before": first.name, "digest": sha256(first.read_bytes()).hexdigest()}


def test_a_full_verification_is_written_down(chains, anchors):
    assert audit.prove(anchors=anchors, by="system/audit") == []
    tamper("UPDATE kit_entry SET actor = 'staff/li' WHERE subject = 'claim/A' AND number = 3")
    assert len(audit.prove(anchors=anchors, by="system/audit")) == 1
    told = [e.facts["faults"] for e in journal.history(audit.SUBJECT)]
    assert told == [0, 1]


def test_the_command_prints_each_fault_and_ends_with_one(chains, settings, capsys):
    call_command("audit", "anchor")
    call_command("audit", "verify")
    assert "audit: clean" in capsys.readouterr().out
    tamper("UPDATE kit_entry SET actor = 'staff/li' WHERE subject = 'claim/B' AND number = 2")
    with pytest.raises(SystemExit) as ended:
        call_command("audit", "verify")
    said = capsys.readouterr().out
    assert ended.value.code == 1
    assert "claim/B #2: changed" in said
    assert "audit: 1 faults" in said


def test_work_goes_on_while_the_audit_looks(chains, anchors):
    """Heads and entries are read as of one instant; what comes meanwhile is no fault."""
    seen = audit._by_subject

    def slowly():
        for n, pair in enumerate(seen()):
            if not n:

                def write() -> None:
                    with transaction.atomic():
                        journal.record("claim/B", "test.told", by="staff/li", clause="6.1-d")
                    connection.close()

                other = Thread(target=write)
                other.start()
                other.join()
            yield pair

    audit._by_subject = slowly
    try:
        assert faults(anchors) == []
    finally:
        audit._by_subject = seen
    assert Chain.objects.get(subject="claim/B").number == 6
