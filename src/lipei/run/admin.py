"""`lipei admin`: the first administrator of a house, asked at the terminal."""

import argparse
import getpass
import json
import secrets
import subprocess
import sys
from pathlib import Path

from lipei.run.database import database_of, ensure_tables, surroundings
from lipei.run.environment import manage
from lipei.run.home import DEFAULT, open_home
from lipei.run.steps import say
from lipei.run.trouble import Trouble

GENERATED_BYTES = 15
QUESTIONS = {
    "name": "Name: ",
    "number": "Staff number: ",
    "house": "Name of the head office: ",
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Everything that is not told here is asked; a password is never told here."""
    parser.add_argument("--username", default="", help="the name to sign in with")
    parser.add_argument("--name", default="", help="what the person is called")
    parser.add_argument("--number", default="", help="the staff number")
    parser.add_argument("--house", default="", help="the name of the head office, if it is new")
    parser.add_argument("--generate", action="store_true", help="let the machine choose a password")
    parser.add_argument(
        "--recover", action="store_true",
        help="although there is an administrator: let one in again, or make another",
    )  # fmt: skip
    parser.add_argument("--data", type=Path, default=DEFAULT, help="the data home")


def run(options: argparse.Namespace) -> int:
    """Ask what is missing and make the administrator; its exit code is 1 when it is refused."""
    home = open_home(options.data)
    with database_of(home) as database:
        ensure_tables(database, home=home)
        environment = surroundings(database, home=home, url=database.app_url)
        username = options.username or asked("Username: ")
        seen = manage("admin", "--look", username, environment=environment)
        if seen.returncode:
            raise Trouble(seen.stderr.strip().splitlines()[-1], way_out="Run `./lipei doctor`.")
        there = json.loads(seen.stdout)
        if there["administrators"] and not options.recover:
            raise Trouble(
                "There is an administrator already, who lets others in.",
                way_out="If none of them can sign in any more: `lipei admin --recover`.",
            )
        told = answers(options, username=username, there=there)
        command = [sys.executable, "-m", "django", "admin"]
        line = json.dumps(told) + "\n"
        code = subprocess.run(command, env=environment, input=line, text=True, check=False)
    if code.returncode == 0 and options.generate:
        say(f"The password, told only here: {told['password']}")
    return code.returncode


def answers(
    options: argparse.Namespace, *, username: str, there: dict[str, bool]
) -> dict[str, object]:
    """What was told and what was asked; of somebody who is known only the password is."""
    told: dict[str, object] = {"username": username, "recover": options.recover}
    for field, question in QUESTIONS.items():
        known = there["known"] or (field == "house" and there["house"])
        told[field] = getattr(options, field) or ("-" if known else asked(question))
    told["password"] = (
        secrets.token_urlsafe(GENERATED_BYTES) if options.generate else typed_password()
    )
    return told


def asked(question: str) -> str:
    """A line typed at the terminal."""
    try:
        return input(question).strip()
    except EOFError:
        raise Trouble(
            f"Nobody is at the terminal to answer: {question.strip(' :')}.",
            way_out="Tell it as an option; see `lipei admin --help`.",
        ) from None


def typed_password() -> str:
    """A password typed twice without being shown; from a pipe it is one line."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    while True:
        first = getpass.getpass("Password: ")
        if first == getpass.getpass("Password again: "):
            return first
        say("They differ; once more.")
