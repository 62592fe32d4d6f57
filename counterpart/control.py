"""The switches: how each service behaves and misbehaves, kept with everything else.

Every service has these; its own settings come beside them:

===================== ==========================================================================
latency_ms            each answer waits so long
fail_next             so many of the next requests fail with ``fail_status``, nothing done
decline_next          so many of the next requests are declined with 422, nothing done
drop_next             so many are done, and then the connection closes without an answer
hang_next, hang_ms    so many are held so long first, and are done only then
down                  every connection closes at once, nothing done
webhook               where signed callbacks go (this machine only); empty: none are sent
callback_retry_ms     the pause before the second try; it doubles with every further try
callback_tries        after so many tries a callback is given up
callback_copies       each callback is delivered so many times, as careless parties do
===================== ==========================================================================
"""

from __future__ import annotations

import json
import socket
import sqlite3
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from counterpart.book import Book
from counterpart.shape import Body, Declined, Service, Settings

COMMON: Mapping[str, Any] = {
    "latency_ms": 0,
    "fail_next": 0,
    "fail_status": 503,
    "decline_next": 0,
    "drop_next": 0,
    "hang_next": 0,
    "hang_ms": 30_000,
    "down": False,
    "webhook": "",
    "callback_retry_ms": 500,
    "callback_tries": 8,
    "callback_copies": 1,
}
FAILURES = (500, 502, 503, 504)


@dataclass(frozen=True)
class Trouble:
    """What happens to one request beside its work."""

    latency_ms: int = 0
    hang_ms: int = 0
    status: int | None = None
    dropped: bool = False
    declined: bool = False
    down: bool = False


class Control:
    """The switches of every service; a change is kept before it is answered."""

    def __init__(
        self, book: Book, services: tuple[Service, ...], *, webhooks: Mapping[str, str]
    ) -> None:
        """Take up the switches that the book holds; webhooks given now replace older ones."""
        self._book = book
        self._defaults = {one.name: {**COMMON, **one.settings} for one in services}
        for service, url in webhooks.items():
            self._check(service, {"webhook": url})
            self._defaults[service]["webhook"] = url
        self._lock = threading.Lock()
        self._current = {name: dict(values) for name, values in self._defaults.items()}
        with book.turn() as turn:
            for service in webhooks:
                turn.execute(
                    "DELETE FROM settings WHERE service = ? AND name = 'webhook'", (service,)
                )
            for row in turn.execute("SELECT service, name, value FROM settings").fetchall():
                if row["name"] in self._current.get(row["service"], {}):
                    self._current[row["service"]][row["name"]] = json.loads(row["value"])

    def settings(self, service: str) -> Settings:
        """The present settings of one service, as a copy."""
        with self._lock:
            return dict(self._current[service])

    def shown(self) -> Body:
        """Every setting of every service."""
        with self._lock:
            return {name: dict(values) for name, values in self._current.items()}

    def change(self, asked: Body) -> Body:
        """Set what is asked, all or nothing; ``{"reset": true}`` goes back to the start."""
        changes = {name: values for name, values in asked.items() if name != "reset"}
        for service, values in changes.items():
            self._check(service, values)
        with self._book.turn() as turn, self._lock:
            if asked.get("reset") is True:
                turn.execute("DELETE FROM settings")
                self._current = {name: dict(v) for name, v in self._defaults.items()}
            for service, values in changes.items():
                for name, value in values.items():
                    self._set(turn, service=service, name=name, value=value)
        return self.shown()

    def trouble(self, service: str) -> Trouble:
        """What the switches do to the next request of this service; counters go down by one."""
        with self._book.turn() as turn, self._lock:
            now = self._current[service]
            if now["down"]:
                return Trouble(down=True)
            for counter in ("fail_next", "decline_next", "hang_next", "drop_next"):
                if now[counter] > 0:
                    self._set(turn, service=service, name=counter, value=now[counter] - 1)
                    return Trouble(
                        latency_ms=now["latency_ms"],
                        status=now["fail_status"] if counter == "fail_next" else None,
                        hang_ms=now["hang_ms"] if counter == "hang_next" else 0,
                        dropped=counter == "drop_next",
                        declined=counter == "decline_next",
                    )
            return Trouble(latency_ms=now["latency_ms"])

    def _set(self, turn: sqlite3.Connection, *, service: str, name: str, value: Any) -> None:  # noqa: ANN401  any JSON value
        turn.execute(
            "INSERT INTO settings VALUES (?, ?, ?)"
            " ON CONFLICT (service, name) DO UPDATE SET value = excluded.value",
            (service, name, json.dumps(value)),
        )
        self._current[service][name] = value

    def _check(self, service: str, values: object) -> None:
        if service not in self._defaults or not isinstance(values, dict):
            raise Declined(422, "unknown_service", service)
        for name, value in values.items():
            if name not in self._defaults[service]:
                raise Declined(422, "unknown_setting", f"{service}.{name}")
            _check_value(name, value, default=self._defaults[service][name])


def _check_value(name: str, value: object, *, default: object) -> None:
    if type(value) is not type(default):
        raise Declined(422, "bad_setting", name)
    if isinstance(value, int) and value < 0:
        raise Declined(422, "bad_setting", name)
    if name == "fail_status" and value not in FAILURES:
        raise Declined(422, "bad_setting", name)
    if isinstance(value, dict) and not _texts_only(value):
        raise Declined(422, "bad_setting", name)
    if name == "webhook" and value and not _is_this_machine(str(value)):
        raise Declined(422, "bad_setting", "webhook: http on this machine only")


def _texts_only(value: dict[str, Any]) -> bool:
    return all(isinstance(each, str) for each in value.values())


def _is_this_machine(url: str) -> bool:
    """Whether the address is one that this machine could listen on; names are not looked up."""
    parts = urlsplit(url)
    host = "127.0.0.1" if parts.hostname == "localhost" else parts.hostname or ""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        with socket.socket(family, socket.SOCK_DGRAM) as own:
            own.bind((str(ip_address(host)), 0))
    except (OSError, ValueError):
        return False
    return parts.scheme == "http"
