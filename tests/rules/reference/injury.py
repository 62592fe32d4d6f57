"""Bodily injury by heads, and the living of dependants, as the judicial interpretation says."""

import tomllib
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

import lipei.rules
from tests.rules.draws import row
from tests.rules.exact import half_up, largest_remainders

PRODUCTS = Path(lipei.rules.__file__).parent / "products"
EPOCH = date(1970, 1, 1)
DAILY = (("hospital", "meals"), ("nutrition", "nutrition"))


@cache
def paper(name):
    """What stands in terms.toml, an earlier edition laid over the one whose formula it keeps."""
    own = tomllib.loads((PRODUCTS / name / "terms.toml").read_text("utf-8"))
    if "formula" not in own:
        return own
    kept = paper(own["formula"])
    for part in ("facts", "tables"):
        under, over = kept[part], own.get(part, {})
        own[part] = {k: under.get(k, {}) | over.get(k, {}) for k in {**under, **over}}
    return own


def figure(edition, table, claim):
    """The yearly figure of the province; nothing where a code was not told."""
    said = paper(edition)
    found = said["tables"][table]["rows"]
    for fact in said["tables"][table]["by"]:
        code = list(said["facts"][fact]["codes"])[claim[fact]]
        if code == "untold":
            return 0
        found = found[code]
    return found


def age(claim, on):
    born, day = (EPOCH + timedelta(days=claim[name]) for name in ("born_on", on))
    years = day.year - born.year - ((day.month, day.day) < (born.month, born.day))
    is_leap_child = (born.month, born.day) == (2, 29) and (day.month, day.day) == (2, 28)
    if is_leap_child and (day + timedelta(days=1)).day == 1:
        years = day.year - born.year
    return max(0, years)


def years_from(age):
    if age >= 75:
        return 5
    return 20 - max(0, age - 60)


def injury(edition):
    def of(claim):
        return (
            medical(claim) + apart(claim) + lasting(edition, claim) + claim["mental_distress_fen"]
        )

    return of


def medical(claim):
    daily = sum(claim[f"{days}_days"] * claim[f"{head}_day_fen"] for days, head in DAILY)
    treated = max(0, claim["medical_cost_fen"] - claim["unrelated_fen"])
    return treated + claim["later_treatment_fen"] + daily


def grades(claim):
    return [grade for grade in range(1, 11) for _ in range(claim[f"grade_{grade}_count"])]


def apart(claim):
    """Earnings, nursing and the like."""
    days = claim["lost_days"]
    if grades(claim) or claim["is_death"]:
        days = min(days, claim["fixed_on"] - claim["injured_on"])
    earned = half_up(Fraction(claim["earnings_year_fen"] * days, 365))
    nursed = claim["nursing_days"] * claim["nursing_day_fen"] * claim["nurses_count"]
    later = claim["later_nursing_year_fen"] * claim["later_nursing_years_count"]
    later = half_up(Fraction(later * claim["dependence_bp"], 10_000))
    spent = ("rehabilitation_fen", "aids_fen", "travel_fen", "lodging_fen")
    kept = max(0, earned - claim["earnings_kept_fen"])
    return kept + nursed + later + sum(claim[name] for name in spent)


def lasting(edition, claim):
    """Disability or death, dependants, funeral and what the relatives spent on it."""
    living = claim["dependants_living_fen"]
    if not (grades(claim) or claim["is_death"]):
        return living
    income = figure(edition, "income_year_fen", claim) * years_from(age(claim, "fixed_on"))
    if claim["is_death"]:
        wage = figure(edition, "wage_year_fen", claim)
        return living + income + half_up(Fraction(wage, 2)) + claim["relatives_fen"]
    heaviest, *others = sorted(grades(claim))
    added = min(Fraction(10, 100), sum(Fraction(11 - grade, 100) for grade in others))
    coefficient = min(Fraction(1), Fraction(11 - heaviest, 10) + added)
    return living + half_up(income * coefficient)


def most_asked(edition):
    """Everything that may be asked, without what is taken from it."""

    def of(claim):
        asked = claim | {"unrelated_fen": 0, "earnings_kept_fen": 0, "fixed_on": 10**6}
        paid = medical(asked) + apart(asked) + lasting(edition, claim)
        return paid + claim["mental_distress_fen"]

    return of


def injured(random, edition):
    """One victim: where figures are needed, of a listed province and year."""
    claim = row(random, edition, is_usual_terms=True)
    for grade in range(1, 11):
        claim[f"grade_{grade}_count"] = random.choice((0, 0, 0, 0, 0, 0, 0, 1, 1, 2))
    claim["injured_on"] = random.randrange(17_000, 20_500)
    claim["born_on"] = claim["injured_on"] - random.randrange(1, 36_000) // random.choice((1, 2))
    claim["fixed_on"] = claim["injured_on"] + random.choice((0, 1, 30, 180, 700))
    return [claim | listed(random, edition) | per_day(claim)]


def per_day(claim):
    """Where days are told, what a day is worth."""
    needed = (("meals_day_fen", "hospital_days"), ("nutrition_day_fen", "nutrition_days"),
              ("earnings_year_fen", "lost_days"), ("nursing_day_fen", "nursing_days"),
              ("later_nursing_year_fen", "later_nursing_years_count"))  # fmt: skip
    return {price: claim[price] or 1 for price, days in needed if claim[days]}


def listed(random, edition):
    """Codes of figures that the tables list together."""
    said, told = paper(edition.name), {}
    wages = said["tables"].get("wage_year_fen", {"rows": {}})["rows"]
    rows = next(t["rows"] for name, t in said["tables"].items() if name != "wage_year_fen")
    is_untold = "untold" in said["facts"]["region_code"]["codes"]
    region = random.choice([r for r in rows if r in wages] or list(rows))
    told["region_code"], found = region, rows[region]
    told["figures_year_code"] = random.choice(list(found))
    if isinstance(found[told["figures_year_code"]], dict):
        told["household_code"] = random.choice(("town", "country"))
    if is_untold:
        told["wage_year_code"] = random.choice(list(wages.get(region, ["untold"])))
    return {f: list(said["facts"][f]["codes"]).index(code) for f, code in told.items()}


def without_wages(random, edition):
    """The earlier edition lists no wages yet: nobody dies in its draws."""
    return [claim | {"is_death": False} for claim in injured(random, edition)]


def dependants(edition):
    def of(rows):
        victim = rows[0]
        spending = figure(edition, "spending_year_fen", victim)
        lost = Fraction(victim["labour_lost_bp"], 10_000)
        years = [living_years(claim) for claim in rows]
        parts = [Fraction(1, claim["supporters_count"]) for claim in rows]
        alone = [half_up(spending * lost * n * part) for n, part in zip(years, parts, strict=True)]
        whole = Fraction(0)
        for year in range(max(years)):
            living = (part for n, part in zip(years, parts, strict=True) if year < n)
            whole += min(Fraction(1), sum(living))
        together = min(half_up(spending * lost * whole), sum(alone))
        return largest_remainders(together, alone)

    return of


def living_years(claim):
    years = age(claim, "counted_on")
    if years < 18:
        return 18 - years
    return years_from(years) if claim["is_unable_to_work"] else 0


def most_lived(edition):
    """One person's spending for twenty years."""
    return lambda rows: 20 * figure(edition, "spending_year_fen", rows[0])


def family(random, edition):
    """The dependants of one victim."""
    first = row(random, edition, is_usual_terms=True) | listed(random, edition)
    first["counted_on"] = random.randrange(17_000, 20_500)
    drawn = []
    for _ in range(random.randint(1, 5)):
        ages = random.choice((random.randrange(7_000), random.randrange(36_000)))
        drawn.append(
            first
            | {"born_on": max(-25_000, first["counted_on"] - ages)}
            | {"is_unable_to_work": random.random() < 0.6}
            | {"supporters_count": random.randint(1, 10)}
        )
    return drawn


INJURY = ("bodily_injury_2004", "bodily_injury_2022")
LIVING = ("dependants_living_2004", "dependants_living_2022")
TOLD = ("medical_cost_fen", "later_treatment_fen", "travel_fen", "aids_fen", "mental_distress_fen")

REFERENCE = {e: injury(e) for e in INJURY} | {e: dependants(e) for e in LIVING}
MOST_PAID = {e: most_asked(e) for e in INJURY} | {e: most_lived(e) for e in LIVING}
MOST_LOST = MOST_PAID
FIXED_TERMS = {*INJURY, *LIVING}
GROUPED = set(LIVING)
DRAWN = {
    "bodily_injury_2004": without_wages,
    "bodily_injury_2022": injured,
    **dict.fromkeys(LIVING, family),
}
MORE_LOSS = dict.fromkeys(INJURY, TOLD)
