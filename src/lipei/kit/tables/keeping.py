"""Tables are kept as they came until they are read, and then erased: they hold persons."""

import hashlib
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lipei.kit.files.keeping import Readable
from lipei.kit.files.stores import CHUNK, current_store, full_is_refused, key_of, new_file
from lipei.kit.refusal import Refused
from lipei.kit.tables.opening import Limits, open_table

MEGABYTE = 1024 * 1024
FORMULA = ("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠")


def keep_table(stream: Readable, *, limits: Limits | None = None) -> tuple[str, int]:
    """Store a table that can be opened: its digest and its rows. Refusals as `open_table`.

    The same content again is kept once.
    """
    most = limits or Limits()
    store = current_store()
    with full_is_refused(), store.room() as path:
        digest = _receive(stream, path, most)
        height = open_table(path, limits=most).height
        store.adopt(path, key=key_of(digest))
    return digest, height


@contextmanager
def fetched(sha256: str) -> Iterator[Path]:
    """A kept table as a file on this machine, for as long as it is read.

    FileNotFoundError if it is not there any more.
    """
    store = current_store()
    with store.room() as path:
        folder = path.parent
        with new_file(folder) as copy, store.open(key_of(sha256)) as kept:
            with copy.open("wb") as target:
                shutil.copyfileobj(kept, target, CHUNK)
            yield copy


def erase_table(sha256: str) -> None:
    """Remove a kept table; one that is gone already is nothing to do."""
    current_store().erase(key_of(sha256))


def safe_cell(text: str) -> str:
    """The text so that no table program takes it for a formula."""
    return f"'{text}" if text.startswith(FORMULA) else text


def _receive(stream: Readable, path: Path, most: Limits) -> str:
    counted, size = hashlib.sha256(), 0
    with path.open("wb") as file:
        while piece := stream.read(CHUNK):
            size += len(piece)
            if size > most.file_bytes:
                raise Refused("table_too_large", limit=f"{most.file_bytes // MEGABYTE} MB")
            counted.update(piece)
            file.write(piece)
    return counted.hexdigest()
