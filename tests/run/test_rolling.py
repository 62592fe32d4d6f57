"""Two webs behind one address are restarted one after the other, and no request is lost."""

import sys
from contextlib import ExitStack
from dataclasses import replace

import pytest

from lipei.run.children import Child
from tests.run.balancer import balancing, is_ready
from tests.run.house import (
    CREATED,
    claims,
    department,
    everything_stands_once,
    filing,
    wait_for_filings,
)
from tests.walks.conftest import quiet_port

DRAIN_S = "4"


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with department(tmp_path_factory.mktemp("rolling")) as house:
        yield house


def served(house, port):
    """One web as a real installation has it: `lipei serve`."""
    words = ["serve", "--port", str(port), "--workers", "1", "--drain", DRAIN_S]
    command = [sys.executable, "-m", "lipei", *words]
    log = house.home.logs / f"serve-{port}.log"
    return Child("serve", command, house.web.environment, log, patience_s=60)


def test_one_web_after_the_other_is_restarted_under_load_and_no_request_is_lost(house):
    before = claims(house)
    with ExitStack() as stack:
        webs = {port: served(house, port) for port in (quiet_port(), quiet_port())}
        for web in webs.values():
            web.start()
            stack.callback(web.stop)
        balancer = stack.enter_context(balancing(list(webs)))
        house.until(lambda: len(balancer.ready) == 2, what="the webs do not come up")
        with filing(replace(house, address=balancer.address), "rolling") as filings:
            for port, web in webs.items():
                wait_for_filings(house, filings, more=10)
                web.stop()
                assert not is_ready(port)
                wait_for_filings(house, filings, more=10)
                web.start()
                house.until(lambda p=port: p in balancer.ready, what="the web is not back")
            wait_for_filings(house, filings, more=10)
        assert set(filings.statuses()) == {CREATED}, filings.statuses()
        assert all(balancer.sent.values())
        everything_stands_once(house, filings, before=before)
