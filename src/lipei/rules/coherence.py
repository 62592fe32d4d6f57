"""What the facts must be to one another, beyond what each must be: named refusals."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

import numpy as np

from lipei.rules.facts import Fact
from lipei.rules.money import WHOLE, Fen, Flag
from lipei.rules.products.edition import Accumulator, Edition
from lipei.rules.sharing import Key, along, first_in, run_starts, sum_of

Frame = Mapping[str, Any]
"""Columns by name, or the plain whole numbers of one claim."""


def refuse_the_incoherent(edition: Edition, frame: Frame) -> None:
    """Refuse a frame whose dates or numbers are out of order, that leaves out what another fact
    needs or tells codes that a table does not list together, whose rows of one key tell what
    they share differently or have shares that are no whole together, or whose rows of one
    accumulator do not stand together.

    A fact that stands at its own default was not told; such a date precedes nothing. Raises
    FactRefused with the field and the first bad row: "out_of_order", "below",
    "needed", "unlisted", "unlike", "unsorted", "not_whole", "over_whole".
    """
    for found in incoherent(edition, frame):
        row = int(np.argmax(found.is_bad)) if np.size(found.is_bad) > 1 else None
        raise found.fact.refused(found.reason, row=row, than=found.than)


class Incoherent(NamedTuple):
    """The rows in which a fact does not fit another one, and why."""

    fact: Fact
    reason: str
    than: Fact
    is_bad: Flag


def incoherent(edition: Edition, frame: Frame) -> Iterator[Incoherent]:
    """Every way in which rows of a frame do not fit together, with the rows that do not."""
    known = edition.given
    yield from _out_of_order(edition, frame)
    for name, others in edition.needed:
        yield from _untold(edition, frame, name, others)
    for table in edition.tables:
        figure = table.found(*(frame[name] for name in table.by))
        if _anywhere(figure < 0):
            yield Incoherent(known[table.by[-1]], "unlisted", known[table.by[0]], figure < 0)
    if edition.keys and np.size(frame[edition.keys[0]]) > 1:
        yield from _apart(edition, frame)
    yield from _no_whole(edition, frame)


def _apart(edition: Edition, frame: Frame) -> Iterator[Incoherent]:
    """Rows of one key that do not stand together, or tell what they share differently."""
    known = edition.given
    for accumulator in edition.accumulators:
        yield from _scattered(edition, frame, accumulator)
    for name, key in edition.alike:
        if frame[name].ndim:
            is_unlike = _unlike(frame[name], frame[key])
            if _anywhere(is_unlike):
                yield Incoherent(known[name], "unlike", known[key], is_unlike)


def _out_of_order(edition: Edition, frame: Frame) -> Iterator[Incoherent]:
    """A date that precedes another one, or a number below another one."""
    known = edition.given
    for name, other in edition.dated:
        fact, days = known[name], frame[name]
        is_early = days < frame[other]
        if fact.default is not None and _anywhere(is_early):
            is_early &= days != fact.default
        if _anywhere(is_early):
            yield Incoherent(fact, "out_of_order", known[other], is_early)
    for name, other in edition.ranked:
        is_below = frame[name] < frame[other]
        if _anywhere(is_below):
            yield Incoherent(known[name], "below", known[other], is_below)


def _untold(
    edition: Edition, frame: Frame, name: str, others: tuple[str, ...]
) -> Iterator[Incoherent]:
    """A row that tells one of `others` and not this fact, which it needs."""
    known = edition.given
    is_untold: Flag = frame[name] == known[name].default
    if not _anywhere(is_untold):
        return
    for other in others:
        is_bad: Flag = is_untold & (frame[other] != known[other].default)
        if _anywhere(is_bad):
            yield Incoherent(known[name], "needed", known[other], is_bad)


def _scattered(edition: Edition, frame: Frame, accumulator: Accumulator) -> Iterator[Incoherent]:
    """A key that comes again after another one, or in another run of the wider key."""
    key = frame[accumulator.key]
    if not accumulator.within and (key[1:] >= key[:-1]).all():
        return
    run = np.zeros(key.size, np.int64)
    run[run_starts(frame[accumulator.within or accumulator.key])[1:]] = 1
    run = np.cumsum(run)
    is_again = run != first_in(run, key)
    fact = edition.given[accumulator.key]
    wider = edition.given[accumulator.within or accumulator.key]
    if is_again.any():
        yield Incoherent(fact, "unsorted", wider, is_again)


def _no_whole(edition: Edition, frame: Frame) -> Iterator[Incoherent]:
    """Rows whose rates sum to another whole than 100%, or to more than that."""
    known = edition.given
    for name, others in edition.whole:
        is_bad = _summed(frame, name, others) != WHOLE
        if _anywhere(is_bad):
            yield Incoherent(known[name], "not_whole", known[others[-1]], is_bad)
    for name, others in edition.partial:
        is_bad = _summed(frame, name, others) > WHOLE
        if _anywhere(is_bad):
            yield Incoherent(known[name], "over_whole", known[others[-1]], is_bad)


def _summed(frame: Frame, name: str, others: tuple[str, ...]) -> Fen:
    """The sum of a rate over the rows that tell the same of all `others`, in each of them."""
    group, *narrower = (np.asarray(frame[other]) for other in others)
    for column in narrower:
        group = _narrowed(group, along(column, group))
    return sum_of(np.asarray(frame[name]), group)


def _narrowed(group: Key, column: Fen | Flag) -> Key:
    """A key of its own for the rows of each group that have the same value."""
    if group.size <= 1:
        return group
    order = np.lexsort((column, group))
    wide, narrow = group[order], column[order]
    is_new = (wide[1:] != wide[:-1]) | (narrow[1:] != narrow[:-1])
    key = np.zeros(group.size, np.int64)
    key[order[1:]] = np.cumsum(is_new)
    return key


def _anywhere(condition: Flag | bool) -> bool:
    """Whether it holds in some row, or in the one claim."""
    if isinstance(condition, bool) or not condition.ndim:
        return bool(condition)
    return bool(condition.any())


def _unlike(column: Fen, key: Key) -> Flag:
    """Where a row tells another value than the first row of its key."""
    is_new = column[1:] != column[:-1]
    if is_new.any() and (key[1:] < key[:-1]).any():
        unlike: Flag = column != first_in(column, key)
        return unlike
    is_new &= key[1:] == key[:-1]
    return np.concatenate(([False], is_new))
