"""Takes a file in: whole, looked at, under the digest of its content, or not at all."""

import hashlib
import os
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Protocol

from lipei.kit.files import documents, images
from lipei.kit.files.boxes import look_at_video
from lipei.kit.files.kinds import (
    EXTENSIONS,
    HEAD_BYTES,
    KINDS,
    MEGABYTE,
    Limits,
    media_type,
)
from lipei.kit.files.seen import Place, Seen
from lipei.kit.files.stores import CHUNK, current_store, full_is_refused, key_of
from lipei.kit.files.webm import look_at_webm
from lipei.kit.refusal import Refused

EDGES: Mapping[str, int] = {"page": 1600, "thumb": 320}
LONGEST_NAME = 80
NOT_IN_NAMES = re.compile(r'[\\/:*?"<>|]')


class Readable(Protocol):
    """Anything that gives bytes piece by piece: an upload, an open file."""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file that is kept. Pixels as a viewer sees them; times and place as the device says."""

    sha256: str
    size: int
    media_type: str
    filename: str
    width: int | None
    height: int | None
    pages: int | None
    duration_ms: int | None
    taken_at: datetime | None
    place: Place | None


def keep(stream: Readable, *, filename: str, limits: Limits | None = None) -> StoredFile:
    """Store what comes out of the stream, and say what it is.

    Refused by name if it is empty, of a type we do not take, too large, broken, locked, a bomb,
    or if storage is full; then nothing of it is left. The same content again is kept once.
    """
    most = limits or Limits.told()
    store = current_store()
    with full_is_refused(), store.room() as path:
        found, digest, size = _receive(stream, path=path, most=most)
        seen = _look(path, found=found, most=most)
        store.adopt(path, key=key_of(digest))
    return StoredFile(
        sha256=digest,
        size=size,
        media_type=found,
        filename=plain_name(filename, media_type=found),
        width=seen.width,
        height=seen.height,
        pages=seen.pages,
        duration_ms=seen.duration_ms,
        taken_at=seen.taken_at,
        place=seen.place,
    )


def open_original(sha256: str) -> BinaryIO:
    """The original, byte for byte. FileNotFoundError if it is not there."""
    return current_store().open(key_of(sha256))


def type_of(sha256: str) -> str:
    """The media type of a kept file. FileNotFoundError if it is not there."""
    head = b"".join(current_store().chunks(key_of(sha256), start=0, length=HEAD_BYTES))
    found = media_type(head)
    assert found is not None, f"{sha256} was kept without a type"
    return found


def display(sha256: str, *, size: str) -> bytes | None:
    """The picture redrawn for the screen as WebP: ``page`` 1600 or ``thumb`` 320 pixels.

    Drawn once and kept beside the original. None for what cannot be drawn: papers and films.
    FileNotFoundError if there is no such original.
    """
    store, key = current_store(), key_of(sha256, display=f".{size}.webp")
    if store.size(key) is not None:
        with store.open(key) as kept:
            return kept.read()
    if not images.can_draw(type_of(sha256)):
        return None
    with open_original(sha256) as original:
        drawn = images.drawn(original, edge=EDGES[size])
    try:
        with full_is_refused(), store.room() as path:
            _write(path, content=drawn)
            store.adopt(path, key=key)
    except Refused:
        return drawn
    return drawn


def is_intact(sha256: str) -> bool:
    """Whether the stored original still has the digest under which it lies."""
    counted = hashlib.sha256()
    with open_original(sha256) as original:
        while piece := original.read(CHUNK):
            counted.update(piece)
    return counted.hexdigest() == sha256


def erase(sha256: str) -> None:
    """Remove the original and all its copies, as retention or the law demands."""
    store = current_store()
    for size in EDGES:
        store.erase(key_of(sha256, display=f".{size}.webp"))
    store.erase(key_of(sha256))


def plain_name(filename: str, *, media_type: str) -> str:
    """The person's name for the file, harmless, with the ending that its content has."""
    stem = Path(filename.replace("\\", "/")).name.rpartition(".")
    name = unicodedata.normalize("NFC", stem[0] or stem[2])
    letters = (c for c in name if unicodedata.category(c)[0] != "C")
    clean = NOT_IN_NAMES.sub("", "".join(letters)).strip(" .")[:LONGEST_NAME]
    return f"{clean or 'file'}.{EXTENSIONS[media_type]}"


def _receive(stream: Readable, *, path: Path, most: Limits) -> tuple[str, str, int]:
    """Write the stream to the path and to the platter: media type, digest, size."""
    head = _head(stream)
    if not head:
        raise Refused("file_empty")
    found = media_type(head)
    if found is None or KINDS[found] not in most.kinds:
        raise Refused("file_type_not_taken")
    allowed = most.bytes_of(KINDS[found])
    counted, size, piece = hashlib.sha256(), 0, head
    with path.open("wb") as file:
        while piece:
            size += len(piece)
            if size > allowed:
                raise Refused("file_too_large", limit=f"{allowed // MEGABYTE} MB")
            counted.update(piece)
            file.write(piece)
            piece = stream.read(CHUNK)
        file.flush()
        os.fsync(file.fileno())
    return found, counted.hexdigest(), size


def _head(stream: Readable) -> bytes:
    head = b""
    while len(head) < HEAD_BYTES and (piece := stream.read(CHUNK)):
        head += piece
    return head


def _look(path: Path, *, found: str, most: Limits) -> Seen:
    if found.startswith("image/"):
        return images.look(path, media_type=found, limits=most)
    if found == "application/pdf":
        return documents.look_at_pdf(path, limits=most)
    if found == "application/ofd":
        return documents.look_at_ofd(path, limits=most)
    look: Callable[[BinaryIO], Seen] = look_at_webm if found == "video/webm" else look_at_video
    with path.open("rb") as film:
        return look(film)


def _write(path: Path, *, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
