"""Listening: lets every listener follow the journal, as long as its worker lives.

It runs beside the jobs in a thread of its own: no job can keep the listeners waiting, and no
listener a job. Two workers may listen at once; a listener's cursor lets one of them in.
"""

import logging
import threading
import time

from django.db import connection

from lipei.kit import journal

log = logging.getLogger("lipei.listening")
IDLE_S = 0.25
GATHER_S = 0.1
"""How long a listener waits for company: bringing one forward costs the same for one entry as
for fifty, so a busy department is heard in handfuls."""
TROUBLED_S = 2.0
PARKED_EVERY_S = 2.0
LOOK_AT_LEAST_EVERY_S = 15.0


class Listening(threading.Thread):
    """Brings all listeners forward within a fraction of a second, until it is told to end."""

    def __init__(self) -> None:
        super().__init__(name="listening", daemon=True)
        self._ended = threading.Event()
        self._heard_to: tuple[int, int] | None = None
        self._looked_at = self._parked_at = 0.0

    def run(self) -> None:
        """Listen; a database that is away is waited for, and the wait is told in the log."""
        wait_s = 0.0
        while not self._ended.wait(wait_s):
            try:
                wait_s = _wait_after(self.turn())
            except Exception as trouble:
                log.warning("listening paused: %s", type(trouble).__name__)
                connection.close()
                wait_s = TROUBLED_S
        connection.close()

    def end(self, *, patience_s: float) -> None:
        """Hear the present chunk to its end and stop."""
        self._ended.set()
        self.join(patience_s)

    def turn(self) -> int:
        """Hear what is new and try what was parked; the most that one listener heard.

        Where nothing was written since the last turn, that costs one look into an index, and
        where something was, only those listen whom it concerns. Now and then all of them look
        all the same: another worker may have died in the middle of a chunk.
        """
        present = time.monotonic()
        heard = 0
        newest = journal.newest()
        if present - self._looked_at > LOOK_AT_LEAST_EVERY_S:
            self._looked_at = present
            heard = journal.hear_all()
            self._heard_to = None if heard else newest
        elif newest != self._heard_to:
            verbs = journal.verbs_after(self._heard_to) if self._heard_to else None
            heard = journal.hear_all(verbs)
            self._heard_to = self._heard_to if heard == journal.CHUNK else newest
        if present - self._parked_at > PARKED_EVERY_S:
            self._parked_at = present
            heard += journal.retry_parked()
        return heard


def _wait_after(heard: int) -> float:
    """At once again where a chunk was full, soon where something was heard, else later."""
    if heard >= journal.CHUNK:
        return 0.0
    return GATHER_S if heard else IDLE_S
