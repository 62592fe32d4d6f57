"""Policies brought in from a file: taken, its columns named, tried, then imported in chunks.

What a chunk wrote and how far the file came are written together, so that whoever goes on
after a crash doubles nothing and leaves nothing out.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from procrastinate.contrib.django import app

from lipei.ch01_general import events
from lipei.ch01_general.actors import actor
from lipei.ch01_general.models import ImportFault, ImportMapping, PolicyImport
from lipei.ch01_general.policy_rows import FIELDS, NEEDED, Record, records
from lipei.ch01_general.policy_writing import Way, write
from lipei.kit import clock, jobs
from lipei.kit.checks import plain_text
from lipei.kit.files.keeping import Readable
from lipei.kit.journal import record
from lipei.kit.once import body_digest
from lipei.kit.refusal import Refused
from lipei.kit.tables import (
    Fault,
    Limits,
    Row,
    Table,
    erase_table,
    fetched,
    guessed,
    keep_table,
    open_table,
)

DUTY = "policies.import"
CHUNK = 2_000
MOST_FAULTS = 10_000
PREVIEW = 8
KEPT = timedelta(days=30)
PERSON = "staff/"
JOB = "lipei.import_policies"
Seen = Callable[[int, int], None]
State = PolicyImport.State
Group = tuple[list[Row], Record | None, list[Fault]]

# Commands


def begin_import(stream: Readable, *, by: str) -> PolicyImport:
    """Take a file of policies in; its columns are guessed from their heads.

    Refuses what is no table that can be read. The same file again, while it is not done, is
    the same import.
    """
    _ask(by)
    digest, _height = keep_table(stream)
    with fetched(digest) as path:
        table = open_table(path)
    with transaction.atomic():
        going = PolicyImport.objects.filter(sha256=digest, begun_by=by)
        found = going.exclude(state__in=[State.DONE, State.DISCARDED]).first()
        if found is not None:
            return found
        made = PolicyImport.objects.create(
            sha256=digest, kind=table.kind, columns=list(table.columns), height=table.height,
            head_row=table.head_row, mapping=guessed(table.columns, known=FIELDS), begun_by=by,
        )  # fmt: skip
        record(made.subject, events.IMPORT_BEGUN, by=by, clause="2.3-e", sha256=digest,
               rows=made.height, columns=len(made.columns))  # fmt: skip
    return made


def start_import(
    number: int, *, mapping: Mapping[str, str], trial: bool, by: str,
    as_of: datetime | None = None,
) -> PolicyImport:  # fmt: skip
    """Let a file be read: only tried, or brought in. A job does it for a person; at the console
    whoever calls brings it forward.

    `as_of`: from when a change holds of which the file tells no day. Refuses a column that the
    file does not have or that tells two fields, and a field without its column.
    """
    _ask(by)
    with transaction.atomic():
        run = _locked(number, State.MAPPING, State.TRIED, State.TRYING, by=by)
        run.mapping = _checked(mapping, run.columns)
        run.as_of = as_of or run.as_of
        run.state = State.TRYING if trial else State.IMPORTING
        run.row_done = run.read = run.added = run.changed = run.same = run.refused = 0
        run.save()
        run.faults.all().delete()
        record(run.subject, events.IMPORT_STARTED, by=by, clause="2.3-e", sha256=run.sha256,
               trial=trial, mapping=body_digest({**run.mapping}), rows=run.height)  # fmt: skip
        if by.startswith(PERSON):
            jobs.queue(JOB, lock=run.subject, number=run.pk, by=by)
    return run


def import_chunk(
    number: int, *, groups: list[Group], after: int, seen: set[str], mapping: Mapping[str, str],
    by: str,
) -> bool:  # fmt: skip
    """Bring the next policies of a file in, all of them or none; False if another did, if the
    import was stopped, or if its columns are told otherwise than when these were read."""
    with transaction.atomic():
        run = PolicyImport.objects.select_for_update().get(pk=number)
        if not run.runs or run.row_done != after or run.mapping != mapping:
            return False
        way = Way(run.pk, actor(run.begun_by), run.as_of, run.state == State.TRYING, seen)
        good = [found for _, found, _ in groups if found is not None]
        done = write(good, way=way, columns=run.mapping)
        refused = done.refused + len(groups) - len(good)
        run.row_done = groups[-1][0][-1].number
        run.read += len(groups)
        run.added += done.added
        run.changed += len(done.changed)
        run.same += done.same
        run.refused += refused
        run.save()
        _keep_faults(run, [f for _, _, faults in groups for f in faults] + done.faults)
        record(run.subject, events.IMPORT_CHUNK, by=by, clause="2.3-e", sha256=run.sha256,
               trial=way.trial, rows=[after, run.row_done], added=done.added,
               same=done.same, refused=refused,
               changed=[f"policy/{pk}" for pk in done.changed])  # fmt: skip
    return True


def end_import(number: int, *, by: str) -> PolicyImport:
    """The file is read to its end."""
    with transaction.atomic():
        run = PolicyImport.objects.select_for_update().get(pk=number)
        if not run.runs:
            return run
        trial = run.state == State.TRYING
        run.state = State.TRIED if trial else State.DONE
        run.ended_at = clock.now()
        run.save()
        record(run.subject, events.IMPORT_ENDED, by=by, clause="2.3-e", sha256=run.sha256,
               trial=trial, policies=run.read, added=run.added, changed=run.changed,
               same=run.same, refused=run.refused)  # fmt: skip
    return run


def discard_import(number: int, *, by: str) -> None:
    """Stop an import where it stands; what it brought in stays, the file is forgotten later."""
    _ask(by)
    with transaction.atomic():
        run = _locked(number, State.MAPPING, State.TRYING, State.TRIED, State.IMPORTING, by=by)
        run.state, run.ended_at = State.DISCARDED, clock.now()
        run.save()
        record(run.subject, events.IMPORT_DISCARDED, by=by, clause="2.3-e",
               rows=run.row_done)  # fmt: skip


def keep_mapping(name: str, *, mapping: Mapping[str, str], by: str) -> ImportMapping:
    """Keep which column tells which field under a name, for the next file of the same make."""
    _ask(by)
    title = plain_text(name, field="name", limit=40, lines=False, empty=False)
    known = {field: column for field, column in mapping.items() if field in FIELDS and column}
    with transaction.atomic():
        made, _ = ImportMapping.objects.update_or_create(
            name=title, defaults={"mapping": known, "kept_by": by, "kept_at": clock.now()}
        )
        record(f"mapping/{made.pk}", events.MAPPING_KEPT, by=by, clause="2.3-e",
               mapping=body_digest({**known}))  # fmt: skip
    return made


# Queries


def imports_seen(by: str) -> QuerySet[PolicyImport]:
    """The imports that somebody may see and move: their own; at the head office, all of them."""
    acting = actor(by)
    if acting.is_system or acting.may_everywhere(DUTY):
        return PolicyImport.objects.all()
    return PolicyImport.objects.filter(begun_by=by)


def import_of(number: int, *, by: str) -> PolicyImport:
    """An import by its number; refuses one that is not there, and one that is not theirs."""
    found = imports_seen(by).filter(pk=number).first()
    if found is None:
        raise Refused("import_not_found")
    return found


def preview(run: PolicyImport, mapping: Mapping[str, str]) -> list[Group]:
    """The first policies of a file as they will be read; none where the file is forgotten."""
    try:
        with fetched(run.sha256) as path:
            return list(islice(records(_table(run, path).rows(), mapping), PREVIEW))
    except FileNotFoundError:
        return []


def refused_rows(run: PolicyImport) -> Iterator[tuple[Row, list[ImportFault]]]:
    """The rows of a file that were refused, each with everything that is wrong with it."""
    faults: dict[int, list[ImportFault]] = {}
    for one in run.faults.order_by("row", "pk"):
        faults.setdefault(one.row, []).append(one)
    with fetched(run.sha256) as path:
        for row in _table(run, path).rows():
            if row.number in faults:
                yield row, faults[row.number]


# Jobs


@app.task(name=JOB, queue=jobs.OUTSIDE, retry=jobs.STUBBORN, pass_context=False)
def import_policies(number: int, by: str) -> None:
    """Bring a file in to its end; where a worker died, another goes on after its last chunk."""
    run_import(number, by=by)


@app.periodic(cron="20 3 * * *")
@app.task(name="lipei.forget_imported_files", queueing_lock="forget_imported_files")
def forget_imported_files(timestamp: int = 0) -> int:
    """Erase files of policies thirty days after they ended; one that still runs keeps its file."""
    old = PolicyImport.objects.filter(ended_at__lt=clock.now() - KEPT, erased_at=None)
    for run in old:
        if not PolicyImport.objects.filter(sha256=run.sha256, ended_at=None).exists():
            erase_table(run.sha256)
            PolicyImport.objects.filter(pk=run.pk).update(erased_at=clock.now())
    return len(old)


def run_import(number: int, *, by: str, seen: Seen | None = None) -> PolicyImport:
    """Read a file on from where it stands to its end, chunk by chunk."""
    run = PolicyImport.objects.get(pk=number)
    while run.runs:
        with fetched(run.sha256) as path:
            if _brought_forward(run, path, by=by, seen=seen):
                return end_import(number, by=by)
        run.refresh_from_db()
    return run


# The parts


def _brought_forward(run: PolicyImport, path: Path, *, by: str, seen: Seen | None) -> bool:
    """Whether the file was read to its end; False where somebody else moved it meanwhile."""
    after, table = run.row_done, _table(run, path)
    column = run.mapping["number"]
    numbers = {row.cells[column].strip().upper()
               for row in takewhile(lambda row: row.number <= after, table.rows())}  # fmt: skip
    rows = records(table.rows(after=after), run.mapping)
    while groups := list(islice(rows, CHUNK)):
        try:
            went = import_chunk(
                run.pk, groups=groups, after=after, seen=numbers, mapping=run.mapping, by=by
            )
        except IntegrityError:
            return False
        if not went:
            return False
        after = groups[-1][0][-1].number
        if seen:
            seen(after, max(run.height + run.head_row, after + 1))
    if seen:
        seen(1, 1)
    return True


def _table(run: PolicyImport, path: Path) -> Table:
    """The table of an import without looking through the whole file again."""
    return Table(path, run.kind, tuple(run.columns), run.height, run.head_row, Limits())  # type: ignore[arg-type]  # the kind was read from a table


def _ask(by: str) -> None:
    if not actor(by).may(DUTY):
        raise Refused("duty_missing", duty=DUTY)


def _locked(number: int, *states: str, by: str) -> PolicyImport:
    run = imports_seen(by).select_for_update().filter(pk=number).first()
    if run is None:
        raise Refused("import_not_found")
    if run.state not in states:
        raise Refused("import_ended")
    return run


def _checked(mapping: Mapping[str, str], columns: list[str]) -> dict[str, str]:
    told = {field: column for field, column in mapping.items() if column}
    for field, column in told.items():
        if field not in FIELDS or column not in columns:
            raise Refused("choice_unknown", field=field)
        if list(told.values()).count(column) > 1:
            raise Refused("column_told_twice", field=field)
    for field in NEEDED:
        if field not in told:
            raise Refused("column_missing", field=field)
    return told


def _keep_faults(run: PolicyImport, faults: list[Fault]) -> None:
    """The faults for the list and the file of refused rows, up to a number that a person reads."""
    room = MOST_FAULTS - run.faults.count() if faults else 0
    ImportFault.objects.bulk_create(
        ImportFault(of=run, row=f.row, column=f.column, slug=f.slug, params=dict(f.params))
        for f in faults[: max(room, 0)]
    )
