"""Django's management commands, run for a given database and data home."""

import os
import subprocess
import sys
from pathlib import Path

from lipei.run.home import CHECKOUT, SOURCES
from lipei.run.trouble import Trouble

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


def managed(*words: str, environment: dict[str, str], logs: Path) -> str:
    """The same, for a command that has to succeed; its words.

    Errors: Trouble with the last line that it said; all of them are kept in a log.
    """
    answer = manage(*words, environment=environment)
    if answer.returncode == 0:
        return answer.stdout.strip()
    logs.mkdir(exist_ok=True)
    log = logs / f"{words[0]}.log"
    log.write_text(answer.stdout + answer.stderr)
    last = (answer.stderr.strip() or "no word").splitlines()[-1]
    raise Trouble(
        f"`lipei manage {words[0]}` failed: {last}",
        way_out=f"Nothing was half done. The whole story is in {log}.",
    )
