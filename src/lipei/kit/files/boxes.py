"""Looks into the boxes of MP4 and MOV films (ISO base media): measures, plays nothing."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import BinaryIO, NamedTuple

from lipei.kit.files.seen import Seen
from lipei.kit.refusal import Refused

EPOCH = datetime(1904, 1, 1, tzinfo=UTC)
EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
MOST_BOXES = 100_000
HEADER = 8
LONG_HEADER = 16
TO_THE_END, LONG = 0, 1
MATRIX_AND_SIZE = 44


class Box(NamedTuple):
    """One box: its type, and where its content begins and ends in the file."""

    type: bytes
    start: int
    end: int


def look_at_video(file: BinaryIO) -> Seen:
    """Size, length and time of a film. Refused if it is cut off or holds no pictures."""
    top = list(boxes(file, start=0, end=_length(file)))
    film = _first(top, b"moov")
    if film is None or not any(box.type in (b"mdat", b"moof") for box in top):
        raise Refused("file_broken")
    parts = _inside(file, film)
    tracks = [_inside(file, box) for box in parts if box.type == b"trak"]
    pictures = [track for track in tracks if _shows_pictures(file, track)]
    if not pictures:
        raise Refused("file_type_not_taken")
    width, height = _track_size(file, pictures[0])
    taken_at, duration_ms = _film_times(file, parts)
    return Seen(width=width, height=height, taken_at=taken_at, duration_ms=duration_ms)


def boxes(file: BinaryIO, *, start: int, end: int) -> Iterator[Box]:
    """The boxes that fill a stretch of the file. Refused if one leaves it or they never end."""
    at, left = start, MOST_BOXES
    while at + HEADER <= end:
        left -= 1
        if left < 0:
            raise Refused("file_bomb")
        file.seek(at)
        header = file.read(LONG_HEADER)
        size, body = int.from_bytes(header[:4]), at + HEADER
        if size == LONG:
            size, body = int.from_bytes(header[8:16]), at + LONG_HEADER
        elif size == TO_THE_END:
            size = end - at
        if at + size > end or at + size < body:
            raise Refused("file_broken")
        yield Box(header[4:8], body, at + size)
        at += size


def _inside(file: BinaryIO, box: Box) -> list[Box]:
    return list(boxes(file, start=box.start, end=box.end))


def _first(found: list[Box], type: bytes) -> Box | None:
    return next((box for box in found if box.type == type), None)


def _content(file: BinaryIO, box: Box) -> bytes:
    file.seek(box.start)
    return file.read(min(box.end - box.start, 256))


def _length(file: BinaryIO) -> int:
    return file.seek(0, 2)


def _shows_pictures(file: BinaryIO, track: list[Box]) -> bool:
    media = _first(track, b"mdia")
    handler = _first(_inside(file, media), b"hdlr") if media else None
    return handler is not None and _content(file, handler)[8:12] == b"vide"


def _track_size(file: BinaryIO, track: list[Box]) -> tuple[int | None, int | None]:
    header = _first(track, b"tkhd")
    raw = _content(file, header)[-MATRIX_AND_SIZE:] if header else b""
    if len(raw) < MATRIX_AND_SIZE:
        return None, None
    width, height = int.from_bytes(raw[36:38]), int.from_bytes(raw[40:42])
    upright = int.from_bytes(raw[0:4]) != 0
    return (width, height) if upright else (height, width)


def _film_times(file: BinaryIO, parts: list[Box]) -> tuple[datetime | None, int | None]:
    header = _first(parts, b"mvhd")
    raw = _content(file, header) if header else b""
    wide = raw[:1] == b"\x01"
    if len(raw) < (32 if wide else 20):
        return None, None
    created = int.from_bytes(raw[4:12] if wide else raw[4:8])
    scale = int.from_bytes(raw[20:24] if wide else raw[12:16])
    length = int.from_bytes(raw[24:32] if wide else raw[16:20])
    try:
        at: datetime | None = EPOCH + timedelta(seconds=created)
    except OverflowError:
        at = None
    if at is not None and at < EARLIEST:
        at = None
    return at, length * 1000 // scale if scale and length else None
