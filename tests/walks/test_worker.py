"""The worker as a process of its own: it follows, it dies in the middle, another goes on."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from lipei.ch03_assessment import replay
from lipei.ch04_payment.models import Order, Voucher
from lipei.ch04_payment.release import prepare_payment, release_payment
from lipei.kit import journal
from lipei.kit.ledger import balance_fen
from lipei.kit.models import Cursor, Entry, Transfer
from lipei.run.work import work_command
from tests import steps
from tests.conftest_counterpart import CALLBACK_SECRET

pytestmark = pytest.mark.django_db(transaction=True)
CHECKOUT = Path(__file__).resolve().parents[2]
DEAD_AFTER_S = 3


def address() -> str:
    """The test's own database, as a worker is told it."""
    held = connection.settings_dict
    told = f"postgresql://{held['USER']}:{held['PASSWORD']}@/{held['NAME']}"
    return f"{told}?host={held['HOST']}&port={held['PORT'] or 5432}"


@pytest.fixture
def worker(counterpart, tmp_path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Start workers on the test's database; they end with the test."""
    running: list[subprocess.Popen[bytes]] = []
    told = os.environ | {
        "DATABASE_URL": address(), "LIPEI_DEMO": "1", "LIPEI_FILES": settings.LIPEI_FILES,
        "LIPEI_ANCHORS": str(settings.LIPEI_ANCHORS), "LIPEI_POOL": "8",
        "LIPEI_BANK_URL": f"{counterpart.url}/bank", "LIPEI_CALLBACK_SECRET": CALLBACK_SECRET,
        "LIPEI_MESSAGES_URL": f"{counterpart.url}/messages",
        "DJANGO_SETTINGS_MODULE": "lipei.site.settings", "PYTHONPATH": f"{CHECKOUT}/src",
    }  # fmt: skip

    def begin(**more: str) -> subprocess.Popen[bytes]:
        words = [*work_command(concurrency=2), "--stalled-after", str(DEAD_AFTER_S)]
        with (tmp_path / "worker.log").open("ab") as log:
            one = subprocess.Popen(words, env=told | more, stdout=log, stderr=log, cwd=CHECKOUT)
        running.append(one)
        return one

    yield begin
    for one in running:
        if one.poll() is None:
            one.terminate()
            one.wait(20)
    sys.stdout.write((tmp_path / "worker.log").read_text())  # shown where the test failed


def until(holds: Callable[[], object], *, within_s: float = 90) -> float:
    """Wait until something holds; how long that took."""
    begun = time.monotonic()
    while not holds():
        assert time.monotonic() - begun < within_s, "it did not happen in time"
        time.sleep(0.05)
    return time.monotonic() - begun


def prepared() -> Order:
    """An order that only lacks the second person; the listeners of this process cleared it."""
    claim = steps.agreed(steps.surveyed(steps.registered(steps.accepted(steps.filed()))))
    exposure = claim.exposures.get(product="own_damage")
    order = prepare_payment(
        claim.number, position=exposure.position, by=steps.MAKER,
        account=steps.account_of(exposure.payee).pk,
    )  # fmt: skip
    steps.hear()
    return order


def payments(counterpart) -> list[dict]:
    day = time.strftime("%Y-%m-%d")
    told = counterpart.client.get("/bank/statement", params={"day": day}).json()
    return [e for e in told["entries"] if e["kind"] == "debit"]


def test_a_worker_killed_in_the_middle_of_a_job_pays_once(department, counterpart, worker):
    settings.LIPEI_DEMO = True
    before = len(payments(counterpart))
    order = prepared()
    counterpart.control(bank={"latency_ms": 4_000, "drop_next": 1})
    first = worker()
    release_payment(order.number, by=steps.CHECKER)
    until(lambda: counterpart.control()["bank"]["drop_next"] == 0)
    assert Order.objects.get(pk=order.pk).state == Order.State.RELEASED
    first.send_signal(signal.SIGKILL)
    first.wait(10)
    counterpart.control(bank={"latency_ms": 0})
    worker()
    until(lambda: Order.objects.get(pk=order.pk).state == Order.State.CREDITED)
    time.sleep(2)
    assert len(payments(counterpart)) == before + 1
    assert balance_fen(f"party/{order.payee_id}") == order.amount_fen
    assert Transfer.objects.filter(key__startswith=f"order/{order.number}").count() == 2
    until(lambda: Voucher.objects.filter(order=order).count() == 1)


WAITS = """SELECT count(*) FROM pg_locks
 WHERE NOT granted AND relation = 'assessment_replay'::regclass"""


def test_a_worker_killed_in_the_middle_of_a_replay_leaves_the_report_of_an_undisturbed_run(
    department, editions, worker
):
    name, products = editions.lay(), {"LIPEI_PRODUCTS": str(editions.place)}
    for own_fen in (180_000, 30_000, 90_000):
        steps.surveyed(steps.registered(steps.accepted(steps.filed())), own_fen=own_fen)
    whole = replay.start_replay(name, by="system/console")
    replay.run_replay(whole.pk)
    cut = replay.start_replay(name, by="staff/zhouwei")
    replay.advance(cut.pk, size=1)
    with psycopg.connect(address()) as other:
        other.execute("LOCK TABLE assessment_replay IN SHARE MODE")  # read it, but write nothing
        first = worker(**products)
        until(lambda: other.execute(WAITS).fetchone() == (1,))
        first.send_signal(signal.SIGKILL)
        first.wait(10)
        other.rollback()
    assert (replay.replay_of(cut.pk).done, replay.replay_of(cut.pk).state) == (1, "running")
    worker(**products)
    until(lambda: replay.replay_of(cut.pk).state != "running")
    again = replay.replay_of(cut.pk)
    assert (again.state, again.error, again.done) == ("done", "", 3)
    assert again.report_hash == replay.replay_of(whole.pk).report_hash
    ended = Entry.objects.filter(verb="assessment.replay_ended", facts__replay=cut.pk)
    assert ended.count() == 1


def test_listeners_follow_within_a_second(department, worker):
    settings.LIPEI_DEMO = True
    worker()
    until(lambda: not journal.newest()[0] or _all_heard())
    took = []
    for _ in range(3):
        claim = steps.file_claim(
            steps.report(), by=steps.claimant(), key=f"walk-{time.monotonic_ns()}", another=True
        )
        number = claim["number"]
        took.append(until(lambda n=number: steps.Claim.objects.get(number=n).estimate_low_fen))
    assert min(took) < 1, took


def _all_heard() -> bool:
    names = {ear.name for ear in journal.ears()}
    heard = set(Cursor.objects.values_list("listener", flat=True))
    return names <= heard
