"""9.4 Electronic archive: what is kept proves itself by four properties (档案法 39)."""

from django.utils.translation import gettext as _

from lipei.ch09_archive.models import Volume
from lipei.kit import audit, files


def four_properties(volume: Volume) -> list[str]:
    """The properties that are not proved, in words: authentic, complete, usable, safe; none is
    good."""
    return [name for name, holds in properties_of(volume) if not holds]


def properties_of(volume: Volume) -> list[tuple[str, bool | None]]:
    """Each of the four properties in words, and whether it holds; every file is read again.

    Whether a volume is complete, nobody knows before its paper was counted for good.
    """
    items = [i for i in volume.items.all() if i.sha256]
    return [
        (_("真实性"), not audit.faults_of(volume.claim.subject)),
        (_("完整性"), _complete(volume)),
        (_("可用性"), all(_intact(i.sha256) for i in items)),
        (_("安全性"), all(_known(i.sha256) for i in items)),
    ]


def _complete(volume: Volume) -> bool | None:
    if volume.paper_pages is None or volume.state == Volume.State.OPEN:
        return None
    return volume.items.exists() and volume.paper_pages == volume.scanned_pages


def _intact(sha256: str) -> bool:
    try:
        return files.is_intact(sha256)
    except FileNotFoundError:
        return False


def _known(sha256: str) -> bool:
    """Read again, its bytes are still of a type that we take; nothing active got in."""
    try:
        return bool(files.type_of(sha256))
    except (FileNotFoundError, AssertionError):
        return False
