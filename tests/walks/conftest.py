"""The real thing for tests in a browser: outside world, worker and web on the test database."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from random import sample

import pytest
from django.conf import settings as project
from django.core.management import call_command
from django.db import connection
from playwright.sync_api import Browser

from lipei.run import postgres
from lipei.run.assets import collect
from lipei.run.children import last_words
from lipei.run.database import Database
from lipei.run.environment import managed
from lipei.run.home import CHECKOUT, Home, open_home
from lipei.run.migrate import grant
from lipei.run.ports import is_free
from lipei.run.programs import places_for, programs
from lipei.run.up import wait_for_answer
from tests.walks.callers import Caller
from tests.walks.visitors import Visitor, Visitors

BUILT = CHECKOUT / "src/lipei/site/static/dist/claimant.js"

QUIET_PORTS = range(20_000, 30_000)


@dataclass(frozen=True)
class House:
    """The running department: where it is found, and where it keeps things."""

    address: str
    home: Home
    environment: dict[str, str]


def database_of_tests() -> Database:
    """The test's own database; on our own server web and worker have their own, smaller rights."""
    held = connection.settings_dict
    assert held["NAME"].startswith("test_"), "the test needs the mark django_db"
    told = f"postgresql://{held['USER']}:{held['PASSWORD']}@/{held['NAME']}"
    owner_url = f"{told}?host={held['HOST']}&port={held['PORT'] or 5432}"
    if held["USER"] != postgres.OWNER:
        return Database(owner_url, owner_url, None)
    server = postgres.server_in(open_home(project.DATA))
    database = Database(owner_url, server.url(postgres.APP, database=held["NAME"]), None)
    grant(database)
    return database


def quiet_port() -> int:
    """A free port that no outgoing connection is given while the web is still loading."""
    return next(p for p in sample(QUIET_PORTS, k=50) if is_free(p, bind="127.0.0.1"))


@pytest.fixture(scope="module")
def house(django_db_setup, django_db_blocker, tmp_path_factory) -> Iterator[House]:
    """What `lipei up` runs, for one module: its tests are different people on different claims.

    The tests carry the mark django_db without a transaction of their own to commit: they only
    read what the programs wrote. The database is emptied when everything has ended.
    """
    if not BUILT.exists():
        pytest.skip("the front end is not built: run `./lipei test`")
    with django_db_blocker.unblock(), ExitStack() as stack:
        home = open_home(tmp_path_factory.mktemp("house"))
        places = places_for(bind="127.0.0.1", port=quiet_port())
        children = programs(places, home=home, database=database_of_tests())
        environment = children[0].environment
        stack.callback(call_command, "flush", verbosity=0, interactive=False)
        managed("seed", environment=environment, logs=home.logs)
        collect(home, environment=environment)
        for child in children:
            child.start()
            stack.callback(child.stop)
        wait_for_answer(f"{places.address}/healthz", child=children[-1])
        yield House(places.address, home, environment)
        for child in children:
            assert child.is_running(), f"{child.name}: {last_words(child)}"


@pytest.fixture
def visitors(chromium: Browser, house: House) -> Iterator[Visitors]:
    """People with a browser each; in the end nobody's may have complained."""
    here = Visitors(chromium, house.address)
    yield here
    here.leave()


@pytest.fixture
def phone(visitors: Visitors) -> Visitor:
    """A claimant's phone, not signed in."""
    return visitors.phone()


@pytest.fixture
def brought(house: House) -> Callable[[str, str], str]:
    """Bring a claim of somebody (by phone number) to a stage; its number."""

    def bring(stage: str, phone: str) -> str:
        words = [sys.executable, "-m", "tests.walks.bring", stage, phone]
        told = subprocess.run(
            words, env=house.environment, cwd=CHECKOUT, capture_output=True, text=True
        )
        assert told.returncode == 0, told.stderr
        return told.stdout.split()[-1]

    return bring


@pytest.fixture
def staff(house: House) -> Callable[..., Caller]:
    """Somebody of the house, with a token that `lipei token` gave."""

    def called(username: str, *uses: str) -> Caller:
        words = [sys.executable, "-m", "lipei", "token", username, "--days", "1"]
        words += ["--data", str(house.home.path)]
        words += [word for use in ("claims.read", *uses) for word in ("--scope", use)]
        told = subprocess.run(
            words, env=house.environment, cwd=CHECKOUT, capture_output=True, text=True
        )
        assert told.returncode == 0, told.stderr
        return Caller(house.address, told.stdout.strip())

    return called


@pytest.fixture
def by_phone(house: House) -> Callable[[str], Caller]:
    """A claimant's own program, signed in by phone and code."""

    def called(phone: str) -> Caller:
        door = Caller(house.address)
        code = door.client.post("/codes", json={"phone": phone}).json()["code"]
        signed_in = door.client.post("/tokens", json={"phone": phone, "code": code})
        assert signed_in.status_code == 201, signed_in.text
        return Caller(house.address, signed_in.json()["token"])

    return called
