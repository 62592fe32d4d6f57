"""What the tests of the department share: the department itself, and ways through its doors."""

from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from django.conf import settings
from django.db.backends.postgresql.operations import DatabaseOperations
from django.test import Client
from django_otp import DEVICE_ID_SESSION_KEY

# How fast a machine is, the bench tells and no test.
hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("house")

CHEAP_HASHER = "django.contrib.auth.hashers.MD5PasswordHasher"
pytest_plugins = [
    "tests.conftest_browser", "tests.conftest_counterpart", "tests.conftest_editions", "tests.days",
]  # fmt: skip


@pytest.fixture(autouse=True)
def own_data_home(tmp_path: Path, settings) -> None:
    """Each test keeps its files and anchors apart."""
    settings.LIPEI_FILES = str(tmp_path / "files")
    settings.LIPEI_ANCHORS = tmp_path / "anchors"
    settings.LIPEI_INBOX = tmp_path / "inbox"
    settings.LIPEI_PARTS = tmp_path / "parts"
    settings.LIPEI_NAME_LIST = str(tmp_path / "names.txt")


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Let the owner of the tables empty them after a test: the journal's guards refuse it.

    Listeners hear only what is committed, so the department's tests commit.
    """
    plain = DatabaseOperations.execute_sql_flush

    def emptied(self, sql_list: list[str]) -> None:
        tables = ("kit_entry", "kit_chain", "kit_transfer")
        off = [f"ALTER TABLE {t} DISABLE TRIGGER USER" for t in tables]
        on = [f"ALTER TABLE {t} ENABLE TRIGGER USER" for t in tables]
        plain(self, [*off, *sql_list, *on])

    DatabaseOperations.execute_sql_flush = emptied
    yield
    DatabaseOperations.execute_sql_flush = plain


@pytest.fixture
def department(transactional_db, settings):
    """The demonstration company: people, customers, policies.

    Its passwords are hashed cheaply: the tests make the company hundreds of times.
    """
    settings.PASSWORD_HASHERS = [CHEAP_HASHER, *settings.PASSWORD_HASHERS]
    from lipei.site import demonstration

    demonstration.lay_out()
    return demonstration


@pytest.fixture
def staff_client(department) -> Callable[[str], Client]:
    """A browser signed in as somebody of the house, with both factors."""
    from lipei.ch01_general.models import Staff

    def signed_in(username: str) -> Client:
        client = Client()
        person = Staff.objects.get(username=username)
        client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[-1])
        session = client.session
        session[DEVICE_ID_SESSION_KEY] = person.totpdevice_set.get().persistent_id
        session.save()
        return client

    return signed_in


@pytest.fixture
def claimant_client(department) -> Callable[[str], Client]:
    """A browser signed in as the claimant with this phone number."""
    from lipei.ch01_general.models import Party

    def signed_in(phone: str = "13800006021") -> Client:
        client = Client()
        session = client.session
        session["party"] = Party.objects.get(phone=phone).pk
        session.save()
        return client

    return signed_in
