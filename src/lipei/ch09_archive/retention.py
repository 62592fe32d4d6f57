"""9.2 How long each class of record is kept, and from when that is counted (9.2-b)."""

from datetime import date, datetime

from lipei.ch01_general.models import Claim
from lipei.kit import clock
from lipei.manual import clause

KEPT_BY = {
    "voucher": ("vouchers", "transaction", "contract"),
    "identity": ("identity", "contract"),
    "claim_document": ("transaction", "contract"),
}
"""What keeps a record of each class; the longest counts. A claim is a transaction."""
FROM_CLOSE = frozenset({"vouchers", "transaction"})
"""What is counted from the claim's close. The contract is counted from its end, and what proves
who somebody is from the later of the two: only then are we through with them (反洗钱法34)."""
LIFELONG = 9999
"""The year in which a contract ends whose end nobody knows yet."""


def kept_years(retention: str) -> int:
    """How long a class is kept at the least after the claim's close, whatever its contract."""
    row = clause("9.2-b")
    return max(row.limit(name).value for name in KEPT_BY[retention] if name != "contract")


def kept_until(retention: str, *, closed_on: date, claim: Claim) -> date | None:
    """The day to which a record is kept, always a year's last; none while its contract has no
    known end. A claim that no policy answers for has no contract to wait for."""
    row, contract = clause("9.2-b"), _contract(claim)
    if contract is None:
        return _last_day(closed_on, kept_years(retention))
    begun_on, ended_on = contract
    if ended_on.year >= LIFELONG:
        return None
    length = "short_contract" if ended_on <= _a_year_after(begun_on) else "long_contract"
    days = []
    for name in KEPT_BY[retention]:
        years = row.limit(length if name == "contract" else name).value
        start = closed_on if name in FROM_CLOSE else ended_on
        days.append(_last_day(max(start, closed_on) if name == "identity" else start, years))
    return max(days)


def _contract(claim: Claim) -> tuple[date, date] | None:
    """The days on which the contract behind a claim began and ended."""
    held = claim.policy
    if held is None:
        return None
    return _day(held.starts_at), _day(held.ends_at)


def _day(at: datetime) -> date:
    return at.astimezone(clock.LOCAL).date()


def _a_year_after(day: date) -> date:
    leap = (day.month, day.day) == (2, 29)
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def _last_day(start: date, years: int) -> date:
    return date(start.year + years, 12, 31)
