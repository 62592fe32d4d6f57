"""A department with claims of every stage, laid out once for a module and never committed.

Every request of such a module runs in a savepoint of its own, so that one does not see what
another did. Every test that uses it is marked `django_db`, since only such a test asks for the test
database.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, connection, transaction
from django.test import override_settings

from lipei.ch01_general.models import Claim, Party, Staff
from lipei.ch01_general.tokens import PARTY_SCOPES, SCOPES, issue_token
from lipei.ch02_intake.irregular import withdraw_claim
from lipei.ch03_assessment.adjudication import calculate_claim, review_straight_through
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import prepare_payment
from lipei.site import demonstration
from tests import steps

OWN = "claimant"
DESK = ("hege", "wangmin", "lijun", "xujing", "zhaolin", "qianjin", "zhouwei", "sunjie", "wutong",
        "itadmin")  # fmt: skip


@dataclass(frozen=True)
class Stand:
    """Tokens by person (`claimant` is the reporter), claims of every stage, open orders."""

    tokens: Mapping[str, str]
    claims: tuple[str, ...]
    orders: tuple[str, ...]


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside is rolled back."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def one_connection() -> Iterator[None]:
    """Requests leave the connection open, as those of Django's own test client do."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture(scope="module")
def stand(django_db_setup, django_db_blocker, one_connection, tmp_path_factory) -> Iterator[Stand]:
    kept = str(tmp_path_factory.mktemp("files"))
    with (
        pytest.MonkeyPatch.context() as waiting,
        django_db_blocker.unblock(),
        override_settings(LIPEI_DEMO=True, LIPEI_FILES=kept, LIPEI_NAME_LIST=f"{kept}/names.txt"),
        undone(),
    ):
        assert str(connection.settings_dict["NAME"]).startswith("test_"), "not marked django_db"
        waiting.setattr(steps, "hear", lambda: None)  # listeners hear what is committed
        demonstration.lay_out()
        claims = _claims_of_every_stage()
        orders = tuple(Order.objects.values_list("number", flat=True))
        yield Stand(_tokens(), claims, orders)


def _claims_of_every_stage() -> tuple[str, ...]:
    """Claims from reported to payable, and one withdrawn."""
    reported = [steps.filed() for _ in range(7)]
    withdraw_claim(reported[1].number, by=steps.claimant(), reason="自行处理")
    accepted = [steps.accepted(claim) for claim in reported[2:]]
    registered = [steps.registered(claim) for claim in accepted[1:]]
    surveyed = [steps.surveyed(claim) for claim in registered[1:]]
    for claim in surveyed[1:]:
        calculate_claim(claim.number, by=steps.CLERK)
        assert review_straight_through(claim.number)
    payable = steps.agreed(surveyed[2])
    for exposure in payable.exposures.all():
        account = steps.account_of(exposure.payee).pk
        prepare_payment(payable.number, position=exposure.position, account=account, by=steps.MAKER)
    return tuple(Claim.objects.order_by("pk").values_list("number", flat=True))


def _tokens() -> dict[str, str]:
    day, by = timedelta(days=1), "system/test"
    own = Party.objects.get(phone=steps.PHONE)
    staff = {name: Staff.objects.get(username=name) for name in DESK}
    return {
        OWN: issue_token(own, scopes=list(PARTY_SCOPES), life=day, by=by),
        **{
            name: issue_token(one, scopes=list(SCOPES), life=day, by=by)
            for name, one in staff.items()
        },
    }
