"""Whatever one sends to the API, it answers as its description says, and never with a 500.

The data are laid out once in a transaction that is never committed; every request runs in a
savepoint of its own, so that one does not see what another did.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from zlib import crc32

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections, transaction
from django.test import override_settings
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lipei.ch01_general.models import Claim, Party, Staff
from lipei.ch01_general.tokens import PARTY_SCOPES, SCOPES, issue_token
from lipei.ch02_intake.irregular import withdraw_claim
from lipei.ch03_assessment.adjudication import calculate_claim, review_straight_through
from lipei.ch04_payment.models import Order
from lipei.ch04_payment.release import prepare_payment
from lipei.site import demonstration
from lipei.site.wsgi import application
from tests import steps

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]
EXAMPLES = 20
OWN = "claimant"
WORK = {
    "wangmin": {"check_document", "request_materials", "register_claim", "link_policy",
                "dispatch_survey", "establish_fault", "calculate_claim", "close_claim",
                "submit_for_review"},
    "lijun": {"start_survey", "arrive_at_survey", "list_losses", "finish_survey",
              "give_estimate"},
    "xujing": {"review_straight_through", "decide_claim", "answer_dispute", "flag_claim"},
    "zhaolin": {"prepare_payment"},
    "qianjin": {"release_payment"},
    "zhouwei": {"approve_payment", "assign_claim"},
    "sunjie": {"arrange_paper", "archive_claim", "read_volume"},
}  # fmt: skip
"""Whose work each operation is; all others are the claimant's own."""
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


@dataclass(frozen=True)
class Stand:
    """Callers by token, and claims of every stage, whom and which the requests may hit."""

    tokens: Mapping[str, str]
    claims: tuple[str, ...]
    orders: tuple[str, ...]


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
        override_settings(LIPEI_DEMO=True, LIPEI_FILES=kept),
        transaction.atomic(),
    ):
        waiting.setattr(steps, "hear", lambda: None)  # listeners hear what is committed
        demonstration.lay_out()
        claims = claims_of_every_stage()
        yield Stand(tokens(), claims, tuple(Order.objects.values_list("number", flat=True)))
        transaction.set_rollback(True)


def claims_of_every_stage() -> tuple[str, ...]:
    """One claim each from reported to payable, and one withdrawn."""
    reported = [steps.filed() for _ in range(7)]
    withdraw_claim(reported[1].number, by=steps.claimant(), reason="自行处理")
    accepted = [steps.accepted(claim) for claim in reported[2:]]
    registered = [steps.registered(claim) for claim in accepted[1:]]
    surveyed = [steps.surveyed(claim) for claim in registered[1:]]
    for claim in surveyed[1:]:
        calculate_claim(claim.number, by=steps.CLERK)
        assert review_straight_through(claim.number)
    paid = steps.agreed(surveyed[2])
    for exposure in paid.exposures.all():
        account = steps.account_of(exposure.payee).pk
        prepare_payment(paid.number, position=exposure.position, account=account, by=steps.MAKER)
    return tuple(Claim.objects.order_by("pk").values_list("number", flat=True))


def tokens() -> dict[str, str]:
    day, by = timedelta(days=1), "system/test"
    own = Party.objects.get(phone=steps.PHONE)
    staff = {name: Staff.objects.get(username=name) for name in WORK}
    return {
        OWN: issue_token(own, scopes=list(PARTY_SCOPES), life=day, by=by),
        **{
            name: issue_token(one, scopes=list(SCOPES), life=day, by=by)
            for name, one in staff.items()
        },
    }


def aimed(case: schemathesis.Case, stand: Stand) -> dict[str, str]:
    """Let most requests hit a claim that is there, by the caller whose work it is."""
    mark = crc32(repr((case.body, case.query, case.path_parameters)).encode())
    path = case.path_parameters or {}
    if "number" in path and mark % 8:
        path["number"] = stand.claims[mark % len(stand.claims)]
    if "order" in path and mark % 8:
        path["order"] = stand.orders[mark % len(stand.orders)]
    name = case.operation.definition.raw["operationId"]
    right = next((who for who, names in WORK.items() if name in names), OWN)
    callers = [right, right, right, *stand.tokens]
    return {"Authorization": f"Bearer {stand.tokens[callers[mark // 8 % len(callers)]]}"}


@schema.parametrize()
@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
def test_every_answer_is_as_described(case, stand, django_db_blocker):
    headers = aimed(case, stand)
    with django_db_blocker.unblock(), transaction.atomic():
        case.call_and_validate(headers=headers, checks=CHECKS)
        transaction.set_rollback(True)


@pytest.mark.django_db
def test_every_operation_has_a_name_of_its_own():
    """Also asks for the test database, which a fixture of the module alone does not."""
    described = [operation.ok() for operation in schema.get_all_operations()]
    names = [one.definition.raw["operationId"] for one in described]
    assert len(names) == len(set(names)) > 30
