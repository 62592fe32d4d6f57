"""`lipei prepare`: what a version needs before it serves: translations, front end, static files."""

import argparse
from pathlib import Path

from lipei.run import frontend
from lipei.run.assets import collect
from lipei.run.catalogues import compile_catalogues
from lipei.run.environment import environment_of
from lipei.run.home import DEFAULT, Home, open_home
from lipei.run.steps import step


def build(home: Home, *, environment: dict[str, str]) -> None:
    """Make what is made from the sources; what did not change is left as it is."""
    with step("translations") as shown:
        shown.note = "" if compile_catalogues() else "unchanged"
    with step("front end") as shown:
        shown.note = frontend.build()
    with step("static files") as shown:
        shown.note = collect(home, environment=environment)


def arguments(parser: argparse.ArgumentParser) -> None:
    """`--data`, where the static files are collected."""
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Prepare; it needs no database."""
    home = open_home(options.data)
    build(home, environment=environment_of(url="postgresql:///nowhere", data=home.path))
    return 0
