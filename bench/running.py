"""Running: restore a gigabyte, upgrade beside ten thousand open claims, recover from kill -9."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from bench import older
from bench.table import Row
from lipei.run import postgres, running
from lipei.run.backup import back_up
from lipei.run.commands import main
from lipei.run.database import database_of
from lipei.run.home import Home, open_home
from lipei.run.migrate import migrate
from lipei.run.ports import free_port
from lipei.run.restore import restore

CLAIMS, PROMISED_S = 10_000, 180.0
HALF_MB = 512
PIECE = 2**20
WEIGHT = """
CREATE TABLE bench_weight AS SELECT n, gen.bytes FROM generate_series(1, %s) n,
LATERAL (SELECT string_agg(sha512((n * 1024 + k)::text::bytea), '') AS bytes
         FROM generate_series(1, 16384) k) gen
"""
OTHERS = ("DATABASE_URL", "LIPEI_OWNER_DATABASE_URL", "LIPEI_DATA", "LIPEI_DEMO")


def measure_restore(small: bool) -> list[Row]:
    """Half a gigabyte of files and half in the database, brought back into a new home."""
    half = HALF_MB // (10 if small else 1)
    with _scratch() as folder:
        home = open_home(folder / "home")
        with database_of(home) as database:
            migrate(database, home=home)
            with psycopg.connect(database.owner_url) as connection:
                connection.execute("SET statement_timeout = 0")
                connection.execute(WEIGHT, [half])
            _write_files(home, megabytes=half)
            began = time.perf_counter()
            back_up(home, database, folder / "backups")
            backed_up = time.perf_counter() - began
        server = None
        try:
            restored = restore(folder / "backups", folder / "back")
            server = postgres.server_in(restored.home)
        finally:
            if server:
                postgres.stop(server)
        _forget(home, open_home(folder / "back"))
    return [
        Row(f"backup of {half * 2:,} MB, half of it files", backed_up, None, "s"),
        Row(f"restore of {half * 2:,} MB", restored.seconds, PROMISED_S, "s"),
    ]


def measure_upgrade(small: bool) -> list[Row]:
    """The tables of an older version with open claims, brought to this one, backup included."""
    claims = CLAIMS // (10 if small else 1)
    with _scratch() as folder:
        home = open_home(folder / "home")
        with database_of(home) as database:
            older.lay(home, database, claims=claims)
            began = time.perf_counter()
            code = main(["upgrade", "--data", str(home.path), "--to", str(folder / "backups")])
            seconds = time.perf_counter() - began
        _forget(home)
    assert code == 0
    return [Row(f"upgrade with {claims:,} open claims, with its backup", seconds, PROMISED_S, "s")]


def measure_recover(small: bool) -> list[Row]:
    """Everything killed with kill -9, the database too; from the next start until it serves."""
    with _scratch() as folder:
        home, port = open_home(folder / "home"), free_port()
        first = _up(home, port)
        try:
            _until_ready(port, first)
            postgres.kill(postgres.server_in(home))
            for pid in running.read(home).pids:
                with suppress(ProcessLookupError):
                    os.killpg(pid, signal.SIGKILL)
            first.kill()
            first.wait()
            began = time.perf_counter()
            first = _up(home, port)
            _until_ready(port, first)
            seconds = time.perf_counter() - began
        finally:
            first.terminate()
            first.wait(60)
        _forget(home)
    return [Row("from kill -9 of everything to serving", seconds, 30, "s")]


def _up(home: Home, port: int) -> "subprocess.Popen[bytes]":
    words = ["up", "--data", str(home.path), "--port", str(port)]
    out = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "lipei", *words], stdout=out, stderr=out)


def _until_ready(port: int, process: "subprocess.Popen[bytes]") -> None:
    while True:
        assert process.poll() is None, "it ended instead of serving"
        address = f"http://127.0.0.1:{port}/readyz"
        with suppress(OSError), urllib.request.urlopen(address, timeout=5):
            return
        time.sleep(0.02)


def _write_files(home: Home, *, megabytes: int) -> None:
    for n in range(megabytes):
        file = home.path / "files" / f"{n % 256:02x}" / f"{n:06d}"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(os.urandom(PIECE))


@contextmanager
def _scratch() -> Iterator[Path]:
    """A folder that PostgreSQL's account may enter, and no database told by the surroundings."""
    folder = Path(tempfile.mkdtemp(prefix="lipei-bench-"))
    folder.chmod(0o755)
    before = {name: os.environ.pop(name) for name in OTHERS if name in os.environ}
    try:
        yield folder
    finally:
        os.environ.update(before)
        shutil.rmtree(folder, ignore_errors=True)


def _forget(*homes: Home) -> None:
    """Files of the database that stand outside the folder go too."""
    for home in homes:
        if home.postgres.is_symlink():
            shutil.rmtree(home.postgres.resolve(), ignore_errors=True)
