"""One address before several webs: it asks each whether it is ready, and sends to those that are.

What it has sent it does not send again, so a request that a web loses is lost, and is seen.
"""

import http.client
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Event, Thread

LOOK_EVERY_S = 0.1
HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "date", "server"}


class Balancer(ThreadingHTTPServer):
    """The address, the webs behind it, and which of them were ready at the last look."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, ports: list[int]) -> None:
        super().__init__(("127.0.0.1", 0), Passing)
        self.ports, self.turn = ports, count()
        self.is_up = dict.fromkeys(ports, False)
        self.sent: dict[int, int] = dict.fromkeys(ports, 0)
        self.over = Event()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    @property
    def ready(self) -> list[int]:
        return [port for port in self.ports if self.is_up[port]]

    def look_at(self, port: int) -> None:
        while not self.over.wait(LOOK_EVERY_S):
            self.is_up[port] = is_ready(port)

    def next_port(self) -> int:
        ready = self.ready
        port = ready[next(self.turn) % len(ready)]
        self.sent[port] += 1
        return port


class Passing(BaseHTTPRequestHandler):
    """Passes one request on, and its answer back."""

    protocol_version = "HTTP/1.1"
    server: Balancer

    def log_message(self, format: str, *words: object) -> None:
        """Nothing is written down."""

    def pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {k: v for k, v in self.headers.items() if k.lower() not in HOP}
        web = http.client.HTTPConnection("127.0.0.1", self.server.next_port(), timeout=60)
        web.request(self.command, self.path, body=body, headers=headers)
        answer = web.getresponse()
        told = answer.read()
        web.close()
        self.send_response(answer.status)
        for name, value in answer.getheaders():
            if name.lower() not in HOP:
                self.send_header(name, value)
        self.send_header("Content-Length", str(len(told)))
        self.end_headers()
        self.wfile.write(told)

    do_GET = do_POST = pass_on


def is_ready(port: int) -> bool:
    """What a web says of itself."""
    web = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        web.request("GET", "/readyz?exclude=database")
        return web.getresponse().status == 200
    except OSError:
        return False
    finally:
        web.close()


@contextmanager
def balancing(ports: list[int]) -> Iterator[Balancer]:
    """One address before these webs, until the block ends."""
    balancer = Balancer(ports)
    threads = [Thread(target=balancer.look_at, args=[port]) for port in ports]
    threads.append(Thread(target=balancer.serve_forever))
    for thread in threads:
        thread.start()
    try:
        yield balancer
    finally:
        balancer.over.set()
        balancer.shutdown()
        balancer.server_close()
        for thread in threads:
            thread.join()
