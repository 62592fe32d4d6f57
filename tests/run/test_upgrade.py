"""An upgrade beside the older version: ten thousand open claims, none lost, doubled or early."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest

from bench import older
from lipei.run import postgres
from lipei.run.backup import backups_in
from lipei.run.commands import main
from lipei.run.database import database_of, own_database, surroundings
from lipei.run.environment import managed
from lipei.run.home import only_one, open_home
from lipei.run.trouble import Trouble
from lipei.run.upgrade import ensure_additive, lost_since, stood
from tests.run.conftest import remove

CLAIMS = 10_000
RUNNING = """
SELECT id, claim_id, clause, edition, started_at, due_at, stopped_at, breached_at
FROM general_clock ORDER BY id
"""
OPEN = "SELECT id, number, stage, is_open FROM general_claim ORDER BY id"
TOLD = "SELECT subject, number, hash FROM kit_entry WHERE verb = 'intake.claim_reported' ORDER BY 1"
SWEEP = "from lipei.ch01_general.aims import sweep_clocks; print(sweep_clocks(), sweep_clocks())"
AWAITED = "SELECT to_regclass('kit_jobfault') IS NOT NULL"
EARLY = "SELECT count(*) FROM general_clock WHERE breached_at < due_at"
MARKED = "SELECT count(*), count(DISTINCT subject) FROM kit_entry WHERE verb = %s"


@pytest.fixture(scope="module", autouse=True)
def no_database_told():
    with pytest.MonkeyPatch.context() as told:
        for name in ("DATABASE_URL", "LIPEI_OWNER_DATABASE_URL", "LIPEI_POSTGRES_BIN"):
            told.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def old_home(tmp_path_factory):
    """A home whose tables and claims are those of an older version."""
    home = open_home(tmp_path_factory.mktemp("older") / "home")
    with database_of(home) as database:
        older.lay(home, database, claims=CLAIMS)
        yield home
    remove(home)


@pytest.fixture(scope="module")
def open_folder():
    """A folder that PostgreSQL's account can come to, also where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="lipei-upgrade-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


def rows(home, *asked):
    with psycopg.connect(postgres.server_in(home).url(postgres.OWNER)) as connection:
        return connection.execute(*asked).fetchall()


def do(home, line):
    with psycopg.connect(postgres.server_in(home).url(postgres.OWNER)) as connection:
        connection.execute(line)


def upgrade(home, *words):
    return main(["upgrade", "--data", str(home.path), *words])


def test_an_upgrade_that_fails_leaves_the_old_tables_and_says_how_to_go_on(old_home, capsys):
    before = rows(old_home, RUNNING), rows(old_home, OPEN)
    do(old_home, "CREATE TABLE kit_partyseen (in_the_way int)")
    assert upgrade(old_home, "--no-backup") == 1
    told = capsys.readouterr().err
    assert "the older version goes on serving" in told
    assert "already exists" in told
    assert "start the upgrade again" in told
    assert rows(old_home, AWAITED) == [(False,)], "a migration is whole or not there"
    assert (rows(old_home, RUNNING), rows(old_home, OPEN)) == before
    do(old_home, "DROP TABLE kit_partyseen")


def test_ten_thousand_open_claims_go_over_once_and_no_time_limit_is_early(
    old_home, open_folder, capsys
):
    before = rows(old_home, RUNNING), rows(old_home, OPEN), rows(old_home, TOLD)
    assert (len(before[0]), len(before[1])) == (3 * CLAIMS, CLAIMS)
    assert upgrade(old_home, "--to", str(open_folder)) == 0
    shown = capsys.readouterr().out
    assert "10,000 claims" in shown
    assert "30,000 time limits" in shown
    assert len(backups_in(open_folder)) == 1
    assert rows(old_home, AWAITED) == [(True,)]
    assert (rows(old_home, RUNNING), rows(old_home, OPEN), rows(old_home, TOLD)) == before

    database = own_database(postgres.server_in(old_home))
    told = surroundings(database, home=old_home, url=database.app_url)
    swept = managed("shell", "--no-imports", "-c", SWEEP, environment=told, logs=old_home.logs)
    assert swept == f"{CLAIMS // older.OVERDUE_EVERY} 0", "each that is over, once"
    assert rows(old_home, EARLY) == [(0,)]
    marked = rows(old_home, MARKED, ["general.clocks_breached"])
    assert marked == [(CLAIMS // older.OVERDUE_EVERY,) * 2]
    words = managed("audit", "verify", environment=told, logs=old_home.logs)
    assert words == "audit: clean"

    assert upgrade(old_home) == 0
    assert "nothing was changed" in capsys.readouterr().out
    assert len(backups_in(open_folder)) == 1


def test_what_the_older_version_still_uses_is_not_taken_away_beside_it():
    steps = ["    Add field colour to claim", "    Remove field place from claim"]
    with pytest.raises(Trouble, match="Remove field place"):
        ensure_additive(steps, stopped=False)
    ensure_additive(steps, stopped=True)
    ensure_additive(steps[:1], stopped=False)


def test_a_claim_that_is_gone_afterwards_is_noticed(old_home):
    database = own_database(postgres.server_in(old_home))
    before = stood(database)
    assert lost_since(before, database) == []
    do(old_home, "DELETE FROM general_clock WHERE id = (SELECT min(id) FROM general_clock)")
    assert lost_since(before, database) == ["time limits: 30,000 before, 29,999 now"]


def test_two_upgrades_of_one_home_do_not_run_at_once(old_home, capsys):
    with only_one(old_home.path / "upgrade.lock", wait=False):
        assert upgrade(old_home) == 1
    assert "runs already" in capsys.readouterr().err
