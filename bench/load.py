"""A small load of keep-alive HTTP clients on loopback, bounded in number and time."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

Made = Callable[[int], bytes]


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


async def _client(
    port: int, make: Made, numbers: "asyncio.Queue[tuple[int, float]]", into: Load
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while True:
        number, due = await numbers.get()
        if number < 0:
            break
        wait = due - time.perf_counter()
        if wait > 0:
            await asyncio.sleep(wait)
        began = max(due, 0.0) or time.perf_counter()
        writer.write(make(number))
        head = await reader.readuntil(b"\r\n\r\n")
        status = int(head[9:12])
        length = next(
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        )
        await reader.readexactly(length)
        into.latencies.append(time.perf_counter() - began)
        into.statuses[status] = into.statuses.get(status, 0) + 1
    writer.close()


async def _run(port: int, make: Made, *, clients: int, requests: int, rate: float) -> Load:
    numbers: asyncio.Queue[tuple[int, float]] = asyncio.Queue()
    load, began = Load(), time.perf_counter()
    for n in range(requests):
        numbers.put_nowait((n, began + n / rate if rate else 0.0))
    for _ in range(clients):
        numbers.put_nowait((-1, 0.0))
    await asyncio.gather(*(_client(port, make, numbers, load) for _ in range(clients)))
    load.seconds = time.perf_counter() - began
    return load


def run(port: int, make: Made, *, clients: int, requests: int, rate: float = 0.0) -> Load:
    """Send `requests` from `clients` connections, as fast as answered or at a steady rate.

    At a steady rate the latency counts from the instant at which the request was due, so that
    a server that stalls cannot hide it.
    """
    return asyncio.run(_run(port, make, clients=clients, requests=requests, rate=rate))
