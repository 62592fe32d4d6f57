"""A department of its own in real processes, and claims that are filed in it without a pause."""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from pathlib import Path
from threading import Event, Thread

import httpx
import psycopg

from lipei.kit import clock
from lipei.run import postgres
from lipei.run.children import Child, last_words
from lipei.run.database import Database, own_database
from lipei.run.environment import manage, managed
from lipei.run.home import Home, open_home
from lipei.run.migrate import migrate
from lipei.run.programs import places_for, programs
from lipei.run.up import wait_for_answer
from tests.run.conftest import remove
from tests.walks.conftest import quiet_port

PHONE, POLICY = "13800006021", "PDAA2026310100000001"
CLIENTS = 6
PATIENCE_S = 90
CREATED, KEPT, AWAY = 201, 202, 503

HALF_WRITTEN = """
SELECT c.number FROM general_claim c
 WHERE NOT EXISTS (SELECT 1 FROM general_exposure e WHERE e.claim_id = c.id)
    OR NOT EXISTS (SELECT 1 FROM general_clock k WHERE k.claim_id = c.id)
    OR NOT EXISTS (SELECT 1 FROM kit_chain h WHERE h.subject = 'claim/' || c.number)
    OR 1 <> (SELECT count(*) FROM kit_entry e
              WHERE e.subject = 'claim/' || c.number AND e.verb = 'intake.claim_reported')
"""
WITHOUT_CLAIM = """
SELECT h.subject FROM kit_chain h WHERE h.subject LIKE 'claim/%'
   AND NOT EXISTS (SELECT 1 FROM general_claim c WHERE h.subject = 'claim/' || c.number)
"""


@dataclass(frozen=True)
class House:
    """A department of its own, whose processes nobody else uses."""

    address: str
    home: Home
    server: postgres.Server
    children: list[Child]

    @property
    def web(self) -> Child:
        return self.children[-1]

    def web_processes(self) -> list[int]:
        """The processes that answer: those that the web's own process started."""
        if self.web.process is None or not self.web.is_running():
            return []
        first = self.web.process.pid
        with suppress(OSError):
            told = Path(f"/proc/{first}/task/{first}/children").read_text().split()
            return [int(pid) for pid in told if _serves(int(pid))]
        return []

    def until(self, holds: Callable[[], object], *, what: str) -> None:
        """Wait until something holds; whatever died is started again, as `lipei up` does it."""
        ends = time.monotonic() + PATIENCE_S
        while not holds():
            assert time.monotonic() < ends, f"{what}\n{last_words(self.web)}"
            for child in self.children:
                child.watch()
            time.sleep(0.05)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.server.url(postgres.OWNER)) as connection:
            return connection.execute(query).fetchall()

    def client(self, token: str = "") -> httpx.Client:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return httpx.Client(
            base_url=f"{self.address}/api/v1", headers=headers, trust_env=False, timeout=60
        )


def _serves(pid: int) -> bool:
    """A helper of Python's own that only counts what is shared is no process of the web."""
    with suppress(OSError):
        return b"resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_bytes()
    return False


Told = Callable[[postgres.Server], Database]


@contextmanager
def department(folder: Path, *, database_of: Told = own_database) -> Iterator[House]:
    """What `lipei up` runs, on a PostgreSQL of its own that may be killed, until the block ends.

    Only its API is used, so its static files are not collected.

    `database_of` says under which address web and worker find it.
    """
    with ExitStack() as stack:
        home = open_home(folder)
        stack.callback(remove, home)
        server = postgres.server_in(home)
        stack.callback(postgres.stop, server)
        postgres.start(server)
        database = database_of(server)
        places = places_for(bind="127.0.0.1", port=quiet_port())
        children = programs(places, home=home, database=database)
        migrate(database, home=home)
        managed("seed", environment=children[0].environment, logs=home.logs)
        for child in children:
            stack.callback(child.stop)
            child.start()
        wait_for_answer(f"{places.address}/healthz", child=children[-1])
        yield House(places.address, home, server, children)


@dataclass
class Filings:
    """Claims that several programs of one claimant file at once, each under a key of its own."""

    house: House
    name: str
    answers: dict[str, httpx.Response | None] = field(default_factory=dict)
    bodies: dict[str, dict[str, object]] = field(default_factory=dict)
    over: Event = field(default_factory=Event)

    def __post_init__(self) -> None:
        self.numbers = count(1)
        with self.house.client() as door:
            code = door.post("/codes", json={"phone": PHONE}).json()["code"]
            signed_in = door.post("/tokens", json={"phone": PHONE, "code": code})
        self.token = signed_in.json()["token"]

    def statuses(self) -> Counter[int]:
        """Answers by status; those that never came are counted as 0."""
        return Counter(one.status_code if one else 0 for one in self.told())

    def told(self) -> list[httpx.Response | None]:
        return list(self.answers.copy().values())

    def send(self, client: httpx.Client, key: str) -> httpx.Response:
        return client.post("/claims", json=self.bodies[key], headers={"Idempotency-Key": key})

    def file_until_over(self) -> None:
        """One program: it files on, and where the line breaks it goes on with the next."""
        with self.house.client(self.token) as client:
            while not self.over.is_set():
                n = next(self.numbers)
                key = f"{self.name}-{n:06d}"
                self.bodies[key] = report(n)
                try:
                    self.answers[key] = self.send(client, key)
                except httpx.TransportError:
                    self.answers[key] = None
                    self.over.wait(0.05)

    def repeat(self) -> dict[str, str]:
        """Every key once more, answered before or not: the number that each has."""
        with self.house.client(self.token) as client:
            found = {}
            for key in self.bodies:
                answer = self.send(client, key)
                assert answer.status_code == CREATED, answer.text
                found[key] = answer.json()["number"]
        return found


def report(n: int) -> dict[str, object]:
    lost_at = clock.now() - timedelta(hours=2, minutes=n)
    return {
        "lost_at": lost_at.isoformat(), "place": f"春和路 {n} 号", "cause": "collision",
        "story": "倒车时碰到立柱。", "policy": POLICY, "consented": True, "another": True,
        "damage": [{"thing": "own_vehicle", "part": "rear_bumper", "severity": "dent"}],
    }  # fmt: skip


@contextmanager
def filing(house: House, name: str) -> Iterator[Filings]:
    """Several programs file for the time of the block."""
    filings = Filings(house, name)
    programs = [Thread(target=filings.file_until_over) for _ in range(CLIENTS)]
    for program in programs:
        program.start()
    try:
        yield filings
    finally:
        filings.over.set()
        for program in programs:
            program.join()


def wait_for_filings(house: House, filings: Filings, *, more: int) -> None:
    """Until so many more were taken than by now."""
    wanted = filings.statuses()[CREATED] + more
    house.until(lambda: filings.statuses()[CREATED] >= wanted, what="no claims are filed")


def everything_stands_once(house: House, filings: Filings, *, before: int) -> None:
    """One key, one claim; what was answered holds; no claim is half written."""
    numbers = filings.repeat()
    assert numbers == filings.repeat()
    for key, answer in filings.answers.items():
        if answer is not None and answer.status_code == CREATED:
            assert answer.json()["number"] == numbers[key]
    assert len(set(numbers.values())) == len(numbers)
    told = {str(row[0]) for row in house.rows("SELECT number FROM general_claim")}
    assert set(numbers.values()) <= told
    assert len(told) == before + len(numbers)
    assert house.rows(HALF_WRITTEN) == []
    assert house.rows(WITHOUT_CLAIM) == []
    proof = manage("audit", "verify", environment=house.children[0].environment)
    assert (proof.returncode, proof.stdout.strip()) == (0, "audit: clean")


def claims(house: House) -> int:
    return len(house.rows("SELECT number FROM general_claim"))


def kept(house: House) -> list[Path]:
    return list((house.home.path / "inbox").glob("*.re*"))


def take_in_what_was_kept(house: House) -> None:
    """Let the worker file what was kept on the disk, and wait until nothing lies there."""
    environment = house.children[0].environment
    manage("procrastinate", "defer", "lipei.take_in_reports", "{}", environment=environment)
    house.until(lambda: not kept(house), what="the worker does not file what was kept")
