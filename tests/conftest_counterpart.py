"""The outside world as a real process, for every test that speaks to it.

A conftest takes it in with ``pytest_plugins = ["tests.conftest_counterpart"]``.
"""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import httpx
import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
CALLBACK_SECRET = "secret-of-the-tests"
SOON = {"bank": {"credit_after_ms": 0}, "messages": {"deliver_after_ms": 0}}


@dataclass
class CounterpartProcess:
    """One running counterpart: its address, its switches, its end."""

    url: str
    process: subprocess.Popen[str]
    client: httpx.Client = field(init=False)

    def __post_init__(self) -> None:
        self.client = httpx.Client(base_url=self.url, trust_env=False, timeout=10)

    def control(self, **switches: Any) -> dict[str, Any]:
        """Turn switches, for example ``control(bank={"fail_next": 2})``; returns them all."""
        answer = self.client.post("/control", json=switches)
        assert answer.status_code == 200, answer.text
        shown: dict[str, Any] = answer.json()
        return shown

    def received_by(self, phone: str) -> list[str]:
        """The texts that reached this phone, the newest first."""
        answer = self.client.get("/messages", params={"to": phone})
        assert answer.status_code == 200, answer.text
        return [message["text"] for message in answer.json()["messages"]]

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait(10)

    def stop(self) -> int:
        """End it in good order; returns its exit code."""
        self.client.close()
        self.process.terminate()
        return self.process.wait(10)


def start_counterpart(*options: str, port: int = 0) -> CounterpartProcess:
    """Start a counterpart on a free port and wait until it listens."""
    process = subprocess.Popen(
        [sys.executable, "-m", "counterpart", "--port", str(port), "--with-parent", *options],
        cwd=CHECKOUT,
        env=os.environ | {"COUNTERPART_SECRET": CALLBACK_SECRET, "PYTHONPATH": str(CHECKOUT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("counterpart: http://127.0.0.1:"), line
    return CounterpartProcess(line.split(": ", 1)[1].strip(), process)


@pytest.fixture(scope="session")
def counterpart_process() -> Iterator[CounterpartProcess]:
    """One counterpart for the whole session; tests take ``counterpart`` instead."""
    running = start_counterpart()
    yield running
    running.stop()


@pytest.fixture
def counterpart(counterpart_process: CounterpartProcess) -> CounterpartProcess:
    """The session's counterpart with every switch back at its start and no delays."""
    counterpart_process.control(reset=True, **SOON)
    return counterpart_process


@dataclass
class Webhook:
    """A door of ours at which callbacks arrive; ``statuses`` are its next answers, then 204."""

    url: str
    arrived: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)


@pytest.fixture
def webhook() -> Iterator[Webhook]:
    """A listening webhook that keeps what arrives."""

    class Door(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            here.arrived.append(({k.lower(): v for k, v in self.headers.items()}, body))
            self.send_response(here.statuses.pop(0) if here.statuses else 204)
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    here = Webhook(f"http://127.0.0.1:{server.server_address[1]}/callbacks")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield here
    server.shutdown()
    server.server_close()


@pytest.fixture
def start() -> Iterator[Callable[..., CounterpartProcess]]:
    """Start counterparts of one's own, with options; they end with the test."""
    running: list[CounterpartProcess] = []

    def begin(*options: str, port: int = 0) -> CounterpartProcess:
        running.append(start_counterpart(*options, port=port))
        return running[-1]

    yield begin
    for each in running:
        if each.process.poll() is None:
            each.stop()
