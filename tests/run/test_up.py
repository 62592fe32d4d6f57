"""`lipei up` and its programs: ports, a second start, a killed start, production's refusals."""

import argparse
import io
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lipei.run import postgres, running, steps, up
from lipei.run.children import Child, WatchedServer
from lipei.run.home import CHECKOUT, only_one
from lipei.run.keys import NAMES, keys_of
from lipei.run.ports import ensure_free, free_port
from lipei.run.programs import places_for
from lipei.run.trouble import Trouble


def options(home, port):
    return argparse.Namespace(data=home.path, bind="127.0.0.1", port=port)


def command(*words, **more):
    """A command of Lipei as a person calls it, with nothing told but what the test tells."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LIPEI_")}
    kept.pop("DATABASE_URL", None)
    kept["PYTHONPATH"] = os.pathsep.join((str(CHECKOUT / "src"), str(CHECKOUT)))
    return subprocess.run(
        [sys.executable, "-m", "lipei", *words],
        env=kept | more,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_taken_port_is_said_in_one_sentence_with_a_free_one(taken_port):
    with pytest.raises(Trouble) as trouble:
        ensure_free(taken_port, bind="127.0.0.1")
    assert trouble.value.sentence == (
        f"Port {taken_port} on 127.0.0.1 is taken by another program."
    )
    ensure_free(int(trouble.value.way_out.rpartition(" ")[2]), bind="127.0.0.1")


def test_a_taken_port_stops_up_before_anything_is_started(new_home, taken_port):
    with pytest.raises(Trouble, match="is taken"):
        up.run(options(new_home, taken_port))
    assert not new_home.postgres.exists()


def test_a_free_port_is_taken_without_a_word():
    ensure_free(free_port(), bind="127.0.0.1")


@pytest.mark.parametrize(("port", "bind"), [(0, "127.0.0.1"), (8000, "192.0.2.1"), (8000, "no.")])
def test_an_address_that_does_not_exist_is_refused(port, bind):
    with pytest.raises(Trouble):
        ensure_free(port, bind=bind)


def test_a_second_up_on_the_same_home_is_refused_and_told_where_the_first_is(new_home):
    running.write_down(new_home, running.Running("http://127.0.0.1:8000", "", ()))
    with only_one(new_home.path / "up.lock", wait=False) as alone:
        assert alone
        with pytest.raises(Trouble) as trouble:
            up.run(options(new_home, free_port()))
    assert "already runs" in trouble.value.sentence
    assert "http://127.0.0.1:8000" in trouble.value.sentence
    assert "--data" in trouble.value.way_out


def test_what_a_killed_start_left_behind_is_ended_and_nothing_else(new_home):
    def sleeper(home):
        surroundings = {**os.environ, "LIPEI_DATA": str(home)}
        return subprocess.Popen(["sleep", "60"], env=surroundings, start_new_session=True)

    ours, other = sleeper(new_home.path), sleeper("elsewhere")
    try:
        time.sleep(0.1)
        running.write_down(new_home, running.Running("", "", (ours.pid, other.pid, 2**22 - 1)))
        assert running.clear_up(new_home) == 1
        assert ours.wait(5) == -signal.SIGTERM
        assert other.poll() is None
        assert running.read(new_home) == running.Running()
    finally:
        for process in (ours, other):
            process.kill()
            process.wait()


def is_gone(pid):
    """True as soon as that program has ended, whoever collects it."""
    until = time.monotonic() + 5
    while time.monotonic() < until:
        try:
            if not Path(f"/proc/{pid}/cmdline").read_bytes():
                return True
        except FileNotFoundError:
            return True
        time.sleep(0.02)
    return False


def shell(script, tmp_path, **more):
    child = Child("web", ["/bin/sh", "-c", script], dict(os.environ), tmp_path / "log", **more)
    child.start()
    return child


def test_a_program_that_dies_is_started_again_after_a_longer_wait_each_time(tmp_path, capsys):
    child = shell("echo once; exit 3", tmp_path)
    until, again = time.monotonic() + 10, 0
    while again < 2 and time.monotonic() < until:
        time.sleep(0.02)
        again += child.watch()
    assert (again, child.wait_s) == (2, 2.0)
    assert "web ended (exit code 3); starting it again in 0.5 s" in capsys.readouterr().out
    child.stop()
    assert (tmp_path / "log").read_text().startswith("once\nonce\n")


def test_a_program_that_runs_is_left_alone_and_stops_when_asked(tmp_path):
    child = shell("exec sleep 60", tmp_path)
    assert child.watch() is False
    child.stop()
    assert child.process.returncode == -signal.SIGTERM


def test_a_program_that_does_not_listen_is_ended_with_all_its_own(tmp_path, capsys):
    script = "trap '' TERM; sleep 61 & echo $!; while :; do sleep 0.1; done"
    child = shell(script, tmp_path, patience_s=1)
    until = time.monotonic() + 5
    while not (tmp_path / "log").read_text() and time.monotonic() < until:
        time.sleep(0.02)
    grandchild = int((tmp_path / "log").read_text())
    child.stop()
    assert child.process.returncode == -signal.SIGKILL
    assert "does not end in 1 s" in capsys.readouterr().out
    assert is_gone(grandchild)


def test_our_own_postgres_is_started_again_when_it_dies(server, capsys):
    watched = WatchedServer(server)
    watched.watch()
    assert capsys.readouterr().out == ""
    postgres.kill(server)
    until = time.monotonic() + 5
    while postgres.postmaster_of(server) and time.monotonic() < until:
        time.sleep(0.02)
    watched.watch()
    assert "PostgreSQL ended; starting it again" in capsys.readouterr().out
    assert postgres.is_answering(server)


def test_the_programs_go_with_a_parent_that_was_killed(tmp_path):
    script = (
        "import os, signal, pathlib\n"
        "from lipei.run.children import Child\n"
        f"log = pathlib.Path({str(tmp_path / 'log')!r})\n"
        "child = Child('web', ['sleep', '62'], dict(os.environ), log)\n"
        "child.start()\n"
        "print(child.process.pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    surroundings = {**os.environ, "PYTHONPATH": str(CHECKOUT / "src")}
    parent = subprocess.run(
        [sys.executable, "-c", script], env=surroundings, stdout=subprocess.PIPE, text=True
    )
    assert parent.returncode == -signal.SIGKILL
    assert is_gone(int(parent.stdout))


def test_each_home_has_secrets_of_its_own_that_last(new_home, tmp_path, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)
    first = keys_of(new_home)
    assert keys_of(new_home) == first
    assert len(set(first.values())) == len(NAMES)
    assert all(len(value) >= 32 for value in first.values())
    assert (new_home.path / "secrets.json").stat().st_mode & 0o077 == 0
    monkeypatch.setenv("LIPEI_SECRET_KEY", "told")
    assert keys_of(new_home)["LIPEI_SECRET_KEY"] == "told"


def test_an_open_address_is_shown_as_one_that_can_be_typed():
    assert places_for(bind="0.0.0.0", port=8000).address == "http://127.0.0.1:8000"
    assert places_for(bind="127.0.0.1", port=81).address == "http://127.0.0.1:81"


def test_help_shows_every_command_with_a_sentence():
    answer = command("--help")
    assert answer.returncode == 0
    words = "up test check bench doctor database migrate serve work audit manage"
    for word in words.split():
        assert any(line.split()[:1] == [word] for line in answer.stdout.splitlines()), word


def test_an_unknown_command_is_refused():
    answer = command("fly")
    assert answer.returncode == 2
    assert "fly" in answer.stderr


@pytest.mark.parametrize("role", ["serve", "work"])
def test_production_without_a_database_is_refused(role):
    answer = command(role)
    assert answer.returncode == 1
    assert "DATABASE_URL is not set" in answer.stderr
    assert "Traceback" not in answer.stderr


@pytest.mark.parametrize("role", ["serve", "work"])
def test_production_with_demonstration_secrets_is_refused(server, role):
    answer = command(role, DATABASE_URL=server.url(postgres.APP))
    assert answer.returncode == 1
    assert "refusing to start with demonstration secrets" in answer.stderr
    assert "Traceback" not in answer.stderr


def test_production_with_one_secret_of_three_is_still_refused(server):
    answer = command("serve", DATABASE_URL=server.url(postgres.APP), LIPEI_SECRET_KEY="x" * 40)
    assert answer.returncode == 1
    assert "LIPEI_FIELD_KEY" in answer.stderr


def test_production_with_secrets_of_its_own_gets_past_the_guard(server, taken_port):
    answer = command(
        "serve",
        "--port",
        str(taken_port),
        DATABASE_URL=server.url(postgres.APP),
        **{name: "own" * 20 for name in NAMES},
    )
    assert answer.returncode == 1
    assert "is taken by another program" in answer.stderr


def test_a_step_that_fails_is_shown_as_such(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    with pytest.raises(Trouble), up.step("tables"):
        raise Trouble("no", way_out="yes")
    assert shown.getvalue().split() == ["tables", "0.0", "s", "did", "not", "succeed"]


def test_a_long_step_says_that_it_goes_on(monkeypatch):
    shown = io.StringIO()
    monkeypatch.setattr(sys, "stdout", shown)
    monkeypatch.setattr(steps, "REMIND_S", 0.02)
    with up.step("front end") as step:
        time.sleep(0.1)
        step.note = "built"
    lines = shown.getvalue().splitlines()
    assert lines[0] == "  front end … 0 s"
    assert lines[-1].endswith("built")
