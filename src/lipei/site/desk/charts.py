"""Charts that the server draws: what goes up above a line, what goes down below it.

Whole numbers in, whole units of a drawing out; the words and the figures stand beside it in
HTML, so that they keep their size on a phone and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 200
SIDE = 100
STEP, GAP = 10, 2
MOST_LABELS = 6


@dataclass(frozen=True)
class Bar:
    """One month or group: how much goes up and down, and how it is drawn.

    It grows by `rise` one way and by `fall` the other way. Of a column `x` is the left edge and
    `y` the top; of a row `x` is where the part that goes down begins.
    """

    label: str
    up: int
    down: int
    x: int
    y: int
    rise: int
    fall: int
    is_named: bool = True


@dataclass(frozen=True)
class Chart:
    """Bars on one scale; `line` is where nothing changes, `most_up` and `most_down` the longest."""

    bars: list[Bar]
    width: int
    line: int
    most_up: int
    most_down: int


def columns(told: Sequence[tuple[str, int, int]]) -> Chart | None:
    """Columns of (label, up, down) from left to right; none where nothing changes. Of many only
    some are named below, at even steps, the last among them."""
    most_up, most_down = _longest(told)
    whole = most_up + most_down
    if not whole:
        return None
    line, step = _length(most_up, whole, HEIGHT), -(-len(told) // MOST_LABELS)
    bars = [
        Bar(label, up, down, x=n * STEP + GAP // 2, y=line - (rise := _length(up, whole, HEIGHT)),
            rise=rise, fall=_length(down, whole, HEIGHT),
            is_named=(len(told) - 1 - n) % step == 0)
        for n, (label, up, down) in enumerate(told)
    ]  # fmt: skip
    return Chart(bars, len(told) * STEP, line, most_up, most_down)


def rows(told: Sequence[tuple[str, int, int]]) -> Chart | None:
    """Rows of (label, up, down), one below the other; none where nothing changes. Both sides
    have the same scale."""
    longest = max(_longest(told))
    if not longest:
        return None
    bars = [
        Bar(label, up, down, x=SIDE - (fall := _length(down, longest, SIDE)), y=0,
            rise=_length(up, longest, SIDE), fall=fall)
        for label, up, down in told
    ]  # fmt: skip
    return Chart(bars, 2 * SIDE, SIDE, *_longest(told))


def _longest(told: Sequence[tuple[str, int, int]]) -> tuple[int, int]:
    most_up = max((up for _label, up, _down in told), default=0)
    return most_up, max((down for _label, _up, down in told), default=0)


def _length(part: int, whole: int, room: int) -> int:
    """How long a bar is; one that stands for anything can be seen."""
    return max(1, part * room // whole) if part else 0
