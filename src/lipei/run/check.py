"""`lipei check`: everything that can be said about the code without running it."""

import argparse
import subprocess
import sys
from pathlib import Path

from lipei.run import test
from lipei.run.environment import environment_of
from lipei.run.home import CHECKOUT, DEFAULT
from lipei.run.steps import say

CHECKS = (
    ("format", ("ruff", "format", "--check", ".")),
    ("lint", ("ruff", "check", ".")),
    ("types", ("mypy", "src", "bench", "counterpart", "tests/steps.py")),
    ("import contract", ("lint-imports",)),
)
HOUSE = "tests/house"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Nothing to choose: all of it counts."""


def run(options: argparse.Namespace) -> int:
    """Run every check, also after one failed; 0 only when all are clean."""
    programs = Path(sys.executable).parent
    failed = []
    for name, (program, *words) in CHECKS:
        say(f"== {name}")
        command = [str(programs / program), *words]
        if subprocess.run(command, cwd=CHECKOUT, env=environment(), check=False).returncode:
            failed.append(name)
    say("== house tests")
    if (CHECKOUT / HOUSE).exists() and test.run_pytest([HOUSE]):
        failed.append("house tests")
    say(f"check: not clean: {', '.join(failed)}" if failed else "check: clean")
    return 1 if failed else 0


def environment() -> dict[str, str]:
    """The surroundings of the checks; they need the settings but no database."""
    return environment_of(url="postgresql:///none", data=DEFAULT)
