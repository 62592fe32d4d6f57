"""`lipei backup`: database, files and keys into one folder, from which any second can be restored.

The folder holds one backup beside the other, named by when it was made, and what they share: the
log that PostgreSQL puts aside (`log`), and the files (`files`), which never change. A backup takes
its name at the end, so one that was cut short is never restored.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from lipei.run import postgres
from lipei.run.archive import MARK, archive_of, kept_as
from lipei.run.database import Database, database_of, ensure_tables
from lipei.run.home import DEFAULT, Home, only_one, open_home
from lipei.run.steps import say, step
from lipei.run.trouble import Trouble

LOG, FILES, CLUSTER, MANIFEST = "log", "files", "cluster", "manifest.json"
SMALL = ("anchors", "inbox", "secrets.json", "name_list.txt")
"""What else a data home keeps that cannot be made again."""
STAMP = "%Y%m%dT%H%M%SZ"
SEGMENT = re.compile("[0-9A-F]{24}")
ARCHIVED_WITHIN_S = 30
KEEP = 7


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where from, where to, how many to keep."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")
    parser.add_argument("--to", type=Path, help="the folder of backups; beside the data")
    parser.add_argument("--keep", type=int, default=KEEP, help="how many backups stay")
    parser.add_argument("--files", action="store_true", help="only the files that are new")


def run(options: argparse.Namespace) -> int:
    """Make one backup, and let go of the oldest; 0 when it is whole."""
    if options.keep < 1:
        raise Trouble("--keep must leave at least one backup.", way_out="Say --keep 1 or more.")
    home = open_home(options.data)
    target = backups_of(home, told=options.to)
    with only_one(home.path / "backup.lock", wait=False) as free:
        if not free:
            raise Trouble("A backup is being made already.", way_out="Wait until it has ended.")
        with database_of(home) as database:
            ensure_tables(database, home=home)
            if options.files:
                keep_files(home, target)
            else:
                made = back_up(home, database, target)
                say(f"whole: {made}")
                _let_go(target, keep=options.keep)
    return 0


def back_up(home: Home, database: Database, target: Path) -> Path:
    """One backup of everything; its folder.

    Errors: Trouble where the log is not put aside, or PostgreSQL gives no copy.
    """
    began = datetime.now(UTC)
    whole = target / f"{began:{STAMP}}"
    partial = whole.with_suffix(".partial")
    _make_folder(partial)
    with step("the log is put aside"):
        _put_log_aside(database, target / LOG)
    with step("database") as shown:
        _copy_cluster(database, partial / CLUSTER)
        shown.note = f"{_megabytes(partial / CLUSTER):,} MB"
    for name in SMALL:
        _copy_small(home.path / name, partial / name)
    if (place := postgres_place(database)) is not None:
        _copy_small(place / "passwords.json", partial / "passwords.json")
    files = keep_files(home, target)
    told = {
        "made_at": began.isoformat(), "files": files,
        "major": int((partial / CLUSTER / "PG_VERSION").read_text()), **_stood(database),
    }  # fmt: skip
    (partial / MANIFEST).write_text(json.dumps(told, ensure_ascii=False, indent=2))
    with step("the log up to here"):
        _wait_for_log(database, target / LOG)
    partial.rename(whole)
    _note(home, made_at=began, where=whole)
    return whole


def keep_files(home: Home, target: Path) -> int:
    """Copy the files that are not there yet; how many there are. They never change."""
    source = Path(os.environ.get("LIPEI_FILES") or home.path / "files")
    with step("files") as shown:
        number = new = 0
        for file in _within(source):
            number += 1
            kept = target / FILES / file.relative_to(source)
            if kept.exists() and kept.stat().st_size == file.stat().st_size:
                continue
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            partial = kept.with_suffix(".partial")
            shutil.copy2(file, partial)
            partial.rename(kept)
            new += 1
        shown.note = f"{number:,}, of which {new:,} new"
    return number


def backups_of(home: Home, *, told: Path | None) -> Path:
    """The folder of backups: the one that is told, else beside the data of this home.

    Where PostgreSQL's files do not stand in the home, its account cannot come there.
    """
    place = home.postgres.resolve()
    beside = home.path if place.parent == home.path else place
    return (told or beside.with_name(f"{beside.name}-backups")).resolve()


def backups_in(folder: Path) -> list[Path]:
    """The whole backups of a folder, the newest first."""
    found = folder.iterdir() if folder.is_dir() else iter(())
    whole = [one for one in found if (one / MANIFEST).exists() and not one.suffix]
    return sorted(whole, reverse=True)


def manifest_of(backup: Path) -> dict[str, Any]:
    """What a backup says of itself."""
    told: dict[str, Any] = json.loads((backup / MANIFEST).read_text())
    return told


def postgres_place(database: Database) -> Path | None:
    """Where our own server keeps its things; none for a server that is told."""
    return database.server.place if database.server else None


def _within(folder: Path) -> Iterator[Path]:
    files = (one for one in folder.rglob("*") if one.is_file())
    return (one for one in files if one.suffix not in {".partial", ".part"})


def _note(home: Home, *, made_at: datetime, where: Path) -> None:
    """Leave word in the home of the last whole backup, for those who watch."""
    mark = Path(os.environ.get("LIPEI_BACKUP_MARK") or home.path / "last_backup.json")
    partial = mark.with_suffix(".partial")
    partial.write_text(json.dumps({"made_at": made_at.isoformat(), "folder": str(where)}))
    partial.replace(mark)


def _make_folder(partial: Path) -> None:
    try:
        partial.mkdir(mode=0o700, parents=True)
        partial.parent.chmod(0o711)
    except OSError as error:
        raise Trouble(
            f"The folder {partial.parent} cannot be written: {error.strerror}.",
            way_out="Choose another with --to.",
        ) from error


def _put_log_aside(database: Database, folder: Path) -> None:
    """See that the server keeps its log in this folder from now on."""
    server = database.server
    if server is None:
        return
    server.account.own(folder, mode=0o750)
    if server.account.run("test", "-w", folder).returncode:
        raise Trouble(
            f"PostgreSQL's account may not come to {folder}.",
            way_out="Name a folder with --to that everybody may enter, such as /var/backups/lipei.",
        )
    if archive_of(server.place) != folder:
        (server.place / MARK).write_text(str(folder))
        postgres.write_settings(server, {})
    with postgres.superuser(server) as connection:
        connection.execute("SELECT pg_reload_conf()")
        mode = connection.execute("SHOW archive_mode").fetchone()
    if mode != ("on",):
        raise Trouble(
            "PostgreSQL was started by an older Lipei and keeps no log.",
            way_out="Stop Lipei once, start it again, and make the backup then.",
        )


def _backup_url(database: Database) -> str:
    """The address by which PostgreSQL gives a copy of itself."""
    if database.server:
        return database.server.url(postgres.SUPERUSER, database="postgres")
    told = os.environ.get("LIPEI_BACKUP_URL")
    if not told:
        raise Trouble(
            "The database of DATABASE_URL gives its copy to a role with REPLICATION only.",
            way_out="Name it in LIPEI_BACKUP_URL; docs/backup.md says how to make it.",
        )
    return told


def _copy_cluster(database: Database, folder: Path) -> None:
    """A copy of the running database, checked against its own list of checksums."""
    told = conninfo_to_dict(_backup_url(database))
    password = str(told.pop("password", ""))
    programs = _programs(database)
    words = ["--pgdata", str(folder), "--wal-method=stream", "--checkpoint=fast"]
    words += ["--manifest-checksums=SHA256", "--no-password"]
    words += [f"--dbname={make_conninfo('', **told)}"]
    _ran([programs / "pg_basebackup", *words], "PostgreSQL gives no copy", password=password)
    check_copy(programs, folder)


def check_copy(programs: Path, folder: Path) -> None:
    """Hold a copy of the database against its own list of checksums."""
    words = ["--exit-on-error", "--quiet", str(folder)]
    _ran([programs / "pg_verifybackup", *words], "The copy does not hold together")


def _programs(database: Database) -> Path:
    if database.server:
        return database.server.engine.folder
    found = shutil.which("pg_basebackup")
    if found is None:
        raise Trouble(
            "There is no pg_basebackup on this machine.",
            way_out="Install the client programs of the same PostgreSQL.",
        )
    return Path(found).parent


def _ran(command: list[str | Path], sentence: str, *, password: str = "") -> None:
    told = {**os.environ, "PGPASSWORD": password, "LC_ALL": "C"}
    answer = subprocess.run(command, env=told, capture_output=True, text=True, check=False)
    if answer.returncode:
        last = (answer.stderr.strip() or answer.stdout.strip() or "no word").splitlines()[-1]
        raise Trouble(f"{sentence}: {last}", way_out="Nothing was changed.")


def _stood(database: Database) -> dict[str, object]:
    """How far the journal had come when the copy was made, at the least."""
    with psycopg.connect(database.app_url) as connection:
        line = "SELECT count(*), max(recorded_at) FROM kit_entry"
        number, latest = connection.execute(line).fetchone() or (0, None)
    return {"entries": number, "latest": latest and latest.isoformat()}


def _wait_for_log(database: Database, folder: Path) -> None:
    """Wait until the log of this backup lies in the folder: without it nothing is restored."""
    if database.server is None:
        return
    with postgres.superuser(database.server) as connection:
        # a named point, so that there is something in the file that is put aside
        line = "SELECT pg_walfile_name(pg_create_restore_point('backup'))"
        row = connection.execute(line).fetchone()
        connection.execute("SELECT pg_switch_wal()")
        assert row is not None
        until = time.monotonic() + ARCHIVED_WITHIN_S
        while not (folder / kept_as(row[0])).exists():
            if time.monotonic() > until:
                raise Trouble(
                    f"PostgreSQL does not put its log aside in {folder}.",
                    way_out="See that its account may write there, and that there is room.",
                )
            time.sleep(0.1)


def _let_go(target: Path, *, keep: int) -> None:
    """Take away the oldest backups, and the log that none of the others needs."""
    for old in backups_in(target)[keep:]:
        shutil.rmtree(old)
    for left in target.glob("*.partial"):
        shutil.rmtree(left)
    kept = [_first_log_of(one) for one in backups_in(target)]
    for file in (target / LOG).glob("*"):
        if kept and SEGMENT.match(file.name) and file.name[8:24] < min(kept)[8:24]:
            file.unlink(missing_ok=True)


def _first_log_of(backup: Path) -> str:
    """The first file of the log that a backup needs, as PostgreSQL's own label names it."""
    label = (backup / CLUSTER / "backup_label").read_text()
    return label.split("(file ")[1].split(")")[0]


def _copy_small(source: Path, target: Path) -> None:
    if source.is_dir():
        shutil.copytree(source, target)
    elif source.exists():
        shutil.copy2(source, target)
        target.chmod(0o600)


def _megabytes(folder: Path) -> int:
    return sum(one.stat().st_size for one in folder.rglob("*") if one.is_file()) // 2**20
