"""Parts of a file that comes over a bad network: kept until all are there, then read as one.

They lie under the data home, by owner and by the owner's own name for the file, in limited
number and size. What nobody finishes within a day is thrown away.
"""

import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings

from lipei.kit import clock
from lipei.kit.files import Kind, Limits
from lipei.kit.files.stores import full_is_refused
from lipei.kit.refusal import Refused

PART_BYTES = 1024 * 1024
MOST_UNFINISHED = 8
KEPT_SECONDS = 24 * 3600
NAME = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
RANGE = re.compile(r"bytes ([0-9]{1,12})-([0-9]{1,12})/([0-9]{1,12})")


@dataclass
class Whole:
    """The parts of one file, read one after the other."""

    pieces: Iterator[bytes]
    rest: bytes = b""

    def read(self, size: int, /) -> bytes:
        """Up to so many bytes; none at the end."""
        while not self.rest:
            found = next(self.pieces, None)
            if found is None:
                return b""
            self.rest = found
        taken, self.rest = self.rest[:size], self.rest[size:]
        return taken


def keep_part(
    owner: str, *, client_id: str, number: int, content_range: str, content: bytes
) -> None:
    """Keep one part; the same part again replaces itself.

    Parts are of PART_BYTES, the last one shorter; the range must say just that. Refuses
    `upload_part_wrong`, `file_too_large`, and `too_many_uploads` for one owner.
    """
    start, end, size = _range(content_range)
    length = min(PART_BYTES, size - start)
    if start != number * PART_BYTES or end - start + 1 != length or len(content) != length:
        raise Refused("upload_part_wrong", field="file")
    most = Limits.told().bytes_of(Kind.VIDEO)
    if size > most:
        raise Refused("file_too_large", limit=f"{most // PART_BYTES} MB")
    folder = _folder(owner, client_id)
    if not folder.exists():
        _make_room(folder)
    with full_is_refused():
        folder.mkdir(parents=True, exist_ok=True)
        partial = folder / f"{number:05d}.partial"
        partial.write_bytes(content)
        partial.replace(folder / f"{number:05d}.part")


def whole(owner: str, *, client_id: str, size: int) -> Whole:
    """The parts as one stream. Refuses `upload_incomplete` unless all of them are there."""
    folder = _folder(owner, client_id)
    count = -(-size // PART_BYTES)
    wanted = [folder / f"{number:05d}.part" for number in range(count)]
    if not wanted or not all(path.exists() for path in wanted):
        raise Refused("upload_incomplete", field="file")
    if sum(path.stat().st_size for path in wanted) != size:
        raise Refused("upload_incomplete", field="file")
    return Whole(path.read_bytes() for path in wanted)


def told_size(about: object) -> int:
    """The size that somebody says a file in parts has; refused unless it can be one."""
    size = about.get("size") if isinstance(about, dict) else None
    if not isinstance(size, int) or isinstance(size, bool):
        raise Refused("upload_incomplete", field="file")
    if not 0 < size <= Limits.told().bytes_of(Kind.VIDEO):
        raise Refused("upload_incomplete", field="file")
    return size


def throw_away(owner: str, *, client_id: str) -> None:
    """The file is kept, or will never be whole: its parts go."""
    shutil.rmtree(_folder(owner, client_id), ignore_errors=True)


def forget_old_parts() -> int:
    """Throw away what nobody finished within a day; return how many files that were."""
    old = [f for f in _home().glob("*/*") if f.is_dir() and _is_old(f)]
    for folder in old:
        shutil.rmtree(folder, ignore_errors=True)
    return len(old)


def _make_room(folder: Path) -> None:
    """An owner has few unfinished files; old ones give way, young ones refuse a further one."""
    others = [f for f in folder.parent.glob("*") if f.is_dir()]
    for one in others:
        if _is_old(one):
            shutil.rmtree(one, ignore_errors=True)
    if sum(one.exists() for one in others) >= MOST_UNFINISHED:
        raise Refused("too_many_uploads")


def _is_old(folder: Path) -> bool:
    try:
        return clock.now().timestamp() - folder.stat().st_mtime > KEPT_SECONDS
    except FileNotFoundError:
        return False


def _range(text: str) -> tuple[int, int, int]:
    found = RANGE.fullmatch(text)
    if found is None:
        raise Refused("upload_part_wrong", field="file")
    start, end, size = (int(number) for number in found.groups())
    if not start <= end < size:
        raise Refused("upload_part_wrong", field="file")
    return start, end, size


def _home() -> Path:
    return Path(settings.LIPEI_PARTS)


def _folder(owner: str, client_id: str) -> Path:
    """Where one file's parts lie; both names are digested or checked, never a path."""
    if not NAME.fullmatch(client_id):
        raise Refused("request_key_wrong", field="client_id")
    return _home() / sha256(owner.encode()).hexdigest()[:24] / client_id
