"""The disk of the database is full: reports are kept and come in once, nothing is half done."""

from contextlib import ExitStack

import pytest

from lipei.run import postgres
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
from tests.run.small_disk import MEGABYTE, small_disk

SIZE_MB, LEFT_MB = 600, 3


@pytest.fixture
def small(tmp_path_factory):
    """A department whose database has a small disk of its own."""
    with ExitStack() as stack:
        disk = stack.enter_context(small_disk(megabytes=SIZE_MB))
        folder = tmp_path_factory.mktemp("full")
        (disk.place / "postgres").mkdir()
        (folder / "postgres").symlink_to(disk.place / "postgres")
        yield stack.enter_context(department(folder)), disk


def test_reports_go_on_while_the_disk_of_the_database_is_full_and_are_filed_once(small):
    house, disk = small
    before = claims(house)
    with filing(house, "full") as filings:
        wait_for_filings(house, filings, more=10)
        disk.fill(but=LEFT_MB * MEGABYTE)
        house.until(lambda: filings.statuses()[KEPT] > 5, what="no report is kept")
        disk.free()
        postgres.start(house.server)
        wait_for_filings(house, filings, more=10)
    assert set(filings.statuses()) <= {CREATED, KEPT, AWAY}, filings.statuses()
    take_in_what_was_kept(house)
    answered = filings.statuses()
    assert claims(house) >= before + answered[CREATED] + answered[KEPT]
    everything_stands_once(house, filings, before=before)
