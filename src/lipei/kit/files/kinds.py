"""What a file is, told from its first bytes; its name is never asked."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from django.conf import settings

HEAD_BYTES = 4096
GUESSED_BYTES = 1445
MEGABYTE = 1024 * 1024

# what a browser that guesses would take for a page; no file that we keep may begin like one
ACTIVE = (b"<script", b"<html", b"<svg", b"<!doctype", b"<iframe", b"<body", b"<head")

HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
HEIF_BRANDS = HEIC_BRANDS | {b"mif1", b"msf1"}
MP4_BRANDS = frozenset(
    {b"isom", b"iso2", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ", b"MSNV"}
)


class Kind(StrEnum):
    """The three sorts of evidence that arrive as files."""

    IMAGE = "image"
    DOCUMENT = "document"
    VIDEO = "video"


KINDS: Mapping[str, Kind] = {
    "image/jpeg": Kind.IMAGE,
    "image/png": Kind.IMAGE,
    "image/webp": Kind.IMAGE,
    "image/heic": Kind.IMAGE,
    "image/heif": Kind.IMAGE,
    "application/pdf": Kind.DOCUMENT,
    "application/ofd": Kind.DOCUMENT,
    "video/mp4": Kind.VIDEO,
    "video/quicktime": Kind.VIDEO,
    "video/webm": Kind.VIDEO,
}
EXTENSIONS: Mapping[str, str] = {
    "image/jpeg": "jpg",
    "image/png": "png",
    "image/webp": "webp",
    "image/heic": "heic",
    "image/heif": "heif",
    "application/pdf": "pdf",
    "application/ofd": "ofd",
    "video/mp4": "mp4",
    "video/quicktime": "mov",
    "video/webm": "webm",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that is taken of each kind. Bytes, pixels and pages.

    ``jpeg_pixels`` is for pictures that can be decoded at a fraction of their size; all others
    must fit ``pixels``. ``unpacked_bytes`` is what an OFD may unfold to.
    """

    image_bytes: int = 20 * MEGABYTE
    document_bytes: int = 20 * MEGABYTE
    video_bytes: int = 200 * MEGABYTE
    jpeg_pixels: int = 120_000_000
    pixels: int = 64_000_000
    pages: int = 2_000
    unpacked_bytes: int = 100 * MEGABYTE
    kinds: frozenset[Kind] = field(default_factory=lambda: frozenset(Kind))

    @classmethod
    def told(cls) -> "Limits":
        """The limits with what the setting LIPEI_FILES_LIMITS changes, by name."""
        return replace(cls(), **getattr(settings, "LIPEI_FILES_LIMITS", {}))

    def bytes_of(self, kind: Kind) -> int:
        """The most bytes that a file of this kind may have."""
        most = {
            Kind.IMAGE: self.image_bytes,
            Kind.DOCUMENT: self.document_bytes,
            Kind.VIDEO: self.video_bytes,
        }
        return most[kind]


def media_type(head: bytes) -> str | None:
    """The media type of a file that begins with these bytes; None for all that we do not keep.

    An OFD is told apart from other ZIP files only when it is looked into.
    """
    if any(mark in head[:GUESSED_BYTES].lower() for mark in ACTIVE):
        return None
    for mark, found in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"%PDF-", "application/pdf"),
        (b"PK\x03\x04", "application/ofd"),
    ):
        if head.startswith(mark):
            return found
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"\x1a\x45\xdf\xa3"):
        return "video/webm" if b"webm" in head[:64] else None
    return _by_brand(head) if head[4:8] == b"ftyp" else None


def _by_brand(head: bytes) -> str | None:
    size = int.from_bytes(head[:4])
    brands = [head[at : at + 4] for at in range(8, min(size, len(head), 256) - 3, 4)]
    major, named = brands[0] if brands else b"", frozenset(brands)
    if major in HEIF_BRANDS:
        if b"avif" in named:
            return None
        return "image/heic" if named & HEIC_BRANDS else "image/heif"
    if major == b"qt  ":
        return "video/quicktime"
    if major in MP4_BRANDS or (major[:3] == b"3gp" and named & MP4_BRANDS):
        return "video/mp4"
    return None
