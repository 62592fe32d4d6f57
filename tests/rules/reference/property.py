"""Property, item by item: section I of the benefit rules."""

from fractions import Fraction

from tests.rules.draws import row
from tests.rules.exact import half_up, largest_remainders

BP = 10_000
OF_AN_EVENT = (
    "deductible_fen",
    "deductible_bp",
    "sum_deductible_bp",
    "is_relative",
    "event_limit_fen",
    "event_paid_before_fen",
)


def sum_in_force(item):
    return max(0, item["sum_insured_fen"] - item["sum_used_before_fen"])


def paid_part(item):
    """The part of a loss that average pays."""
    must = max(1, half_up(Fraction(item["value_fen"] * item["required_bp"], BP)))
    if item["is_first_loss"]:
        return Fraction(1)
    return min(Fraction(1), Fraction(sum_in_force(item), must))


def due_for_the_item(item):
    if item["is_peril_excluded"]:
        return 0
    lost = min(item["loss_fen"], item["value_fen"])
    lost = max(0, lost - item["recovered_fen"] - item["salvage_fen"])
    return min(half_up(lost * paid_part(item)), sum_in_force(item), item["item_limit_fen"])


def due_for_costs(item):
    if item["is_peril_excluded"]:
        return 0
    part = half_up(Fraction(item["sum_insured_fen"] * item["extra_limit_bp"], BP))
    return min(item["extra_cost_fen"], part, item["extra_limit_fen"])


def rescue(item):
    """The insured part of the value is an amount of its own, in fen."""
    if item["is_peril_excluded"]:
        return 0
    insured = half_up(item["value_fen"] * paid_part(item))
    everything = item["value_fen"] + item["other_rescued_value_fen"]
    spent = half_up(Fraction(item["rescue_cost_fen"] * insured, everything))
    return min(spent, item["value_fen"], sum_in_force(item))


def after_the_deductible(event, due):
    """What of an event's total is left; the relative kind is held against a whole amount."""
    by_rate = Fraction(due * event[0]["deductible_bp"], BP)
    sums = sum(item["sum_insured_fen"] for item in event)
    by_sums = Fraction(sums * event[0]["sum_deductible_bp"], BP)
    left = half_up(max(Fraction(0), due - max(by_rate, by_sums, event[0]["deductible_fen"])))
    return due if event[0]["is_relative"] and left else left


def property_event(event):
    due = [due_for_the_item(item) for item in event]
    kept = sum(due) - after_the_deductible(event, sum(due))
    losses = [d - k for d, k in zip(due, largest_remainders(kept, due), strict=True)]
    rows = [loss + due_for_costs(item) for loss, item in zip(losses, event, strict=True)]
    left = max(0, event[0]["event_limit_fen"] - event[0]["event_paid_before_fen"])
    paid = largest_remainders(min(sum(rows), left), rows)
    return [p + rescue(item) for p, item in zip(paid, event, strict=True)]


def most_paid(event):
    """The event within its limit, and rescue up to each sum once more."""
    sums = sum(item["sum_insured_fen"] for item in event)
    left = max(0, event[0]["event_limit_fen"] - event[0]["event_paid_before_fen"])
    return sums + min(left, 2 * sums)


def most_lost(event):
    asked = ("extra_cost_fen", "rescue_cost_fen")
    lost = sum(item[name] for item in event for name in asked)
    taken = ("recovered_fen", "salvage_fen")
    losses = (item["loss_fen"] - sum(item[name] for name in taken) for item in event)
    return lost + sum(max(0, fen) for fen in losses)


def event_of_items(random, edition):
    """The items of one event; three in four are likely to be paid something."""
    first = row(random, edition)
    same = {name: first[name] for name in OF_AN_EVENT}
    if random.random() < 0.5:
        same |= {"deductible_fen": random.randrange(2_000_00), "event_paid_before_fen": 0}
    return [likely(random, row(random, edition)) | same for _ in range(random.randint(1, 4))]


def likely(random, item):
    if random.random() < 0.25:
        return item
    value = random.randint(1, 10 ** random.randint(3, 10))
    item |= {"value_fen": value, "loss_fen": random.randint(0, value)}
    item |= {"sum_insured_fen": max(1, value * random.randint(1, 15) // 10)}
    item |= {name: item[name] // 10 for name in ("salvage_fen", "recovered_fen")}
    item |= {"is_peril_excluded": random.random() < 0.05, "sum_used_before_fen": 0}
    return item


EDITION = "property_2025"
REFERENCE = {EDITION: property_event}
MOST_PAID = {EDITION: most_paid}
MOST_LOST = {EDITION: most_lost}
GROUPED = {EDITION}
DRAWN = {EDITION: event_of_items}
MORE_LOSS = {EDITION: ("loss_fen", "extra_cost_fen", "rescue_cost_fen")}
HIGHER_DEDUCTIBLE = {EDITION: ("deductible_fen", "deductible_bp", "sum_deductible_bp")}
USED_BEFORE = {EDITION: ("sum_used_before_fen", "event_paid_before_fen")}
WORKED = {f"PR-{n:02}" for n in (*range(1, 13), 14)}
WORKED |= {"prop01", "prop07", "home01", "ded01", "ded03", "coins02"}
