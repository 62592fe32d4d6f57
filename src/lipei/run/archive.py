"""Where PostgreSQL of our own puts its log aside, so that a backup leads to any second after it."""

import shlex
from pathlib import Path

MARK = "archive"
OFF = "'/bin/true'"
EVERY_S = 60


def archive_of(place: Path) -> Path | None:
    """The folder that the log is put aside in; none until the first backup."""
    mark = place / MARK
    return Path(mark.read_text()) if mark.exists() else None


def archive_settings(place: Path) -> dict[str, str]:
    """What the server is told: until the first backup the log is let go, for nobody needs it."""
    folder = archive_of(place)
    if folder is None:
        return {"archive_mode": "on", "archive_command": OFF, "archive_timeout": "0"}
    command = _quoted(keeping(folder))
    return {"archive_mode": "on", "archive_command": command, "archive_timeout": str(EVERY_S)}


def kept_as(name: str) -> str:
    """What a file of the log is called in the folder: packed, since most are mostly empty."""
    return f"{name}.gz"


def keeping(folder: Path) -> str:
    """The command that keeps one file of the log, whole and on the disk, or not at all."""
    whole = f"{shlex.quote(f'{folder}/')}{kept_as('%f')}"
    made = f"gzip -c %p > {whole}.partial && sync {whole}.partial && mv {whole}.partial {whole}"
    return f"if test -f {whole}; then gzip -dc {whole} | cmp -s - %p; else {made}; fi"


def fetching(folder: Path) -> str:
    """The command that brings one file of the log back, as a setting."""
    whole = f"{shlex.quote(f'{folder}/')}{kept_as('%f')}"
    return _quoted(f"test -f {whole} && gzip -dc {whole} > %p")


def _quoted(command: str) -> str:
    return "'" + command.replace("'", "''") + "'"
