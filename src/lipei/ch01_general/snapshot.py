"""What every process keeps in memory of what people changed: one version, learnt before it acts.

Clauses, rest days, authority, words and terms each install their own part; the version counts
the approvals, which are never taken back.
"""

from collections.abc import Callable
from threading import Lock

from django.db import connection

from lipei.manual import installed

Part = Callable[[int], None]
VERSION = """
SELECT (SELECT count(*) FROM general_clauseedition WHERE approved_by <> '')
     + (SELECT count(*) FROM general_revision WHERE approved_by <> '')
"""
_reading = Lock()
_parts: list[Part] = []


def part(install: Part) -> Part:
    """Let a part be installed whenever this process learns of a change.

    Each is told the version; the register of clauses keeps it.
    """
    _parts.append(install)
    return install


def learn(version: int | None = None, *, force: bool = False) -> None:
    """Bring this process's snapshot to the newest version before it acts.

    `version` spares the question where the caller has just read it with something else.
    """
    newest = current_version() if version is None else version
    if newest != installed().version or force:
        with _reading:
            for install in _parts:
                install(newest)


def current_version() -> int:
    """How many editions people approved; 0 while only what ships stands."""
    with connection.cursor() as cursor:
        cursor.execute(VERSION)
        return int(cursor.fetchone()[0])
