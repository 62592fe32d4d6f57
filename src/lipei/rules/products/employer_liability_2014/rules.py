"""Liability of an employer (benefit_rules M1, M3, M4): employees on the list, in the ratio of
those insured to those employed, within the limit of each person and then of the event.

Limits are applied last (benefit_rules A5): the ratio of persons comes before them.
"""

from lipei.rules.days import Days
from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, capped, chosen, only_if, ratio_of
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key, shared, sum_of


@rule(clause="list", zh="事故当日在名单内", en="On the list on the day")
def is_listed(event_on: Days, listed_from_on: Days, listed_until_on: Days) -> Flag:
    """Both the first and the last day on the list count (M1)."""
    listed: Flag = (listed_from_on <= event_on) & (event_on <= listed_until_on)
    return listed


@rule(
    clause="list",
    zh="减：事故当日不在名单内",
    en="Less: not on the list on that day",
    sign="-",
    why=(
        "事故发生于{event_on}；名单自{listed_from_on}至{listed_until_on}",
        "Event on {event_on}; on the list from {listed_from_on} to {listed_until_on}",
    ),
)
def unlisted_fen(loss_fen: Fen, is_listed: Flag) -> Fen:
    """All that is owed for an employee who was not on the list."""
    return only_if(~is_listed, loss_fen)


@rule(clause="proportion", zh="按投保人数比例", en="In the ratio of those insured")
def proportional_fen(
    loss_fen: Fen, unlisted_fen: Fen, insured_count: Fen, employed_count: Fen
) -> Fen:
    """Where fewer are insured than employed, the ratio of both; in full where the numbers were
    not told or are even (M4)."""
    covered = loss_fen - unlisted_fen
    ratio = ratio_of(covered, capped(insured_count, employed_count), employed_count)
    return chosen(employed_count > 0, ratio, covered)


@rule(
    clause="proportion",
    zh="减：投保人数不足部分",
    en="Less: fewer insured than employed",
    sign="-",
    why=(
        "投保 {insured_count} 人，实有 {employed_count} 人",
        "{insured_count} are insured of {employed_count} employed",
    ),
)
def uninsured_fen(loss_fen: Fen, unlisted_fen: Fen, proportional_fen: Fen) -> Fen:
    """What falls on those who are not insured (M4)."""
    return loss_fen - unlisted_fen - proportional_fen


@rule(clause="person", zh="每人责任限额尚余", en="Left of the person's limit")
def person_left_fen(
    proportional_fen: Fen, person_limit_fen: Fen, person_paid_before_fen: Fen, employee_key: Key
) -> Fen:
    """The limit of the person, less what it bore before in this event."""
    used = used_before(
        proportional_fen, limit=person_limit_fen, opening=person_paid_before_fen, key=employee_key
    )
    return left_of(person_limit_fen, used)


@rule(clause="person", zh="每人限额以内", en="Within the person's limit")
def within_person_fen(proportional_fen: Fen, person_left_fen: Fen) -> Fen:
    """What the limit of the person allows (M3)."""
    return capped(proportional_fen, person_left_fen)


@rule(
    clause="person",
    zh="减：超过每人责任限额的部分",
    en="Less: above the person's limit",
    sign="-",
    why=(
        "每人限额 {person_limit_fen}，尚余 {person_left_fen}",
        "The limit is {person_limit_fen}, of which {person_left_fen} was left",
    ),
)
def over_person_fen(proportional_fen: Fen, within_person_fen: Fen) -> Fen:
    """What the limit of the person does not reach."""
    return proportional_fen - within_person_fen


@rule(clause="event", zh="每次事故限额尚余", en="Left of the event's limit")
def event_left_fen(event_limit_fen: Fen, event_paid_before_fen: Fen) -> Fen:
    """The limit of the event, less what was paid for it before."""
    return left_of(event_limit_fen, event_paid_before_fen)


@rule(
    clause="event",
    zh="减：超过每次事故责任限额的部分",
    en="Less: above the event's limit",
    sign="-",
    why=(
        "每次事故限额尚余 {event_left_fen}，由各雇员按比例分配",
        "{event_left_fen} of the event's limit was left for all, in proportion",
    ),
)
def over_event_fen(within_person_fen: Fen, benefit_fen: Fen) -> Fen:
    """What the limit of the event does not reach."""
    return within_person_fen - benefit_fen


@rule(clause="event", zh="雇主责任险赔款合计", en="Paid for this employee", sign="=")
def benefit_fen(within_person_fen: Fen, event_left_fen: Fen, event_key: Key) -> Fen:
    """The limit of the event, divided among all employees in proportion (M3)."""
    payable_fen = capped(sum_of(within_person_fen, event_key), event_left_fen)
    return shared(payable_fen, within_person_fen, event_key)
