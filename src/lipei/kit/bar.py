"""A bar that fills, for the person at a terminal."""

import sys
import time

WIDTH = 30
TICK_S = 0.2


class Bar:
    """On a terminal the bar moves; in a log it speaks at each tenth."""

    def __init__(self) -> None:
        self.told_at, self.tenth = 0.0, -1

    def __call__(self, done: int, whole: int) -> None:
        """Say how far it is."""
        moves = sys.stderr.isatty()
        tenth = 10 * done // max(whole, 1)
        present = time.monotonic()
        if done < whole and (present - self.told_at < TICK_S if moves else tenth == self.tenth):
            return
        self.told_at, self.tenth = present, tenth
        filled = WIDTH * done // max(whole, 1)
        line = f"  [{'█' * filled}{'·' * (WIDTH - filled)}] {done:,} of {whole:,}"
        end = "\n" if done >= whole or not moves else ""
        sys.stderr.write(f"{chr(13) if moves else ''}{line}{end}")
        sys.stderr.flush()
