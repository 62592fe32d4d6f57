"""Papers: PDF and OFD, looked at before they are kept."""

import xml.etree.ElementTree as ElementTree
import zipfile
import zlib
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import DependencyError, FileNotDecryptedError, LimitReachedError, PyPdfError

from lipei.kit.files.kinds import Limits
from lipei.kit.files.seen import Seen
from lipei.kit.refusal import Refused

ENTRY = "OFD.xml"
MOST_ENTRIES = 5_000
CHUNK = 256 * 1024
ENTRY_BYTES = 1024 * 1024
ENCRYPTED = 0x1
BROKEN_PDF = (PyPdfError, ValueError, LookupError, TypeError, AttributeError, OSError)
BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    NotImplementedError,
    ValueError,
    EOFError,
    OSError,
)


def look_at_pdf(path: Path, *, limits: Limits) -> Seen:
    """Count the pages. Refused if it wants a password, is broken or has too many.

    A PDF that only forbids printing or changing opens without a password and is taken.
    """
    try:
        with path.open("rb") as file:
            reader = PdfReader(file)
            if reader.is_encrypted and not reader.decrypt(""):
                raise Refused("file_encrypted")
            pages = len(reader.pages)
    except (LimitReachedError, RecursionError, MemoryError):
        raise Refused("file_bomb") from None
    except (FileNotDecryptedError, DependencyError):
        raise Refused("file_encrypted") from None
    except BROKEN_PDF:
        raise Refused("file_broken") from None
    if pages == 0:
        raise Refused("file_broken")
    if pages > limits.pages:
        raise Refused("file_bomb")
    return Seen(pages=pages)


def look_at_ofd(path: Path, *, limits: Limits) -> Seen:
    """Unfold everything once, within bounds. Refused unless it is a whole, open OFD."""
    try:
        with zipfile.ZipFile(path) as folder:
            entries = folder.infolist()
            if ENTRY not in folder.namelist():
                raise Refused("file_type_not_taken")
            if any(entry.flag_bits & ENCRYPTED for entry in entries):
                raise Refused("file_encrypted")
            _refuse_bomb(entries, limits)
            for entry in entries:
                _unfold(folder, entry)
            _refuse_unless_ofd(folder.read(ENTRY))
    except BROKEN_ZIP:
        raise Refused("file_broken") from None
    return Seen()


def _refuse_bomb(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    unfolded = sum(entry.file_size for entry in entries)
    entry_bytes = sum(entry.file_size for entry in entries if entry.filename == ENTRY)
    if len(entries) > MOST_ENTRIES or unfolded > limits.unpacked_bytes:
        raise Refused("file_bomb")
    if entry_bytes > ENTRY_BYTES:
        raise Refused("file_bomb")


def _unfold(folder: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Read one entry to its end; its length and its checksum must be what it says."""
    read = 0
    with folder.open(entry) as content:
        while chunk := content.read(CHUNK):
            read += len(chunk)
            if read > entry.file_size:
                raise Refused("file_bomb")


def _refuse_unless_ofd(raw: bytes) -> None:
    plain = raw.replace(b"\x00", b"")
    if b"<!DOCTYPE" in plain or b"<!ENTITY" in plain:
        raise Refused("file_broken")
    try:
        root = ElementTree.fromstring(raw)  # noqa: S314  no entities: refused above, and small
    except ElementTree.ParseError:
        raise Refused("file_broken") from None
    if root.tag.rpartition("}")[2] != "OFD":
        raise Refused("file_type_not_taken")
