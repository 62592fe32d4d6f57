"""Damages for paying late: N7 of the benefit rules."""

from datetime import date, timedelta
from fractions import Fraction

from tests.rules.exact import half_up

PRIME = [
    (date(2019, 11, 20), "4.15"),
    (date(2020, 2, 20), "4.05"),
    (date(2020, 4, 20), "3.85"),
    (date(2021, 12, 20), "3.80"),
    (date(2022, 1, 20), "3.70"),
    (date(2022, 8, 22), "3.65"),
    (date(2023, 6, 20), "3.55"),
    (date(2023, 8, 21), "3.45"),
    (date(2024, 7, 22), "3.35"),
    (date(2024, 10, 21), "3.10"),
    (date(2025, 5, 20), "3.00"),
]


def late_payment(claim):
    first_late = date(1970, 1, 1) + timedelta(days=claim["due_on"] + 1)
    percent = Fraction(claim["agreed_rate_bp"], 100)
    if not percent:
        percent = Fraction([rate for since, rate in PRIME if since <= first_late][-1])
    days = claim["paid_on"] - claim["due_on"]
    return half_up(claim["late_fen"] * percent / 100 * Fraction(days, claim["year_days"]))


EDITION = "late_payment_2020"
REFERENCE = {EDITION: late_payment}
MOST_PAID = {EDITION: lambda claim: claim["late_fen"] * 400}
FIXED_SUM = {EDITION}
MORE_LOSS = {EDITION: ("late_fen",)}
WORKED = {"BN-07"}
