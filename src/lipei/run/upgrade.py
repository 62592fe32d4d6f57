"""`lipei upgrade`: from the tables of an older version to those of this one, while that one serves.

A backup first; then the migrations, each whole or not at all, while web and worker of the older
version go on; then a look whether everything that was there is there once; then the restart.
What would take something away under the feet of the older version is not done beside it.
"""

import argparse
import os
import re
import shlex
import signal
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from lipei.run import running
from lipei.run.backup import back_up, backups_of
from lipei.run.database import Database, database_of, ensure_tables, surroundings
from lipei.run.environment import managed
from lipei.run.home import DEFAULT, Home, only_one, open_home
from lipei.run.migrate import migrate
from lipei.run.steps import say, step
from lipei.run.trouble import Trouble

TAKES_AWAY = re.compile(r"^ +(Remove field|Delete model|Rename field|Rename model|Rename table)")
WAITS = "canceling statement due to lock timeout"
LOCK_TIMEOUT = "-c lock_timeout=4s"
TRIES, PAUSE_S = 5, 3.0
COUNTED = {
    "claims": ("general_claim", "id"),
    "time limits": ("general_clock", "id"),
    "entries": ("kit_entry", "id"),
    "jobs": ("procrastinate_jobs", "id"),
}
NEVER_FEWER = ("claims", "time limits", "entries")


@dataclass(frozen=True)
class Stood:
    """What was in the database at a moment: by kind, the highest number and how many up to it."""

    counts: dict[str, tuple[int, int]]


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which home, where the backup goes, and how the restart is done."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")
    parser.add_argument("--to", type=Path, help="the folder of backups; beside the data")
    parser.add_argument("--no-backup", action="store_true", help="there is a fresh one already")
    parser.add_argument(
        "--stopped", action="store_true", help="web and worker of the older version are stopped"
    )
    parser.add_argument("--then", default="", help="the command that restarts web and worker")


def run(options: argparse.Namespace) -> int:
    """Upgrade, and say what was done; nothing is done where nothing is new."""
    home = open_home(options.data)
    with only_one(home.path / "upgrade.lock", wait=False) as free:
        if not free:
            raise Trouble("An upgrade runs already.", way_out="Wait until it has ended.")
        with database_of(home) as database:
            ensure_tables(database, home=home)
            new = _steps_wanted(home, database)
            if not new:
                say("The tables are those of this version; nothing was changed.")
                return 0
            ensure_additive(new, stopped=options.stopped)
            backup = None
            if not options.no_backup:
                backup = back_up(home, database, backups_of(home, told=options.to))
            _bring_forward(home, database, steps=len(new), backup=backup)
            _restart(home, then=options.then)
    return 0


def stood(database: Database) -> Stood:
    """What the database holds now."""
    counts = {}
    with psycopg.connect(database.owner_url) as connection:
        for kind, (table, key) in COUNTED.items():
            line = f"SELECT coalesce(max({key}), 0), count(*) FROM {table}"  # noqa: S608  ours
            row = connection.execute(line).fetchone()
            assert row is not None
            counts[kind] = (int(row[0]), int(row[1]))
    return Stood(counts)


def lost_since(before: Stood, database: Database) -> list[str]:
    """Of what stood there before, what is not there any more."""
    lost = []
    with psycopg.connect(database.owner_url) as connection:
        for kind in NEVER_FEWER:
            table, key = COUNTED[kind]
            highest, count = before.counts[kind]
            line = f"SELECT count(*) FROM {table} WHERE {key} <= %s"  # noqa: S608  ours
            row = connection.execute(line, [highest]).fetchone()
            assert row is not None
            if row[0] != count:
                lost.append(f"{kind}: {count:,} before, {row[0]:,} now")
    return lost


def _steps_wanted(home: Home, database: Database) -> list[str]:
    """The lines of Django's plan, one for each thing that is changed."""
    environment = surroundings(database, home=home, url=database.owner_url)
    plan = managed("migrate", "--plan", environment=environment, logs=home.logs).splitlines()
    return [line for line in plan if line.startswith("    ")]


def ensure_additive(steps: list[str], *, stopped: bool) -> None:
    """Refuse to take away, beside the older version, what it still uses."""
    takes = [line.strip() for line in steps if TAKES_AWAY.match(line)]
    if takes and not stopped:
        raise Trouble(
            f"This version takes something away that the older one still uses: {takes[0]}.",
            way_out="Stop web and worker of the older version, and say --stopped.",
        )


def _bring_forward(home: Home, database: Database, *, steps: int, backup: Path | None) -> None:
    """The migrations, then the look whether everything is there."""
    before = stood(database)
    with step("tables") as shown:
        try:
            _migrate_beside(home, database)
        except Trouble as trouble:
            raise _failed(trouble, backup=backup) from trouble
        shown.note = f"{steps:,} changes"
    with step("everything is there") as shown:
        lost = lost_since(before, database)
        shown.note = ", ".join(
            f"{count:,} {kind}" for kind, (_highest, count) in before.counts.items()
        )
    if lost:
        raise _failed(Trouble(f"Something is missing: {'; '.join(lost)}.", way_out=""),
                      backup=backup)  # fmt: skip


def _migrate_beside(home: Home, database: Database) -> None:
    """Migrate, waiting for no lock longer than a moment, since others queue up behind it."""
    before = os.environ.get("PGOPTIONS", "")
    os.environ["PGOPTIONS"] = f"{before} {LOCK_TIMEOUT}".strip()
    try:
        for left in range(TRIES, 0, -1):
            try:
                migrate(database, home=home)
            except Trouble as trouble:
                if left == 1 or WAITS not in str(trouble):
                    raise
                time.sleep(PAUSE_S)
            else:
                return
    finally:
        os.environ["PGOPTIONS"] = before


def _failed(trouble: Trouble, *, backup: Path | None) -> Trouble:
    """The same trouble, with how one goes on: the older version serves, and nothing is lost."""
    kept = f" The backup of just before is {backup}." if backup else ""
    return Trouble(
        f"The upgrade did not succeed, and the older version goes on serving. {trouble.sentence}",
        way_out=f"Mend that and start the upgrade again: what is done is not done twice.{kept}",
    )


def _restart(home: Home, *, then: str) -> None:
    """Let web and worker begin anew: those of `lipei up`, else by the command that is told."""
    if then:
        with step("restart"):
            answer = subprocess.run(shlex.split(then), check=False)
        if answer.returncode:
            raise Trouble(
                f"The tables are new, but `{then}` failed.", way_out="Restart web and worker."
            )
        return
    pids = running.read(home).pids
    if not pids:
        say("Now restart web and worker, one after the other.")
        return
    _counterpart, worker, web = pids
    with step("restart"):
        os.kill(web, signal.SIGHUP)
        os.kill(worker, signal.SIGTERM)
