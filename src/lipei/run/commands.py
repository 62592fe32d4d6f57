"""Every command of `lipei`, in one table; each has a module of its own beside this one."""

import argparse
import errno
import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, cast

from lipei.run.trouble import Trouble

DISK_FULL = Trouble(
    "The disk is full.", way_out="Free some room, or choose another disk with --data."
)


@dataclass(frozen=True)
class Command:
    """One word of the command line, the module that does it, and what it does."""

    name: str
    module: str
    sentence: str
    passes_through: bool = False


class Module(Protocol):
    """What a command's module offers."""

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        """Say what the command takes."""

    def run(self, options: argparse.Namespace) -> int:
        """Do it; the answer is the exit code."""


COMMANDS = (
    Command("up", "up", "start everything here, and stop it with Ctrl-C"),
    Command("test", "test", "run the whole test suite; takes pytest's arguments", True),
    Command("check", "check", "format, lint, types, import contract and house tests"),
    Command("bench", "bench", "measure the figures that Lipei promises", True),
    Command("doctor", "doctor", "say what is wrong here and how to mend it"),
    Command("database", "database", "print the address of the database, started if needed"),
    Command("migrate", "migrate", "bring the tables up to date, as their owner"),
    Command("prepare", "prepare", "make translations, front end and static files of this version"),
    Command("upgrade", "upgrade", "bring an installation to this version while it serves"),
    Command("serve", "serve", "serve the web for a real installation"),
    Command("work", "work", "run the jobs of a real installation"),
    Command(
        "admin", "admin", "make the first administrator, or let one in again who is locked out"
    ),
    Command("audit", "audit", "verify or anchor the journal"),
    Command("backup", "backup", "copy database, files and keys, so that any second can come back"),
    Command("restore", "restore", "make a data home from a backup, as it stood at a second"),
    Command("drill", "drill", "restore into a scratch place and compare with what runs"),
    Command("import", "importing", "bring policies, earned premium or staff in from a file"),
    Command("settle", "settle", "settle a file of claims by an edition of a product"),
    Command("replay", "replay", "run a changed edition over the claims that are settled"),
    Command("uses", "uses", "bring in what was used up of limits before, for two to approve"),
    Command("token", "token", "give somebody of the house a token for the API"),
    Command("messages", "messages", "say which sentences the English catalogue lacks"),
    Command("manage", "manage", "any management command of Django", True),
)


def parser_of(commands: Sequence[Command]) -> argparse.ArgumentParser:
    """The command line; only what every command shares, so that --help stays instant."""
    parser = argparse.ArgumentParser(prog="lipei", description="The claims department Lipei.")
    choices = parser.add_subparsers(dest="command", metavar="<command>", required=True)
    for command in commands:
        choices.add_parser(command.name, help=command.sentence, add_help=False)
    return parser


def module_of(command: Command) -> Module:
    """The module behind a command, loaded only when it is called."""
    return cast(Module, importlib.import_module(f"lipei.run.{command.module}"))


def read(command: Command, module: Module, words: Sequence[str]) -> argparse.Namespace:
    """The command's own options; a command that passes through keeps the words it knows not."""
    parser = argparse.ArgumentParser(
        prog=f"lipei {command.name}",
        description=f"{command.sentence[0].upper()}{command.sentence[1:]}.",
        add_help=not command.passes_through,
    )
    module.arguments(parser)
    if not command.passes_through:
        return parser.parse_args(words)
    options, rest = parser.parse_known_args(words)
    options.rest = rest
    return options


def main(words: Sequence[str]) -> int:
    """Run one command; a trouble that we know is said in one sentence with its way out."""
    known = {command.name: command for command in COMMANDS}
    if not words or words[0] not in known:
        parser_of(COMMANDS).parse_args(words or ["--help"])
    command = known[words[0]]
    module = module_of(command)
    try:
        return module.run(read(command, module, words[1:]))
    except Trouble as trouble:
        print(f"lipei: {trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno not in {errno.ENOSPC, errno.EDQUOT}:
            raise
        print(f"lipei: {DISK_FULL}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
