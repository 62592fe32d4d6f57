"""A report is always taken; where its policy is not here, the core system is asked for it."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from lipei.ch01_general.core_policies import fetch_core_policy, follow_core
from lipei.ch01_general.models import Party, Policy
from lipei.ch01_general.policies import policy_held
from lipei.ch02_intake.core_asking import ask_core
from lipei.kit import clock, outside
from lipei.kit.core import CoreEvent
from lipei.kit.models import Entry
from lipei.kit.outside import Outage
from lipei.kit.refusal import Refused
from lipei.site.demonstration import with_check_digit
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "PCORE0000001"
DAY = timedelta(days=1)


@pytest.fixture
def core(department, counterpart, settings):
    """A core system that this department asks."""
    settings.LIPEI_CORE_URL = f"{counterpart.url}/core"
    outside.forget()
    yield counterpart
    outside.forget()


def identity() -> str:
    """The identity number of the claimant of these tests."""
    return with_check_digit("31010119850312001")


def put(core, **changes) -> None:
    at = clock.now()
    period = {
        "starts_at": (min(at, TOLD_AT) - 100 * DAY).isoformat(),
        "ends_at": (at + 265 * DAY).isoformat(),
    }
    person = {"name": "周国栋", "id_type": "resident_id", "id_number": identity(),
              "phone": steps.PHONE}  # fmt: skip
    told = {
        "number": NUMBER, "line": "motor", "branch": "3101", **period, "plate": "沪A6K27P",
        "insured": person, "holder": person,
        "covers": [{"product": "own_damage", "terms": {"sum_insured_fen": 15_000_000}, **period}],
        **changes,
    }  # fmt: skip
    answer = core.client.post("/core/policies", json=told)
    assert answer.status_code == 201, answer.text


def asking(claim) -> list[dict[str, object]]:
    """The jobs that ask the core system about a claim."""
    lock = f"core/{claim.number}"
    return [one.args for one in ProcrastinateJob.objects.filter(queueing_lock=lock)]


def fetching(reference: str) -> list[dict[str, str]]:
    """The jobs that fetch the policy of an event; taken out, as a worker does."""
    found = ProcrastinateJob.objects.filter(queueing_lock=f"core/{NUMBER}/{reference}")
    args = [one.args for one in found]
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs WHERE queueing_lock LIKE 'core/%'")
    return args


def unmatched(**changes):
    claim = steps.filed(policy=NUMBER, **changes)
    assert (claim.policy, claim.flags) == (None, ["unmatched"])
    assert asking(claim) == [{"number": claim.number}]
    return claim


def test_a_report_is_linked_to_the_policy_that_the_core_system_knows(core):
    put(core)
    claim = unmatched()
    ask_core(claim.number)
    claim = steps.again(claim)
    assert (claim.policy.number, claim.flags) == (NUMBER, [])
    assert claim.policy.insured == Party.objects.get(phone=steps.PHONE)
    held = policy_held(NUMBER, lost_at=claim.lost_at)
    assert held.covers == (("own_damage", "own_damage_2020", {"sum_insured_fen": 15_000_000}),)
    entry = Entry.objects.get(verb="general.policy_issued")
    assert "周国栋" not in entry.line
    assert identity() not in entry.line
    ask_core(claim.number)
    assert Policy.objects.filter(number=NUMBER).count() == 1


def test_a_strangers_report_links_no_policy_of_another(core):
    other = {"name": "别人", "id_type": "resident_id", "phone": "13911110001",
             "id_number": with_check_digit("31010119850312999")}  # fmt: skip
    put(core, insured=other, holder=other)
    claim = unmatched()
    ask_core(claim.number)
    assert steps.again(claim).policy is None
    assert Policy.objects.filter(number=NUMBER).exists()


def test_a_report_is_taken_while_the_core_system_is_down_and_asked_again_later(core):
    put(core)
    core.control(core={"down": True})
    claim = unmatched()
    with pytest.raises(Outage):
        ask_core(claim.number)
    assert steps.again(claim).policy is None
    core.control(core={"down": False})
    outside.forget()
    ask_core(claim.number)
    assert steps.again(claim).policy.number == NUMBER


def test_without_a_core_system_nobody_is_asked(department):
    assert asking(steps.filed(policy=NUMBER)) == []
    assert "core" not in [one.party for one in outside.status()]


TOLD_AT = datetime(2026, 11, 1, 12, tzinfo=clock.LOCAL)


def held_around(name: str) -> list[object]:
    """A column of the policy a day before the event and a day after it."""
    return [getattr(policy_held(NUMBER, lost_at=TOLD_AT + n * DAY), name) for n in (-1, 1)]


def event(kind: str = "policy.endorsed", **changes) -> CoreEvent:
    told = {"number": NUMBER, "reference": "E-1", "at": TOLD_AT,
            "values": {"plate": "沪B99999"}, "amount_fen": 0, "settles": True}  # fmt: skip
    return CoreEvent(**{"kind": kind, **told, **changes})


def test_an_endorsement_is_taken_in_once_from_its_day(core):
    put(core)
    follow_core(event())
    (job,) = fetching("E-1")
    assert "沪B99999" not in str(job)
    fetch_core_policy(**job)
    follow_core(event())
    policy = Policy.objects.get(number=NUMBER)
    assert [c.reference for c in policy.changes.order_by("number")] == ["", "E-1"]
    assert held_around("plate") == ["沪A6K27P", "沪B99999"]
    with pytest.raises(Refused, match="reference_told_otherwise"):
        follow_core(event(values={"plate": "沪B11111"}))
    with pytest.raises(Outage):
        follow_core(event(reference="E-2", values={"colour": "red"}))


def test_premium_that_is_paid_is_told_with_its_day(core):
    put(core, premium_paid=False)
    for _ in range(2):
        follow_core(event("policy.premium", reference="R-1", values={}, amount_fen=350_000))
        for job in fetching("R-1"):
            fetch_core_policy(**job)
    assert held_around("premium_paid") == [False, True]
    premium = Policy.objects.get(number=NUMBER).premiums.get()
    assert (premium.reference, premium.amount_fen) == ("R-1", 350_000)


def test_a_booking_is_told_once_under_its_reference(core):
    put(core)
    told = {"reference": "E-9", "effective_at": TOLD_AT.isoformat(),
            "values": {"region": "省内"}}  # fmt: skip
    place = f"/core/policies/{NUMBER}/endorsements"
    assert [core.client.post(place, json=told).status_code for _ in range(2)] == [201, 200]
    other = core.client.post(place, json={**told, "values": {"region": "境内"}})
    assert other.status_code == 409
