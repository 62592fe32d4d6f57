"""What the person at the terminal sees while something takes its time."""

import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

WIDTH = 44
TICK_S = 1.0
REMIND_S = 15.0


@dataclass
class Step:
    """One line: what is being done, how it ended, and how long it took."""

    name: str
    note: str = ""
    began: float = field(default_factory=time.monotonic)

    def line(self) -> str:
        """The line as it stands after so many seconds."""
        return f"  {self.name:<{WIDTH}} {time.monotonic() - self.began:5.1f} s  {self.note}"


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show a step with its seconds while it runs and when it is done."""
    shown, over = Step(name), threading.Event()
    ticking = threading.Thread(target=_tick, args=(shown, over), daemon=True)
    ticking.start()
    try:
        yield shown
    except BaseException:
        shown.note = "did not succeed"
        raise
    finally:
        over.set()
        ticking.join()
        print(f"{_start()}{shown.line().rstrip()}", flush=True)


def _tick(shown: Step, over: threading.Event) -> None:
    """On a terminal the seconds move; in a log a line now and then says that it goes on."""
    moving = sys.stdout.isatty()
    while True:
        if moving:
            print(f"{_start()}{shown.line()}", end="", flush=True)
        if over.wait(TICK_S if moving else REMIND_S):
            return
        if not moving:
            print(f"  {shown.name} … {time.monotonic() - shown.began:.0f} s", flush=True)


def _start() -> str:
    """Back to the start of the line, where there is one to go back to."""
    return "\r" if sys.stdout.isatty() else ""


def say(text: str = "") -> None:
    """One line to the person, at once."""
    print(text, flush=True)
