"""`lipei up`: everything on this machine, from nothing to an address, until Ctrl-C."""

import argparse
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from types import FrameType

from lipei.run import running
from lipei.run.children import Child, WatchedServer, last_words
from lipei.run.database import Database, database_of, is_kept
from lipei.run.environment import managed
from lipei.run.home import DEFAULT, SOURCES, Home, only_one, open_home
from lipei.run.migrate import migrate
from lipei.run.ports import ensure_free, wait_until_free
from lipei.run.prepare import build
from lipei.run.programs import Places, places_for, programs
from lipei.run.steps import say, step
from lipei.run.trouble import Trouble

ANSWER_WITHIN_S = 60.0
LOOK_EVERY_S = 0.2
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--port`, `--bind`, `--data`."""
    parser.add_argument("--port", type=int, default=8000, help="the port of the web")
    parser.add_argument("--bind", default="127.0.0.1", help="the address of the web")
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Start everything, watch it, and stop it in order when told to."""
    home = open_home(options.data)
    with only_one(home.path / "up.lock", wait=False) as alone:
        if not alone:
            address = running.read(home).address or "starting"
            raise Trouble(
                f"Lipei already runs on {home.path}: {address}",
                way_out="Use that one, end it with Ctrl-C, or give another --data and --port.",
            )
        with stopped_by_signals(), ExitStack() as stack:
            try:
                start(options, home=home, stack=stack)
            except KeyboardInterrupt:
                say("\nStopping …")
            finally:
                ignore_signals()
    say("Stopped.")
    return 0


def start(options: argparse.Namespace, *, home: Home, stack: ExitStack) -> None:
    """The steps in their order; what each started is stopped in the opposite order."""
    say(f"Lipei, data in {home.path}")
    left = running.clear_up(home)
    if left:
        say(f"  an earlier start was cut off; {left} programs of it were ended")
        wait_until_free(options.port, bind=options.bind)
    ensure_free(options.port, bind=options.bind)
    places = places_for(bind=options.bind, port=options.port)
    database = stack.enter_context(shown_database(home))
    children = programs(places, home=home, database=database)
    sign_ins = prepare(home, database=database, environment=children[0].environment)
    stack.callback(running.forget, home)
    for child in children:
        child.start()
        stack.callback(stop_child, child)
        write_down(home, places=places, children=children)
    with step("web"):
        wait_for_answer(f"{places.address}/healthz", child=children[-1])
    say(f"\nLipei runs:  {places.address}/\n")
    if sign_ins:
        say(f"{sign_ins}\n")
    say(f"Ctrl-C stops everything. Logs: {home.logs}")
    watch(children, database=database, home=home, places=places)


@contextmanager
def shown_database(home: Home) -> Iterator[Database]:
    """The database, with its start and its end shown; an orphan of a kill is taken over."""
    with ExitStack() as stack:
        with step("PostgreSQL") as shown:
            database = stack.enter_context(database_of(home))
            if database.server:
                shown.note = f"version {database.server.engine.major}"
        try:
            yield database
        finally:
            with step("PostgreSQL stopped") as shown:
                if database.server and is_kept(database.server):
                    shown.note = "kept: `lipei database --stop` stops it"
                stack.close()


def prepare(home: Home, *, database: Database, environment: dict[str, str]) -> str:
    """Tables, the manual, translations, front end, static files; the sign-ins to print."""
    with step("tables"):
        migrate(database, home=home)
    sign_ins = seed(home, environment=environment)
    build(home, environment=environment)
    return sign_ins


def seed(home: Home, *, environment: dict[str, str]) -> str:
    """Load the manual and the demonstration sign-ins; the table of them, as it is printed."""
    if not (SOURCES / "lipei/site/management/commands/seed.py").exists():
        return ""
    with step("the manual and the sign-ins"):
        return managed("seed", environment=environment, logs=home.logs)


def wait_for_answer(url: str, *, child: Child) -> None:
    """Wait until the web answers; when it cannot, say its last words."""
    until = time.monotonic() + ANSWER_WITHIN_S
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    while time.monotonic() < until and child.is_running():
        try:
            with opener.open(url, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.05)
    raise Trouble(
        f"The web does not answer at {url}. Its last words:\n{last_words(child)}",
        way_out=f"The whole log is {child.log}.",
    )


def watch(children: Sequence[Child], *, database: Database, home: Home, places: Places) -> None:
    """Keep everything running until a signal comes."""
    watched = WatchedServer(database.server) if database.server else None
    while True:
        time.sleep(LOOK_EVERY_S)
        if watched:
            watched.watch()
        if [child for child in children if child.watch()]:
            write_down(home, places=places, children=children)


def write_down(home: Home, *, places: Places, children: Sequence[Child]) -> None:
    """Keep what runs, for a start that comes after a kill."""
    pids = tuple(child.process.pid for child in children if child.process)
    running.write_down(home, running.Running(places.address, places.outside, pids))


def stop_child(child: Child) -> None:
    """One program stopped, with its seconds."""
    with step(f"{child.name} stopped"):
        child.stop()


@contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Let each signal that means "stop" end the block as Ctrl-C does."""

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = [(number, signal.signal(number, interrupt)) for number in STOPPING]
    try:
        yield
    finally:
        for number, former in before:
            signal.signal(number, former)


def ignore_signals() -> None:
    """While we stop in order, a second Ctrl-C changes nothing."""
    for number in STOPPING:
        signal.signal(number, signal.SIG_IGN)
