"""Lists ask as much for one row as for many, and what each may ask stands written here."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from lipei.ch01_general.models import Claim
from lipei.ch03_assessment.adjudication import calculate_claim, review_straight_through
from lipei.ch03_assessment.disputes import object_to
from lipei.ch03_assessment.investigation import dispatch_survey
from lipei.ch04_payment.release import prepare_payment, release_payment
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
FEW, MANY = 1, 3


@pytest.fixture(autouse=True)
def demonstration_codes(department, settings):
    settings.LIPEI_DEMO = True


def asked(client: Client, path: str) -> int:
    """How many statements a page costs once everything that is kept in memory is there."""
    client.get(path)
    with CaptureQueriesContext(connection) as statements:
        assert client.get(path).status_code == 200
    return len(statements)


def surveyed() -> Claim:
    return steps.surveyed(steps.registered(steps.accepted(steps.filed())))


def to_survey() -> None:
    claim = steps.registered(steps.accepted(steps.filed()))
    dispatch_survey(claim.number, to="lijun", by=steps.CLERK)


def to_decide() -> None:
    claim = steps.registered(steps.accepted(steps.filed()))
    claim = steps.surveyed(claim, own_fen=750_000)
    calculate_claim(claim.number, by=steps.CLERK)
    review_straight_through(claim.number)


def objected() -> None:
    object_to(surveyed().number, position=1, words="工时费偏低", by=steps.claimant())


def agreed() -> None:
    steps.agreed(surveyed())


def ordered() -> Claim:
    claim = steps.agreed(surveyed())
    account = steps.account_of(claim.exposures.get(position=1).payee).pk
    prepare_payment(claim.number, position=1, account=account, by=steps.MAKER)
    steps.hear()
    return claim


def at_the_bank() -> None:
    claim = ordered()
    order = claim.exposures.get(position=1).orders.get()
    release_payment(order.number, by=steps.CHECKER)


def credited() -> None:
    steps.paid(steps.agreed(surveyed()))


def closed() -> None:
    steps.closed(steps.paid(steps.agreed(surveyed())))


@pytest.mark.parametrize(
    ("username", "path", "bring", "most"),
    [
        ("wangmin", "/claims/", steps.filed, 14),
        ("xujing", "/approvals/", to_decide, 25),
        ("zhouwei", "/disputes/", objected, 16),
        ("zhaolin", "/pay/?view=make", agreed, 18),
        ("qianjin", "/pay/?view=check", ordered, 20),
        ("zhaolin", "/pay/?view=bank", at_the_bank, 16),
        ("zhaolin", "/pay/?view=done", credited, 16),
        ("sunjie", "/archive/", closed, 14),
        ("lijun", "/survey/", to_survey, 14),
    ],
)
def test_a_list_of_the_house_asks_as_much_for_three_rows_as_for_one(
    staff_client, username, path, bring, most
):
    client = staff_client(username)
    for _ in range(FEW):
        bring()
    few = asked(client, path)
    for _ in range(MANY - FEW):
        bring()
    assert asked(client, path) <= few
    assert few <= most


def test_a_claimants_list_asks_as_much_for_many_claims_as_for_few(claimant_client):
    """Claims of several stages, sums that wait and a survey under way among them."""
    client = claimant_client()
    surveyed(), to_survey()
    for path, most in (("/m/claims/", 12), ("/m/", 14)):
        few = asked(client, path)
        assert few <= most
    few = {path: asked(client, path) for path in ("/m/claims/", "/m/")}
    steps.filed(), surveyed(), to_survey()
    assert {path: asked(client, path) for path in few} == few
