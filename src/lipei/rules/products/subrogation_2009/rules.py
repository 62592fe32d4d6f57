"""Who gets what of a recovery and of salvage (benefit_rules L1-L7): what is paid here is what
comes to the insurer; what the insured keeps stands on the sheet beside it.
"""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, above, capped, chosen, only_if, positive, ratio_of


@rule(clause="waiver", zh="保险人应付赔款", en="Owed by the insurer")
def owed_fen(payable_fen: Fen, was_waived_before: Flag, is_fixed_sum: Flag) -> Fen:
    """What the cover pays; nothing where the insured gave up the claim before payment (L3), but
    a fixed sum is owed whatever the third party owes (L1)."""
    return only_if(~was_waived_before | is_fixed_sum, payable_fen)


@rule(clause="household", zh="对家庭成员不得追偿", en="Spared as a member of the household")
def is_spared(is_household: Flag, is_intentional: Flag) -> Flag:
    """A member of the household who did not act with intent (L4)."""
    spared: Flag = is_household & ~is_intentional
    return spared


@rule(clause="fixed", zh="可追偿", en="May be recovered")
def has_recourse(is_fixed_sum: Flag, is_spared: Flag) -> Flag:
    """Not for fixed sums (L1), nor from whom the law spares."""
    recourse: Flag = ~is_fixed_sum & ~is_spared
    return recourse


@rule(clause="right", zh="可追偿上限", en="Most that may be recovered")
def right_fen(owed_fen: Fen, has_recourse: Flag) -> Fen:
    """Up to what was paid (L1)."""
    return only_if(has_recourse, owed_fen)


@rule(clause="right", zh="从第三者取得合计", en="All that came from the third party")
def pot_fen(recovered_fen: Fen, insured_received_fen: Fen) -> Fen:
    """Whoever of the two received it."""
    return recovered_fen + insured_received_fen


@rule(clause="priority", zh="未获赔的损失", en="Loss that was not covered")
def uncovered_fen(loss_fen: Fen, owed_fen: Fen) -> Fen:
    """What the insured bears of the loss."""
    return loss_fen - owed_fen


@rule(clause="priority", zh="归保险人部分（扣费用前）", en="To the insurer, before cost")
def insurer_gross_fen(
    pot_fen: Fen,
    uncovered_fen: Fen,
    right_fen: Fen,
    owed_fen: Fen,
    loss_fen: Fen,
    is_insured_first: Flag,
) -> Fen:
    """The insured first for what was not covered, or in proportion (L6); never above what was
    paid (L5)."""
    after_insured = above(pot_fen, uncovered_fen)
    in_proportion = ratio_of(pot_fen, owed_fen, loss_fen)
    return capped(chosen(is_insured_first, after_insured, in_proportion), right_fen)


@rule(clause="cost", zh="追偿所得承担的费用", en="Cost borne by the recovery")
def borne_cost_fen(recovery_cost_fen: Fen, recovered_fen: Fen, has_recourse: Flag) -> Fen:
    """The cost, as far as the recovery reaches (L7); none where there was no right to it."""
    return only_if(has_recourse, capped(recovery_cost_fen, recovered_fen))


@rule(clause="cost", zh="其中保险人分担", en="Of this, by the insurer")
def insurer_cost_fen(borne_cost_fen: Fen, insurer_gross_fen: Fen, pot_fen: Fen) -> Fen:
    """In proportion to what each gets (L7)."""
    return ratio_of(borne_cost_fen, insurer_gross_fen, pot_fen)


@rule(
    clause="cost",
    zh="减：追偿费用",
    en="Less: cost of the recovery",
    sign="-",
    part="recovery",
    why=(
        "按各自所得分担，其中保险人 {insurer_cost_fen}",
        "In proportion to what each gets, of this {insurer_cost_fen} by the insurer",
    ),
)
def cost_fen(borne_cost_fen: Fen) -> Fen:
    """The cost comes first from the recovery (L7)."""
    return borne_cost_fen


@rule(
    clause="priority",
    zh="减：归被保险人",
    en="Less: belongs to the insured",
    sign="-",
    part="recovery",
    why=(
        "未获赔的损失 {uncovered_fen}；保险人以 {right_fen} 为限",
        "{uncovered_fen} of the loss was not covered; the insurer recovers up to {right_fen}",
    ),
)
def insured_fen(
    pot_fen: Fen, insurer_gross_fen: Fen, borne_cost_fen: Fen, insurer_cost_fen: Fen
) -> Fen:
    """What is not the insurer's, less its own part of the cost (L5, L6)."""
    return pot_fen - insurer_gross_fen - (borne_cost_fen - insurer_cost_fen)


@rule(clause="right", zh="追偿归保险人", en="To the insurer", sign="=", part="recovery")
def insurer_fen(insurer_gross_fen: Fen, insurer_cost_fen: Fen) -> Fen:
    """What comes to the insurer of the recovery."""
    return insurer_gross_fen - insurer_cost_fen


@rule(clause="right", zh="被保险人应返还", en="To be given back by the insured")
def given_back_fen(insured_received_fen: Fen, insured_fen: Fen) -> Fen:
    """What the insured received above its own part, after the insurer had paid (L2)."""
    return positive(insured_received_fen - insured_fen)


@rule(
    clause="salvage",
    zh="减：残值归被保险人",
    en="Less: salvage that belongs to the insured",
    sign="-",
    part="salvage",
    why=(
        "保险金额 {sum_insured_fen}，保险价值 {value_fen}，赔款 {owed_fen}",
        "{sum_insured_fen} was insured of {value_fen}, and {owed_fen} paid",
    ),
)
def salvage_kept_fen(
    salvage_sold_fen: Fen,
    sum_insured_fen: Fen,
    value_fen: Fen,
    owed_fen: Fen,
    is_fixed_sum: Flag,
) -> Fen:
    """Once the whole sum was paid, the insurer has the salvage in the ratio of sum to value, and
    nothing before that."""
    is_paid_in_full = (owed_fen >= sum_insured_fen) & (sum_insured_fen > 0) & ~is_fixed_sum
    part = ratio_of(salvage_sold_fen, capped(sum_insured_fen, value_fen), value_fen)
    return salvage_sold_fen - only_if(is_paid_in_full, part)


@rule(clause="salvage", zh="残值归保险人", en="Salvage to the insurer", sign="=", part="salvage")
def salvage_fen(salvage_sold_fen: Fen, salvage_kept_fen: Fen) -> Fen:
    """What comes to the insurer of the salvage."""
    return salvage_sold_fen - salvage_kept_fen


@rule(clause="right", zh="归保险人合计", en="To the insurer in all", sign="=")
def benefit_fen(insurer_fen: Fen, salvage_fen: Fen) -> Fen:
    """What comes to the insurer of recovery and salvage."""
    return insurer_fen + salvage_fen
