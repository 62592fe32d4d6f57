"""Whatever one sends to the API, it answers as its description says, and never with a 500."""

from zlib import crc32

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    allow_header_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from lipei.site.wsgi import application
from tests.site.stand import OWN, Stand, undone

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    allow_header_conformance,
]
EXAMPLES = 20
WORK = {
    "wangmin": {"check_document", "request_materials", "register_claim", "link_policy",
                "dispatch_survey", "take_report", "establish_fault", "calculate_claim",
                "close_claim", "submit_for_review", "tell_facts", "establish_injury",
                "open_part", "correct_phone", "name_beneficiary", "propose_prior",
                "drop_prior", "list_prior", "read_prior"},
    "lijun": {"start_survey", "arrive_at_survey", "list_losses", "finish_survey",
              "give_estimate"},
    "xujing": {"review_straight_through", "decide_claim", "answer_dispute", "flag_claim",
               "place_hold", "list_holds"},
    "zhaolin": {"prepare_payment", "close_nil", "correct_account"},
    "hege": {"clear_order", "approve_replay", "list_editions", "list_replays", "read_replay",
             "read_shadow", "list_unlike"},
    "qianjin": {"release_payment", "reject_payment"},
    "zhouwei": {"approve_payment", "assign_claim", "lift_hold", "settle_flag",
                "start_replay", "start_shadow", "end_shadow", "approve_prior"},
    "sunjie": {"arrange_paper", "archive_claim", "read_volume"},
    "itadmin": {"list_branches", "add_branch", "rename_branch", "close_branch", "add_department",
                "close_department", "list_people", "read_person", "add_person", "invite_person",
                "correct_person", "give_post", "end_post", "file_certificate",
                "withdraw_certificate", "transfer_person", "plan_absence", "call_off_absence",
                "let_go", "reset_second_factor"},
}  # fmt: skip
"""Whose work each operation is; all others are the claimant's own."""
pytestmark = pytest.mark.django_db
schema = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application)


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
    with django_db_blocker.unblock(), undone():
        case.call_and_validate(headers=headers, checks=CHECKS)


def test_every_operation_has_a_name_of_its_own():
    described = [operation.ok() for operation in schema.get_all_operations()]
    names = [one.definition.raw["operationId"] for one in described]
    assert len(names) == len(set(names)) > 30
