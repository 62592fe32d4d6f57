"""A data home with a running PostgreSQL of its own, for all tests of the launcher."""

import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from lipei.run import postgres
from lipei.run.account import place_for
from lipei.run.home import Home, open_home


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Its first start comes after one that was cut off in the middle of making the cluster."""
    home = open_home(tmp_path_factory.mktemp("home"))
    half_made = place_for(home.postgres) / "cluster.partial"
    half_made.mkdir()
    (half_made / "PG_VERSION").write_text("18\n")
    yield home
    postgres.stop(postgres.server_in(home))
    remove(home)


@pytest.fixture
def new_home(tmp_path: Path) -> Iterator[Home]:
    home = open_home(tmp_path / "home")
    yield home
    remove(home)


def remove(home: Home) -> None:
    """As root the database's files may stand outside the folder of the test."""
    if home.postgres.is_symlink():
        shutil.rmtree(home.postgres.resolve())


@pytest.fixture
def server(home: Home) -> postgres.Server:
    server = postgres.server_in(home)
    postgres.start(server)
    return server


@pytest.fixture
def told_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """The surroundings of a newcomer: no database is told."""
    for name in ("DATABASE_URL", "LIPEI_OWNER_DATABASE_URL", "LIPEI_POSTGRES_BIN"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def taken_port() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def fake_postgres(folder: Path, *, version: str) -> Path:
    """A bin folder whose `postgres` says that it is of this version."""
    folder.mkdir(parents=True)
    program = folder / "postgres"
    program.write_text(f"#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return folder
