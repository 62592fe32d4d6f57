"""A primary that dies under load, and a standby that takes over: no acknowledged write is lost."""

import os
import shutil
import signal
import subprocess
from contextlib import ExitStack
from dataclasses import replace
from urllib.parse import quote

import pytest

from lipei.run import postgres
from lipei.run.database import Database
from lipei.run.home import open_home
from tests.run.conftest import remove
from tests.run.house import (
    AWAY,
    CREATED,
    KEPT,
    claims,
    department,
    everything_stands_once,
    filing,
    take_in_what_was_kept,
    wait_for_filings,
)

STANDBY = "standby1"
IN_STEP = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'"


def both(primary: postgres.Server, standby: postgres.Server) -> Database:
    """The addresses of two servers as one: whoever asks finds the one that may write."""
    doors = ",".join(quote(str(one.sockets), safe="") for one in (primary, standby))
    ports = ",".join([str(postgres.PORT)] * 2)
    told = f"?host={doors}&port={ports}&target_session_attrs=read-write"

    def url(role: str) -> str:
        return f"postgresql://{role}:{primary.passwords[role]}@/{postgres.DATABASE}{told}"

    return Database(url(postgres.OWNER), url(postgres.APP), primary)


def follow(primary: postgres.Server, standby: postgres.Server) -> None:
    """Make the standby a copy of the primary that follows it from now on."""
    told = {**os.environ, "PGPASSWORD": primary.passwords[postgres.SUPERUSER], "LC_ALL": "C"}
    words = [f"--host={primary.sockets}", f"--port={postgres.PORT}", "--username=postgres"]
    words += [f"--pgdata={standby.cluster}", "--wal-method=stream", "--checkpoint=fast"]
    program = primary.engine.program("pg_basebackup")
    subprocess.run([program, *words], env=told, check=True, capture_output=True)
    (standby.cluster / "standby.signal").touch()
    (standby.cluster / "server.log").unlink(missing_ok=True)
    for one in (standby.cluster, *standby.cluster.rglob("*")):
        one.chmod(0o700 if one.is_dir() else 0o600)
        if standby.account.switch:
            os.chown(one, standby.account.uid, standby.account.gid)
    (standby.place / "ready").touch()
    line = (
        f"host={primary.sockets} port={postgres.PORT} user=postgres "
        f"password={primary.passwords[postgres.SUPERUSER]} application_name={STANDBY}"
    )
    postgres.start(standby, settings={"primary_conninfo": f"'{line}'"})


def wait_for_it(primary: postgres.Server) -> None:
    """From now on nothing is acknowledged that the standby has not on its disk too."""
    postgres.write_settings(primary, {"synchronous_standby_names": f"'{STANDBY}'"})
    with postgres.superuser(primary) as connection:
        connection.execute("SELECT pg_reload_conf()")


def in_step(primary: postgres.Server) -> bool:
    with postgres.superuser(primary) as connection:
        return connection.execute(IN_STEP).fetchone() == (1,)


@pytest.fixture
def pair(tmp_path_factory):
    """A department on a primary with a synchronous standby."""
    with ExitStack() as stack:
        other = open_home(tmp_path_factory.mktemp("standby"))
        stack.callback(remove, other)
        beside: list[postgres.Server] = []

        def told(primary: postgres.Server) -> Database:
            first = postgres.server_in(other)
            shutil.copy2(primary.place / "passwords.json", first.place / "passwords.json")
            beside.append(postgres.server_in(other))
            return both(primary, beside[0])

        folder = tmp_path_factory.mktemp("primary")
        house = stack.enter_context(department(folder, database_of=told))
        standby = beside[0]
        stack.callback(postgres.stop, standby)
        follow(house.server, standby)
        wait_for_it(house.server)
        house.until(lambda: in_step(house.server), what="the standby does not follow")
        yield house, standby


def test_a_standby_takes_over_under_load_and_no_acknowledged_claim_is_lost(pair):
    house, standby = pair
    before = claims(house)
    after = replace(house, server=standby)
    with filing(house, "taken-over") as filings:
        wait_for_filings(house, filings, more=30)
        postgres.kill(house.server, signal.SIGKILL)
        house.until(lambda: filings.statuses()[KEPT] > 3, what="no report is kept meanwhile")
        with postgres.superuser(standby) as connection:
            assert connection.execute("SELECT pg_promote()").fetchone() == (True,)
        wait_for_filings(house, filings, more=30)
    assert set(filings.statuses()) <= {CREATED, KEPT, AWAY, 0}, filings.statuses()
    take_in_what_was_kept(after)
    answered = filings.statuses()
    assert claims(after) >= before + answered[CREATED] + answered[KEPT]
    everything_stands_once(after, filings, before=before)
