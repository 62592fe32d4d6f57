"""The worker: runs the jobs, listens to the journal, takes up what a dead worker left.

Jobs that speak to a party outside have a queue and hands of their own, so that a bank that
hangs keeps no other job waiting. What a job queues itself is queued in its own transaction:
that is why the worker has an app of its own and leaves the one of the tasks alone.
"""

import asyncio
import logging
import signal
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

from django.db import Error as DatabaseTrouble
from django.db import connection
from procrastinate import App, JobContext, exceptions
from procrastinate.contrib.django import DjangoApp, app
from procrastinate.contrib.django.utils import connector_params
from procrastinate.jobs import DeleteJobCondition, Job, Status
from procrastinate.manager import JobManager
from procrastinate.psycopg_connector import PsycopgConnector

from lipei.kit import faults, parties
from lipei.kit.jobs import OUTSIDE
from lipei.kit.listening import Listening

log = logging.getLogger("lipei.work")
STOPPING = (signal.SIGINT, signal.SIGTERM)
MOST_RUNS = 12
"""So often a job is taken up after the death of its worker; it may itself be the cause."""


@dataclass(frozen=True)
class Hands:
    """How much a worker does at once, and how soon a silent worker counts as dead."""

    inside: int = 2
    outside: int = 2
    grace_s: float = 15.0
    stalled_after_s: float = 20.0

    @property
    def beat_s(self) -> float:
        """How often a worker says that it lives."""
        return self.stalled_after_s / 4

    @property
    def connections(self) -> int:
        """How many of Django's connections it needs: jobs, listening, the periodic jobs."""
        return self.inside + self.outside + 2


def work(hands: Hands) -> bool:
    """Work until a signal says stop; False when something broke before."""
    return asyncio.run(_work(hands))


async def _work(hands: Hands) -> bool:
    stop = asyncio.Event()
    for number in STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    listening = Listening()
    async with _own_app().open_async() as mine:
        listening.start()
        told = asyncio.create_task(stop.wait(), name="stop")
        parts = [
            told,
            asyncio.create_task(_jobs(mine, hands, queue=OUTSIDE, hands_at=hands.outside)),
            asyncio.create_task(_jobs(mine, hands, queue="default", hands_at=hands.inside)),
            asyncio.create_task(_take_up(mine.job_manager, hands)),
            asyncio.create_task(_tell_parties(hands)),
        ]
        await asyncio.wait(parts, return_when=asyncio.FIRST_COMPLETED)
        for part in parts:
            part.cancel()
        await asyncio.gather(*parts, return_exceptions=True)
        await asyncio.to_thread(listening.end, patience_s=hands.grace_s)
    return stop.is_set()


def _own_app() -> App:
    """The same tasks over asynchronous connections, which only the worker itself uses."""
    mine = DjangoApp(connector=PsycopgConnector(kwargs=connector_params(), min_size=4))
    mine.tasks, mine.periodic_registry = app.tasks, app.periodic_registry
    return mine


async def _jobs(mine: App, hands: Hands, *, queue: str, hands_at: int) -> None:
    """Run the jobs of one queue; a job that is done leaves no row behind."""
    await mine.run_worker_async(
        queues=[queue], name=queue, concurrency=hands_at, install_signal_handlers=False,
        shutdown_graceful_timeout=hands.grace_s, delete_jobs=DeleteJobCondition.SUCCESSFUL.value,
        update_heartbeat_interval=hands.beat_s, stalled_worker_timeout=hands.stalled_after_s,
        task_middleware=[_noting_faults],
    )  # fmt: skip


async def _take_up(manager: JobManager, hands: Hands) -> None:
    """Queue again, for ever and soon, each job whose worker is silent. It may run twice."""
    while True:
        silent = hands.stalled_after_s
        for job in await manager.get_stalled_jobs(seconds_since_heartbeat=silent):
            await _again(manager, job)
        await asyncio.sleep(hands.beat_s)


async def _tell_parties(hands: Hands) -> None:
    """Write down every few seconds which party outside answers this worker."""
    while True:
        await asyncio.to_thread(_note_parties)
        await asyncio.sleep(hands.beat_s)


def _note_parties() -> None:
    with suppress(DatabaseTrouble):
        parties.note()
    with suppress(DatabaseTrouble):
        connection.close()


def _noting_faults(task: Callable[[], object], context: JobContext, worker: object) -> object:
    """Around every job: why it did not succeed is kept beside it, for the page of the queue."""
    try:
        return task()
    except Exception as error:
        with suppress(DatabaseTrouble):
            faults.note(context.job.id, error)
        raise


async def _again(manager: JobManager, job: Job) -> None:
    assert job.id is not None
    log.warning("job %s of a dead worker is taken up: %s", job.id, job.task_name)
    try:
        if job.attempts < MOST_RUNS:
            await manager.retry_job(job)
        else:
            await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=False)
    except exceptions.ConnectorException:
        with suppress(exceptions.ConnectorException):  # another such job waits already
            await manager.finish_job_by_id_async(job.id, Status.FAILED, delete_job=True)
