"""Which database a command uses, and `lipei database`, which prints its address."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from lipei.run import postgres
from lipei.run.engine import OLDEST_MAJOR, TOO_OLD_WAY_OUT
from lipei.run.environment import environment_of
from lipei.run.home import DEFAULT, Home, Share, open_home
from lipei.run.keys import keys_of
from lipei.run.trouble import Trouble

KEPT = "kept"


@dataclass(frozen=True)
class Database:
    """The two addresses of one database; `server` is set when it is our own."""

    owner_url: str
    app_url: str
    server: postgres.Server | None


def told_database() -> Database | None:
    """The database that DATABASE_URL names, its version checked; None when nothing is told."""
    app_url = os.environ.get("DATABASE_URL")
    if not app_url:
        return None
    owner_url = os.environ.get("LIPEI_OWNER_DATABASE_URL") or app_url
    check_version(app_url)
    return Database(owner_url, app_url, None)


def own_database(server: postgres.Server) -> Database:
    """The addresses of our own server."""
    return Database(server.url(postgres.OWNER), server.url(postgres.APP), server)


@contextmanager
def database_of(home: Home) -> Iterator[Database]:
    """The database for the time of the block: the one that is told, else our own.

    Our own is started when it does not run, and stopped when the last command that uses it
    ends, unless `lipei database` was asked to keep it.
    """
    told = told_database()
    if told:
        yield told
        return
    server = postgres.server_in(home)
    with Share(server.place / "users.lock") as share:
        try:
            postgres.start(server)
            yield own_database(server)
        finally:
            if not is_kept(server) and share.is_last():
                postgres.stop(server)


def is_kept(server: postgres.Server) -> bool:
    """True when `lipei database` was asked for this server: then only --stop ends it."""
    return (server.place / KEPT).exists()


def surroundings(database: Database, *, home: Home, url: str) -> dict[str, str]:
    """What a child process is told; a home with a database of its own is a demonstration.

    Its secrets are its own all the same: what one home sealed, another cannot open.
    """
    if database.server is None and os.environ.get("LIPEI_SECRET_KEY"):
        return environment_of(url=url, data=home.path)
    return environment_of(url=url, data=home.path, LIPEI_DEMO="1", **keys_of(home))


def check_version(url: str) -> None:
    """Refuse a server that cannot be reached or is older than PostgreSQL 15."""
    try:
        with psycopg.connect(url, connect_timeout=5) as connection:
            major = connection.info.server_version // 10000
    except psycopg.Error as error:
        raise Trouble(
            f"The database of DATABASE_URL does not answer: {str(error).splitlines()[0]}",
            way_out="Start it or correct the address; without one Lipei brings its own.",
        ) from error
    if major < OLDEST_MAJOR:
        raise Trouble(
            f"The server of DATABASE_URL is PostgreSQL {major}, which is too old: "
            f"Lipei needs {OLDEST_MAJOR} or newer.",
            way_out=TOO_OLD_WAY_OUT,
        )


def ensure_tables(database: Database, *, home: Home) -> None:
    """Refuse a database in which nothing was ever laid out.

    Errors: Trouble that names the data home, since it may be the wrong one.
    """
    with psycopg.connect(database.app_url) as connection:
        found = connection.execute("SELECT to_regclass('kit_entry')").fetchone()
    if found is None or found[0] is None:
        raise Trouble(
            f"There are no tables yet in {home.path}.",
            way_out="Start it once with `./lipei up`, or name another data home with --data.",
        )


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--data`, the role, or `--stop`."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")
    parser.add_argument("--role", choices=("owner", "app"), default="owner")
    parser.add_argument("--stop", action="store_true", help="stop it instead")


def run(options: argparse.Namespace) -> int:
    """Print one address on stdout, or stop the server; it keeps running after a start."""
    home = open_home(options.data)
    if options.stop:
        return end(postgres.server_in(home))
    database = told_database() or keep(postgres.server_in(home))
    print(database.owner_url if options.role == "owner" else database.app_url)
    return 0


def keep(server: postgres.Server) -> Database:
    """Start the server and let it run on."""
    (server.place / KEPT).touch()
    postgres.start(server)
    return own_database(server)


def end(server: postgres.Server) -> int:
    """Stop the server, unless a command still uses it: then that one stops it."""
    (server.place / KEPT).unlink(missing_ok=True)
    with Share(server.place / "users.lock") as share:
        if share.is_last():
            postgres.stop(server)
    return 0
