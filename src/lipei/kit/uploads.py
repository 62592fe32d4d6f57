"""Uploads: a file that somebody handed in, once for each of their own keys."""

from lipei.kit import files
from lipei.kit.files.keeping import Readable
from lipei.kit.models import Upload


def take(stream: Readable, *, owner: str, client_id: str, filename: str) -> Upload:
    """Keep a file for its owner; the same key again is the same upload.

    Refusals are those of `files.keep`: empty, unknown type, too large, broken, locked, bomb.
    """
    found = Upload.objects.filter(owner=owner, client_id=client_id).first()
    if found:
        return found
    kept = files.keep(stream, filename=filename)
    place = f"{kept.place.latitude},{kept.place.longitude}" if kept.place else ""
    upload, _ = Upload.objects.get_or_create(
        owner=owner,
        client_id=client_id,
        defaults={
            "sha256": kept.sha256,
            "size_bytes": kept.size,
            "media_type": kept.media_type,
            "width": kept.width,
            "height": kept.height,
            "taken_at": kept.taken_at,
            "taken_place": place[:60],
        },
    )
    return upload
