"""A small load of keep-alive HTTP clients on loopback, bounded in number and time.

Clients are threads on plain sockets: what they cost is taken from the cores that are measured.
"""

import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

Made = Callable[[int], bytes]
LENGTH = b"content-length:"
PIECE = 65_536


@dataclass
class Load:
    """What a load measured: seconds of each answered request, and answers by status."""

    latencies: list[float] = field(default_factory=list)
    statuses: dict[int, int] = field(default_factory=dict)
    seconds: float = 0.0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.latencies) / self.seconds


def _answer(line: socket.socket) -> int:
    """Read one whole answer; its status."""
    got = bytearray()
    while (end := got.find(b"\r\n\r\n")) < 0:
        got += _more(line)
    head = bytes(got[:end]).lower()
    at = head.index(LENGTH) + len(LENGTH)
    missing = end + 4 + int(head[at : (head + b"\r\n").index(b"\r\n", at)]) - len(got)
    while missing > 0:
        missing -= len(_more(line))
    return int(head[9:12])


def _more(line: socket.socket) -> bytes:
    got = line.recv(PIECE)
    if not got:
        raise ConnectionError("the server hung up in the middle of an answer")
    return got


def _client(port: int, make: Made, due: Iterator[tuple[int, float]]) -> list[tuple[float, int]]:
    """One client: take the next request, wait until it is due, send it, read its answer."""
    found = []
    with socket.create_connection(("127.0.0.1", port)) as line:
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for number, at in due:
            asked = make(number)
            if (wait := at - time.perf_counter()) > 0:
                time.sleep(wait)
            began = at or time.perf_counter()
            line.sendall(asked)
            status = _answer(line)
            found.append((time.perf_counter() - began, status))
    return found


def run(port: int, make: Made, *, clients: int, requests: int, rate: float = 0.0) -> Load:
    """Send `requests` from `clients` connections, as fast as answered or at a steady rate.

    At a steady rate the latency counts from the instant at which the request was due, so that
    a server that stalls cannot hide it.
    """
    load, began = Load(), time.perf_counter()
    due = iter([(n, began + n / rate if rate else 0.0) for n in range(requests)])
    with ThreadPoolExecutor(clients) as pool:
        each = [pool.submit(_client, port, make, due) for _ in range(clients)]
        for latency, status in (one for done in each for one in done.result()):
            load.latencies.append(latency)
            load.statuses[status] = load.statuses.get(status, 0) + 1
    load.seconds = time.perf_counter() - began
    return load
