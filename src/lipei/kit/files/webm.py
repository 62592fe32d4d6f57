"""Looks into WebM films (EBML elements): measures, plays nothing."""

import struct
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, NamedTuple

from lipei.kit.files.seen import Seen
from lipei.kit.refusal import Refused

SEGMENT, MOMENTS, TRACKS, CLUSTER = 0x18538067, 0x1549A966, 0x1654AE6B, 0x1F43B675
SCALE, DURATION, DATE = 0x2AD7B1, 0x4489, 0x4461
TRACK, TRACK_TYPE, PICTURE, WIDTH, HEIGHT = 0xAE, 0x83, 0xE0, 0xB0, 0xBA
PICTURES = 1
EPOCH = datetime(2001, 1, 1, tzinfo=UTC)
DEFAULT_SCALE_NS = 1_000_000
MOST_ELEMENTS = 10_000
LONGEST_NUMBER = 8


class Element(NamedTuple):
    """One element: its id, and where its content begins and ends in the file."""

    id: int
    start: int
    end: int


def look_at_webm(file: BinaryIO) -> Seen:
    """Size, length and time of a film. Refused if it is cut off or holds no pictures."""
    length = file.seek(0, 2)
    segment = _first(list(_elements(file, start=0, end=length)), SEGMENT)
    if segment is None:
        raise Refused("file_broken")
    parts = list(_elements(file, start=segment.start, end=segment.end, until=CLUSTER))
    tracks = _first(parts, TRACKS)
    if tracks is None or _first(parts, CLUSTER) is None:
        raise Refused("file_broken")
    pictures = [track for each in _inside(file, tracks) if (track := _picture(file, each))]
    if not pictures:
        raise Refused("file_type_not_taken")
    width, height = pictures[0]
    taken_at, duration_ms = _times(file, _first(parts, MOMENTS))
    return Seen(width=width, height=height, taken_at=taken_at, duration_ms=duration_ms)


def _elements(
    file: BinaryIO, *, start: int, end: int, until: int | None = None
) -> Iterator[Element]:
    """The elements of a stretch; one of unknown length reaches to its end."""
    at, left = start, MOST_ELEMENTS
    while at < end:
        left -= 1
        if left < 0:
            raise Refused("file_bomb")
        name, after = _number(file, at, with_mark=True)
        size, body = _number(file, after, with_mark=False)
        unknown = size == (1 << 7 * (body - after)) - 1
        stop = end if unknown else body + size
        if name == until:
            yield Element(name, body, min(stop, end))
            return
        if stop > end:
            raise Refused("file_broken")
        yield Element(name, body, stop)
        at = stop


def _number(file: BinaryIO, at: int, *, with_mark: bool) -> tuple[int, int]:
    """A number of variable length, and where it ends."""
    file.seek(at)
    raw = file.read(LONGEST_NUMBER)
    length = LONGEST_NUMBER + 1 - raw[0].bit_length() if raw else LONGEST_NUMBER + 1
    if length > LONGEST_NUMBER or len(raw) < length:
        raise Refused("file_broken")
    value = int.from_bytes(raw[:length])
    return value if with_mark else value & ((1 << 7 * length) - 1), at + length


def _inside(file: BinaryIO, element: Element) -> list[Element]:
    return list(_elements(file, start=element.start, end=element.end))


def _first(found: list[Element], name: int) -> Element | None:
    return next((each for each in found if each.id == name), None)


def _whole(file: BinaryIO, element: Element | None) -> int | None:
    if element is None or element.end - element.start > LONGEST_NUMBER:
        return None
    file.seek(element.start)
    return int.from_bytes(file.read(element.end - element.start))


def _picture(file: BinaryIO, track: Element) -> tuple[int | None, int | None] | None:
    if track.id != TRACK:
        return None
    parts = _inside(file, track)
    picture = _first(parts, PICTURE)
    if _whole(file, _first(parts, TRACK_TYPE)) != PICTURES or picture is None:
        return None
    sizes = _inside(file, picture)
    return _whole(file, _first(sizes, WIDTH)), _whole(file, _first(sizes, HEIGHT))


def _times(file: BinaryIO, moments: Element | None) -> tuple[datetime | None, int | None]:
    parts = _inside(file, moments) if moments else []
    taken = _whole(file, _first(parts, DATE))
    scale_ns = _whole(file, _first(parts, SCALE)) or DEFAULT_SCALE_NS
    length = _fraction(file, _first(parts, DURATION))
    at = EPOCH + timedelta(microseconds=taken // 1000) if taken and taken < 1 << 62 else None
    return at, int(length * scale_ns / 1_000_000) if length is not None else None


def _fraction(file: BinaryIO, element: Element | None) -> float | None:
    size = element.end - element.start if element else 0
    if element is None or size not in (4, 8):
        return None
    file.seek(element.start)
    value: float = struct.unpack(">f" if size == 4 else ">d", file.read(size))[0]  # noqa: PLR2004
    return value if 0 <= value < 1 << 40 else None
