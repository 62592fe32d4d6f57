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
                wait_s = 0.0 if self.turn() else IDLE_S
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
        """Hear what is new and try what was parked; how many entries were heard.

        Where nothing was written since the last turn, that costs one look into an index. Now
        and then it looks all the same: another worker may have died in the middle of a chunk.
        """
        present = time.monotonic()
        heard = 0
        newest = journal.newest()
        if newest != self._heard_to or present - self._looked_at > LOOK_AT_LEAST_EVERY_S:
            self._looked_at = present
            heard = journal.hear_all()
            self._heard_to = self._heard_to if heard else newest
        if present - self._parked_at > PARKED_EVERY_S:
            self._parked_at = present
            heard += journal.retry_parked()
        return heard
