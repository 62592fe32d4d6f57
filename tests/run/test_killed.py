"""Any process may die at any statement, under load as well: nothing is lost, nothing half done."""

import os
import signal
from collections.abc import Iterator

import pytest

from lipei.run import postgres
from tests.run.house import (
    AWAY,
    CLIENTS,
    CREATED,
    KEPT,
    House,
    claims,
    department,
    everything_stands_once,
    filing,
    kept,
    take_in_what_was_kept,
    wait_for_filings,
)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """One department for all of them: what one test kills, it brings back."""
    with department(tmp_path_factory.mktemp("killed")) as house:
        yield house


def test_a_web_process_killed_while_claims_are_filed_loses_none_and_doubles_none(house):
    before = claims(house)
    with filing(house, "web-killed") as filings:
        for _ in range(2):
            wait_for_filings(house, filings, more=20)
            died = house.web_processes()
            assert died
            for pid in died:
                os.kill(pid, signal.SIGKILL)
                wait_for_filings(house, filings, more=1)
            house.until(
                lambda gone=died: len(set(house.web_processes()) - set(gone)) >= len(gone),
                what="the web's processes do not come back",
            )
        wait_for_filings(house, filings, more=20)
    assert set(filings.statuses()) == {0, CREATED}, filings.statuses()
    everything_stands_once(house, filings, before=before)


def test_a_database_killed_while_claims_are_filed_loses_none_and_doubles_none(house):
    before = claims(house)
    with filing(house, "database-killed") as filings:
        for _ in range(2):
            wait_for_filings(house, filings, more=20)
            answered = filings.statuses()
            postgres.kill(house.server)
            taken = answered[KEPT] + CLIENTS
            house.until(lambda n=taken: filings.statuses()[KEPT] >= n, what="nothing is kept")
            postgres.start(house.server)
        wait_for_filings(house, filings, more=20)
    assert set(filings.statuses()) <= {CREATED, KEPT, AWAY}, filings.statuses()
    for answer in filter(None, filings.told()):
        if answer.status_code == KEPT:
            assert answer.json()["receipt"]
        if answer.status_code == AWAY:
            assert answer.json()["detail"]
    assert kept(house)
    take_in_what_was_kept(house)
    answered = filings.statuses()
    assert claims(house) >= before + answered[CREATED] + answered[KEPT]
    everything_stands_once(house, filings, before=before)
