"""Own damage 车损险, model clauses of 2020: what the repair costs, or the sum insured in a
total loss, less what others paid, what was kept, and what the owner agreed to bear.

The share of fault plays no part (benefit_rules C1-C3, C6, C8-C11). Rescue costs are counted
apart. Passing from a partial to a total loss may lower the sum: property P2 exempts it.
"""

from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    only_if,
    portion,
    rest_of,
)


@rule(clause="total_loss", zh="按全损处理", en="Settled as a total loss")
def is_settled_as_total(
    is_total_loss: Flag, repair_cost_fen: Fen, rescue_expected_fen: Fen, actual_value_fen: Fen
) -> Flag:
    """The car is lost, or saving it would cost more than it was worth (C8). An actual value
    of nothing means that it was not determined."""
    saving_costs_more = repair_cost_fen + rescue_expected_fen > actual_value_fen
    settled: Flag = is_total_loss | ((actual_value_fen > 0) & saving_costs_more)
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
    zh="减：超过保险金额的施救费用",
    en="Less: rescue costs above the sum insured",
    sign="-",
    part="rescue",
    why=("施救费用另计，以保险金额为限", "Counted apart, up to the sum insured"),
)
def rescue_over_fen(rescue_spent_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The rescue costs above a second sum insured (C5)."""
    return above(rescue_spent_fen, sum_insured_fen)


@rule(clause="rescue", zh="施救费用应赔", en="Payable for rescue", sign="=", part="rescue")
def rescue_fen(rescue_spent_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """What is paid for rescue and towing, beside the car (C5)."""
    return capped(rescue_spent_fen, sum_insured_fen)


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


@rule(clause="partial_loss", zh="车损险赔款合计", en="Paid by the own damage cover", sign="=")
def benefit_fen(car_fen: Fen, rescue_fen: Fen) -> Fen:
    """What the own damage cover pays for this accident."""
    return car_fen + rescue_fen
