"""Pictures: looked at before they are kept, and drawn anew for the screen."""

import io
import struct
import threading
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pi_heif
from PIL import Image, ImageCms, ImageOps
from PIL.ExifTags import Base

from lipei.kit.files import exif
from lipei.kit.files.kinds import Limits
from lipei.kit.files.seen import Seen
from lipei.kit.refusal import Refused

Image.init()
pi_heif.register_heif_opener(thumbnails=False)
FORMATS = ("JPEG", "PNG", "WEBP", "HEIF")
SMALL = (640, 640)
QUALITY = 82
TURNED = range(5, 9)
PAPER = "white"
BOMBS = (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError)
BROKEN = (OSError, SyntaxError, ValueError, EOFError, struct.error, LookupError, TypeError)

# a large picture takes some hundred megabytes while it is decoded
_decoding = threading.BoundedSemaphore(2)
_screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))


def look(path: Path, *, media_type: str, limits: Limits) -> Seen:
    """Decode the picture once, whole. Refused if it is broken or unfolds to too much.

    Width and height are as a viewer sees them, turned as the camera says.
    """
    try:
        with Image.open(path, formats=FORMATS) as picture, _decoding:
            width, height = picture.size
            _refuse_bomb(picture, limits)
            picture.draft("RGB", SMALL)
            picture.load()
            seen, orientation = _said_by_camera(picture.getexif())
    except BOMBS:
        raise Refused("file_bomb") from None
    except BROKEN as error:
        raise Refused("file_bomb" if "too large" in str(error) else "file_broken") from None
    if orientation in TURNED:
        width, height = height, width
    return replace(seen, width=width, height=height)


def can_draw(media_type: str) -> bool:
    """Whether this installation can draw such a picture for the screen."""
    return media_type.startswith("image/")


def drawn(original: BinaryIO, *, edge: int) -> bytes:
    """The picture as WebP for the screen: upright, no longer than ``edge`` pixels on a side.

    Nothing of the original's metadata is in it; what was transparent is white, like paper.
    """
    with Image.open(original, formats=FORMATS) as picture, _decoding:
        picture.draft("RGB", _fitted(picture, edge=edge))
        upright = ImageOps.exif_transpose(picture)
        plain = _on_paper(_in_screen_colours(upright))
        plain.thumbnail((edge, edge), Image.Resampling.LANCZOS, reducing_gap=2.0)
        bare = Image.new("RGB", plain.size)
        bare.paste(plain)
    out = io.BytesIO()
    bare.save(out, "WEBP", quality=QUALITY, method=2)
    return out.getvalue()


def _fitted(picture: Image.Image, *, edge: int) -> tuple[int, int]:
    """The size at which the picture just fits; a JPEG is decoded at no more than twice that."""
    longest = max(*picture.size, edge)
    return picture.width * edge // longest or 1, picture.height * edge // longest or 1


def _refuse_bomb(picture: Image.Image, limits: Limits) -> None:
    in_steps = picture.format in ("JPEG", "MPO") and not picture.info.get("progressive")
    most = limits.jpeg_pixels if in_steps else limits.pixels
    if picture.width * picture.height > most:
        raise Refused("file_bomb")


def _said_by_camera(said: Image.Exif) -> tuple[Seen, int]:
    """Time and place and orientation; a camera that stutters has said nothing."""
    try:
        seen = Seen(taken_at=exif.taken_at(said), place=exif.place(said))
        return seen, int(said.get(Base.Orientation, 1))
    except BROKEN:
        return Seen(), 1


def _in_screen_colours(picture: Image.Image) -> Image.Image:
    profile = picture.info.get("icc_profile")
    if not profile or picture.mode not in ("RGB", "CMYK"):
        return picture
    try:
        converted = ImageCms.profileToProfile(
            picture, io.BytesIO(profile), _screen, outputMode="RGB"
        )
    except (ImageCms.PyCMSError, OSError):
        return picture
    return converted or picture


def _on_paper(picture: Image.Image) -> Image.Image:
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layered = picture.convert("RGBA")
    paper = Image.new("RGBA", layered.size, PAPER)
    paper.alpha_composite(layered)
    return paper.convert("RGB")
