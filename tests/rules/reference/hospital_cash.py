"""Hospital cash: section F of the benefit rules."""

from collections import defaultdict

from tests.rules.draws import row

OF_ONE_STAY = ("occurred_on", "is_accident", "deducted_before_days", "stay_paid_before_days")
OF_A_YEAR = ("insured_from_on", "year_paid_before_days")
NOT_TOLD = -25_567


def paid_days(claim, stay, year):
    """The days paid of a stay, beside what the same stay and the year used up before."""
    if claim["admitted_on"] - claim["same_cause_discharged_on"] > claim["readmission_days"]:
        stay["deducted"] = stay["counted"] = 0
    is_waived = claim["is_accident"] and not claim["is_accident_deducted"]
    wait = 0 if claim["is_accident"] else claim["waiting_days"]
    if claim["occurred_on"] < claim["insured_from_on"] + wait:
        return 0
    days = claim["discharged_on"] - claim["admitted_on"]
    deducted = min(days, max(0, (0 if is_waived else claim["deducted_days"]) - stay["deducted"]))
    counted = min(days - deducted, max(0, claim["stay_most_days"] - stay["counted"]))
    stay["deducted"] += deducted
    stay["counted"] += counted
    paid = min(counted, max(0, claim["year_most_days"] - year["paid"]))
    year["paid"] += paid
    return paid


def hospital_cash(rows):
    year, stays, paid = {"paid": rows[0]["year_paid_before_days"]}, defaultdict(dict), []
    for claim in rows:
        stay = stays[claim["one_stay_key"]]
        stay.setdefault("deducted", claim["deducted_before_days"])
        stay.setdefault("counted", claim["stay_paid_before_days"])
        paid.append(paid_days(claim, stay, year) * claim["daily_fen"])
    return paid


def most_paid(rows):
    first = rows[0]
    return max(0, first["year_most_days"] - first["year_paid_before_days"]) * first["daily_fen"]


def year_of_stays(random, edition):
    """Some stays of one insured in one year; those for one cause, in their order, each within
    the days that make it one with the last."""
    first, drawn = row(random, edition), []
    same = {name: first[name] for name in (*edition.terms, *OF_A_YEAR)}
    for cause in range(random.randint(1, 3)):
        of_cause = row(random, edition)
        if random.random() < 0.7:
            of_cause["occurred_on"] = first["insured_from_on"] + random.choice((0, 29, 30, 400))
        alike = same | {name: of_cause[name] for name in OF_ONE_STAY} | {"one_stay_key": cause}
        on = of_cause["occurred_on"] + random.randrange(40)
        last = NOT_TOLD
        if alike["deducted_before_days"] or alike["stay_paid_before_days"]:
            last = on - random.randint(0, first["readmission_days"])
        for _ in range(random.randint(1, 3)):
            end = on + random.choice((0, 1, 2, 3, 4, 10, random.randrange(200)))
            stay = {"same_cause_discharged_on": last, "admitted_on": on, "discharged_on": end}
            drawn.append(row(random, edition) | alike | stay)
            last = end
            on = end + random.randint(0, first["readmission_days"])
    return drawn


EDITION = "hospital_cash_2020"
REFERENCE = {EDITION: hospital_cash}
MOST_PAID = {EDITION: most_paid}
FIXED_SUM = {EDITION}
GROUPED = {EDITION}
DRAWN = {EDITION: year_of_stays}
MORE_LOSS = {EDITION: ("discharged_on",)}
HIGHER_DEDUCTIBLE = {EDITION: ("deducted_days", "waiting_days")}
USED_BEFORE = {EDITION: ("stay_paid_before_days", "year_paid_before_days")}
WORKED = {f"HC-0{n}" for n in range(1, 7)}
