"""Where files lie: by the digest of their content, written once, never changed."""

import contextlib
import errno
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO, Protocol

from django.conf import settings
from django.utils.module_loading import import_string

from lipei.kit import clock
from lipei.kit.refusal import Refused

CHUNK = 256 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
RESERVE_BYTES = 256 * 1024 * 1024
READ_ONLY = 0o440


class Store(Protocol):
    """A place for files. A key is made by ``key_of``; what lies under it never changes."""

    def room(self) -> contextlib.AbstractContextManager[Path]:
        """A new empty file to fill; gone when the block ends, unless it was adopted."""

    def adopt(self, path: Path, *, key: str) -> None:
        """Take over a filled file under this key, whole or not at all; twice is once."""

    def size(self, key: str) -> int | None:
        """The bytes under this key; None if there is nothing."""

    def open(self, key: str) -> BinaryIO:
        """The content, readable at any place. FileNotFoundError if there is nothing."""

    def chunks(self, key: str, *, start: int, length: int) -> Iterator[bytes]:
        """A stretch of the content in pieces. FileNotFoundError if there is nothing."""

    def erase(self, key: str) -> None:
        """Remove it, as the law may demand; nothing there is nothing to do."""


def key_of(sha256: str, *, display: str = "") -> str:
    """The key of an original, or of one of its display copies: ``ab/cd/abcd…``."""
    assert SHA256.fullmatch(sha256), "no SHA-256 digest"
    return f"{sha256[:2]}/{sha256[2:4]}/{sha256}{display}"


def current_store() -> Store:
    """The store that the settings name: LIPEI_FILES_S3 if it is set, else LIPEI_FILES."""
    told: str = getattr(settings, "LIPEI_FILES_S3", "")
    if told:
        remote: Store = import_string("lipei.kit.files.s3.S3Store")(told)
        return remote
    reserve = getattr(settings, "LIPEI_FILES_RESERVE_BYTES", RESERVE_BYTES)
    return DiskStore(Path(settings.LIPEI_FILES), reserve_bytes=reserve)


@contextlib.contextmanager
def full_is_refused() -> Iterator[None]:
    """A full disk is a clear no to the person, not a failure of ours."""
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise Refused("storage_full") from None
        raise


@contextlib.contextmanager
def new_file(folder: Path) -> Iterator[Path]:
    """An empty file in this folder; removed at the end, if it is still there."""
    handle, name = tempfile.mkstemp(dir=folder, prefix="in-")
    os.close(handle)
    path = Path(name)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


class DiskStore:
    """Files on a disk of our own; a rename within one file system makes them whole at once."""

    def __init__(self, root: Path, *, reserve_bytes: int = RESERVE_BYTES) -> None:
        """``reserve_bytes`` stay free for the database, which may share the disk."""
        self.root, self.reserve_bytes = root, reserve_bytes

    @contextlib.contextmanager
    def room(self) -> Iterator[Path]:
        """See Store. Refused when less than the reserve would stay free."""
        incoming = self.root / "incoming"
        incoming.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(incoming).free < self.reserve_bytes:
            raise Refused("storage_full")
        with new_file(incoming) as path:
            yield path

    def adopt(self, path: Path, *, key: str) -> None:
        """See Store. A stored file of another length is damaged, and is healed by this one."""
        target = self.root / key
        if self.size(key) == path.stat().st_size:
            return
        target.parent.mkdir(parents=True, exist_ok=True)
        path.chmod(READ_ONLY)
        path.replace(target)
        for folder in (target.parent, target.parent.parent, self.root):
            _sync_folder(folder)

    def size(self, key: str) -> int | None:
        """See Store."""
        try:
            return (self.root / key).stat().st_size
        except FileNotFoundError:
            return None

    def open(self, key: str) -> BinaryIO:
        """See Store."""
        return (self.root / key).open("rb")

    def chunks(self, key: str, *, start: int, length: int) -> Iterator[bytes]:
        """See Store."""
        file = self.open(key)
        return _pieces(file, start=start, length=length)

    def erase(self, key: str) -> None:
        """See Store."""
        (self.root / key).unlink(missing_ok=True)

    def sweep(self, *, older_than: timedelta = timedelta(days=1)) -> int:
        """Remove uploads that a crash left half done; returns how many. For a daily job."""
        before = (clock.now() - older_than).timestamp()
        swept = 0
        for path in (self.root / "incoming").glob("in-*"):
            with contextlib.suppress(FileNotFoundError):
                if path.stat().st_mtime < before:
                    path.unlink()
                    swept += 1
        return swept


def _pieces(file: BinaryIO, *, start: int, length: int) -> Iterator[bytes]:
    with file:
        file.seek(start)
        while length > 0 and (piece := file.read(min(CHUNK, length))):
            length -= len(piece)
            yield piece


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
