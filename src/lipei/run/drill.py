"""`lipei drill`: restore the newest backup into a scratch place and hold it against what runs."""

import argparse
import shutil
import tempfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import psycopg

from lipei.run import postgres
from lipei.run.backup import backups_of
from lipei.run.database import database_of, ensure_tables
from lipei.run.home import DEFAULT, open_home
from lipei.run.restore import Restored, instant, reach, restore, told, verified
from lipei.run.steps import say, step
from lipei.run.trouble import Trouble

BATCH = 5000
MOST_NAMED = 10


@dataclass(frozen=True)
class Compared:
    """What the restored journal has and lacks beside the one that runs."""

    subjects: int
    differing: list[str]
    lost: int
    late: timedelta


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which home runs, where its backups are, up to when."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home that runs")
    parser.add_argument("--from", dest="source", type=Path, help="the folder of backups")
    parser.add_argument("--until", default="", help="2026-11-28 14:03:00; else to the last entry")


def run(options: argparse.Namespace) -> int:
    """Drill; 1 when the journal has a fault or a chain differs from the one that runs."""
    home = open_home(options.data)
    source = backups_of(home, told=options.source)
    if not source.is_dir():
        raise Trouble(f"There are no backups in {source}.", way_out="Make one: ./lipei backup.")
    until = instant(options.until) if options.until else None
    scratch = Path(tempfile.mkdtemp(prefix="lipei-drill-"))
    scratch.chmod(0o755)
    server = None
    try:
        restored = restore(source, scratch / "home", until=until)
        server = postgres.server_in(restored.home)
        code = verified(restored)
        with database_of(home) as database, step("beside what runs"):
            ensure_tables(database, home=home)
            compared = compare(server.url(postgres.OWNER), database.owner_url)
    finally:
        if server is not None:
            postgres.stop(server)
            shutil.rmtree(server.place, ignore_errors=True)
        shutil.rmtree(scratch, ignore_errors=True)
    _say(restored, compared)
    return 1 if code or compared.differing else 0


def compare(restored_url: str, running_url: str) -> Compared:
    """Each chain of the restored journal must be the beginning of the one that runs."""
    differing: list[str] = []
    subjects = 0
    with psycopg.connect(restored_url) as there, psycopg.connect(running_url) as here:
        heads = there.cursor(name="heads")
        heads.execute("SELECT subject, number, head FROM kit_chain WHERE number > 0")
        while rows := heads.fetchmany(BATCH):
            subjects += len(rows)
            told = [list(column) for column in zip(*rows, strict=True)]
            found = here.execute(
                "SELECT t.subject FROM unnest(%s::text[], %s::int[], %s::text[])"
                " AS t(subject, n, head)"
                " LEFT JOIN kit_entry e ON e.subject = t.subject AND e.number = t.n"
                " WHERE e.hash IS DISTINCT FROM t.head", told,
            )  # fmt: skip
            differing += [row[0] for row in found]
    (had, last), (has, latest) = reach(restored_url), reach(running_url)
    late = latest - last if last and latest else timedelta()
    return Compared(subjects, differing, has - had, late)


def _say(restored: Restored, compared: Compared) -> None:
    say(f"from {restored.backup.name} in {restored.seconds:.0f} s: {told(restored)}")
    if compared.differing:
        named = ", ".join(compared.differing[:MOST_NAMED])
        say(f"{len(compared.differing):,} chains differ from those that run: {named}")
    else:
        say(f"{compared.subjects:,} chains, each the beginning of the one that runs")
    seconds = compared.late.total_seconds()
    say(f"lost: {compared.lost:,} entries, {seconds:,.0f} s before the newest that runs")
