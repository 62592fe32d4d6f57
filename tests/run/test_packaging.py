"""The units and the image name only what is there: paths, commands, options, settings."""

import configparser
import json
import re
import shlex
from pathlib import Path

import pytest

from lipei.run.commands import COMMANDS, module_of, read
from lipei.run.home import CHECKOUT

PACKAGING = CHECKOUT / "packaging"
UNITS = sorted((PACKAGING / "systemd").iterdir())
SERVICES = [one for one in UNITS if one.suffix == ".service"]
TIMERS = [one for one in UNITS if one.suffix == ".timer"]
IMAGE = (PACKAGING / "Containerfile").read_text()
SOURCE = "\n".join(path.read_text() for path in (CHECKOUT / "src").rglob("*.py"))
COMMAND = r"(?:\./lipei|^    lipei|`lipei) ([a-z]+)"
HARDENED = {
    "NoNewPrivileges": "yes", "ProtectSystem": "strict", "ProtectHome": "yes",
    "PrivateTmp": "yes", "PrivateDevices": "yes", "CapabilityBoundingSet": "",
    "ProtectKernelModules": "yes", "ProtectKernelTunables": "yes", "RestrictSUIDSGID": "yes",
    "RestrictNamespaces": "yes", "LockPersonality": "yes", "SystemCallFilter": "@system-service",
}  # fmt: skip


def unit(path: Path) -> configparser.ConfigParser:
    found = configparser.ConfigParser(strict=True, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read_string(path.read_text())
    return found


def understood(words: list[str]) -> bool:
    """Whether `lipei` knows this command with these options."""
    command = next(one for one in COMMANDS if one.name == words[0])
    return read(command, module_of(command), words[1:]) is not None


@pytest.mark.parametrize("path", SERVICES, ids=lambda p: p.name)
def test_each_service_starts_a_command_that_there_is_and_may_nothing_else(path):
    told = unit(path)
    service = told["Service"]
    program, *words = shlex.split(service["ExecStart"].replace("%i", "8001"))
    assert (CHECKOUT / Path(program).relative_to("/opt/lipei")).exists()
    assert understood(words)
    assert (CHECKOUT / told["Unit"]["Documentation"].removeprefix("file:/opt/lipei/")).exists()
    assert {name: service.get(name) for name in HARDENED} == HARDENED
    assert service["User"] == "lipei"
    assert "lipei.env" in service["EnvironmentFile"]


def test_the_web_is_stopped_in_time_for_its_own_drain():
    service = unit(PACKAGING / "systemd/lipei-web@.service")["Service"]
    drain = int(re.search(r"--drain (\d+)", service["ExecStart"])[1])
    assert service["KillMode"] == "mixed", "only the first process is told; it tells the others"
    assert int(service["TimeoutStopSec"]) > drain + 10


@pytest.mark.parametrize("path", TIMERS, ids=lambda p: p.name)
def test_each_timer_has_its_service(path):
    assert path.with_suffix(".service") in SERVICES
    assert unit(path)["Timer"]["OnCalendar"]


def test_each_setting_of_the_example_is_asked_for_in_the_code():
    lines = (PACKAGING / "lipei.env.example").read_text().splitlines()
    names = [line.partition("=")[0] for line in lines if line and not line.startswith("#")]
    assert len(names) == len(set(names))
    for name in names:
        short = name.removeprefix("LIPEI_")
        assert f'"{name}"' in SOURCE or f'told("{short}"' in SOURCE, name


def test_the_image_copies_what_is_there_and_starts_a_command_that_there_is():
    for line in re.findall(r"^COPY (.+)$", IMAGE, re.MULTILINE):
        for source in line.split()[:-1]:
            assert (CHECKOUT / source).exists(), source
    entry = json.loads(re.search(r"^ENTRYPOINT (.+)$", IMAGE, re.MULTILINE)[1])
    assert entry[1:] == ["-m", "lipei"]
    assert understood(json.loads(re.search(r"^CMD (\[\"serve.+)$", IMAGE, re.MULTILINE)[1]))
    user = IMAGE.index("\nUSER lipei")
    assert user < IMAGE.index("ENTRYPOINT"), "nothing runs as root"
    assert "LIPEI_STATIC" in IMAGE
    assert 'told("STATIC"' in SOURCE


def test_the_guide_for_production_names_commands_settings_and_files_that_there_are():
    for guide in ("docs/production.md",):
        text = (CHECKOUT / guide).read_text()
        known = {one.name for one in COMMANDS}
        assert set(re.findall(COMMAND, text, re.MULTILINE)) <= known, guide
        for name in set(re.findall(r"LIPEI_([A-Z0-9_]+)", text)) - {"VENV"}:
            assert f'"LIPEI_{name}"' in SOURCE or f'told("{name}"' in SOURCE, name
        for path in re.findall(r"\]\(([^)#:]+)\)", text):
            assert (CHECKOUT / "docs" / path).exists(), path
        for figure in set(re.findall(r"`(lipei_[a-z_]+)", text)):
            assert figure in SOURCE, figure
