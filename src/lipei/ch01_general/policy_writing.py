"""A chunk of a policy file written: new policies by COPY, known ones changed from a day on.

The whole chunk stands in the transaction of its command, behind the lock of its import.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from json import dumps
from typing import Any

from django.db import connection
from psycopg import sql

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.endorsing import COVER, Told, take_in
from lipei.ch01_general.models import Branch, Party, Policy
from lipei.ch01_general.policy_rows import Person, Record
from lipei.kit import clock, sealed
from lipei.kit.once import body_digest
from lipei.kit.refusal import Refused
from lipei.kit.tables import Fault, fault_of

Columns = Sequence[str]
_PARTY = ("id", "kind", "name", "phone", "id_type", "id_sealed", "id_digest", "id_tail")
_POLICY = (
    "id", "number", "line", "branch_id", "holder_id", "insured_id", "plate", "vin", "vehicle",
    "drivers", "region", "starts_at", "ends_at", "premium_paid", "versions", "recorded_at",
    "told_digest",
)  # fmt: skip
_COVER = ("policy_id", "product", "edition", "terms", "starts_at", "ends_at")


@dataclass
class Written:
    """What a chunk did: how many policies were new, changed, the same, and what was refused."""

    added: int = 0
    changed: list[int] = field(default_factory=list)
    same: int = 0
    faults: list[Fault] = field(default_factory=list)
    refused: int = 0


@dataclass(frozen=True)
class Way:
    """How a chunk is written: in which import, by whom, from when a change holds that names no
    day, whether it is only tried, and which policies the file told before."""

    run: int | None
    acting: Actor
    as_of: datetime
    trial: bool
    seen: set[str] = field(default_factory=set)


def write(records: list[Record], *, way: Way, columns: Mapping[str, str]) -> Written:
    """Write the policies of a chunk, or only say what would come of it.

    `columns` says for each field in which column it stands, for the faults.
    """
    done = Written()
    known = _known([record.number for record in records])
    branches = _branches(way.acting)
    fresh: list[tuple[Record, int, str]] = []
    for record in records:
        held, digest = known.get(record.number), digest_of(record)
        try:
            branch = _branch(record, held, branches)
            if record.number in way.seen:
                raise Refused("policy_rows_apart", field="number")
            way.seen.add(record.number)
            if held is None:
                fresh.append((record, branch, digest))
            else:
                kept = record if not way.run else _told_only(record, columns)
                _again(kept, held, branch=branch, digest=digest, way=way, done=done)
        except Refused as no:
            done.refused += 1
            column = columns.get(str(no.params.get("field", "")), "")
            done.faults.append(fault_of(record.rows[0], column, no))
    done.added = len(fresh)
    if not way.trial:
        _copy(fresh)
    return done


def digest_of(record: Record) -> str:
    """By which two tellings of a policy are held to be the same; keyed where it is a person."""
    body: dict[str, object] = {
        "line": record.line, "branch": record.branch, **record.values, "covers": record.covers,
        "endorsement": record.endorsement, "effective": str(record.effective_at or ""),
    }  # fmt: skip
    for who in ("insured", "holder"):
        one: Person = getattr(record, who)
        body[who] = sealed.digest(f"{one.name}|{one.id_number}|{one.phone}")
    return body_digest(body)


# The parts


def _known(numbers: list[str]) -> dict[str, Policy]:
    found = Policy.objects.select_for_update().filter(number__in=numbers).order_by("pk")
    return {policy.number: policy for policy in found}


def _branches(acting: Actor) -> dict[str, int]:
    """The branches into which this actor may bring policies, by code and by name."""
    rows = Branch.objects.order_by("path").values_list("pk", "code", "name", "path")
    mine = [row for row in rows if acting.may("policies.import", row[3])]
    return {**{name: pk for pk, _, name, _ in mine}, **{code: pk for pk, code, _, _ in mine}}


def _branch(record: Record, held: Policy | None, branches: dict[str, int]) -> int:
    found = branches.get(record.branch)
    if found is None or (held is not None and held.branch_id not in branches.values()):
        raise Refused("branch_unknown", field="branch")
    if held is not None and held.line != record.line:
        raise Refused("policy_of_another_line", field="line")
    return found


def _again(
    record: Record, held: Policy, *, branch: int, digest: str, way: Way, done: Written
) -> None:  # fmt: skip
    """A policy that is known: nothing where the same is told, else a new version from its day."""
    if held.told_digest == digest:
        done.same += 1
        return
    if way.trial:
        done.changed.append(held.pk)
        return
    values: dict[str, object] = {
        **record.values, "branch_id": branch, **_people_again(record, held),
        **{f"{COVER}{product}": cover for product, cover in record.covers.items()},
    }  # fmt: skip
    gone = held.covers.exclude(product__in=record.covers).values_list("product", flat=True)
    values |= {f"{COVER}{product}": None for product in gone}
    source = f"import/{way.run}" if way.run else "core"
    told = Told("endorsed", values, record.effective_at or way.as_of, record.endorsement, source)
    if take_in(held, told=told, by=way.acting.reference):
        done.changed.append(held.pk)
    else:
        done.same += 1
    Policy.objects.filter(pk=held.pk).update(told_digest=digest)


def _told_only(record: Record, columns: Mapping[str, str]) -> Record:
    """A record with the fields of which the file has a column: the others stay as they stand."""
    values = {name: value for name, value in record.values.items() if name in columns}
    return replace(record, values=values)


def _people_again(record: Record, held: Policy) -> dict[str, object]:
    """Insured and holder of a policy that is known; somebody of the same name without a number
    is whoever stood there, not a new person."""
    told = {"insured_id": (record.insured, held.insured), "holder_id": (record.holder, held.holder)}
    new = [one for one, then in told.values() if one.id_number or one.name != then.name]
    people = people_ids(new) if new else {}
    return {name: people.get(one, then.pk) for name, (one, then) in told.items()}


def _copy(fresh: list[tuple[Record, int, str]]) -> None:
    """New policies, their people and covers, in three streams."""
    if not fresh:
        return
    people = people_ids([p for record, _, _ in fresh for p in (record.insured, record.holder)])
    ids = _ids("general_policy", len(fresh))
    at = clock.now()
    policies: list[tuple[Any, ...]] = []
    covers: list[tuple[Any, ...]] = []
    for pk, (record, branch, digest) in zip(ids, fresh, strict=True):
        v = record.values
        policies.append((
            pk, record.number, record.line, branch, people[record.holder],
            people[record.insured], v["plate"], v["vin"], dumps(v["vehicle"]),
            dumps(v["drivers"]), v["region"], v["starts_at"], v["ends_at"], v["premium_paid"],
            1, at, digest,
        ))  # fmt: skip
        covers.extend(
            (pk, product, c["edition"], dumps(c["terms"]), c["starts_at"], c["ends_at"])
            for product, c in record.covers.items()
        )
    _stream("general_policy", _POLICY, policies)
    _stream("general_cover", _COVER, covers)


def people_ids(told: list[Person]) -> dict[Person, int]:
    """The rows of people: those that are known by name and number, else new ones."""
    digests = {one: sealed.digest(one.id_number) for one in told if one.id_number}
    rows = Party.objects.filter(id_digest__in=set(digests.values())).order_by("-pk")
    by_identity = {(d, name): pk for pk, d, name in rows.values_list("pk", "id_digest", "name")}
    found: dict[Person, int] = {}
    fresh: dict[Person, str] = {}
    for one in dict.fromkeys(told):
        digest = digests.get(one, "")
        known = by_identity.get((digest, one.name)) if digest else None
        if known is not None:
            found[one] = known
        else:
            fresh[one] = digest
    alike = {(one.name, digest): one for one, digest in fresh.items() if digest}
    written = [one for one, digest in fresh.items() if not digest or alike[one.name, digest] is one]
    for pk, one in zip(_ids("general_party", len(written)), written, strict=True):
        found[one] = pk
    for one, digest in fresh.items():
        found.setdefault(one, found[alike[one.name, digest]] if digest else 0)
    _stream("general_party", _PARTY, [
        (found[one], one.kind, one.name, one.phone, one.id_type, sealed.seal(one.id_number),
         fresh[one], one.id_number[-4:])
        for one in written
    ])  # fmt: skip
    return found


def _ids(table: str, number: int) -> list[int]:
    """Numbers for new rows, taken from the table's own sequence."""
    if not number:
        return []
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [table, number],
        )
        return [row[0] for row in cursor.fetchall()]


def _stream(table: str, columns: Columns, rows: list[tuple[Any, ...]]) -> None:
    if not rows:
        return
    into = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, columns))
    )
    with connection.cursor() as cursor, cursor.copy(into) as stream:
        for row in rows:
            stream.write_row(row)
