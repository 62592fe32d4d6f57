"""What is used up in the order of settlement: limits and deductibles over several claims.

In a frame the rows of one key stand in the order of settlement; what the database already
counts is the opening. Settled one by one, each opening carried forward, the figures are equal.
"""

import numpy as np

from lipei.rules.money import Fen, capped, positive
from lipei.rules.sharing import Key, along, runs_of


def used_before(amount: Fen, *, limit: Fen, opening: Fen, key: Key) -> Fen:
    """What is used up of `limit` before each row: the opening and the earlier amounts of the
    same key, never above the limit.

    `amount` is what each row asks of the limit, not negative, before the limit cuts it: since
    the limit is used up greedily this equals counting what was granted. The opening is the same
    in all rows of a key; that of the first row counts. Rows of one key stand together where it
    must be fast; elsewhere they are counted in the order in which they stand. The sum of a key
    stays below 2**63.
    """
    if key.size <= 1:
        return capped(opening, limit)
    amount, runs = along(amount, key), runs_of(key)
    if runs.is_apart:
        return _used_in_any_order(amount, limit=limit, opening=opening, key=key)
    earlier = np.cumsum(amount)
    earlier -= amount
    first = opening[runs.starts] if opening.ndim else opening
    earlier += (first - earlier[runs.starts])[runs.number]
    used: Fen = np.minimum(earlier, limit, out=earlier)
    return used


def left_of(limit: Fen, used: Fen) -> Fen:
    """What is left of a limit; nothing where more was used."""
    return positive(limit - used)


def _used_in_any_order(amount: Fen, *, limit: Fen, opening: Fen, key: Key) -> Fen:
    order = np.argsort(key, kind="stable")
    limit, opening = along(limit, key), along(opening, key)
    used = np.empty_like(amount)
    used[order] = used_before(
        amount[order], limit=limit[order], opening=opening[order], key=key[order]
    )
    return used
