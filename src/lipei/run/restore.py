"""`lipei restore`: a new data home from a backup, as everything stood at a second of choice."""

import argparse
import os
import shutil
import time
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import psycopg

from lipei.kit.clock import LOCAL
from lipei.run import postgres
from lipei.run.account import Account
from lipei.run.archive import fetching
from lipei.run.backup import CLUSTER, FILES, LOG, SMALL, backups_in, check_copy, manifest_of
from lipei.run.database import own_database, surroundings
from lipei.run.environment import manage
from lipei.run.home import Home, open_home
from lipei.run.steps import say, step
from lipei.run.trouble import Trouble

RECOVERY = "recovery.signal"
RECOVERED_WITHIN_S = 3600
REACHED = "recovery ended before configured recovery target was reached"


@dataclass(frozen=True)
class Restored:
    """A data home that was brought back: where, up to which entry, and how long each part took."""

    home: Home
    backup: Path
    entries: int
    latest: datetime | None
    seconds: float


def arguments(parser: argparse.ArgumentParser) -> None:
    """From which folder, into which new home, up to when."""
    parser.add_argument("--from", dest="source", type=Path, required=True, help="the backups")
    parser.add_argument("--data", type=Path, required=True, help="a data home that is not there")
    parser.add_argument("--until", default="", help="2026-11-28 14:03:00; else to the last entry")


def run(options: argparse.Namespace) -> int:
    """Restore, verify the journal, and say how far it reaches; 1 when the journal has a fault."""
    until = instant(options.until) if options.until else None
    server = None
    try:
        restored = restore(options.source.resolve(), options.data, until=until)
        server = postgres.server_in(restored.home)
        code = verified(restored)
    finally:
        if server is not None:
            postgres.stop(server)
    say(f"restored in {restored.seconds:.0f} s: {told(restored)}")
    say(f"start it with ./lipei up --data {restored.home.path}")
    return code


def instant(words: str) -> datetime:
    """A second as the command line says it; without a zone it is Beijing time."""
    try:
        found = datetime.fromisoformat(words)
    except ValueError as error:
        raise Trouble(
            f"{words} is no date and time.", way_out="Say it like 2026-11-28 14:03:00."
        ) from error
    return found if found.tzinfo else found.replace(tzinfo=LOCAL)


def restore(source: Path, data: Path, *, until: datetime | None = None) -> Restored:
    """A new data home from the newest backup before `until`; its server runs afterwards.

    Errors: Trouble where the home is not empty, no backup is that old, or the log ends before.
    """
    began = time.monotonic()
    backup = backup_before(source, until)
    if data.exists() and any(data.iterdir()):
        raise Trouble(
            f"{data} is not empty, and a restore overwrites nothing.",
            way_out="Name a folder that is not there yet.",
        )
    home = open_home(data)
    for name in SMALL:
        if (kept := backup / name).exists():
            (shutil.copytree if kept.is_dir() else shutil.copy2)(kept, home.path / name)
    with step("files"):
        if (source / FILES).exists():
            shutil.copytree(source / FILES, home.path / "files")
    with step("database"):
        server = _laid_out(home, backup)
    with step("the log after it") as shown:
        _recover(server, source / LOG, until=until)
        entries, latest = reach(server.url(postgres.OWNER))
        shown.note = f"{entries:,} entries"
    return Restored(home, backup, entries, latest, time.monotonic() - began)


def backup_before(source: Path, until: datetime | None) -> Path:
    """The newest whole backup that was made before an instant."""
    found = backups_in(source)
    fit = [b for b in found if until is None or _made_at(b) <= until]
    if not fit:
        first = f"The oldest is of {_made_at(found[-1]).astimezone(LOCAL):%F %T}." if found else ""
        raise Trouble(
            f"There is no backup in {source} to begin with. {first}".strip(),
            way_out="Look at --from and --until.",
        )
    return fit[0]


def reach(url: str) -> tuple[int, datetime | None]:
    """How many entries a journal has, and when the last one was written."""
    with psycopg.connect(url) as connection:
        row = connection.execute("SELECT count(*), max(recorded_at) FROM kit_entry").fetchone()
    assert row is not None
    return row


def verified(restored: Restored) -> int:
    """Look through the whole journal that was restored; 0 when it is clean."""
    with step("the journal") as shown:
        database = own_database(postgres.server_in(restored.home))
        environment = surroundings(database, home=restored.home, url=database.app_url)
        answer = manage("audit", "verify", environment=environment)
        words = (answer.stdout.strip() or answer.stderr.strip() or "no word").splitlines()
        shown.note = words[-1]
    return answer.returncode


def told(restored: Restored) -> str:
    """How far a restored home reaches."""
    if restored.latest is None:
        return "no entry"
    latest = restored.latest.astimezone(LOCAL)
    return f"{restored.entries:,} entries, the last of {latest:%F %T}"


def _made_at(backup: Path) -> datetime:
    return datetime.fromisoformat(manifest_of(backup)["made_at"])


def _laid_out(home: Home, backup: Path) -> postgres.Server:
    """The server of a new home with the copied cluster in it, not yet started."""
    if not (backup / "passwords.json").exists():
        raise Trouble(
            "This backup is of a server that Lipei does not run itself.",
            way_out="Restore its database as docs/backup.md says, and name it in DATABASE_URL.",
        )
    first = postgres.server_in(home)
    shutil.copy2(backup / "passwords.json", first.place / "passwords.json")
    server = postgres.server_in(home)
    major = manifest_of(backup)["major"]
    if server.engine.major != major:
        raise Trouble(
            f"The backup was made by PostgreSQL {major}, and only {server.engine.major} is found.",
            way_out=f"Point LIPEI_POSTGRES_BIN at the bin folder of a PostgreSQL {major}.",
        )
    check_copy(server.engine.folder, backup / CLUSTER)
    partial = server.place / "cluster.partial"
    shutil.copytree(backup / CLUSTER, partial)
    (partial / "server.log").unlink(missing_ok=True)
    _give(partial, server.account)
    partial.rename(server.cluster)
    (server.place / "ready").touch()
    return server


def _give(folder: Path, account: Account) -> None:
    """A cluster belongs to the account that runs it, and to nobody else."""
    for one in [folder, *folder.rglob("*")]:
        one.chmod(0o700 if one.is_dir() else 0o600)
        if account.switch:
            os.chown(one, account.uid, account.gid)


def _recover(server: postgres.Server, log: Path, *, until: datetime | None) -> None:
    """Start with the log after the copy, up to an instant or to its end, and open it for work."""
    signal = server.cluster / RECOVERY
    signal.touch()
    _give(signal, server.account)
    settings = {"restore_command": fetching(log), "recovery_target_action": "'promote'"}
    settings["recovery_target_timeline"] = "'latest'"
    if until is not None:
        settings["recovery_target_time"] = f"'{until.isoformat(sep=' ')}'"
    try:
        postgres.start(server, settings=settings)
        _wait_until_open(server)
    except Trouble as trouble:
        if REACHED in server.log.read_text():
            raise Trouble(
                "The log that was put aside ends before the instant that was asked for.",
                way_out="Leave --until away to reach its last entry.",
            ) from trouble
        raise
    postgres.write_settings(server, {})


def _wait_until_open(server: postgres.Server) -> None:
    until = time.monotonic() + RECOVERED_WITHIN_S
    while time.monotonic() < until:
        try:
            with postgres.superuser(server) as connection:
                row = connection.execute("SELECT pg_is_in_recovery()").fetchone()
        except psycopg.OperationalError as error:
            if postgres.postmaster_of(server) is None:
                raise Trouble(
                    "PostgreSQL ended while it read the log.", way_out=f"Look at {server.log}."
                ) from error
            row = None
        if row == (False,):
            return
        time.sleep(0.2)
    raise Trouble("PostgreSQL does not come to the end of the log.", way_out=f"See {server.log}.")
