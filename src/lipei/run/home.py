"""The data home: the one folder that holds everything an installation keeps."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from lipei.run.trouble import Trouble

CHECKOUT = Path(__file__).resolve().parents[3]
SOURCES = CHECKOUT / "src"
FRONTEND = CHECKOUT / "frontend"
DEFAULT = CHECKOUT / ".data"
NEEDED_MB = 500


@dataclass(frozen=True)
class Home:
    """A data home and the places in it."""

    path: Path

    @property
    def postgres(self) -> Path:
        return self.path / "postgres"

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"


def open_home(path: Path) -> Home:
    """Make the data home if it is new; refuse one that cannot be written or has no room."""
    path = path.expanduser().resolve()
    try:
        path.mkdir(parents=True, exist_ok=True)
    except (PermissionError, NotADirectoryError, FileExistsError) as error:
        raise Trouble(
            f"The data home {path} cannot be made here.", way_out="Choose another with --data."
        ) from error
    if not os.access(path, os.W_OK | os.X_OK):
        raise Trouble(
            f"The data home {path} may not be written by this user.",
            way_out="Start as the user who made it, or choose another with --data.",
        )
    free_mb = shutil.disk_usage(path).free // 2**20
    if free_mb < NEEDED_MB:
        raise Trouble(
            f"The disk is full: {free_mb} MB are free at {path}, {NEEDED_MB} MB are needed.",
            way_out="Free some room, or choose another disk with --data.",
        )
    return Home(path)


@contextmanager
def only_one(file: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock file for the block; False when another holds it and we may not wait.

    The lock belongs to the process, so it goes with it, whatever way the process ends.
    """
    handle = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX if wait else fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        yield False
        return
    try:
        yield True
    finally:
        os.close(handle)


class Share:
    """A share in something that several commands use at a time, as long as the block lasts."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def __enter__(self) -> "Share":
        self.handle = os.open(self.file, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(self.handle, fcntl.LOCK_SH)
        return self

    def is_last(self) -> bool:
        """True when nobody else has a share; from then on nobody gets one until we are gone."""
        try:
            fcntl.flock(self.handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        os.close(self.handle)
