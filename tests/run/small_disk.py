"""A real disk of few megabytes, which can be filled up and made free again."""

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest

MEGABYTE = 2**20
CHUNK = b"\0" * MEGABYTE


@dataclass(frozen=True)
class Disk:
    """A small disk and the file that fills it."""

    place: Path

    @property
    def ballast(self) -> Path:
        return self.place / "ballast"

    @property
    def free_bytes(self) -> int:
        told = os.statvfs(self.place)
        return told.f_bavail * told.f_frsize

    def fill(self, *, but: int = 0) -> None:
        """Take all room but so many bytes."""
        with self.ballast.open("ab") as out, suppress(OSError):
            while (left := self.free_bytes - but) > 0:
                out.write(CHUNK[: min(left, MEGABYTE)])
                out.flush()

    def free(self) -> None:
        self.ballast.unlink(missing_ok=True)


@contextmanager
def small_disk(*, megabytes: int) -> Iterator[Disk]:
    """A disk of its own for the block; the test is skipped where none may be mounted."""
    place = Path(tempfile.mkdtemp(prefix="lipei-disk-"))
    words = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tmpfs", str(place)]
    try:
        mounted = subprocess.run(words, capture_output=True, check=False).returncode == 0
    except OSError:
        mounted = False
    if not mounted:
        place.rmdir()
        pytest.skip("no small disk may be mounted here: that wants root")
    try:
        yield Disk(place)
    finally:
        subprocess.run(["umount", str(place)], check=True)
        place.rmdir()
