"""Callbacks out: signed, the oldest first, tried again until they are taken or given up.

The signature is HMAC-SHA256 over ``timestamp.body`` (seconds since 1970, the raw bytes), so
that the receiver can refuse what is forged, changed or old. ``event_id`` tells a copy from a
new event.
"""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import sqlite3
import sys
import threading
from urllib.parse import urlsplit

from counterpart.book import Book
from counterpart.control import Control
from counterpart.shape import Call, Event, Service, Settings, moment, now_ms

TICK_S = 0.05
TIMEOUT_S = 5.0
LONGEST_PAUSE_MS = 60_000
TAKEN = range(200, 300)


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """The value of the signature header for these bytes at this time."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


class Courier:
    """Two threads: one settles what has come due, one carries the callbacks."""

    def __init__(
        self, book: Book, control: Control, services: tuple[Service, ...], *, secret: str
    ) -> None:
        """Nothing moves before ``start``."""
        self._book, self._control, self._services = book, control, services
        self._secret = secret
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._forever, args=(step,), daemon=True)
            for step in (self.settle, self.deliver)
        ]

    def start(self) -> None:
        """Begin to settle and to carry."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Finish the step in hand and end."""
        self._stopped.set()
        for thread in self._threads:
            thread.join(TIMEOUT_S + 1)

    def settle(self) -> None:
        """Settle what is due in every service and put its callbacks in line."""
        for service in self._services:
            with self._book.turn() as turn:
                settle_due(turn, service, self._control.settings(service.name))

    def deliver(self) -> None:
        """Carry every callback that is due, the oldest first."""
        with self._book.turn() as turn:
            due = turn.execute(
                "SELECT * FROM callbacks WHERE state = 'waiting' AND next_at_ms <= ?"
                " ORDER BY event_id LIMIT 100",
                (now_ms(),),
            ).fetchall()
        for row in due:
            settings = self._control.settings(row["service"])
            if settings["webhook"] and not self._stopped.is_set():
                self._carry(row, settings)

    def _carry(self, row: sqlite3.Row, settings: Settings) -> None:
        error = ""
        for _ in range(max(1, settings["callback_copies"])):
            error = error or self._post(settings["webhook"], _body(row))
        tries = row["tries"] + 1
        state = "taken" if not error else "waiting"
        if error and tries >= settings["callback_tries"]:
            state = "given_up"
        pause_ms = min(settings["callback_retry_ms"] * 2 ** (tries - 1), LONGEST_PAUSE_MS)
        with self._book.turn() as turn:
            turn.execute(
                "UPDATE callbacks SET tries = ?, state = ?, next_at_ms = ?, last_error = ?"
                " WHERE event_id = ?",
                (tries, state, now_ms() + pause_ms, error, row["event_id"]),
            )

    def _post(self, url: str, body: bytes) -> str:
        parts = urlsplit(url)
        timestamp = str(now_ms() // 1000)
        headers = {
            "Content-Type": "application/json",
            "X-Callback-Timestamp": timestamp,
            "X-Callback-Signature": signature(self._secret, timestamp=timestamp, body=body),
        }
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        try:
            line = http.client.HTTPConnection(
                parts.hostname or "", parts.port or 80, timeout=TIMEOUT_S
            )
            line.request("POST", path or "/", body, headers)
            status = line.getresponse().status
            line.close()
        except (OSError, http.client.HTTPException) as error:
            return type(error).__name__
        return "" if status in TAKEN else f"HTTP {status}"

    def _forever(self, step: object) -> None:
        assert callable(step)
        while not self._stopped.wait(TICK_S):
            try:
                step()
            except sqlite3.Error as error:
                print(f"counterpart: {error}", file=sys.stderr)


def settle_due(turn: sqlite3.Connection, service: Service, settings: Settings) -> None:
    """Settle one service inside a transaction; its callbacks are written in the same one."""
    at_ms = now_ms()
    for event in service.settle(Call(book=turn, settings=settings, now_ms=at_ms)):
        if settings["webhook"]:
            _line_up(turn, service=service.name, event=event, at_ms=at_ms)


def _line_up(turn: sqlite3.Connection, *, service: str, event: Event, at_ms: int) -> None:
    turn.execute(
        "INSERT INTO callbacks (service, kind, body, occurred_at_ms, next_at_ms)"
        " VALUES (?, ?, ?, ?, ?)",
        (service, event.kind, json.dumps(event.body, ensure_ascii=False), at_ms, at_ms),
    )


def _body(row: sqlite3.Row) -> bytes:
    told = {
        "event_id": f"{row['service']}-{row['event_id']}",
        "event": row["kind"],
        "occurred_at": moment(row["occurred_at_ms"]),
        "subject": json.loads(row["body"]),
    }
    return json.dumps(told, ensure_ascii=False).encode()
