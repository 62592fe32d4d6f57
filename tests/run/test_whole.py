"""The two promises of `./lipei up` as one walk: it starts from nothing, and survives a kill."""

import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from lipei.run import postgres, running
from lipei.run.home import CHECKOUT
from lipei.run.ports import free_port

PATIENCE_S = 180


@pytest.fixture
def up(new_home, tmp_path, told_nothing):
    """A way to start everything in the new home; whatever is left is ended with the test."""
    started = []

    def start(port):
        kept = {name: word for name, word in os.environ.items() if not name.startswith("LIPEI_")}
        kept["PYTHONPATH"] = os.pathsep.join((str(CHECKOUT / "src"), str(CHECKOUT)))
        words = ["up", "--data", str(new_home.path), "--port", str(port)]
        log = tmp_path / f"up{len(started)}.log"
        with log.open("w") as out:
            process = subprocess.Popen(
                [sys.executable, "-u", "-m", "lipei", *words], env=kept, stdout=out, stderr=out
            )
        started.append(process)
        until = time.monotonic() + PATIENCE_S
        while "Ctrl-C stops everything" not in log.read_text():
            assert process.poll() is None, log.read_text()
            assert time.monotonic() < until, log.read_text()
            time.sleep(0.05)
        return process, log.read_text()

    yield start
    for process in started:
        process.kill()
        process.wait()
    running.clear_up(new_home)
    postgres.stop(postgres.server_in(new_home))


def answer(port):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"http://127.0.0.1:{port}/readyz", timeout=10) as page:
        return page.read().decode()


def test_it_starts_from_nothing_and_after_a_kill_finds_everything(up, new_home):
    port = free_port()
    process, shown = up(port)
    assert '"ok": true' in answer(port)
    assert f"http://127.0.0.1:{port}/" in shown
    assert "wangmin" in shown

    process.send_signal(signal.SIGKILL)
    process.wait()
    began = time.monotonic()
    process, shown_again = up(port)
    assert time.monotonic() - began < PATIENCE_S
    assert shown_again.partition("Lipei runs:")[2] == shown.partition("Lipei runs:")[2]
    assert '"ok": true' in answer(port)
    pids = running.read(new_home).pids

    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert not [pid for pid in pids if os.path.exists(f"/proc/{pid}")]
    assert postgres.postmaster_of(postgres.server_in(new_home)) is None
    assert running.read(new_home) == running.Running()
