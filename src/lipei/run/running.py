"""What runs in a data home, written down, so that the next start can clear up after a kill."""

import json
import os
import signal
import time
from collections.abc import Iterable
from pathlib import Path

from lipei.run.home import Home

GONE_WITHIN_S = 5.0


def _file(home: Home) -> Path:
    return home.path / "running.json"


def write_down(home: Home, *, address: str, pids: Iterable[int]) -> None:
    """Keep the address and the programs of this start."""
    partial = _file(home).with_suffix(".partial")
    partial.write_text(json.dumps({"address": address, "pids": sorted(pids)}))
    partial.replace(_file(home))


def forget(home: Home) -> None:
    """Everything was stopped in order: nothing is left to clear up."""
    _file(home).unlink(missing_ok=True)


def address_of(home: Home) -> str:
    """Where the running Lipei of this home is to be found."""
    return _kept(home)[0]


def clear_up(home: Home) -> int:
    """End what an earlier start left behind; how many programs that were."""
    left = [pid for pid in _kept(home)[1] if _belongs(pid, home)]
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


def _kept(home: Home) -> tuple[str, list[int]]:
    try:
        kept = json.loads(_file(home).read_text())
        return str(kept["address"]), [int(pid) for pid in kept["pids"]]
    except (OSError, ValueError, KeyError):
        return "", []


def _belongs(pid: int, home: Home) -> bool:
    """True when that program still lives and was started for this home."""
    try:
        surroundings = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return False
    return f"LIPEI_DATA={home.path}".encode() in surroundings
