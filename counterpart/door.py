"""HTTP in: finds the service, lets its switches do their mischief, answers in JSON."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from counterpart.book import Book
from counterpart.control import Control
from counterpart.courier import settle_due
from counterpart.shape import Answer, Body, Call, Declined, Route, Service, now_ms

LONGEST_BODY = 64 * 1024


class World(ThreadingHTTPServer):
    """The server and everything behind it; it binds loopback and nothing else."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(
        self,
        port: int,
        *,
        book: Book,
        control: Control,
        services: tuple[Service, ...],
    ) -> None:
        """Bind ``127.0.0.1:port``; port 0 takes a free one."""
        self.book, self.control = book, control
        self.services = services
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", port), Door)

    def work(
        self,
        service: Service,
        route: Route,
        *,
        found: dict[str, str],
        query: dict[str, str],
        body: Body,
    ) -> Answer:
        """Do one request's work in one transaction, after settling what had come due before."""
        settings = self.control.settings(service.name)
        with self.book.turn() as turn:
            settle_due(turn, service, settings)
            call = Call(
                book=turn,
                settings=settings,
                now_ms=now_ms(),
                found=found,
                query=query,
                body=body,
            )
            return route.answer(call)

    def controlled(self, method: str, body: Body) -> Body:
        """Show the switches and the callbacks in line, or turn the switches first."""
        switches = self.control.change(body) if method == "POST" else self.control.shown()
        with self.book.turn() as turn:
            rows = turn.execute("SELECT state, count(*) FROM callbacks GROUP BY state").fetchall()
        return switches | {"callbacks": {row[0]: row[1] for row in rows}}

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ANN401  the base class's words
        """A caller that hung up is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], (ConnectionError, TimeoutError)):
            traceback.print_exc()


class Door(BaseHTTPRequestHandler):
    """One connection; kept open between requests."""

    server: World
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60

    def do_GET(self) -> None:
        """Answer a question."""
        self._answer("GET")

    def do_POST(self) -> None:
        """Answer an order."""
        self._answer("POST")

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing: request lines would hold phone numbers."""

    def _answer(self, method: str) -> None:
        try:
            answer = self._found(method, self._body())
        except Declined as no:
            answer = Answer({"code": no.code, "detail": no.detail}, no.status)
        except Exception:
            traceback.print_exc()
            answer = Answer({"code": "internal_error", "detail": ""}, 500)
        if answer is None:
            self.close_connection = True
        else:
            self._send(answer)

    def _found(self, method: str, body: Body) -> Answer | None:
        """The answer, or None where the connection closes without one."""
        parts = urlsplit(self.path)
        if parts.path == "/health":
            return Answer({"alive": True})
        if parts.path == "/control":
            return Answer(self.server.controlled(method, body))
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        service, route, places = self._route(method, parts.path)
        trouble = self.server.control.trouble(service.name)
        if trouble.down:
            return None
        self.server.closing.wait((trouble.latency_ms + trouble.hang_ms) / 1000)
        if trouble.status is not None:
            return Answer({"code": "out_of_order", "detail": ""}, trouble.status)
        if trouble.declined:
            raise Declined(422, "not_taken")
        answer = self.server.work(service, route, found=places, query=query, body=body)
        return None if trouble.dropped else answer

    def _route(self, method: str, path: str) -> tuple[Service, Route, dict[str, str]]:
        known = False
        for service in self.server.services:
            for route in service.routes:
                match = route.path.fullmatch(path)
                known = known or match is not None
                if match is not None and route.method == method:
                    places = {name: unquote(one) for name, one in match.groupdict().items()}
                    return service, route, places
        raise Declined(405 if known else 404, "unknown_method" if known else "unknown_path")

    def _body(self) -> Body:
        length = int(self.headers.get("Content-Length") or 0)
        if length > LONGEST_BODY or "Transfer-Encoding" in self.headers:
            self.close_connection = True
            raise Declined(413, "body_too_large")
        raw = self.rfile.read(length)
        if not raw:
            return {}
        try:
            body = json.loads(raw)
        except ValueError:
            raise Declined(400, "not_json") from None
        if not isinstance(body, dict):
            raise Declined(400, "not_an_object")
        return body

    def _send(self, answer: Answer) -> None:
        raw = json.dumps(answer.body, ensure_ascii=False).encode()
        self.send_response(answer.status)
        self.send_header("Content-Type", "application/json; charset=utf-8")
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw)
