"""What can be read out of a file without believing it: size, pages, length, time, place."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Place:
    """Where a device says it was: degrees north and east (south and west are negative)."""

    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What a file says of itself. Evidence of the device, never proof of the hour."""

    width: int | None = None
    height: int | None = None
    pages: int | None = None
    duration_ms: int | None = None
    taken_at: datetime | None = None
    place: Place | None = None
