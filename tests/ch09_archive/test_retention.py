"""9.2 Each record is kept by its class: by its contract's end, and by its claim's close."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from lipei.ch01_general.models import Claim, Party, Policy
from lipei.ch02_intake.irregular import withdraw_claim
from lipei.ch09_archive.retention import KEPT_BY, kept_until, kept_years
from lipei.kit import clock
from lipei.manual import Register, clause, install, sections, shipped
from tests import steps

pytestmark = pytest.mark.django_db(transaction=True)
CLOSED_ON = date(2026, 6, 30)


@pytest.fixture
def claim(department) -> Claim:
    return steps.filed()


def bound(claim: Claim, begun: str, ended: str) -> Claim:
    """The claim, under a contract from one day to another."""
    at = [datetime.fromisoformat(day).replace(tzinfo=clock.LOCAL) for day in (begun, ended)]
    Policy.objects.filter(pk=claim.policy_id).update(starts_at=at[0], ends_at=at[1])
    return steps.again(claim)


def until(claim: Claim, retention: str) -> int | None:
    """The last year in which a record of this class is kept."""
    day = kept_until(retention, closed_on=CLOSED_ON, claim=claim)
    return day and day.year


@pytest.mark.clause("9.2-b")
def test_under_a_contract_of_a_year_the_claim_counts_and_the_customer_until_both_are_over(claim):
    held = bound(claim, "2026-03-01", "2027-03-01")
    kept = {name: until(held, name) for name in KEPT_BY}
    assert kept == {"voucher": 2056, "identity": 2037, "claim_document": 2036}


@pytest.mark.clause("9.2-b")
def test_a_contract_that_was_over_before_the_close_shortens_nothing(claim):
    held = bound(claim, "2024-03-01", "2025-03-01")
    assert [until(held, name) for name in KEPT_BY] == [2056, 2036, 2036]


@pytest.mark.clause("9.2-b")
@pytest.mark.parametrize(
    ("ended", "years"), [("2033-03-01", 2043), ("2056-03-01", 2066), ("2032-01-01", 2042)]
)
def test_under_a_long_contract_everything_is_kept_ten_years_after_its_end(claim, ended, years):
    held = bound(claim, "2026-03-01", ended)
    assert [until(held, name) for name in ("identity", "claim_document")] == [years, years]
    assert until(held, "voucher") == max(years, 2056)


@pytest.mark.clause("9.2-b")
def test_a_contract_is_short_up_to_a_year_and_long_from_a_day_more(claim):
    try:
        install(_register(short_contract=20, long_contract=40))
        assert until(bound(claim, "2024-02-29", "2025-02-28"), "claim_document") == 2045
        assert until(bound(claim, "2024-02-29", "2025-03-01"), "claim_document") == 2065
        assert until(bound(claim, "2026-03-01", "2027-03-01"), "claim_document") == 2047
        assert until(bound(claim, "2026-03-01", "2027-03-02"), "claim_document") == 2067
    finally:
        install(shipped())


@pytest.mark.clause("9.2-b")
def test_while_nobody_knows_the_end_of_a_contract_no_period_has_begun(claim):
    held = bound(claim, "2026-03-01", "9999-12-31")
    assert {until(held, name) for name in KEPT_BY} == {None}
    withdraw_claim(claim.number, by=steps.claimant(), reason="自行处理")
    steps.hear()
    items = steps.again(claim).volume.items
    assert items.count() > 0
    assert not items.exclude(keep_until=None).exists()


@pytest.mark.clause("9.2-b")
def test_a_claim_that_no_policy_answers_for_is_kept_from_its_close(claim):
    Claim.objects.filter(pk=claim.pk).update(policy=None)
    assert [until(steps.again(claim), name) for name in KEPT_BY] == [2056, 2036, 2036]


@pytest.mark.clause("9.2-b")
def test_the_items_of_a_closed_claim_say_until_when(department, settings):
    settings.LIPEI_DEMO = True
    made = steps.surveyed(steps.registered(steps.accepted(steps.filed())))
    claim = steps.closed(steps.paid(steps.agreed(made)))
    year, ends = clock.today().year, Party.objects.get(phone=steps.PHONE).policies.get().ends_at
    kept = {i.kind: i.keep_until.year for i in claim.volume.items.all()}
    assert (kept["receipt"], kept["scene"]) == (year + 30, year + 10)
    assert kept["driving_licence"] == ends.astimezone(clock.LOCAL).year + 10


@pytest.mark.clause("9.2-b")
def test_the_longest_limit_of_the_register_that_applies_keeps_a_class(claim):
    held = bound(claim, "2026-03-01", "2027-03-01")
    try:
        install(_register(transaction=40))
        assert [kept_years(name) for name in KEPT_BY] == [40, 10, 40]
        assert [until(held, name) for name in KEPT_BY] == [2066, 2037, 2066]
    finally:
        install(shipped())
    assert [kept_years(name) for name in KEPT_BY] == [30, 10, 10]


def _register(**years: int) -> Register:
    """The clauses that ship, with other numbers in 9.2-b."""
    row = clause("9.2-b")
    limits = tuple(replace(one, value=years.get(one.name, one.value)) for one in row.limits)
    rows = [replace(row, limits=limits) if one.id == row.id else one for one in shipped()]
    return Register(rows, sections=sections(), version=1)
