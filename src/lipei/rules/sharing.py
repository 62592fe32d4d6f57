"""Sums over rows that belong together (one accident, one loss, one estate), and their shares.

A group is a column of keys: rows with the same key belong together, wherever they stand. Every
function gives a column as high as its group, the same value in all rows of it or a share each.
"""

import threading
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lipei.rules.money import MOST_HELD, ONE, Fen, Flag, floor_ratio_of, most_of

Key = NDArray[np.int64]
Places = NDArray[np.intp]


def along(column: Fen, group: Key) -> Fen:
    """A column with a row for each of the group, also where its figure stands alone."""
    return column if column.ndim else np.broadcast_to(column, group.shape)


def sum_of(amount: Fen | Flag, group: Key) -> Fen:
    """The sum of a column over each group, in all of its rows (yes counts 1); of a column that
    has several values a row (one a year), each by itself. Not negative; raises AssertionError
    where a sum could leave 64 bits."""
    column = amount.astype(np.int64, copy=False) if amount.ndim else amount * ONE
    if group.size <= 1:
        return column
    groups = _grouped(group)
    return groups.in_rows(groups.sums(along(column, group)))


def count_of(group: Key) -> Fen:
    """How many rows belong to each group, in all of its rows."""
    if not group.ndim:
        return ONE
    groups = _grouped(group)
    return groups.in_rows(groups.sizes)


def first_of(group: Key) -> Flag:
    """Whether a row is the first listed of its group."""
    if not group.ndim:
        return ONE > 0
    is_first = np.zeros(group.shape, np.bool_)
    if group.size:
        groups = _grouped(group)
        is_first[groups.starts if groups.order is None else groups.order[groups.starts]] = True
    return is_first


def largest_of(amount: Fen, group: Key) -> Fen:
    """The largest value of each group, in all of its rows."""
    if group.size <= 1:
        return amount
    groups = _grouped(group)
    return groups.in_rows(np.maximum.reduceat(groups.sorted(along(amount, group)), groups.starts))


def first_in(amount: Fen, group: Key) -> Fen:
    """The value that the first listed row of each group has, in all of its rows."""
    if group.size <= 1 or not amount.ndim:
        return amount
    groups = _grouped(group)
    return groups.in_rows(groups.sorted(amount)[groups.starts])


def shared(total: Fen, weight: Fen, group: Key) -> Fen:
    """Divide the total of each group among its rows in proportion to `weight`.

    Each share is cut to the fen, the fen left over go to the largest remainders, ties to the
    first listed (benefit_rules A2): the shares sum to the total. A group whose weights are all
    0 gets nothing. The total stands in every row of its group; that of the first row counts.
    Nothing is negative. Exact also where total x weight exceeds 64 bits.
    """
    if group.size <= 1:
        return total * (weight > 0)
    groups, total, weight = _grouped(group), along(total, group), along(weight, group)
    weights, totals = groups.sorted(weight), groups.sorted(total)[groups.starts]
    wholes = groups.sums(weights, is_sorted=True)
    whole, divided = groups.repeated(wholes), groups.repeated(totals)
    share = floor_ratio_of(divided, weights, whole)
    remainder = divided * weights - share * whole
    left = totals * (wholes > 0) - groups.sums(share, is_sorted=True)
    return groups.unsorted(share + _is_given_one(remainder, left, groups.sizes))


def _is_given_one(remainder: Fen, left: Fen, sizes: Places) -> Flag:
    """Which rows, sorted by group, get one of the fen that are left over of their group."""
    is_given = np.zeros(remainder.shape, np.bool_)
    among = np.flatnonzero(np.repeat(left > 0, sizes))
    if among.size:
        left, sizes = left[left > 0], sizes[left > 0]
        group = np.repeat(np.arange(sizes.size), sizes)
        by_remainder = np.lexsort((-remainder[among], group))
        place = np.arange(among.size) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        is_given[among[by_remainder[place < np.repeat(left, sizes)]]] = True
    return is_given


@dataclass(frozen=True, slots=True)
class _Groups:
    """Rows sorted by group: `order` (None where they stand so already), where each group
    starts in it, and how many rows it has."""

    order: Places | None
    starts: Places
    sizes: Places

    def sorted(self, column: Fen) -> Fen:
        return column if self.order is None else column[self.order]

    def unsorted(self, column: Fen) -> Fen:
        if self.order is None:
            return column
        rows = np.empty_like(column)
        rows[self.order] = column
        return rows

    def repeated(self, values: Fen) -> Fen:
        return np.repeat(values, self.sizes, axis=0)

    def in_rows(self, values: Fen) -> Fen:
        return self.unsorted(self.repeated(values))

    def sums(self, column: Fen, *, is_sorted: bool = False) -> Fen:
        assert most_of(column) * int(self.sizes.max()) <= MOST_HELD
        sums: Fen = np.add.reduceat(column if is_sorted else self.sorted(column), self.starts)
        return sums


def _grouped(group: Key) -> _Groups:
    order = None
    if (group[1:] < group[:-1]).any():
        order = np.argsort(group, kind="stable")
        group = group[order]
    starts = run_starts(group)
    return _Groups(order, starts, np.diff(starts, append=group.size))


@dataclass(frozen=True, slots=True)
class Runs:
    """Rows of the same key that stand together: where each run starts, and the number of the
    run (from 0) in each row. `is_apart`: some key comes again after another one."""

    starts: Places
    number: Places
    is_apart: bool


class _Known(threading.local):
    """The runs of the key that was asked for last."""

    key: Key | None = None
    runs: Runs


_known = _Known()


def runs_of(key: Key) -> Runs:
    """The runs of a key, found once however many rules ask for them one after the other."""
    if _known.key is not key:
        is_new = key[1:] != key[:-1]
        number = np.zeros(key.size, np.intp)
        np.cumsum(is_new, out=number[1:])
        starts = np.append(0, np.flatnonzero(is_new) + 1)
        keys = key[starts]
        is_apart = not (keys[1:] > keys[:-1]).all() and np.unique(keys).size < keys.size
        _known.key, _known.runs = key, Runs(starts, number, is_apart)
    return _known.runs


def run_starts(key: Key) -> Places:
    """The rows where another key begins than that of the row before; the first is one."""
    return np.flatnonzero(np.concatenate(([True], key[1:] != key[:-1])))
