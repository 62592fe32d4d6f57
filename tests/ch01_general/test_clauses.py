"""A clause is changed by two persons, from a day on, and running promises keep their edition."""

from datetime import timedelta

import pytest
import time_machine

from lipei.ch01_general.clauses import approve_clause, propose_clause
from lipei.ch01_general.snapshot import learn
from lipei.kit import clock
from lipei.kit.journal import history
from lipei.kit.refusal import Refused
from lipei.manual import clause, install, shipped
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
THREE_HOURS = {"limits": [{"name": "limit", "value": 3, "unit": "hours", "operator": "<="}]}
MANAGER, COMPLIANCE = "staff/zhouwei", "staff/hege"


@pytest.fixture(autouse=True)
def shipped_again():
    yield
    install(shipped())


def refused(slug: str):
    return pytest.raises(Refused, match=f"^{slug}$")


def propose(**more: object):
    tomorrow = clock.today() + timedelta(days=1)
    told = {"changes": THREE_HOURS, "effective_from": tomorrow, "by": MANAGER,
            "reason": "道路拥堵"} | more  # fmt: skip
    return propose_clause("1.3-b", **told)


def test_a_proposal_changes_nothing_until_another_person_approves(department):
    made = propose()
    tomorrow = clock.today() + timedelta(days=1)
    learn(force=True)
    assert clause("1.3-b", at=tomorrow).value == 2
    approve_clause(made.edition, clause_id="1.3-b", by=COMPLIANCE)
    assert clause("1.3-b", at=tomorrow).value == 3
    assert clause("1.3-b", at=clock.today()).value == 2
    assert [e.verb for e in history("clause/1.3-b")] == [
        "general.clause_proposed", "general.clause_approved",
    ]  # fmt: skip


def test_nobody_approves_what_he_proposed_himself(department):
    made = propose(by=COMPLIANCE)
    with refused("same_person_proposal"):
        approve_clause(made.edition, clause_id="1.3-b", by=COMPLIANCE)
    with refused("duty_missing"):
        approve_clause(made.edition, clause_id="1.3-b", by=steps.CLERK)


def test_the_past_a_wrong_row_and_an_unknown_clause_are_refused(department):
    with refused("effective_day_past"):
        propose(effective_from=clock.today())
    with refused("clause_row_wrong"):
        propose(changes={"limits": [{"name": "limit", "value": -1, "unit": "hours"}]})
    with refused("choice_unknown"):
        propose_clause("99.9-z", changes={}, effective_from=clock.today() + timedelta(days=1),
                       by=MANAGER, reason="没有这一条")  # fmt: skip


def test_a_running_clock_keeps_its_edition_and_a_new_one_takes_the_new(department):
    made = propose()
    approve_clause(made.edition, clause_id="1.3-b", by=COMPLIANCE)
    before = steps.filed(damage=())
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        after = steps.filed(damage=())
    old, new = (c.clocks.get(clause="1.3-b") for c in (before, after))
    assert old.due_at - old.started_at == timedelta(hours=2)
    assert new.due_at - new.started_at == timedelta(hours=3)
    assert (old.edition, new.edition) == ("2025", made.edition)


def test_another_process_learns_before_it_acts(department):
    made = propose()
    approve_clause(made.edition, clause_id="1.3-b", by=COMPLIANCE)
    install(shipped())
    with time_machine.travel(clock.now() + timedelta(days=2), tick=False):
        claim = steps.filed(damage=())
    assert claim.clocks.get(clause="1.3-b").edition == made.edition
