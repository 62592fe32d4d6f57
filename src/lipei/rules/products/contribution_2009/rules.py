"""Contribution 重复保险分摊: what each of several insurers bears of a loss (benefit_rules K1, K2).

The rows of a loss are its insurers. By law they bear it in proportion to their sums insured,
by agreement in proportion to what each would pay alone, or one after the other in the order in
which they are listed. Never more than the value, never more than an insurer would pay alone;
what falls on one that its own clauses cut is not divided again. The loss is as each insurer's
clauses assess it, before deductibles.
"""

from lipei.rules.engine import rule
from lipei.rules.money import ZERO, Fen, above, capped, picked
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key, shared, sum_of


@rule(clause="double", zh="各合同保险金额合计", en="Sums insured by all insurers")
def all_sums_fen(sum_insured_fen: Fen, event_key: Key) -> Fen:
    """The sums insured of all insurers of this loss."""
    return sum_of(sum_insured_fen, event_key)


@rule(clause="double", zh="各合同共同赔偿的最高额", en="Most that all insurers pay together")
def most_fen(all_sums_fen: Fen, value_fen: Fen) -> Fen:
    """Together the insurers never pay more than the value or their sums (K1)."""
    return capped(all_sums_fen, value_fen)


@rule(
    clause="double",
    zh="减：超过保险价值或保险金额合计",
    en="Less: above the value or all sums insured",
    sign="-",
    part="share",
    why=("各保险人合计以 {most_fen} 为限", "All insurers together pay at most {most_fen}"),
)
def over_fen(loss_fen: Fen, most_fen: Fen) -> Fen:
    """The part of the loss that no insurer pays."""
    return above(loss_fen, most_fen)


@rule(clause="double", zh="各保险人共同承担", en="Borne by all insurers together")
def joint_fen(loss_fen: Fen, over_fen: Fen) -> Fen:
    """What the insurers divide among themselves."""
    return loss_fen - over_fen


@rule(clause="own", zh="本合同单独应赔", en="What this insurer would pay alone")
def alone_most_fen(joint_fen: Fen, sum_insured_fen: Fen, alone_fen: Fen) -> Fen:
    """The loss within the sum insured, or what the insurer's own clauses make of it."""
    return capped(capped(joint_fen, sum_insured_fen), alone_fen)


@rule(clause="double", zh="按保险金额比例", en="In proportion to the sums insured")
def by_sums_fen(joint_fen: Fen, sum_insured_fen: Fen, event_key: Key) -> Fen:
    """The loss in proportion to the sums insured: what the law says (K1)."""
    return shared(joint_fen, sum_insured_fen, event_key)


@rule(clause="agreed", zh="各保险人单独应赔合计", en="What all would pay, each alone")
def all_alone_fen(alone_most_fen: Fen, event_key: Key) -> Fen:
    """What the insurers would pay, each as if alone."""
    return sum_of(alone_most_fen, event_key)


@rule(clause="agreed", zh="按责任限额比例", en="In proportion to what each would pay alone")
def by_limits_fen(joint_fen: Fen, all_alone_fen: Fen, alone_most_fen: Fen, event_key: Key) -> Fen:
    """The loss in proportion to what each would pay alone (K2)."""
    return shared(capped(joint_fen, all_alone_fen), alone_most_fen, event_key)


@rule(clause="agreed", zh="按保单顺序", en="In the order of the policies")
def in_order_fen(joint_fen: Fen, alone_most_fen: Fen, event_key: Key) -> Fen:
    """What the policies before this one left of the loss (K2)."""
    borne_fen = used_before(
        alone_most_fen, limit=joint_fen, opening=ZERO * joint_fen, key=event_key
    )
    return capped(alone_most_fen, left_of(joint_fen, borne_fen))


@rule(clause="double", zh="按分摊方式应承担", en="Falls on this insurer by the method")
def falls_fen(method_code: Fen, by_sums_fen: Fen, by_limits_fen: Fen, in_order_fen: Fen) -> Fen:
    """What falls on this insurer by the law or by the method agreed (K1, K2)."""
    return picked(method_code, by_sums_fen, by_limits_fen, in_order_fen)


@rule(
    clause="double",
    zh="减：由其他保险人承担或无人承担",
    en="Less: falls on the other insurers, or on none",
    sign="-",
    part="share",
    why=(
        "本合同保险金额 {sum_insured_fen}，各合同合计 {all_sums_fen}",
        "Insured here for {sum_insured_fen}, by all insurers for {all_sums_fen}",
    ),
)
def elsewhere_fen(joint_fen: Fen, falls_fen: Fen) -> Fen:
    """The part of the loss that does not fall on this insurer."""
    return joint_fen - falls_fen


@rule(
    clause="own",
    zh="减：超过本合同单独应赔",
    en="Less: above what this insurer would pay alone",
    sign="-",
    part="share",
    why=("单独应赔 {alone_most_fen}", "Alone it would pay {alone_most_fen}"),
)
def alone_over_fen(falls_fen: Fen, alone_most_fen: Fen) -> Fen:
    """No insurer pays more for having company."""
    return above(falls_fen, alone_most_fen)


@rule(clause="double", zh="本保险人应赔", en="Paid by this insurer", sign="=")
def benefit_fen(falls_fen: Fen, alone_over_fen: Fen) -> Fen:
    """What this insurer pays of the loss."""
    return falls_fen - alone_over_fen


@rule(clause="double", zh="各保险人赔款合计", en="Paid by all insurers together")
def event_fen(benefit_fen: Fen, event_key: Key) -> Fen:
    """What all insurers pay of the loss."""
    return sum_of(benefit_fen, event_key)
