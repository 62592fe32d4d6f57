"""Backup, restore, drill: what was there at a second comes back, and nothing else is claimed."""

import json
import shutil
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from lipei.kit.clock import LOCAL
from lipei.run import postgres
from lipei.run.archive import archive_of, kept_as
from lipei.run.backup import CLUSTER, LOG, backups_in
from lipei.run.commands import main
from lipei.run.database import database_of, own_database, surroundings
from lipei.run.environment import managed
from lipei.run.home import only_one, open_home
from lipei.run.migrate import migrate
from tests.run.conftest import remove

PAPER = "ab/cdef"


@pytest.fixture(scope="module", autouse=True)
def no_database_told():
    """Each home has a server of its own."""
    with pytest.MonkeyPatch.context() as surroundings_of_tests:
        for name in ("DATABASE_URL", "LIPEI_OWNER_DATABASE_URL", "LIPEI_POSTGRES_BIN"):
            surroundings_of_tests.delenv(name, raising=False)
        yield


@pytest.fixture(scope="module")
def lived(tmp_path_factory):
    """A data home with the demonstration, and a file, as a department leaves them."""
    home = open_home(tmp_path_factory.mktemp("lived") / "home")
    with database_of(home) as database:
        migrate(database, home=home)
        told = surroundings(database, home=home, url=database.app_url)
        managed("seed", environment=told, logs=home.logs)
        file = home.path / "files" / PAPER
        file.parent.mkdir(parents=True)
        file.write_bytes(b"a paper")
        yield home
    remove(home)


@pytest.fixture(scope="module")
def work(lived):
    """Something that leaves one entry in the journal."""
    database = own_database(postgres.server_in(lived))
    told = surroundings(database, home=lived, url=database.app_url)

    def act():
        words = ("token", "wangmin", "--scope", "claims.work", "--days", "1")
        managed(*words, environment=told, logs=lived.logs)
        return entries_of(lived)

    return act


@pytest.fixture(scope="module")
def open_folder():
    """A folder that PostgreSQL's account can come to, also where the tests run as root."""
    folder = Path(tempfile.mkdtemp(prefix="lipei-backups-"))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def backed_up(lived, work, open_folder):
    """A backup; then an act, an instant, another act, and the log of both put aside."""
    target = open_folder / "backups"
    assert main(["backup", "--data", str(lived.path), "--to", str(target)]) == 0
    before = work()
    time.sleep(1.1)
    between = datetime.now(LOCAL)
    work()
    put_aside(lived)
    return target, between, before


@pytest.fixture
def brought_back(tmp_path):
    """Restore into a new home; its server is started for looking, and stopped in the end."""
    homes = []

    def restore(source, *words):
        data = tmp_path / f"back{len(homes)}"
        code = main(["restore", "--from", str(source), "--data", str(data), *words])
        if (data / "postgres").exists():
            homes.append(open_home(data))
        return code, data

    yield restore
    for home in homes:
        postgres.stop(postgres.server_in(home))
        remove(home)


def entries_of(home):
    server = postgres.server_in(home)
    postgres.start(server)
    with psycopg.connect(server.url(postgres.OWNER)) as connection:
        return connection.execute("SELECT count(*) FROM kit_entry").fetchone()[0]


def put_aside(home):
    """Let the server put aside what it has written, as it does by itself within a minute."""
    server = postgres.server_in(home)
    with postgres.superuser(server) as connection:
        name = connection.execute("SELECT pg_walfile_name(pg_current_wal_lsn())").fetchone()[0]
        connection.execute("SELECT pg_switch_wal()")
    until = time.monotonic() + 30
    while not (archive_of(server.place) / kept_as(name)).exists():
        assert time.monotonic() < until
        time.sleep(0.05)


def seconds(instant):
    return f"{instant:%Y-%m-%d %H:%M:%S}"


def test_everything_comes_back_with_its_files_and_keys(backed_up, lived, brought_back, capsys):
    target, _between, before = backed_up
    code, data = brought_back(target)
    assert code == 0
    shown = capsys.readouterr().out
    assert "audit: clean" in shown
    assert f"{before + 1:,} entries" in shown
    assert (data / "files" / PAPER).read_bytes() == b"a paper"
    assert (data / "secrets.json").read_text() == (lived.path / "secrets.json").read_text()
    assert entries_of(open_home(data)) == before + 1


def test_what_came_after_the_second_that_was_asked_for_is_not_there(backed_up, brought_back):
    target, between, before = backed_up
    code, data = brought_back(target, "--until", seconds(between))
    assert code == 0
    home = open_home(data)
    assert entries_of(home) == before
    assert archive_of(postgres.server_in(home).place) is None


@pytest.mark.parametrize(
    ("shift", "words"),
    [
        (timedelta(days=-1), "no backup"),
        (timedelta(days=1), "ends before the instant"),
    ],
)
def test_a_second_that_no_backup_reaches_is_refused(backed_up, brought_back, capsys, shift, words):
    target, between, _before = backed_up
    code, _data = brought_back(target, "--until", seconds(between + shift))
    assert code == 1
    assert words in capsys.readouterr().err


def test_a_restore_overwrites_nothing(backed_up, tmp_path, capsys):
    (tmp_path / "mine").write_text("mine")
    words = ["restore", "--from", str(backed_up[0]), "--data", str(tmp_path)]
    assert main(words) == 1
    assert "overwrites nothing" in capsys.readouterr().err
    assert [one.name for one in tmp_path.iterdir()] == ["mine"]


def test_no_date_is_a_sentence(backed_up, tmp_path, capsys):
    words = ["restore", "--from", str(backed_up[0]), "--data", str(tmp_path / "new")]
    assert main([*words, "--until", "yesterday"]) == 1
    assert "yesterday is no date and time" in capsys.readouterr().err


def test_a_backup_that_was_cut_short_is_none_and_a_changed_one_is_found(
    backed_up, open_folder, brought_back, capsys
):
    source = open_folder / "copied"
    shutil.copytree(backed_up[0], source)
    whole = backups_in(source)[-1]
    shutil.copytree(whole, whole.with_suffix(".partial"))
    assert backups_in(source) == [whole]
    broken = next((whole / CLUSTER / "base").rglob("1259"))
    held = bytearray(broken.read_bytes())
    held[100] ^= 1
    broken.write_bytes(held)
    code, _data = brought_back(source)
    assert code == 1
    assert "does not hold together" in capsys.readouterr().err


def test_a_drill_says_what_would_be_lost(backed_up, lived, work, capsys):
    target, _between, _before = backed_up
    work()
    words = ["drill", "--data", str(lived.path), "--from", str(target)]
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert "each the beginning of the one that runs" in shown
    assert "lost: 1 entries" in shown
    put_aside(lived)
    assert main(words) == 0
    assert "lost: 0 entries" in capsys.readouterr().out


def test_a_drill_names_a_chain_that_was_bent_after_the_backup(backed_up, lived, capsys):
    server = postgres.server_in(lived)
    bend = "UPDATE kit_entry SET hash = repeat('0', 64) WHERE subject = %s"
    with psycopg.connect(server.url(postgres.OWNER)) as connection:
        kept = connection.execute(
            "SELECT subject, hash FROM kit_entry WHERE number = 1 ORDER BY id LIMIT 1"
        ).fetchone()
        connection.execute("ALTER TABLE kit_entry DISABLE TRIGGER USER")
        connection.execute(bend, [kept[0]])
    try:
        words = ["drill", "--data", str(lived.path), "--from", str(backed_up[0])]
        assert main(words) == 1
        assert f"differ from those that run: {kept[0]}" in capsys.readouterr().out
    finally:
        with psycopg.connect(server.url(postgres.OWNER)) as connection:
            back = "UPDATE kit_entry SET hash = %s WHERE subject = %s AND number = 1"
            connection.execute(back, [kept[1], kept[0]])
            connection.execute("ALTER TABLE kit_entry ENABLE TRIGGER USER")


def test_the_oldest_backups_go_with_the_log_that_only_they_need(lived, open_folder):
    target = open_folder / "few"
    words = ["backup", "--data", str(lived.path), "--to", str(target), "--keep", "1"]
    assert main(words) == 0
    first = backups_in(target)[0]
    log = {one.name for one in (target / LOG).iterdir()}
    time.sleep(1.1)
    assert main(words) == 0
    assert [one.name for one in backups_in(target)] != [first.name]
    assert len(backups_in(target)) == 1
    assert not log & {one.name for one in (target / LOG).iterdir()}
    told = json.loads((backups_in(target)[0] / "manifest.json").read_text())
    assert told["entries"] > 0


def test_two_backups_of_one_home_are_not_made_at_once(lived, tmp_path, capsys):
    with only_one(lived.path / "backup.lock", wait=False):
        assert main(["backup", "--data", str(lived.path), "--to", str(tmp_path)]) == 1
    assert "being made already" in capsys.readouterr().err


def test_a_folder_that_the_server_cannot_come_to_is_said_at_once(lived, tmp_path, capsys):
    server = postgres.server_in(lived)
    if not server.account.switch:
        pytest.skip("only root has a server that runs as somebody else")
    tmp_path.chmod(0o700)
    assert main(["backup", "--data", str(lived.path), "--to", str(tmp_path)]) == 1
    assert "may not come to" in capsys.readouterr().err
    assert archive_of(server.place) != tmp_path / LOG


def test_a_server_that_is_told_needs_a_role_that_may_copy(lived, tmp_path, monkeypatch, capsys):
    server = postgres.server_in(lived)
    postgres.start(server)
    monkeypatch.setenv("DATABASE_URL", server.url(postgres.APP))
    assert main(["backup", "--data", str(lived.path), "--to", str(tmp_path)]) == 1
    assert "LIPEI_BACKUP_URL" in capsys.readouterr().err
