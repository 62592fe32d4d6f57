"""`lipei serve`: the web of a real installation, told by LIPEI_* and DATABASE_URL.

Told to stop, it first says at /readyz that it is being stopped, serves on until the balancer has
looked away, and only then ends: so one web after the other can be restarted and no request is lost.
"""

import argparse
import importlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from types import FrameType

from lipei.run.children import die_with_parent
from lipei.run.database import told_database
from lipei.run.environment import SETTINGS_MODULE, environment_of
from lipei.run.home import DEFAULT
from lipei.run.ports import ensure_free
from lipei.run.trouble import Trouble

THREADS = 2
MOST_WORKERS = 12
KILL_AFTER_S = 10
STOPPING = "LIPEI_STOPPING"
DRAIN_S = 5.0
ASK_AGAIN_S = 1.0


def workers_wanted() -> int:
    """One web process a core: Python's lock lets a process use no more."""
    return max(1, min(MOST_WORKERS, len(os.sched_getaffinity(0))))


def web_command(*, bind: str, port: int, workers: int) -> list[str]:
    """granian with few threads a process: a long queue of threads is a long tail of answers."""
    words = ["--interface", "wsgi", "--host", bind, "--port", str(port), "--no-ws"]
    words += ["--workers", str(workers), "--blocking-threads", str(THREADS)]
    words += ["--respawn-failed-workers", "--workers-kill-timeout", str(KILL_AFTER_S)]
    words += ["--log-level", "warning"]
    return [sys.executable, "-m", "granian", *words, "lipei.site.wsgi:application"]


def ensure_safe(role: str) -> dict[str, str]:
    """The surroundings of a real web or worker; refuses what would be unsafe.

    Errors: Trouble without DATABASE_URL; the guard's own exit with demonstration secrets.
    """
    database = told_database()
    if database is None:
        raise Trouble(
            f"DATABASE_URL is not set, and a real {role} starts no database of its own.",
            way_out="Set it to a PostgreSQL 15 or newer, or use `./lipei up` to try Lipei.",
        )
    os.environ["LIPEI_ROLE"] = role
    os.environ.setdefault("LIPEI_POOL", str(THREADS))
    importlib.import_module(SETTINGS_MODULE)
    data = Path(os.environ.get("LIPEI_DATA", DEFAULT))
    return environment_of(url=database.app_url, data=data)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to listen, and with how many processes."""
    parser.add_argument("--bind", default="127.0.0.1", help="the address to listen on")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--workers", type=int, default=workers_wanted(), help="web processes")
    parser.add_argument(
        "--drain", type=float, default=DRAIN_S,
        help="seconds to serve on when told to stop, until the balancer has looked away",
    )  # fmt: skip


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop; the exit code is the server's own when it ends unasked."""
    environment = ensure_safe("web")
    ensure_free(options.port, bind=options.bind)
    command = web_command(bind=options.bind, port=options.port, workers=options.workers)
    with tempfile.TemporaryDirectory(prefix="lipei-serve-") as folder:
        Path(folder).chmod(0o711)
        mark = Path(folder) / "stopping"
        told = threading.Event()
        _hear_signals({signal.SIGTERM: told.set, signal.SIGINT: told.set})
        server = subprocess.Popen(
            command, env={**environment, STOPPING: str(mark)}, preexec_fn=die_with_parent,
            start_new_session=True,
        )  # fmt: skip
        _hear_signals({signal.SIGHUP: lambda: server.send_signal(signal.SIGHUP)})
        _wait(server, told=told)
        if server.poll() is not None:
            return server.returncode
        mark.touch()
        _drain(server, seconds=options.drain)
        return _end(server)


def _hear_signals(deeds: dict[signal.Signals, Callable[[], object]]) -> None:
    """Let each signal do its deed."""

    def heard(number: int, frame: FrameType | None) -> None:
        deeds[signal.Signals(number)]()

    for number in deeds:
        signal.signal(number, heard)


def _wait(server: "subprocess.Popen[bytes]", *, told: threading.Event) -> None:
    """Until somebody says stop, or the server has ended."""
    while not told.wait(ASK_AGAIN_S) and server.poll() is None:
        pass


def _drain(server: "subprocess.Popen[bytes]", *, seconds: float) -> None:
    """Serve on for a while; whoever says stop once more does not wait."""
    hurry = threading.Event()
    _hear_signals({signal.SIGTERM: hurry.set, signal.SIGINT: hurry.set})
    hurry.wait(seconds)


def _end(server: "subprocess.Popen[bytes]") -> int:
    """Ask the server to end until it does: one that is still loading does not hear it."""
    for _again in range(KILL_AFTER_S):
        os.killpg(server.pid, signal.SIGTERM)
        try:
            server.wait(ASK_AGAIN_S)
        except subprocess.TimeoutExpired:
            continue
        return 0
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()
    return 0
