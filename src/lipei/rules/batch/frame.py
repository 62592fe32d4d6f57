"""A chunk of checked claims, settled in blocks that fit the cache."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from lipei.rules.engine import run
from lipei.rules.facts import Column
from lipei.rules.products.edition import Edition
from lipei.rules.sharing import run_starts

BLOCK_ROWS = 8_192
"""How many rows a block has: thirty columns of them fit a core's second cache."""


def settle_frame(
    edition: Edition, columns: Mapping[str, Column], *, keys: Sequence[str] = (),
    wanted: Sequence[str] = (), block: int = BLOCK_ROWS,
) -> dict[str, Column]:  # fmt: skip
    """The columns that the rules make of a frame of checked claims, or the wanted ones.

    Rows of the first of `keys` stand together and stay in one block, so that what is used up
    in turn is used up as in one frame.
    """
    height = next(iter(columns.values())).size
    names = tuple(wanted) or tuple(r.column for r in edition.rules)
    made: dict[str, Column] = {}
    key = columns[keys[0]].astype(np.int64, copy=False) if keys else None
    for start, end in _blocks(height, key, block=block):
        part = run(edition.rules, {name: column[start:end] for name, column in columns.items()})
        for name in names:
            if name not in made:
                made[name] = np.empty_like(part[name], shape=height)
            made[name][start:end] = part[name]
    return made


def _blocks(height: int, key: Column | None, *, block: int) -> Iterator[tuple[int, int]]:
    """Where blocks begin and end; never between two rows of one key."""
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
