"""The doctor: every finding with its state, and a way to mend what is wrong."""

import shutil
from collections import namedtuple
from dataclasses import replace

import pytest

from lipei.run import doctor, frontend, running
from lipei.run.database import own_database
from lipei.run.doctor import Finding, Patient
from lipei.run.ports import free_port
from lipei.run.trouble import Trouble


@pytest.fixture
def patient(new_home):
    return Patient(new_home, free_port(), None, "not made yet")


def test_the_exit_code_is_1_as_soon_as_one_thing_has_to_be_mended(capsys):
    assert doctor.tell([Finding("disk", "fine")]) == 0
    assert doctor.tell([Finding("disk", "fine"), Finding("tables", "old", "Migrate.")]) == 1
    words = capsys.readouterr().out
    assert "doctor: nothing is wrong" in words
    assert "doctor: 1 to mend" in words
    assert "→ Migrate." in words


def test_the_packages_are_those_of_the_lock_file(patient, monkeypatch, tmp_path):
    assert [f.mend for f in doctor.look_at_python(patient)] == ["", ""]
    (tmp_path / "lock").write_text("django==1.0 \\\nnot-there==2.0 \\\n")
    monkeypatch.setattr(doctor, "LOCK", tmp_path / "lock")
    wrong = list(doctor.look_at_python(patient))[-1]
    assert "instead of 1.0" in wrong.state
    assert "not-there missing instead of 2.0" in wrong.state
    assert wrong.mend


def test_a_missing_list_of_names_has_to_be_mended_once_there_is_a_database(
    patient, monkeypatch, tmp_path
):
    assert not list(doctor.look_at_name_list(patient))
    made = replace(patient, why_not="at rest")
    monkeypatch.delenv("LIPEI_NAME_LIST", raising=False)
    (missing,) = doctor.look_at_name_list(made)
    assert str(patient.home.path / "name_list.txt") in missing.mend
    (tmp_path / "names").write_text("")
    monkeypatch.setenv("LIPEI_NAME_LIST", str(tmp_path / "names"))
    (found,) = doctor.look_at_name_list(made)
    assert (found.state, found.mend) == ("found", "")


def test_a_disk_that_is_nearly_full_has_to_be_mended(patient, monkeypatch):
    (fine,) = doctor.look_at_disk(patient)
    assert not fine.mend
    usage = namedtuple("usage", "total used free")(2**40, 2**40, 2**20)
    monkeypatch.setattr(shutil, "disk_usage", lambda place: usage)
    (full,) = doctor.look_at_disk(patient)
    assert full.state.startswith("1 MB free")
    assert full.mend


def test_a_home_without_a_database_yet_is_nothing_wrong(patient, told_nothing):
    assert doctor.database_if_running(patient.home) == (None, "not made yet")
    (finding,) = doctor.look_at_postgres(patient)
    assert (finding.state, finding.mend) == ("not made yet", "")
    assert not patient.home.postgres.exists(), "the doctor changes nothing"


def test_a_database_that_cannot_be_reached_is_wrong(patient):
    why = Trouble("PostgreSQL is too old.", way_out="Install a newer one.")
    (finding,) = doctor.look_at_postgres(Patient(patient.home, 1, None, str(why)))
    assert finding == Finding("PostgreSQL", "PostgreSQL is too old.", "Install a newer one.")


def test_tables_that_are_not_there_yet_are_wrong(home, server, told_nothing):
    database, why_not = doctor.database_if_running(home)
    assert database == own_database(server)
    findings = list(doctor.look_at_postgres(Patient(home, 1, database, why_not)))
    assert findings == [
        Finding("PostgreSQL", f"version {server.engine.major}, running"),
        Finding("tables", "not up to date", "Run `./lipei migrate`."),
    ]


def test_a_front_end_of_other_sources_is_wrong(patient, monkeypatch):
    for current, mend in ((True, ""), (False, "`./lipei up` builds it.")):
        monkeypatch.setattr(frontend, "is_current", lambda answer=current: answer)
        (finding,) = doctor.look_at_frontend(patient)
        assert finding.mend == mend


def test_a_web_that_should_run_and_does_not_answer_is_wrong(patient):
    (rest,) = doctor.look_at_web(patient)
    assert "at rest" in rest.state
    assert not rest.mend
    silent = f"http://127.0.0.1:{free_port()}"
    running.write_down(patient.home, running.Running(silent, silent, ()))
    assert [f.mend for f in doctor.look_at_web(patient)] == [doctor.START] * 2


def test_a_worker_without_a_sign_of_life_is_wrong(home, server, told_nothing):
    patient = Patient(home, 1, own_database(server), "")
    (rest,) = doctor.look_at_worker(patient)
    assert rest == Finding("worker", "at rest")
    running.write_down(home, running.Running("http://127.0.0.1:1", "", ()))
    (silent,) = doctor.look_at_worker(patient)
    running.forget(home)
    assert silent.mend


def test_a_port_that_another_program_has_is_wrong(patient, taken_port):
    (finding,) = doctor.look_at_web(Patient(patient.home, taken_port, None, ""))
    assert finding.state == f"at rest; port {taken_port} is taken"
    assert f"--port {taken_port + 1}" in finding.mend
