"""PostgreSQL of our own: made, started, killed, found again; and every reason to refuse."""

import os
import signal
import stat
import time

import psycopg
import pytest

from lipei.run import postgres
from lipei.run.account import place_for
from lipei.run.database import check_version, database_of
from lipei.run.engine import Engine, engine_in
from lipei.run.home import Home, Share, open_home
from lipei.run.trouble import Trouble
from tests.run.conftest import fake_postgres


def rows(server, role=postgres.OWNER, line="SELECT word FROM mark"):
    with psycopg.connect(server.url(role)) as connection:
        return connection.execute(line).fetchall()


def write_mark(server):
    with psycopg.connect(server.url(postgres.OWNER)) as connection:
        connection.execute("DROP TABLE IF EXISTS mark")
        connection.execute("CREATE TABLE mark (word text)")
        connection.execute("INSERT INTO mark VALUES ('kept')")


def test_a_first_start_makes_both_roles_and_the_database(server):
    assert rows(server, line="SELECT current_user, current_database()") == [
        ("lipei_owner", "lipei")
    ]
    assert rows(server, postgres.APP, "SELECT current_user") == [("lipei_app",)]


def test_the_role_of_the_web_may_not_make_tables_and_is_no_superuser(server):
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        rows(server, postgres.APP, "CREATE TABLE mine ()")
    line = "SELECT rolname FROM pg_roles WHERE rolsuper AND rolname LIKE 'lipei%'"
    assert rows(server, line=line) == []


def test_nobody_comes_in_without_the_password(server):
    wrong = server.url(postgres.OWNER).replace(server.passwords[postgres.OWNER], "guess")
    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(wrong)


def test_passwords_and_data_are_closed_to_others(server):
    assert stat.S_IMODE((server.place / "passwords.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(server.cluster.stat().st_mode) == 0o700
    assert stat.S_IMODE(server.sockets.stat().st_mode) == 0o750


def test_it_is_durable_has_checksums_and_listens_on_no_port(server):
    wanted = {
        "fsync": "on",
        "synchronous_commit": "on",
        "full_page_writes": "on",
        "data_checksums": "on",
        "listen_addresses": "",
    }
    line = "SELECT name, setting FROM pg_settings WHERE name = ANY(%s)"
    with psycopg.connect(server.url(postgres.OWNER)) as connection:
        assert dict(connection.execute(line, [list(wanted)]).fetchall()) == wanted


def test_chinese_is_known_as_letters_and_the_extensions_are_there(server):
    line = "SELECT cardinality(show_trgm('理赔案件')) > 0, unaccent('é'), lower('É')"
    assert rows(server, line=line) == [(True, "e", "é")]


def test_a_second_start_is_quick_and_finds_the_data(server):
    write_mark(server)
    postgres.stop(server)
    assert postgres.postmaster_of(server) is None
    began = time.monotonic()
    assert postgres.start(server)
    assert time.monotonic() - began < 5
    assert rows(server) == [("kept",)]


def test_after_a_kill_in_the_middle_the_next_start_recovers_everything(server):
    write_mark(server)
    with psycopg.connect(server.url(postgres.OWNER)):
        postgres.kill(server)
        assert postgres.start(server)
    assert rows(server) == [("kept",)]


def test_a_server_that_still_runs_is_taken_over(server):
    pid = postgres.postmaster_of(server)
    assert postgres.start(server) is False
    assert postgres.postmaster_of(server) == pid


def test_a_lock_left_by_another_process_is_not_taken_for_a_server(server):
    postgres.stop(server)
    file = server.cluster / "postmaster.pid"
    file.write_text(f"{os.getpid()}\n{server.cluster}\n0\n5432\n")
    assert postgres.postmaster_of(server) is None
    file.unlink()


def test_a_cluster_that_was_half_made_was_made_again(server):
    assert not (server.place / "cluster.partial").exists()
    assert postgres.is_answering(server)


def test_a_start_that_cannot_succeed_says_so_in_postgres_own_words(server):
    postgres.stop(server)
    with pytest.raises(Trouble, match="shared_buffers"):
        postgres.start(server, settings={"shared_buffers": "'nonsense'"})


def test_a_terminated_server_can_be_started_again(server):
    postgres.kill(server, signal.SIGTERM)
    until = time.monotonic() + 10
    while postgres.postmaster_of(server) and time.monotonic() < until:
        time.sleep(0.05)
    assert postgres.start(server)


def test_two_commands_share_the_server_and_the_last_one_stops_it(home, told_nothing):
    with database_of(home) as first:
        with database_of(home):
            pass
        assert postgres.is_answering(first.server)
    assert postgres.postmaster_of(first.server) is None


def test_a_share_is_the_last_one_only_when_no_other_is_held(tmp_path):
    with Share(tmp_path / "users") as one:
        with Share(tmp_path / "users"):
            assert not one.is_last()
        assert one.is_last()


@pytest.mark.parametrize("version", ["13.9", "14.2"])
def test_a_postgres_that_is_too_old_is_refused_in_one_sentence(
    tmp_path, new_home, monkeypatch, told_nothing, version
):
    folder = fake_postgres(tmp_path / "bin", version=version)
    monkeypatch.setenv("LIPEI_POSTGRES_BIN", str(folder))
    with pytest.raises(Trouble) as trouble:
        postgres.server_in(new_home)
    major = version.partition(".")[0]
    assert trouble.value.sentence == (
        f"PostgreSQL {major} in {folder} is too old: Lipei needs 15 or newer."
    )
    assert "LIPEI" in trouble.value.way_out or "Install" in trouble.value.way_out


def test_a_postgres_that_is_new_enough_is_taken(tmp_path, monkeypatch, told_nothing):
    folder = fake_postgres(tmp_path / "bin", version="16.4")
    monkeypatch.setenv("LIPEI_POSTGRES_BIN", str(folder))
    assert engine_in(folder) == Engine(folder, 16)


def test_data_of_another_major_version_are_not_touched(
    tmp_path, new_home, monkeypatch, told_nothing
):
    folder = fake_postgres(tmp_path / "bin", version="17.2")
    monkeypatch.setenv("LIPEI_POSTGRES_BIN", str(folder))
    cluster = place_for(new_home.postgres) / "cluster"
    cluster.mkdir()
    (cluster / "PG_VERSION").write_text("16\n")
    with pytest.raises(Trouble, match="written by PostgreSQL 16, and only 17 is found"):
        postgres.server_in(new_home)


def test_a_folder_without_postgres_is_refused_with_a_way_out(tmp_path, new_home, monkeypatch):
    monkeypatch.setenv("LIPEI_POSTGRES_BIN", str(tmp_path))
    with pytest.raises(Trouble, match="no PostgreSQL that can be run in"):
        postgres.server_in(new_home)


def test_a_database_url_that_does_not_answer_is_said_in_one_sentence():
    with pytest.raises(Trouble) as trouble:
        check_version("postgresql://nobody@127.0.0.1:1/none")
    assert trouble.value.sentence.startswith("The database of DATABASE_URL does not answer:")
    assert "\n" not in trouble.value.sentence


def test_a_database_url_of_a_good_server_is_taken(server):
    check_version(server.url(postgres.APP))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change to another account")
def test_as_root_the_files_stand_where_postgres_can_reach_them(tmp_path):
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    wanted = closed / "postgres"
    place = place_for(wanted)
    try:
        assert wanted.is_symlink()
        assert place != wanted
        assert all(folder.stat().st_mode & 0o001 for folder in place.parents)
        assert place_for(wanted) == place
    finally:
        place.rmdir()
    with pytest.raises(Trouble, match="are gone"):
        place_for(wanted)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has to change to another account")
def test_as_root_the_server_runs_as_somebody_without_rights(server: postgres.Server):
    pid = postgres.postmaster_of(server)
    assert os.stat(f"/proc/{pid}").st_uid == server.account.uid != 0


def test_the_home_is_a_folder_of_ours(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(Trouble, match="cannot be made"):
        open_home(tmp_path / "file" / "home")
    assert isinstance(open_home(tmp_path / "new" / "home"), Home)
