"""When and where a camera says that a picture was taken."""

import math
from collections.abc import Mapping
from datetime import datetime, tzinfo

from PIL.ExifTags import GPS, IFD, Base
from PIL.Image import Exif

from lipei.kit.clock import LOCAL
from lipei.kit.files.seen import Place

UNITS = 3
EARLIEST_YEAR = 1990
BLANK = "\x00 "


def taken_at(exif: Exif) -> datetime | None:
    """The moment of exposure; a camera that names no time zone is taken to stand in ours."""
    details = exif.get_ifd(IFD.Exif)
    stamp = details.get(Base.DateTimeOriginal) or exif.get(Base.DateTime)
    if not isinstance(stamp, str):
        return None
    try:
        at = datetime.strptime(stamp.strip(BLANK)[:19], "%Y:%m:%d %H:%M:%S")  # noqa: DTZ007  zone follows
        zone = _zone(details.get(Base.OffsetTimeOriginal))
    except ValueError:
        return None
    return at.replace(tzinfo=zone or LOCAL) if at.year >= EARLIEST_YEAR else None


def place(exif: Exif) -> Place | None:
    """The position; None where it is missing, incomplete or off the globe."""
    gps = exif.get_ifd(IFD.GPSInfo)
    latitude = _degrees(gps, tag=GPS.GPSLatitude, reference=GPS.GPSLatitudeRef, negative="S")
    longitude = _degrees(gps, tag=GPS.GPSLongitude, reference=GPS.GPSLongitudeRef, negative="W")
    if latitude is None or longitude is None:
        return None
    if abs(latitude) > 90 or abs(longitude) > 180:  # noqa: PLR2004  the globe
        return None
    if latitude == 0 and longitude == 0:
        return None
    return Place(round(latitude, 6), round(longitude, 6))


def _degrees(gps: Mapping[int, object], *, tag: int, reference: int, negative: str) -> float | None:
    parts = gps.get(tag)
    if not isinstance(parts, tuple) or len(parts) != UNITS:
        return None
    try:
        degrees, minutes, seconds = (float(part) for part in parts)
    except (TypeError, ValueError, ZeroDivisionError):
        return None
    size = degrees + minutes / 60 + seconds / 3600
    if math.isnan(size):
        return None
    return -size if gps.get(reference) == negative else size


def _zone(offset: object) -> tzinfo | None:
    """The zone of "+08:00", none where the camera is silent. ValueError for nonsense."""
    if not isinstance(offset, str) or not offset.strip(BLANK):
        return None
    return datetime.strptime(offset.strip(BLANK), "%z").tzinfo
