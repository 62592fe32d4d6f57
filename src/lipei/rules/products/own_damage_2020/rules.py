"""Own damage 车损险, model clauses of 2020: what the repair costs, or the sum insured in a
total loss, less what others paid, what was kept, and what the owner agreed to bear.

The share of fault plays no part (benefit_rules C1-C3, C5-C11). Rescue costs are counted
apart. Passing from a partial to a total loss may lower the sum: property P2 exempts it.
"""

from lipei.rules.days import Days, full_months
from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    only_if,
    portion,
    positive,
    ratio_of,
    rest_of,
)


@rule(clause="value", zh="已使用月数", en="Months in use")
def used_months_count(registered_on: Days, lost_on: Days) -> Fen:
    """Full months from the first registration to the loss; a month begun is not counted (C7)."""
    return full_months(registered_on, lost_on)


@rule(clause="value", zh="折旧比例", en="Depreciation")
def depreciation_bp(
    used_months_count: Fen, monthly_rate_bp: BasisPoints, depreciation_cap_bp: BasisPoints
) -> BasisPoints:
    """The monthly rate for every month in use, never above the cap (C7)."""
    return capped(used_months_count * monthly_rate_bp, depreciation_cap_bp)


@rule(clause="value", zh="出险时实际价值", en="Actual value at the loss")
def value_fen(actual_value_fen: Fen, new_price_fen: Fen, depreciation_bp: BasisPoints) -> Fen:
    """The actual value as agreed or appraised; else the price when new less depreciation (C7).
    Nothing means that it was not determined."""
    depreciated = portion(new_price_fen, rest_of(depreciation_bp))
    return chosen(actual_value_fen > 0, actual_value_fen, depreciated)


@rule(clause="total_loss", zh="按全损处理", en="Settled as a total loss")
def is_settled_as_total(
    is_total_loss: Flag, repair_cost_fen: Fen, rescue_expected_fen: Fen, value_fen: Fen
) -> Flag:
    """The car is lost, or saving it would cost more than it was worth (C8). An actual value
    of nothing means that it was not determined."""
    saving_costs_more = repair_cost_fen + rescue_expected_fen > value_fen
    settled: Flag = is_total_loss | ((value_fen > 0) & saving_costs_more)
    return settled


@rule(
    clause="total_loss",
    zh="全损，按保险金额",
    en="Total loss: the sum insured",
    sign="+",
    part="car",
)
def total_loss_fen(is_settled_as_total: Flag, sum_insured_fen: Fen) -> Fen:
    """The sum insured where the car is a total loss (C1)."""
    return only_if(is_settled_as_total, sum_insured_fen)


@rule(
    clause="partial_loss",
    zh="定损修理费用",
    en="Repair cost as assessed",
    sign="+",
    part="car",
)
def repair_due_fen(is_settled_as_total: Flag, repair_cost_fen: Fen) -> Fen:
    """The assessed repair cost where the car can be repaired (C2)."""
    return only_if(~is_settled_as_total, repair_cost_fen)


@rule(
    clause="partial_loss",
    zh="减：超过保险金额的部分",
    en="Less: above the sum insured",
    sign="-",
    part="car",
    why=("保险金额 {sum_insured_fen}", "Sum insured {sum_insured_fen}"),
)
def repair_over_fen(repair_due_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The repair cost above the sum insured (C2)."""
    return above(repair_due_fen, sum_insured_fen)


@rule(clause="partial_loss", zh="赔款计算基数", en="Base of the sum")
def base_fen(total_loss_fen: Fen, repair_due_fen: Fen, repair_over_fen: Fen) -> Fen:
    """What the sum starts from: the sum insured or the repair cost within it."""
    return total_loss_fen + repair_due_fen - repair_over_fen


@rule(
    clause="recovered",
    zh="减：已从第三方获得的赔偿",
    en="Less: already received from third parties",
    sign="-",
    part="car",
    why=("已获赔偿 {recovered_fen}", "Received {recovered_fen}"),
)
def recovered_taken_fen(base_fen: Fen, recovered_fen: Fen) -> Fen:
    """What the other side, its compulsory cover included, has already paid (C11)."""
    return capped(base_fen, recovered_fen)


@rule(
    clause="salvage",
    zh="减：归您所有的残值",
    en="Less: salvage that you keep",
    sign="-",
    part="car",
    why=("协商残值 {salvage_kept_fen}", "Agreed value {salvage_kept_fen}"),
)
def salvage_taken_fen(base_fen: Fen, recovered_taken_fen: Fen, salvage_kept_fen: Fen) -> Fen:
    """The agreed value of the salvage that stays with the insured (C6)."""
    return capped(base_fen - recovered_taken_fen, salvage_kept_fen)


@rule(
    clause="deductible",
    zh="减：绝对免赔额",
    en="Less: absolute deductible",
    sign="-",
    part="car",
    why=("保单约定 {deductible_fen}", "{deductible_fen} by the policy"),
)
def deductible_taken_fen(
    base_fen: Fen, recovered_taken_fen: Fen, salvage_taken_fen: Fen, deductible_fen: Fen
) -> Fen:
    """The part of the agreed deductible that this loss uses up (C1, C2)."""
    return capped(base_fen - recovered_taken_fen - salvage_taken_fen, deductible_fen)


@rule(clause="add_on_rate", zh="免赔率前金额", en="Before the deductible rate")
def before_rate_fen(
    base_fen: Fen, recovered_taken_fen: Fen, salvage_taken_fen: Fen, deductible_taken_fen: Fen
) -> Fen:
    """What is left after everything that is deducted as an amount."""
    return base_fen - recovered_taken_fen - salvage_taken_fen - deductible_taken_fen


@rule(
    clause="add_on_rate",
    zh="减：绝对免赔率特约",
    en="Less: absolute deductible rate (add-on)",
    sign="-",
    part="car",
    why=("保单约定 {add_on_rate_bp}", "{add_on_rate_bp} by the policy"),
)
def rate_kept_fen(before_rate_fen: Fen, car_fen: Fen) -> Fen:
    """What the owner bears by the add-on (C3)."""
    return before_rate_fen - car_fen


@rule(clause="partial_loss", zh="车辆损失应赔", en="Payable for the car", sign="=", part="car")
def car_fen(before_rate_fen: Fen, add_on_rate_bp: BasisPoints) -> Fen:
    """What is paid for the car itself."""
    return portion(before_rate_fen, rest_of(add_on_rate_bp))


@rule(
    clause="rescue",
    zh="减：未保险财产分摊的施救费用",
    en="Less: rescue of uninsured property",
    sign="-",
    part="rescue",
    why=(
        "一并施救的未保险财产价值 {rescued_other_value_fen}",
        "Uninsured property worth {rescued_other_value_fen} was rescued too",
    ),
)
def rescue_others_fen(rescue_spent_fen: Fen, rescue_own_fen: Fen) -> Fen:
    """The part of the rescue costs that falls to property which is not insured here (C5)."""
    return rescue_spent_fen - rescue_own_fen


@rule(clause="rescue", zh="本车应分摊的施救费用", en="Rescue costs of the car")
def rescue_own_fen(
    rescue_spent_fen: Fen, rescued_other_value_fen: Fen, value_fen: Fen, sum_insured_fen: Fen
) -> Fen:
    """The rescue costs in the proportion of the actual values of all that was rescued (C5). The
    sum insured stands for the value of a car that was not valued."""
    worth = chosen(value_fen > 0, value_fen, sum_insured_fen)
    return ratio_of(rescue_spent_fen, worth, worth + rescued_other_value_fen)


@rule(
    clause="rescue",
    zh="减：超过保险金额的施救费用",
    en="Less: rescue costs above the sum insured",
    sign="-",
    part="rescue",
    why=("施救费用另计，以保险金额为限", "Counted apart, up to the sum insured"),
)
def rescue_over_fen(rescue_own_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The rescue costs above a second sum insured (C5)."""
    return above(rescue_own_fen, sum_insured_fen)


@rule(clause="rescue", zh="施救费用应赔", en="Payable for rescue", sign="=", part="rescue")
def rescue_fen(rescue_own_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """What is paid for rescue and towing, beside the car (C5)."""
    return capped(rescue_own_fen, sum_insured_fen)


@rule(clause="cover_ends", zh="赔付后保险责任终止", en="The cover ends with this payment")
def is_cover_ended(
    is_settled_as_total: Flag,
    car_fen: Fen,
    rate_kept_fen: Fen,
    deductible_taken_fen: Fen,
    sum_insured_fen: Fen,
) -> Flag:
    """A total loss, or one payment that with its deductibles, rescue not counted, reaches
    the sum insured (C9)."""
    reached = car_fen + rate_kept_fen + deductible_taken_fen >= sum_insured_fen
    ended: Flag = is_settled_as_total | reached
    return ended


@rule(clause="recourse", zh="扣除残值后的损失", en="Loss less the salvage")
def net_loss_fen(
    total_loss_fen: Fen, repair_due_fen: Fen, salvage_taken_fen: Fen, rescue_own_fen: Fen
) -> Fen:
    """What the insured lost of the car and spent on its rescue, before any cover."""
    return total_loss_fen + repair_due_fen - salvage_taken_fen + rescue_own_fen


@rule(clause="recourse", zh="对方尚应承担", en="Still owed by the other side")
def owed_by_other_fen(
    net_loss_fen: Fen, other_compulsory_fen: Fen, other_share_bp: BasisPoints, recovered_fen: Fen
) -> Fen:
    """The other side's compulsory cover, and its share of what that leaves, less what it has
    paid already (C10)."""
    compulsory = capped(net_loss_fen, other_compulsory_fen)
    owed = compulsory + portion(net_loss_fen - compulsory, other_share_bp)
    return positive(owed - recovered_fen)


@rule(clause="recourse", zh="可向对方追偿", en="Recoverable from the other side")
def recoverable_fen(
    owed_by_other_fen: Fen,
    net_loss_fen: Fen,
    recovered_taken_fen: Fen,
    car_fen: Fen,
    rescue_fen: Fen,
) -> Fen:
    """What the insurer takes over of the claim against the other side: up to what it paid, and
    behind what the insured still lacks (C10, L1, L6)."""
    paid = car_fen + rescue_fen
    lacking = net_loss_fen - recovered_taken_fen - paid
    return capped(positive(owed_by_other_fen - lacking), paid)


@rule(clause="partial_loss", zh="车损险赔款合计", en="Paid by the own damage cover", sign="=")
def benefit_fen(car_fen: Fen, rescue_fen: Fen) -> Fen:
    """What the own damage cover pays for this accident."""
    return car_fen + rescue_fen
