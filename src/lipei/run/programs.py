"""The programs of `lipei up` and what each is told: the outside world, worker and web."""

import os
import socket
import sys
from dataclasses import dataclass

from lipei.run.children import Child
from lipei.run.database import Database, surroundings
from lipei.run.home import Home
from lipei.run.ports import free_port
from lipei.run.serve import THREADS, web_command, workers_wanted
from lipei.run.work import CONCURRENCY, CONNECTIONS, work_command

ANYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104  told apart, not bound
WORKER_PATIENCE_S = 20.0
CALLBACKS = ("bank", "core", "messages")


@dataclass(frozen=True)
class Places:
    """Where the web listens and where the outside world is to be found."""

    bind: str
    port: int
    outside_port: int

    @property
    def address(self) -> str:
        """What a person on this machine types into the browser."""
        return f"http://{ANYWHERE.get(self.bind, self.bind)}:{self.port}"

    @property
    def outside(self) -> str:
        return f"http://127.0.0.1:{self.outside_port}"


def places_for(*, bind: str, port: int) -> Places:
    """The asked port for the web, any free one for the outside world."""
    return Places(bind, port, free_port())


def programs(places: Places, *, home: Home, database: Database) -> list[Child]:
    """Counterpart, worker and web, in the order in which they start."""
    home.logs.mkdir(exist_ok=True)
    shared = told(places, home=home, database=database)
    as_worker = {**shared, "LIPEI_ROLE": "worker", "LIPEI_POOL": str(CONCURRENCY + CONNECTIONS)}
    as_web = {**shared, "LIPEI_ROLE": "web", "LIPEI_POOL": str(THREADS)}
    web = web_command(bind=places.bind, port=places.port, workers=workers_wanted())
    work = work_command(concurrency=CONCURRENCY)
    logs = home.logs
    return [
        Child("counterpart", _outside(places, home=home), shared, logs / "counterpart.log"),
        Child("worker", work, as_worker, logs / "worker.log", patience_s=WORKER_PATIENCE_S),
        Child("web", web, as_web, logs / "web.log", insist=True),
    ]


def told(places: Places, *, home: Home, database: Database) -> dict[str, str]:
    """The surroundings that the programs of one home share."""
    shared = surroundings(database, home=home, url=database.app_url)
    return shared | {
        "LIPEI_HOSTS": ",".join(_hosts(places.bind)),
        "LIPEI_PUBLIC_URL": os.environ.get("LIPEI_PUBLIC_URL") or places.address,
        "LIPEI_BANK_URL": f"{places.outside}/bank",
        "LIPEI_CORE_URL": f"{places.outside}/core",
        "LIPEI_MESSAGES_URL": f"{places.outside}/messages",
        "COUNTERPART_SECRET": shared["LIPEI_CALLBACK_SECRET"],
    }


def _outside(places: Places, *, home: Home) -> list[str]:
    """The outside world keeps its books in the data home and calls the web back."""
    words = ["--port", str(places.outside_port)]
    words += ["--state", str(home.path / "counterpart.sqlite3"), "--with-parent"]
    for service in CALLBACKS:
        words += ["--webhook", f"{service}={places.address}/callbacks/{service}/"]
    return [sys.executable, "-m", "counterpart", *words]


def _hosts(bind: str) -> list[str]:
    """The names under which the web answers: this machine's own, nobody else's."""
    names = ["localhost", "127.0.0.1", "[::1]"]
    if bind in ANYWHERE:
        name = socket.gethostname()
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
        names += [name, *(str(entry[4][0]) for entry in found)]
    else:
        names.append(bind)
    return sorted(set(names))
