"""Django's management commands, run for a given database and data home."""

import os
import subprocess
import sys
from pathlib import Path

from lipei.run.home import CHECKOUT, SOURCES

SETTINGS_MODULE = "lipei.site.settings"


def environment_of(*, url: str, data: Path, **more: str) -> dict[str, str]:
    """What a child process is told: the database, the data home, and what else is given."""
    paths = os.pathsep.join((str(SOURCES), str(CHECKOUT)))
    told = {
        "DATABASE_URL": url,
        "LIPEI_DATA": str(data),
        "DJANGO_SETTINGS_MODULE": SETTINGS_MODULE,
        "PYTHONPATH": paths,
        "PYTHONUNBUFFERED": "1",
    }
    return {**os.environ, **told, **more}


def manage(*words: str, environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """One management command in a process of its own, its words kept."""
    return subprocess.run(
        [sys.executable, "-m", "django", *words],
        env=environment,
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
