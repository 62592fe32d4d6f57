"""The files that the web serves, collected into the data home when one of them changed."""

import hashlib
from pathlib import Path

from lipei.run.environment import managed
from lipei.run.home import CHECKOUT, SOURCES, Home

LOCK = CHECKOUT / "requirements.lock"


def collect(home: Home, *, environment: dict[str, str]) -> str:
    """Collect the static files when one changed; what was done."""
    stamp = home.path / "static.stamp"
    wanted = _fingerprint()
    if stamp.exists() and stamp.read_text() == wanted and (home.path / "static").exists():
        return "unchanged"
    words = ("collectstatic", "--noinput", "--clear")
    managed(*words, environment=environment, logs=home.logs)
    stamp.write_text(wanted)
    return "collected"


def _fingerprint() -> str:
    """A digest over every static file of ours and the packages that bring theirs."""
    digest = hashlib.sha256(LOCK.read_bytes())
    for path in sorted(SOURCES.glob("lipei/**/static/**/*")):
        if path.is_file():
            digest.update(_line(path))
    return digest.hexdigest()


def _line(path: Path) -> bytes:
    state = path.stat()
    return f"{path.relative_to(SOURCES)} {state.st_size} {state.st_mtime_ns}\n".encode()
