"""`lipei admin`: the first administrator from the command line, and one who is let in again."""

import os
import subprocess
import sys
from collections.abc import Iterator

import psycopg
import pytest

from lipei.run.database import Database, database_of, surroundings
from lipei.run.home import SOURCES, Home, open_home
from lipei.run.migrate import migrate, setup_code
from tests.run.conftest import remove

WHO = ("--username", "gaoyuan", "--name", "高远", "--number", "10001", "--house", "总公司")


@pytest.fixture(scope="module")
def laid(tmp_path_factory) -> Iterator[tuple[Home, Database]]:
    """A home with tables and nobody in it, and its database, which runs on."""
    home = open_home(tmp_path_factory.mktemp("admin"))
    with pytest.MonkeyPatch.context() as told:
        for name in ("DATABASE_URL", "LIPEI_OWNER_DATABASE_URL", "LIPEI_POSTGRES_BIN"):
            told.delenv(name, raising=False)
        with database_of(home) as database:
            migrate(database, home=home)
            yield home, database
    remove(home)


def admin(home: Home, *words: str, typed: str = "") -> subprocess.CompletedProcess[str]:
    told = {k: v for k, v in os.environ.items() if "DATABASE_URL" not in k}
    return subprocess.run(
        [sys.executable, "-m", "lipei", "admin", "--data", str(home.path), *words],
        input=typed, env={**told, "PYTHONPATH": str(SOURCES)}, capture_output=True, text=True,
    )  # fmt: skip


def test_the_command_line_makes_one_administrator_and_recovers_one_who_is_locked_out(laid):
    home, database = laid
    around = surroundings(database, home=home, url=database.app_url)
    assert "/setup/" in setup_code(around)
    asked = admin(home, "--username", "gaoyuan")
    assert asked.returncode == 1
    assert "Nobody is at the terminal" in asked.stderr
    weak = admin(home, *WHO, typed="short\n")
    assert weak.returncode == 1
    assert "The password is weak" in weak.stderr
    made = admin(home, *WHO, typed="quiet-harbour-41\n")
    assert made.returncode == 0, made.stderr
    assert setup_code(around) == ""
    again = admin(home, *WHO, typed="quiet-harbour-41\n")
    assert again.returncode == 1
    assert "--recover" in again.stderr
    recovered = admin(home, "--recover", "--generate", "--username", "gaoyuan")
    assert recovered.returncode == 0, recovered.stderr
    assert "told only here" in recovered.stdout
    with psycopg.connect(database.owner_url) as connection:
        rows = connection.execute("SELECT verb, actor FROM kit_entry ORDER BY id").fetchall()
    assert rows == [
        ("systems.administrator_made", "system/console"),
        ("systems.administrator_recovered", "system/console"),
    ]


def test_a_home_without_tables_is_told_plainly(new_home):
    answer = admin(new_home, *WHO)
    assert answer.returncode == 1
    assert "no tables yet" in answer.stderr
