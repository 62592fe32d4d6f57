"""The programs that `lipei up` runs: started, watched, started again, stopped in order."""

import ctypes
import os
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from lipei.run import postgres
from lipei.run.home import CHECKOUT
from lipei.run.steps import say
from lipei.run.trouble import Trouble

PR_SET_PDEATHSIG = 1
LARGEST_LOG = 20 * 2**20
SHORTEST_WAIT_S = 0.5
LONGEST_WAIT_S = 30.0
STEADY_S = 60.0
LIBC = ctypes.CDLL(None)


def die_with_parent() -> None:
    """Asked of the kernel in each child: end me when my parent is gone, however it went."""
    LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


@dataclass
class Child:
    """One program, its surroundings, its log, and how often it had to be started again.

    `insist` asks its whole group again every second: a process of granian that is still
    loading when it is asked to end does not hear it.
    """

    name: str
    command: list[str]
    environment: dict[str, str]
    log: Path
    patience_s: float = 10.0
    insist: bool = False
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    wait_s: float = SHORTEST_WAIT_S
    due_at: float | None = field(default=None)

    def start(self) -> None:
        """Start it in a group of its own: it is stopped by us and not by the terminal."""
        if self.log.exists() and self.log.stat().st_size > LARGEST_LOG:
            self.log.replace(self.log.with_suffix(".before"))
        with self.log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command,
                env=self.environment,
                cwd=CHECKOUT,
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=die_with_parent,
            )
        self.started_at, self.due_at = time.monotonic(), None

    def is_running(self) -> bool:
        """True while the program itself lives."""
        return self.process is not None and self.process.poll() is None

    def stop(self) -> None:
        """Ask it to end; end its whole group when it does not listen."""
        if self.process is None:
            return
        until = time.monotonic() + self.patience_s
        self.process.terminate()
        while self._is_ending(self.process) and time.monotonic() < until:
            if self.insist:
                os.killpg(self.process.pid, signal.SIGTERM)
        if self.is_running():
            say(f"  {self.name} does not end in {self.patience_s:.0f} s and is ended")
        self._sweep()

    def _is_ending(self, process: subprocess.Popen[bytes]) -> bool:
        """Wait a second at most; True when it is not over yet."""
        try:
            process.wait(1.0)
        except subprocess.TimeoutExpired:
            return True
        return False

    def watch(self) -> bool:
        """Start it again when it died, each time after a longer wait; True when it was."""
        now = time.monotonic()
        if self.is_running():
            if now - self.started_at > STEADY_S:
                self.wait_s = SHORTEST_WAIT_S
            return False
        if self.due_at is None:
            self._sweep()
            code = self.process.returncode if self.process else None
            say(f"  {self.name} ended ({_how(code)}); starting it again in {self.wait_s:.1f} s")
            say(f"    its last words are in {self.log}")
            self.due_at = now + self.wait_s
            self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
        if now < self.due_at:
            return False
        self.start()
        return True

    def _sweep(self) -> None:
        """End what is left of its group: workers of its own that outlived it hold its port."""
        assert self.process is not None
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        self.process.wait()


@dataclass
class WatchedServer:
    """Our own PostgreSQL, which is no child of ours: looked after in the same way."""

    server: postgres.Server
    wait_s: float = SHORTEST_WAIT_S
    due_at: float = 0.0

    def watch(self) -> None:
        """Start it again when it is gone; when that fails, later and later."""
        if postgres.postmaster_of(self.server) or time.monotonic() < self.due_at:
            return
        say("  PostgreSQL ended; starting it again")
        try:
            postgres.start(self.server)
            self.wait_s = SHORTEST_WAIT_S
        except Trouble as trouble:
            self.wait_s = min(self.wait_s * 2, LONGEST_WAIT_S)
            say(f"  {trouble}\n  once more in {self.wait_s:.0f} s")
        self.due_at = time.monotonic() + self.wait_s


def _how(code: int | None) -> str:
    if code is not None and code < 0:
        return f"signal {signal.Signals(-code).name}"
    return f"exit code {code}"


def last_words(child: Child, *, lines: int = 12) -> str:
    """The end of a child's log, for the person who has to mend it."""
    if not child.log.exists():
        return ""
    return "\n".join(child.log.read_text(errors="replace").splitlines()[-lines:])
