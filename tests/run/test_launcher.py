"""The launcher: it installs once, notices what was cut short, and says each trouble plainly."""

import importlib.machinery
import importlib.util
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parents[2]


@pytest.fixture
def launcher(tmp_path, monkeypatch):
    """The launcher as a module, with an environment folder of its own."""
    loader = importlib.machinery.SourceFileLoader("launcher", str(CHECKOUT / "lipei"))
    spec = importlib.util.spec_from_loader("launcher", loader)
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    loader.exec_module(module)
    monkeypatch.setattr(module, "VENV", str(tmp_path))
    monkeypatch.setattr(module, "PYTHON", str(tmp_path / "bin" / "python"))
    monkeypatch.setattr(module, "BEGUN", str(tmp_path / "lipei-install-begun"))
    return module


def fake_python(launcher, script):
    """A Python of the environment whose pip does what the script says."""
    python = Path(launcher.PYTHON)
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\n[ "$1" = -c ] && exit 0\n{script}\n')
    python.chmod(0o755)


def install(launcher):
    with open(CHECKOUT / "lipei") as door:
        launcher.install(launcher.FOR_WORK, door)


def said(launcher, capsys):
    with pytest.raises(SystemExit) as end:
        install(launcher)
    assert end.value.code == 1
    return capsys.readouterr().err


def test_an_install_is_stamped_only_when_it_is_whole(launcher):
    fake_python(launcher, "exit 0")
    assert not launcher.is_installed(launcher.FOR_WORK)
    install(launcher)
    assert launcher.is_installed(launcher.FOR_WORK)
    assert not launcher.is_installed(launcher.FOR_DEVELOPERS)
    assert not Path(launcher.BEGUN).exists()


def test_another_lock_file_makes_a_new_install(launcher, monkeypatch, tmp_path_factory):
    fake_python(launcher, "exit 0")
    install(launcher)
    root = tmp_path_factory.mktemp("root")
    (root / launcher.FOR_WORK).write_text("other==1\n")
    monkeypatch.setattr(launcher, "ROOT", str(root))
    assert not launcher.is_installed(launcher.FOR_WORK)


def test_the_developers_install_does_for_every_command(launcher, monkeypatch):
    monkeypatch.setattr(sys, "argv", ["lipei", "up", "--port", "8001"])
    assert launcher.locks_wanted() == (
        launcher.FOR_WORK,
        (launcher.FOR_WORK, launcher.FOR_DEVELOPERS),
    )
    monkeypatch.setattr(sys, "argv", ["lipei", "test", "-x"])
    assert launcher.locks_wanted() == (launcher.FOR_DEVELOPERS, (launcher.FOR_DEVELOPERS,))


def test_an_install_cut_short_while_unpacking_is_noticed_and_made_afresh(
    launcher, monkeypatch, capsys
):
    fake_python(launcher, "echo Installing collected packages: a, b; exit 1")
    said(launcher, capsys)
    assert Path(launcher.BEGUN).exists()
    monkeypatch.setattr(launcher, "ensure_venv_module", lambda: None)
    monkeypatch.setattr(
        launcher.subprocess, "run", lambda *words, **more: type("Made", (), {"returncode": 0})
    )
    launcher.make_venv()
    assert "cut short; it is made afresh" in capsys.readouterr().err


def test_without_a_network_the_environment_that_stood_is_kept(launcher, capsys):
    fake_python(launcher, "echo 'NewConnectionError: ... Name or service not known'; exit 1")
    words = said(launcher, capsys)
    assert "The Python packages cannot be downloaded" in words
    assert "and start again" in words
    assert not Path(launcher.BEGUN).exists()


@pytest.mark.parametrize(
    ("cause", "sentence"),
    [
        ("OSError: [Errno 28] No space left on device", "The disk is full."),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "is not the one that the lock file names"),
        ("Errno 13: Permission denied", "may not be written by this user"),
        ("something new", "The install failed for the reason above."),
    ],
)
def test_each_cause_has_its_sentence(launcher, capsys, cause, sentence):
    fake_python(launcher, f"echo '{cause}'; exit 1")
    assert sentence in said(launcher, capsys)


def test_a_full_disk_is_said_before_anything_is_begun(launcher, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "ROOM_MB", 2**40)
    assert "The disk is full:" in said(launcher, capsys)
    assert not Path(launcher.BEGUN).exists()


def test_an_old_python_is_refused_with_a_way_out(launcher, monkeypatch, capsys):
    monkeypatch.setattr(launcher.sys, "version_info", (3, 10, 4))
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        launcher.use_a_new_enough_python()
    words = capsys.readouterr().err
    assert "needs Python 3.11 or newer, and this is Python 3.10." in words
    assert "apt-get install python3.11" in words


def test_a_missing_venv_module_is_named_by_its_package(launcher, monkeypatch, capsys):
    monkeypatch.setattr(launcher, "has_venv", lambda: False)
    monkeypatch.setattr(launcher.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit):
        launcher.ensure_venv_module()
    words = capsys.readouterr().err
    assert "venv module is missing" in words
    assert "-venv` and start again" in words
