"""What the person at the terminal sees while something takes its time."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

WIDTH = 44


class Step:
    """One line: what is being done, how it ended, and how long it took."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.note = ""


@contextmanager
def step(name: str) -> Iterator[Step]:
    """Show a step while it runs and its seconds when it is done."""
    began = time.monotonic()
    shown = Step(name)
    moving = sys.stdout.isatty()
    if moving:
        print(f"  {name} …", end="", flush=True)
    try:
        yield shown
    except BaseException:
        print(f"\r  {name:<{WIDTH}} did not succeed" if moving else f"  {name}: did not succeed")
        raise
    seconds = f"{time.monotonic() - began:5.1f} s"
    line = f"  {name:<{WIDTH}} {seconds}  {shown.note}".rstrip()
    print(f"\r{line}" if moving else line, flush=True)


def say(text: str = "") -> None:
    """One line to the person, at once."""
    print(text, flush=True)
