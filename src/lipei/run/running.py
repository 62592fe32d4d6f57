"""What runs in a data home, written down, so that the next start can clear up after a kill."""

import json
import os
import signal
import time
from dataclasses import asdict, dataclass
from pathlib import Path

from lipei.run.home import Home

GONE_WITHIN_S = 5.0


@dataclass(frozen=True)
class Running:
    """The address of the web, that of the outside world, and the programs' numbers."""

    address: str = ""
    outside: str = ""
    pids: tuple[int, ...] = ()


def write_down(home: Home, running: Running) -> None:
    """Keep what this start runs."""
    partial = _file(home).with_suffix(".partial")
    partial.write_text(json.dumps(asdict(running)))
    partial.replace(_file(home))


def read(home: Home) -> Running:
    """What the last start wrote down; empty when it was stopped in order."""
    try:
        kept = json.loads(_file(home).read_text())
        pids = tuple(int(pid) for pid in kept["pids"])
        return Running(str(kept["address"]), str(kept["outside"]), pids)
    except (OSError, ValueError, KeyError):
        return Running()


def forget(home: Home) -> None:
    """Everything was stopped in order: nothing is left to clear up."""
    _file(home).unlink(missing_ok=True)


def clear_up(home: Home) -> int:
    """End what an earlier start left behind; how many programs that were."""
    left = [pid for pid in read(home).pids if _belongs(pid, home)]
    for pid in left:
        os.killpg(pid, signal.SIGTERM)
    until = time.monotonic() + GONE_WITHIN_S
    while any(_belongs(pid, home) for pid in left) and time.monotonic() < until:
        time.sleep(0.05)
    for pid in left:
        if _belongs(pid, home):
            os.killpg(pid, signal.SIGKILL)
    forget(home)
    return len(left)


def _file(home: Home) -> Path:
    return home.path / "running.json"


def _belongs(pid: int, home: Home) -> bool:
    """True when that program still lives and was started for this home."""
    try:
        surroundings = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"LIPEI_DATA={home.path}".encode() in surroundings
