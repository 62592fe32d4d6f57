"""Files of staff that were handed in: kept until they are taken in, and erased after a day."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from lipei.ch06_systems.models import RollFile
from lipei.ch06_systems.roll import LIMITS, Roll, read_roll, take_in
from lipei.kit import clock
from lipei.kit.files.keeping import Readable
from lipei.kit.refusal import Refused
from lipei.kit.tables import erase_table, fetched, keep_table

KEPT = timedelta(days=1)
NAME_LIMIT = 120

# Commands


def hand_in(stream: Readable, *, name: str, by: str) -> RollFile:
    """Keep a file that can be read, to be looked at before anything of it is taken in."""
    digest, _ = keep_table(stream, limits=LIMITS)
    return RollFile.objects.create(sha256=digest, name=name[:NAME_LIMIT], by=by)


def take_in_file(pk: int, *, by: str) -> Roll:
    """Take in the good rows of a file that one handed in."""
    held = roll_file(pk, by=by)
    with opened(held) as path:
        roll = take_in(path, by=by)
    RollFile.objects.filter(pk=held.pk).update(taken_at=clock.now())
    return roll


def forget_old_rolls() -> int:
    """Erase the files of yesterday and before, taken in or not; how many."""
    old = RollFile.objects.filter(at__lt=clock.now() - KEPT)
    digests = set(old.values_list("sha256", flat=True))
    gone: int = old.delete()[0]
    kept = set(RollFile.objects.filter(sha256__in=digests).values_list("sha256", flat=True))
    for digest in digests - kept:
        erase_table(digest)
    return gone


# Queries


def roll_file(pk: int, *, by: str) -> RollFile:
    """A file that one handed in oneself; another's does not exist."""
    held = RollFile.objects.filter(pk=pk, by=by).first()
    if held is None:
        raise Refused("file_not_found")
    return held


def looked_at(pk: int, *, by: str) -> Roll:
    """What each row of a file would do now."""
    with opened(roll_file(pk, by=by)) as path:
        return read_roll(path, by=by)


@contextmanager
def opened(held: RollFile) -> Iterator[Path]:
    """The file on this machine; one that was erased meanwhile is refused."""
    try:
        with fetched(held.sha256) as path:
            yield path
    except FileNotFoundError:
        raise Refused("file_not_found") from None
