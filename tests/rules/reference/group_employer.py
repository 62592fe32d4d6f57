"""Group accident and employer's liability: section M of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up, largest_remainders

GRADES = {"death": 1, "none": 0} | {f"grade_{n}": Fraction(11 - n, 10) for n in range(1, 11)}
DEGREES = ("none", "death", *(f"grade_{n}" for n in range(1, 11)))


def is_listed(one):
    return one["listed_from_on"] <= one["event_on"] <= one["listed_until_on"]


class Purse:
    """A limit that is used up in turn, one for each key."""

    def __init__(self):
        self.used = {}

    def take(self, key, asked, *, limit, opening):
        before = self.used.setdefault(key, opening)
        given = min(asked, max(0, limit - before))
        self.used[key] += given
        return given


def group_accident(rows):
    sums, limits, pool, paid = Purse(), Purse(), Purse(), []
    for one in rows:
        person = one["insured_year_key"]
        degree = half_up(one["sum_insured_fen"] * Fraction(GRADES[DEGREES[one["degree_code"]]]))
        medical = one["medical_asked_fen"]
        if not is_listed(one):
            degree = medical = 0
        limit, before = one["sum_insured_fen"], one["sum_used_fen"]
        fixed = sums.take(person, degree, limit=limit, opening=before)
        limit, before = one["medical_limit_fen"], one["medical_used_fen"]
        personal = limits.take(person, medical, limit=limit, opening=before)
        limit, before = one["pool_limit_fen"], one["pool_used_fen"]
        common = pool.take("pool", medical - personal, limit=limit, opening=before)
        paid.append(fixed + personal + common)
    return paid


def most_for_group(rows):
    persons = {one["insured_year_key"]: one for one in rows}.values()
    pool = max(0, rows[0]["pool_limit_fen"] - rows[0]["pool_used_fen"])
    sums = sum(max(0, one["sum_insured_fen"] - one["sum_used_fen"]) for one in persons)
    return (
        pool + sums + sum(max(0, p["medical_limit_fen"] - p["medical_used_fen"]) for p in persons)
    )


def employer(rows):
    limits, within = Purse(), []
    for one in rows:
        owed = Fraction(one["loss_fen"] if is_listed(one) else 0)
        if one["insured_count"] < one["employed_count"]:
            owed = owed * one["insured_count"] / one["employed_count"]
        limit, before = one["person_limit_fen"], one["person_paid_before_fen"]
        person = one["employee_key"]
        within.append(limits.take(person, half_up(owed), limit=limit, opening=before))
    left = max(0, rows[0]["event_limit_fen"] - rows[0]["event_paid_before_fen"])
    return largest_remainders(min(sum(within), left), within)


def most_for_employer(rows):
    return max(0, rows[0]["event_limit_fen"] - rows[0]["event_paid_before_fen"])


def persons(key, *, of_person, of_all):
    """A draw of some persons, each now and then with several rows, which may mix."""

    def draw(random, edition):
        first, drawn = row(random, edition), []
        same = {name: first[name] for name in of_all}
        for person in range(random.randint(1, 4)):
            own = row(random, edition)
            alike = same | {name: own[name] for name in of_person} | {key: person}
            for _ in range(random.choice((1, 1, 2))):
                one = row(random, edition) | alike
                if random.random() < 0.8:
                    one["listed_from_on"] = one["event_on"] - random.choice((0, 1, 200))
                    later = one["event_on"] + random.choice((-1, 0, 1, 30))
                    one["listed_until_on"] = max(one["listed_from_on"], later)
                drawn.append(one)
        random.shuffle(drawn)
        return drawn

    return draw


GROUP, EMPLOYER = "group_accident_2014", "employer_liability_2014"
POOL = ("pool_limit_fen", "pool_used_fen")
PERSON = ("sum_insured_fen", "medical_limit_fen", "sum_used_fen", "medical_used_fen")
EVENT = ("event_on", "insured_count", "employed_count", "event_paid_before_fen")

REFERENCE = {GROUP: group_accident, EMPLOYER: employer}
MOST_PAID = {GROUP: most_for_group, EMPLOYER: most_for_employer}
MOST_LOST = {EMPLOYER: lambda rows: sum(one["loss_fen"] for one in rows)}
FIXED_SUM = {GROUP}
GROUPED = {GROUP, EMPLOYER}
DRAWN = {
    GROUP: persons("insured_year_key", of_person=PERSON, of_all=POOL),
    EMPLOYER: persons(
        "employee_key",
        of_person=("person_paid_before_fen",),
        of_all=(*EVENT, "person_limit_fen", "event_limit_fen"),
    ),
}
MORE_LOSS = {GROUP: ("medical_asked_fen",), EMPLOYER: ("loss_fen",)}
USED_BEFORE = {
    GROUP: ("sum_used_fen", "medical_used_fen", "pool_used_fen"),
    EMPLOYER: ("person_paid_before_fen", "event_paid_before_fen"),
}
WORKED = {f"GP-0{n}" for n in range(1, 6)}
