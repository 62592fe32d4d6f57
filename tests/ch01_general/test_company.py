"""1.2 The company as a tree: opened, renamed and closed, and never closed over open work."""

import pytest

from lipei.ch01_general.actors import actor
from lipei.ch01_general.company import (
    add_branch,
    add_department,
    branches_seen,
    close_branch,
    close_department,
    rename_branch,
)
from lipei.ch01_general.duties import add_staff
from lipei.ch01_general.leaving import let_go
from lipei.ch01_general.models import Branch, Claim
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
IT = "staff/itadmin"


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def test_a_branch_is_opened_renamed_and_closed_each_in_its_own_chain(department):
    made = add_branch("32", name="江苏分公司", under="00", by=IT)
    assert (made.path, made.depth) == ("/00/32/", 2)
    rename_branch("32", name="江苏省分公司", by=IT)
    close_branch("32", by=IT)
    assert Branch.objects.get(code="32").closed_at
    verbs = [one.verb for one in history("branch/32")]
    assert verbs == ["general.branch_added", "general.branch_renamed", "general.branch_closed"]
    with refused("branch_closed"):
        rename_branch("32", name="x", by=IT)
    with refused("branch_code_taken"):
        add_branch("32", name="江苏", under="00", by=IT)


def test_the_tree_has_one_head_office_and_five_levels(department):
    with refused("branch_not_found"):
        add_branch("99", name="另一家", under="", by=IT)
    with refused("branch_is_head"):
        close_branch("00", by=IT)
    add_branch("310101", name="陆家嘴营业部", under="3101", by=IT)
    add_branch("31010101", name="柜台", under="310101", by=IT)
    with refused("branch_too_deep"):
        add_branch("3101010101", name="窗口", under="31010101", by=IT)


def test_a_branch_with_open_claims_people_or_branches_is_not_closed(department):
    with refused("branch_has_branches"):
        close_branch("31", by=IT)
    claim = steps.filed()
    assert claim.branch.code == "3101"
    with refused("branch_has_claims"):
        close_branch("3101", by=IT)
    Claim.objects.update(is_open=False)
    close_branch("3101", by=IT)
    with refused("branch_has_people"):
        close_branch("31", by=IT)
    assert Branch.objects.get(code="31").closed_at is None


@pytest.mark.clause("1.2-k")
def test_only_who_manages_accounts_over_a_branch_changes_it(department):
    with refused("duty_missing"):
        add_branch("32", name="江苏分公司", under="00", by="staff/zhouwei")
    add_branch("32", name="江苏分公司", under="00", by=IT)
    add_department("信息部", branch="32", by=IT)
    add_staff(username="jiangsu", name="苏宁", number="32001", password="x" * 20,
              branch=Branch.objects.get(code="32"), held=[("IT", 0, "信息部")], by=IT)  # fmt: skip
    add_branch("3201", name="苏州支公司", under="32", by="staff/jiangsu")
    with refused("branch_not_found"):
        rename_branch("31", name="别家", by="staff/jiangsu")
    assert [one.code for one in branches_seen(actor("staff/jiangsu"))] == ["32", "3201"]
    assert not branches_seen(actor("staff/wangmin")).exists()
    assert branches_seen(actor("staff/zhouwei")).count() == 2


def test_a_department_is_closed_once_nobody_holds_a_post_in_it(department):
    with refused("department_taken"):
        add_department("档案室", branch="31", by=IT)
    with refused("department_has_people"):
        close_department("档案室", branch="31", by=IT)
    let_go("sunjie", by=IT)
    close_department("档案室", branch="31", by=IT)
    with refused("department_not_found"):
        close_department("档案室", branch="31", by=IT)
    assert add_department("档案室", branch="31", by=IT).closed_at is None
