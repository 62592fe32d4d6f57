"""A PostgreSQL of our own in the data home: made on first use, started, adopted, stopped.

It listens on a socket only, keeps its data with checksums, and waits for the disk at every
commit. Two roles use it: the owner of the tables, which migrates, and the role of web and
worker, which owns nothing.
"""

import contextlib
import hashlib
import json
import os
import re
import secrets
import shutil
import signal
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg
from psycopg import sql

from lipei.run.account import Account, account_for, place_for
from lipei.run.archive import archive_settings
from lipei.run.engine import Engine, engine_for
from lipei.run.home import Home, only_one
from lipei.run.trouble import Trouble

DATABASE = "lipei"
OWNER = "lipei_owner"
APP = "lipei_app"
SUPERUSER = "postgres"
PORT = 5432
EXTENSIONS = ("pg_trgm", "btree_gist", "unaccent", "vector")
LONGEST_SOCKET = 100
BUILTIN_LOCALE_SINCE = 17
START_SECONDS = 60
STALE_SECONDS = 10
STALE_MARKS = ("lock file", "shared memory", "starting up", "shutting down")
SETTINGS = {
    "listen_addresses": "''",
    "port": str(PORT),
    "unix_socket_permissions": "0770",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "maintenance_work_mem": "128MB",
    "wal_compression": "on",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "password_encryption": "'scram-sha-256'",
    "timezone": "'Asia/Shanghai'",
    "log_timezone": "'Asia/Shanghai'",
    "lc_messages": "'C'",
    "log_min_duration_statement": "'1s'",
    "idle_in_transaction_session_timeout": "'10min'",
}


@dataclass(frozen=True)
class Server:
    """One cluster: where it stands, whom it runs as, and which programs run it."""

    place: Path
    account: Account
    engine: Engine
    sockets: Path
    passwords: dict[str, str]

    @property
    def cluster(self) -> Path:
        return self.place / "cluster"

    @property
    def log(self) -> Path:
        return self.cluster / "server.log"

    def url(self, role: str, *, database: str = DATABASE) -> str:
        """The address for one role, as DATABASE_URL takes it."""
        door = quote(str(self.sockets))
        return f"postgresql://{role}:{self.passwords[role]}@/{database}?host={door}&port={PORT}"


def server_in(home: Home) -> Server:
    """The server of this data home, not yet started; what is missing of it is made."""
    place = place_for(home.postgres)
    account = account_for(place / "cluster")
    engine = engine_for(place, account=account, major=_written_by(place / "cluster"))
    return Server(place, account, engine, _socket_folder(place), _passwords(place))


def start(server: Server, *, settings: dict[str, str] | None = None) -> bool:
    """Bring the server up and its roles and database in order; False when it ran already.

    Errors: Trouble with PostgreSQL's own last words when it does not come up.
    """
    with only_one(server.place / "start.lock", wait=True):
        fresh = not (server.cluster / "PG_VERSION").exists()
        if fresh:
            _make_cluster(server)
        if is_answering(server):
            return False
        write_settings(server, settings or {})
        _start_postmaster(server)
        if fresh or not (server.place / "ready").exists():
            _make_roles_and_database(server)
            (server.place / "ready").touch()
    return True


def stop(server: Server) -> None:
    """Stop in order: nobody new, everybody off, a last checkpoint."""
    answer = _pg_ctl(server, "stop", "--mode=fast", "--wait", "--timeout=60")
    if answer and postmaster_of(server):
        raise Trouble(f"PostgreSQL does not stop: {answer}", way_out="Look into its log.")


def is_answering(server: Server) -> bool:
    """True when this cluster's server takes connections."""
    if postmaster_of(server) is None:
        return False
    try:
        with superuser(server):
            return True
    except psycopg.OperationalError:
        return False


def postmaster_of(server: Server) -> int | None:
    """The process that runs this cluster, found by the lock that it keeps in it."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        pid = int((server.cluster / "postmaster.pid").read_text().splitlines()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if str(server.cluster).encode() in words and _is_alive(pid):
            return pid
    return None


def kill(server: Server, number: signal.Signals = signal.SIGKILL) -> None:
    """End the postmaster without a goodbye, as a power cut would."""
    pid = postmaster_of(server)
    if pid:
        os.kill(pid, number)


def _is_alive(pid: int) -> bool:
    state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    return state != "Z"


def _written_by(cluster: Path) -> int | None:
    """The major version of the data already there."""
    version = cluster / "PG_VERSION"
    return int(version.read_text()) if version.exists() else None


def _socket_folder(place: Path) -> Path:
    """Beside the data, or in a folder of the system when that path is too long for a socket."""
    folder = place / "socket"
    if len(str(folder)) <= LONGEST_SOCKET - len(f"/.s.PGSQL.{PORT}"):
        return folder
    name = hashlib.sha256(str(place).encode()).hexdigest()[:16]
    system = "/run" if os.geteuid() == 0 else tempfile.gettempdir()
    return Path(system) / f"lipei-{name}"


def _passwords(place: Path) -> dict[str, str]:
    """The roles' passwords: random, made once, readable by nobody else."""
    file = place / "passwords.json"
    if not file.exists():
        made = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, OWNER, APP)}
        partial = file.with_suffix(".partial")
        partial.touch(mode=0o600)
        partial.write_text(json.dumps(made))
        partial.rename(file)
    try:
        kept: dict[str, str] = json.loads(file.read_text())
    except PermissionError as error:
        raise Trouble(
            f"The database in {place} belongs to another user.",
            way_out="Start as the user who made it, or choose another home with --data.",
        ) from error
    return kept


def _make_cluster(server: Server) -> None:
    """initdb into a folder that takes its name at the end, so a half-made one is made again."""
    partial = server.place / "cluster.partial"
    shutil.rmtree(partial, ignore_errors=True)
    server.account.own(partial, mode=0o700)
    password = server.place / "password.partial"
    password.touch(mode=0o600)
    password.write_text(server.passwords[SUPERUSER])
    if server.account.switch:
        os.chown(password, server.account.uid, server.account.gid)
    words = [f"--pgdata={partial}", f"--username={SUPERUSER}", f"--pwfile={password}"]
    words += ["--encoding=UTF8", "--auth=scram-sha-256", "--data-checksums"]
    words += _locale_words(server)
    answer = server.account.run(server.engine.program("initdb"), *words)
    password.unlink()
    if answer.returncode:
        lines = (answer.stderr.strip() or answer.stdout.strip()).splitlines()
        telling = [line for line in lines if re.search("rror|could not|FATAL|must", line)]
        raise Trouble(
            f"PostgreSQL cannot make its files in {server.place}: {(telling or lines)[-1]}",
            way_out="See that the disk has room and may be written, and start again.",
        )
    (server.place / "ready").unlink(missing_ok=True)
    with (partial / "postgresql.conf").open("a") as file:
        file.write("\ninclude '../lipei.conf'\n")
    partial.rename(server.cluster)


def _locale_words(server: Server) -> list[str]:
    """C.UTF-8 everywhere: code-point order, and letters known as letters (pg_trgm needs it)."""
    if server.engine.major >= BUILTIN_LOCALE_SINCE:
        return ["--locale=C.UTF-8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return ["--locale=C.UTF-8"]


def write_settings(server: Server, settings: dict[str, str]) -> None:
    """Our settings, written anew at every start, so that a newer Lipei brings newer ones.

    They stand outside the cluster: its account may read them, and only we may write them.
    """
    server.account.own(server.sockets, mode=0o750)
    door = str(server.sockets).replace("'", "''").replace('"', '""')
    places = {"unix_socket_directories": f"'\"{door}\"'"}
    told = SETTINGS | archive_settings(server.place) | places | settings
    lines = "".join(f"{name} = {value}\n" for name, value in told.items())
    file = server.place / "lipei.conf"
    file.write_text(lines)
    file.chmod(0o644)


def _start_postmaster(server: Server) -> None:
    """Start and wait; just after a kill the old lock stands for a moment, so try again."""
    until = time.monotonic() + STALE_SECONDS
    while True:
        before = server.log.stat().st_size if server.log.exists() else 0
        failed = _pg_ctl(server, "start", "--wait", f"--timeout={START_SECONDS}")
        if not failed and is_answering(server):
            return
        words = _last_words(server, since=before)
        recovering = postmaster_of(server) is not None
        stale = any(mark in words for mark in STALE_MARKS) and time.monotonic() < until
        if not recovering and not stale:
            raise Trouble(
                f"PostgreSQL does not start: {words}", way_out=f"Its log is {server.log}."
            )
        time.sleep(0.1)


def _pg_ctl(server: Server, *words: str) -> str:
    """One word to pg_ctl; its complaint when it fails, else nothing."""
    log = [f"--log={server.log}"] if words[0] == "start" else []
    program = server.engine.program("pg_ctl")
    answer = server.account.run(program, *words, f"--pgdata={server.cluster}", *log)
    return (answer.stderr or answer.stdout).strip() if answer.returncode else ""


def _last_words(server: Server, *, since: int) -> str:
    """What the server's log says against this start, in one line."""
    if not server.log.exists():
        return "it left no log"
    with server.log.open("rb") as file:
        file.seek(since)
        lines = file.read().decode(errors="replace").splitlines()
    against = [line for line in lines if re.search("FATAL|PANIC|could not|invalid", line)]
    words = [line.partition(":  ")[2] or line for line in against or lines[-1:]]
    return "; ".join(words)[:500] or "it left no word"


def superuser(server: Server, *, database: str = "postgres") -> psycopg.Connection:
    """A connection as the one who may everything; only for keeping the server in order."""
    return psycopg.connect(
        server.url(SUPERUSER, database=database), autocommit=True, connect_timeout=5
    )


def _make_roles_and_database(server: Server) -> None:
    """The two roles, the extensions for every later database, and the database itself."""
    with superuser(server, database="template1") as connection:
        for role, rights in ((OWNER, "CREATEDB"), (APP, "")):
            if not _exists(connection, "pg_roles", "rolname", role):
                line = sql.SQL("CREATE ROLE {} LOGIN {} PASSWORD {}").format(
                    sql.Identifier(role), sql.SQL(rights), server.passwords[role]
                )
                connection.execute(line)
        for name in EXTENSIONS:
            if _exists(connection, "pg_available_extensions", "name", name):
                connection.execute(
                    sql.SQL("CREATE EXTENSION IF NOT EXISTS {}").format(sql.Identifier(name))
                )
    with superuser(server) as connection:
        if not _exists(connection, "pg_database", "datname", DATABASE):
            line = sql.SQL("CREATE DATABASE {} OWNER {}").format(
                sql.Identifier(DATABASE), sql.Identifier(OWNER)
            )
            connection.execute(line)


def _exists(connection: psycopg.Connection, table: str, column: str, name: str) -> bool:
    line = sql.SQL("SELECT 1 FROM {} WHERE {} = {}").format(
        sql.Identifier(table), sql.Identifier(column), name
    )
    return connection.execute(line).fetchone() is not None
