"""1.2 Work is given to who holds the certificate, and nobody holds posts that clash."""

from datetime import timedelta

import pytest

from lipei.ch01_general.duties import add_staff, assign_claim
from lipei.ch01_general.models import Branch, Certificate, Staff
from lipei.kit import clock
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
MANAGER = "staff/zhouwei"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


@pytest.mark.clause("1.2-k")
def test_a_claim_is_given_to_who_holds_the_certificate_to_its_last_day(department):
    claim = steps.filed()
    with refused("duty_missing"):
        assign_claim(claim.number, to="wangmin", by=steps.MAKER)
    Certificate.objects.update(valid_to=clock.today() - timedelta(days=1))
    with refused("assignee_not_qualified"):
        assign_claim(claim.number, to="wangmin", by=MANAGER)
    Certificate.objects.update(valid_to=clock.today())
    assign_claim(claim.number, to="wangmin", by=MANAGER)
    assert steps.again(claim).officer.username == "wangmin"


@pytest.mark.clause("1.2-k")
def test_who_opens_accounts_decides_no_claim(department):
    told = {"username": "newcomer", "name": "新人", "number": "N900", "password": "x" * 20,
            "branch": Branch.objects.order_by("pk").first(), "by": "staff/itadmin"}  # fmt: skip
    with refused("posts_clash"):
        add_staff(held=[("RV", 2, "核赔"), ("IT", 1, "信息")], **told)
    assert not Staff.objects.filter(username="newcomer").exists()
    with refused("department_not_found"):
        add_staff(held=[("SP", 1, "理赔九部")], **told)
    with refused("duty_missing"):
        add_staff(held=[("SP", 1, "报案中心")], **{**told, "by": MANAGER})
    assert add_staff(held=[("SP", 1, "报案中心")], **told).pk
