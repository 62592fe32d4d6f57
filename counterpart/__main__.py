"""``python -m counterpart --port N [--state FILE]``: start the outside world on loopback."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from counterpart.book import Book
from counterpart.control import Control
from counterpart.courier import Courier
from counterpart.door import World
from counterpart.services import SERVICES
from counterpart.shape import Declined

PARENT_CHECK_S = 0.5
DEMONSTRATION_SECRET = "demonstration-only"  # noqa: S105  said by its name; loopback only


def main() -> int:
    """Serve until told to stop; 1 with one sentence where it cannot start."""
    asked = _arguments()
    book = Book(asked.state, tables="".join(one.tables for one in SERVICES))
    webhooks = dict(each.partition("=")[::2] for each in asked.webhook)
    try:
        control = Control(book, SERVICES, webhooks=webhooks)
        world = World(asked.port, book=book, control=control, services=SERVICES)
    except Declined as no:
        return _give_up(f"--webhook: {no.code} {no.detail}")
    except OSError as error:
        return _give_up(f"port {asked.port}: {error.strerror}")
    courier = Courier(book, control, SERVICES, secret=asked.secret)
    _stop_on_signals(world, with_parent=asked.with_parent)
    courier.start()
    print(f"counterpart: http://127.0.0.1:{world.server_address[1]}", flush=True)
    world.serve_forever(poll_interval=0.1)
    world.server_close()
    courier.stop()
    book.close()
    return 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="counterpart", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free port")
    parser.add_argument("--state", type=Path, help="keep everything in this file")
    parser.add_argument(
        "--webhook",
        action="append",
        default=[],
        metavar="SERVICE=URL",
        help="this machine only",
    )
    parser.add_argument(
        "--secret",
        default=os.environ.get("COUNTERPART_SECRET") or DEMONSTRATION_SECRET,
        help="signs the callbacks; better given as COUNTERPART_SECRET",
    )
    parser.add_argument(
        "--with-parent", action="store_true", help="stop when the starting program is gone"
    )
    return parser.parse_args()


def _stop_on_signals(world: World, *, with_parent: bool) -> None:
    def stop(*_: object) -> None:
        world.closing.set()
        threading.Thread(target=world.shutdown, daemon=True).start()

    def watch(parent: int) -> None:
        while not world.closing.wait(PARENT_CHECK_S):
            if os.getppid() != parent:
                stop()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    if with_parent:
        threading.Thread(target=watch, args=(os.getppid(),), daemon=True).start()


def _give_up(why: str) -> int:
    print(f"counterpart: {why}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
