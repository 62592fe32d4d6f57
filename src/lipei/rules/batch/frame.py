"""A chunk of checked claims, settled in blocks that fit the cache."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from lipei.rules.engine import Frame, run
from lipei.rules.facts import Column
from lipei.rules.products.edition import Edition
from lipei.rules.sharing import run_starts

BLOCK_ROWS = 8_192
"""How many rows a block has: thirty columns of them fit a core's second cache."""


class Room:
    """Memory in which frames are settled one after the other: a machine takes longer to hand out
    fresh memory than the rules take to fill it. The next frame overwrites the one before."""

    def __init__(self) -> None:
        self._held: dict[np.dtype[Any], Column] = {}

    def columns(self, number: int, *, height: int, kind: np.dtype[Any]) -> Column:
        """So many columns of a kind in one piece, with whatever was in it."""
        held = self._held.get(kind)
        if held is None or held.size < number * height:
            held = self._held[kind] = np.empty(number * height, kind)
        return held[: number * height].reshape(number, height)


def settle_frame(
    edition: Edition, columns: Mapping[str, Column], *, keys: Sequence[str] = (),
    wanted: Sequence[str] = (), block: int = BLOCK_ROWS, room: Room | None = None,
) -> dict[str, Column]:  # fmt: skip
    """The columns that the rules make of a frame of checked claims, or the wanted ones.

    Rows of the first of `keys` stand together and stay in one block, so that what is used up
    in turn is used up as in one frame. What is the same in every row may stand alone, and so
    stands what comes out alike in every block. The columns lie in fresh memory, or in the
    `room` until it is used again.
    """
    height = max(column.size for column in columns.values())
    names = tuple(wanted) or tuple(r.column for r in edition.rules)
    made: dict[str, Column] = {}
    alone = {name: column for name, column in columns.items() if not column.ndim}
    apart = [(name, column) for name, column in columns.items() if column.ndim]
    key = columns[keys[0]].astype(np.int64, copy=False) if keys else None
    for start, end in _blocks(height, key, block=block):
        part = run(edition.rules, alone | {name: column[start:end] for name, column in apart})
        made = made or _laid(part, names, height=height, room=room or Room())
        for name in names:
            _put(part[name], made, name, slice(start, end), height=height)
    return made


def _laid(part: Frame, names: Sequence[str], *, height: int, room: Room) -> dict[str, Column]:
    """Room for whole columns, all of a kind in one piece: the machine hands out one large piece
    far faster than many."""
    rooms = {name: part[name] for name in names if not part[name].ndim}
    for kind in (np.dtype(np.int64), np.dtype(np.bool_)):
        alike = [name for name in names if part[name].ndim and part[name].dtype == kind]
        rooms |= dict(zip(alike, room.columns(len(alike), height=height, kind=kind), strict=True))
    return rooms


def _put(part: Column, made: Frame, name: str, rows: slice, *, height: int) -> None:
    """Lay the part of a block into its column; one that stood alone gets rows where a block
    differs from those before it."""
    whole = made[name]
    if not whole.ndim:
        if not part.ndim and part == whole:
            return
        whole = made[name] = np.full(height, whole)
    whole[rows] = part


def _blocks(height: int, key: Column | None, *, block: int) -> Iterator[tuple[int, int]]:
    """Where blocks begin and end; never between two rows of one key."""
    number = max(1, (height + block // 2) // block)
    block = max(1, -(-height // number))
    if key is None or height <= block:
        for start in range(0, height, block):
            yield start, min(start + block, height)
        return
    starts = np.append(run_starts(key.astype(np.int64, copy=False)), height)
    start = 0
    while start < height:
        end = int(starts[np.searchsorted(starts, min(start + block, height))])
        yield start, end
        start = end
