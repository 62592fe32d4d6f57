"""Leaves a party alone that fails again and again, and tries it once in a while.

Kept in the memory of the process: a restart forgets it and finds out anew.
"""

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lipei.kit import clock


@dataclass(frozen=True, slots=True)
class Patience:
    """How long and how often a party is asked, and when it is left alone.

    The longest that one ``ask`` can take is about ``tries`` times the two waits together.
    """

    connect_s: float = 2.0
    read_s: float = 8.0
    tries: int = 3
    pause_s: float = 0.2
    trips_after: int = 5
    rest_s: float = 10.0


class CircuitState(StrEnum):
    """Whether a party is asked: yes, no, or once for a trial."""

    UP = "up"
    DOWN = "down"
    TRIAL = "trial"


@dataclass(frozen=True, slots=True)
class PartyStatus:
    """What this process knows of a party; ``since`` and ``reason`` only while it fails."""

    party: str
    state: CircuitState
    since: datetime | None
    reason: str
    failures: int


class Circuit:
    """Remembers failures in a row; past a number of them nobody asks, but for one trial."""

    def __init__(self, patience: Patience, *, tick: Callable[[], float] = time.monotonic) -> None:
        """Closed, that is up, at first; ``tick`` counts seconds and never goes back."""
        self._patience, self._tick = patience, tick
        self._lock = threading.Lock()
        self._state = CircuitState.UP
        self._failures, self._rested_from = 0, 0.0
        self.since: datetime | None = None
        self.reason = ""

    def admits(self) -> bool:
        """Whether one request may go out now; after a rest the first to ask is the trial."""
        with self._lock:
            if self._state is CircuitState.UP:
                return True
            rested = self._tick() - self._rested_from >= self._patience.rest_s
            if rested:
                self._state, self._rested_from = CircuitState.TRIAL, self._tick()
            return rested

    def succeeded(self) -> None:
        """The party answered: all is forgotten."""
        with self._lock:
            self._state, self._failures = CircuitState.UP, 0
            self.since, self.reason = None, ""

    def failed(self, reason: str) -> bool:
        """The party failed, for this reason; True when that is the failure that trips."""
        with self._lock:
            self._failures += 1
            self.since, self.reason = self.since or clock.now(), reason
            if self._failures < self._patience.trips_after:
                return False
            tripped = self._state is CircuitState.UP
            self._state, self._rested_from = CircuitState.DOWN, self._tick()
            return tripped

    def status(self, party: str) -> PartyStatus:
        """What is known of the party now."""
        with self._lock:
            return PartyStatus(party, self._state, self.since, self.reason, self._failures)
