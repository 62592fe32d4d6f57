"""`lipei doctor`: what is wrong here and how to mend it. It looks and changes nothing."""

import argparse
import importlib.metadata
import os
import re
import shutil
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg

from lipei.run import frontend, postgres, running
from lipei.run.chromium import find_chromium
from lipei.run.database import (
    Database,
    own_database,
    surroundings,
    told_database,
)
from lipei.run.environment import manage
from lipei.run.home import CHECKOUT, DEFAULT, NEEDED_MB, Home, open_home
from lipei.run.ports import is_free
from lipei.run.steps import say
from lipei.run.trouble import Trouble

NOT_MADE = "not made yet"
HEARTBEAT_S = 60
OLDEST_PYTHON = (3, 11)
LOCK = CHECKOUT / "requirements.lock"
START = "Start Lipei: ./lipei up"


@dataclass(frozen=True)
class Finding:
    """One thing looked at: how it is, and, when it is wrong, the way to mend it."""

    thing: str
    state: str
    mend: str = ""


@dataclass(frozen=True)
class Patient:
    """What is examined: a data home, its port, and the database when it answers."""

    home: Home
    port: int
    database: Database | None
    why_not: str


def arguments(parser: argparse.ArgumentParser) -> None:
    """The data home and the port that `up` would take."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")
    parser.add_argument("--port", type=int, default=8000)


def run(options: argparse.Namespace) -> int:
    """Say every finding; 1 when one of them has to be mended."""
    try:
        home = open_home(options.data)
    except Trouble as trouble:
        return tell([Finding("data home", trouble.sentence, trouble.way_out)])
    database, why_not = database_if_running(home)
    patient = Patient(home, options.port, database, why_not)
    return tell([finding for look in LOOKS for finding in look(patient)])


def tell(findings: list[Finding]) -> int:
    """Print the findings; the exit code."""
    for finding in findings:
        mark = "WRONG" if finding.mend else "ok"
        say(f"  {mark:<6} {finding.thing:<14} {finding.state}")
        if finding.mend:
            say(f"         {'':<14} → {finding.mend}")
    wrong = sum(bool(finding.mend) for finding in findings)
    say(f"doctor: {wrong} to mend" if wrong else "doctor: nothing is wrong")
    return 1 if wrong else 0


def database_if_running(home: Home) -> tuple[Database | None, str]:
    """The database when it answers already, else why it does not; nothing is started."""
    try:
        told = told_database()
        if told:
            return told, ""
        if not home.postgres.exists():
            return None, NOT_MADE
        server = postgres.server_in(home)
    except Trouble as trouble:
        return None, str(trouble)
    return (own_database(server), "") if postgres.is_answering(server) else (None, "at rest")


def look_at_python(patient: Patient) -> Iterator[Finding]:
    """New enough, and every package of the lock file installed in the version it names."""
    yield Finding(
        "Python",
        sys.version.split()[0],
        "" if sys.version_info >= OLDEST_PYTHON else "Install Python 3.11 or newer.",
    )
    wrong = []
    for name, version in re.findall(r"^([\w.-]+)==([\w.]+)(?= \\)", LOCK.read_text(), re.M):
        try:
            found = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found = "missing"
        if found != version:
            wrong.append(f"{name} {found} instead of {version}")
    state = "; ".join(wrong[:3]) or "as the lock file says"
    yield Finding("packages", state, f"Remove {sys.prefix} and start again." if wrong else "")


def look_at_disk(patient: Patient) -> Iterator[Finding]:
    """Room on the disk of the data home."""
    free_mb = shutil.disk_usage(patient.home.path).free // 2**20
    mend = "" if free_mb > NEEDED_MB * 2 else "Free some room, or move it with --data."
    yield Finding("disk", f"{free_mb} MB free at {patient.home.path}", mend)


def look_at_postgres(patient: Patient) -> Iterator[Finding]:
    """Found, its version, running or at rest; and no migration waiting."""
    if patient.database is None:
        quiet = patient.why_not in {"at rest", "not made yet"}
        state, _, way_out = patient.why_not.partition("\n")
        yield Finding("PostgreSQL", state, "" if quiet else way_out.strip())
        return
    with psycopg.connect(patient.database.app_url) as connection:
        version = connection.info.server_version // 10000
    yield Finding("PostgreSQL", f"version {version}, running")
    yield from look_at_tables(patient, patient.database)


def look_at_tables(patient: Patient, database: Database) -> Iterator[Finding]:
    """Whether the tables are those of this version."""
    environment = surroundings(database, home=patient.home, url=database.owner_url)
    answer = manage("migrate", "--check", environment=environment)
    if answer.returncode == 0:
        yield Finding("tables", "up to date")
    elif "Error" not in answer.stderr:
        yield Finding("tables", "not up to date", "Run `./lipei migrate`.")
    else:
        yield Finding("tables", answer.stderr.strip().splitlines()[-1], "Mend that first.")


def look_at_frontend(patient: Patient) -> Iterator[Finding]:
    """Whether what is served was built from the sources as they are."""
    mend = "" if frontend.is_current() else "`./lipei up` builds it."
    yield Finding("front end", "not built from these sources" if mend else "built", mend)


def look_at_web(patient: Patient) -> Iterator[Finding]:
    """Answering when it should run; else its port free."""
    kept = running.read(patient.home)
    if kept.address:
        good = answers(f"{kept.address}/healthz")
        state = f"answers at {kept.address}" if good else f"does not answer at {kept.address}"
        yield Finding("web", state, "" if good else START)
        good = answers(f"{kept.outside}/health")
        state = "answers" if good else "does not answer"
        yield Finding("counterpart", state, "" if good else START)
        return
    if is_free(patient.port, bind="127.0.0.1"):
        yield Finding("web", f"at rest; port {patient.port} is free")
    else:
        mend = f"Stop the program that has it, or: ./lipei up --port {patient.port + 1}"
        yield Finding("web", f"at rest; port {patient.port} is taken", mend)


def look_at_worker(patient: Patient) -> Iterator[Finding]:
    """A worker that gave a sign of life within the last minute, where one should run."""
    should_run = running.read(patient.home).address or os.environ.get("DATABASE_URL")
    if patient.database is None or not should_run:
        yield Finding("worker", "at rest")
        return
    line = "SELECT extract(epoch FROM now() - max(last_heartbeat)) FROM procrastinate_workers"
    try:
        with psycopg.connect(patient.database.app_url) as connection:
            row = connection.execute(line).fetchone()
    except psycopg.Error as error:
        yield Finding("worker", str(error).splitlines()[0], "Run `./lipei migrate`.")
        return
    silent_s = row[0] if row else None
    alive = silent_s is not None and silent_s < HEARTBEAT_S
    yield Finding("worker", "alive" if alive else "no sign of life", "" if alive else START)


def look_at_name_list(patient: Patient) -> Iterator[Finding]:
    """The names that may not be paid: without the file no name is cleared for a payment."""
    told = os.environ.get("LIPEI_NAME_LIST")
    place = Path(told) if told else patient.home.path / "name_list.txt"
    if patient.why_not == NOT_MADE:
        return
    there = place.is_file() and os.access(place, os.R_OK)
    mend = f"Put the list at {place}, one name a line, or name another by LIPEI_NAME_LIST."
    yield Finding("name list", "found" if there else "missing", "" if there else mend)


def look_at_tests(patient: Patient) -> Iterator[Finding]:
    """What only the browser tests need; its absence is nothing wrong."""
    found = find_chromium()
    yield Finding("Chromium", found or "none; `./lipei test` runs without the browser tests")
    fonts = shutil.which("fc-list")
    if fonts:
        answer = subprocess.run([fonts, ":lang=zh"], capture_output=True, check=False)
        yield Finding("Chinese type", "found" if answer.stdout else "none for screenshots")


def answers(url: str) -> bool:
    """True when a plain GET is answered well within five seconds."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=5):
            return True
    except (urllib.error.URLError, OSError, ValueError):
        return False


LOOKS: tuple[Callable[[Patient], Iterator[Finding]], ...] = (
    look_at_python,
    look_at_disk,
    look_at_postgres,
    look_at_frontend,
    look_at_web,
    look_at_worker,
    look_at_name_list,
    look_at_tests,
)
