"""Business interruption 营业中断险: the gross profit lost and the costs that kept the turnover up,
less what was saved, by average, after waiting days or a deductible (benefit_rules I10).

The adjusted turnover, the gross profit lost and the gross profit that must be insured are
amounts of their own, in fen; average and waiting days after them are rounded once.
"""

from lipei.rules.days import Days
from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, above, at_least, capped, portion, ratio_of
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(clause="profit", zh="调整后标准营业额", en="Turnover to be expected")
def expected_turnover_fen(
    standard_turnover_fen: Fen, growth_bp: BasisPoints, decline_bp: BasisPoints
) -> Fen:
    """The turnover a year ago, with the growth or the decline of the business."""
    grown_fen = standard_turnover_fen + portion(standard_turnover_fen, growth_bp)
    return grown_fen - portion(standard_turnover_fen, decline_bp)


@rule(clause="profit", zh="营业额下降", en="Turnover lost")
def lost_turnover_fen(expected_turnover_fen: Fen, actual_turnover_fen: Fen) -> Fen:
    """What the turnover fell short of what was to be expected."""
    return above(expected_turnover_fen, actual_turnover_fen)


@rule(
    clause="profit",
    zh="毛利润损失",
    en="Gross profit lost",
    sign="+",
    part="profit",
    why=(
        "营业额下降 {lost_turnover_fen} × 毛利润率 {gross_profit_bp}",
        "{lost_turnover_fen} of turnover lost x {gross_profit_bp}",
    ),
)
def lost_profit_fen(lost_turnover_fen: Fen, gross_profit_bp: BasisPoints) -> Fen:
    """The gross profit of the turnover that was lost."""
    return portion(lost_turnover_fen, gross_profit_bp)


@rule(clause="extra", zh="营业费用增加", en="Costs increased", sign="+", part="profit")
def extra_asked_fen(extra_cost_fen: Fen) -> Fen:
    """The costs that were spent to keep the turnover up."""
    return extra_cost_fen


@rule(clause="extra", zh="费用增加的最高额", en="Most of such costs")
def extra_most_fen(saved_turnover_fen: Fen, gross_profit_bp: BasisPoints) -> Fen:
    """The gross profit of the turnover that these costs kept up."""
    return portion(saved_turnover_fen, gross_profit_bp)


@rule(
    clause="extra",
    zh="减：超过所避免毛利润损失的费用",
    en="Less: costs above the gross profit that they kept up",
    sign="-",
    part="profit",
    why=("以 {extra_most_fen} 为限", "At most {extra_most_fen}"),
)
def extra_over_fen(extra_cost_fen: Fen, extra_most_fen: Fen) -> Fen:
    """Costs that were not worth what they saved."""
    return above(extra_cost_fen, extra_most_fen)


@rule(
    clause="profit",
    zh="减：停止或减少的费用",
    en="Less: costs that stopped meanwhile",
    sign="-",
    part="profit",
    why=("节省 {saved_cost_fen}", "{saved_cost_fen} was saved"),
)
def saved_taken_fen(
    lost_profit_fen: Fen, extra_cost_fen: Fen, extra_over_fen: Fen, saved_cost_fen: Fen
) -> Fen:
    """What the insured need not pay while the business stands still."""
    return capped(lost_profit_fen + extra_cost_fen - extra_over_fen, saved_cost_fen)


@rule(clause="profit", zh="毛利润损失合计", en="Loss of gross profit in all")
def loss_fen(
    lost_profit_fen: Fen, extra_cost_fen: Fen, extra_over_fen: Fen, saved_taken_fen: Fen
) -> Fen:
    """What the interruption cost the insured."""
    return lost_profit_fen + extra_cost_fen - extra_over_fen - saved_taken_fen


@rule(clause="average", zh="应保毛利润", en="Gross profit that must be insured")
def required_fen(
    yearly_turnover_fen: Fen, longest_months_count: Fen, gross_profit_bp: BasisPoints
) -> Fen:
    """The gross profit of a year, or of a longer indemnity period; one fen at least."""
    months = at_least(longest_months_count, 12)
    return at_least(ratio_of(yearly_turnover_fen, months, 12, gross_profit_bp), 1)


@rule(clause="average", zh="其中已投保", en="Of this, insured")
def insured_fen(required_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The sum insured, as far as it is needed."""
    return capped(sum_insured_fen, required_fen)


@rule(clause="average", zh="比例赔付后", en="After average")
def averaged_fen(loss_fen: Fen, insured_fen: Fen, required_fen: Fen) -> Fen:
    """The loss in the proportion in which the gross profit is insured."""
    return ratio_of(loss_fen, insured_fen, required_fen)


@rule(
    clause="average",
    zh="减：不足额部分",
    en="Less: the part that is not insured",
    sign="-",
    part="profit",
    why=(
        "保险金额 {sum_insured_fen}，应保 {required_fen}，按比例赔付",
        "Insured for {sum_insured_fen} of {required_fen}: paid in proportion",
    ),
)
def underinsured_fen(loss_fen: Fen, averaged_fen: Fen) -> Fen:
    """What the insured bears since the gross profit was not insured in full."""
    return loss_fen - averaged_fen


@rule(clause="deductible", zh="免赔期后天数", en="Days after the waiting days")
def paid_days(indemnity_days: Days, waiting_days: Days) -> Days:
    """The days of the interruption that are left after the waiting days."""
    days: Days = left_of(indemnity_days, waiting_days)
    return days


@rule(clause="deductible", zh="免赔期后", en="After the waiting days")
def waited_fen(
    loss_fen: Fen, insured_fen: Fen, required_fen: Fen, paid_days: Days, indemnity_days: Days
) -> Fen:
    """The insured loss of the days that are left, every day alike."""
    return ratio_of(loss_fen, insured_fen * paid_days, required_fen * indemnity_days)


@rule(
    clause="deductible",
    zh="减：免赔期内的损失",
    en="Less: loss of the waiting days",
    sign="-",
    part="profit",
    why=(
        "赔偿期 {indemnity_days} 天，免赔 {waiting_days} 天",
        "{waiting_days} waiting days of {indemnity_days}",
    ),
)
def waiting_fen(averaged_fen: Fen, waited_fen: Fen) -> Fen:
    """The part of the loss that falls on the waiting days."""
    return averaged_fen - waited_fen


@rule(
    clause="deductible",
    zh="减：免赔额",
    en="Less: deductible",
    sign="-",
    part="profit",
    why=("保单约定 {deductible_fen}", "{deductible_fen} by the policy"),
)
def deductible_taken_fen(waited_fen: Fen, deductible_fen: Fen) -> Fen:
    """The deductible as an amount, as far as the loss reaches it."""
    return capped(waited_fen, deductible_fen)


@rule(clause="sum", zh="免赔后应赔", en="Due after the deductible")
def due_fen(waited_fen: Fen, deductible_taken_fen: Fen) -> Fen:
    """What is due before the sum insured cuts it."""
    return waited_fen - deductible_taken_fen


@rule(clause="sum", zh="保险金额尚余", en="Left of the sum insured")
def sum_left_fen(
    due_fen: Fen, sum_insured_fen: Fen, paid_before_fen: Fen, policy_year_key: Key
) -> Fen:
    """The sum insured, less what was paid before in this year."""
    used = used_before(due_fen, limit=sum_insured_fen, opening=paid_before_fen, key=policy_year_key)
    return left_of(sum_insured_fen, used)


@rule(
    clause="sum",
    zh="减：超过保险金额的部分",
    en="Less: above the sum insured",
    sign="-",
    part="profit",
    why=("保险金额尚余 {sum_left_fen}", "{sum_left_fen} is left of the sum insured"),
)
def sum_over_fen(due_fen: Fen, sum_left_fen: Fen) -> Fen:
    """What the sum insured no longer reaches."""
    return above(due_fen, sum_left_fen)


@rule(clause="sum", zh="营业中断险赔款合计", en="Paid for the interruption", sign="=")
def benefit_fen(due_fen: Fen, sum_over_fen: Fen) -> Fen:
    """What is paid for this interruption."""
    return due_fen - sum_over_fen
