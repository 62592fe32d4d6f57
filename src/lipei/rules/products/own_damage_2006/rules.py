"""Own damage 车损险, industry clauses of 2006 to 2009, as most published examinations compute it:
the loss less salvage and what the other side's compulsory cover paid, by the share of fault,
less the rates, less the deductible (benefit_rules C4b).

Passing from a partial to a total loss may lower the sum: property P2 exempts it.
"""

from lipei.rules.engine import rule
from lipei.rules.money import (
    ZERO,
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    only_if,
    picked,
    positive,
    ratio_of,
    rest_of,
)
from lipei.rules.products.own_damage_2014 import rules as later
from lipei.rules.products.own_damage_2020 import rules as kept

used_months_count = kept.used_months_count
depreciation_bp = kept.depreciation_bp
value_fen = kept.value_fen
is_settled_as_total = kept.is_settled_as_total


@rule(
    clause="total_loss",
    zh="全损，按保险金额与实际价值的较低者",
    en="Total loss: the sum insured or the actual value, whichever is lower",
    sign="+",
    part="car",
)
def total_loss_fen(is_settled_as_total: Flag, value_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The sum insured, or the actual value where it was determined and is lower (C4b)."""
    worth = chosen(value_fen > 0, capped(value_fen, sum_insured_fen), sum_insured_fen)
    return only_if(is_settled_as_total, worth)


repair_due_fen = kept.repair_due_fen


@rule(
    clause="salvage",
    zh="减：残值",
    en="Less: salvage",
    sign="-",
    part="car",
    why=("残值 {salvage_kept_fen}", "Salvage {salvage_kept_fen}"),
)
def salvage_taken_fen(total_loss_fen: Fen, repair_due_fen: Fen, salvage_kept_fen: Fen) -> Fen:
    """The value of the salvage that stays with the insured (C6)."""
    return capped(total_loss_fen + repair_due_fen, salvage_kept_fen)


@rule(
    clause="recovered",
    zh="减：对方交强险已赔",
    en="Less: paid by the other side's compulsory cover",
    sign="-",
    part="car",
    why=("对方交强险赔付 {recovered_fen}", "It paid {recovered_fen}"),
)
def recovered_taken_fen(
    total_loss_fen: Fen, repair_due_fen: Fen, salvage_taken_fen: Fen, recovered_fen: Fen
) -> Fen:
    """What the other side's compulsory cover paid for this car."""
    return capped(total_loss_fen + repair_due_fen - salvage_taken_fen, recovered_fen)


@rule(clause="fault_share", zh="参与分担的损失", en="Loss that is shared")
def net_fen(
    total_loss_fen: Fen, repair_due_fen: Fen, salvage_taken_fen: Fen, recovered_taken_fen: Fen
) -> Fen:
    """The loss less salvage and the compulsory payment."""
    return positive(total_loss_fen + repair_due_fen - salvage_taken_fen - recovered_taken_fen)


@rule(clause="average", zh="足额价值", en="Value to be insured in full")
def full_value_fen(is_settled_as_total: Flag, insured_price_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The price when new on which a partial loss is averaged; a total loss is not averaged."""
    average = (insured_price_fen > sum_insured_fen) & ~is_settled_as_total
    return chosen(average, insured_price_fen, sum_insured_fen)


@rule(clause="average", zh="按保险金额比例", en="In proportion to the sum insured")
def insured_part_fen(net_fen: Fen, sum_insured_fen: Fen, full_value_fen: Fen) -> Fen:
    """The part of the loss that the sum insured bears to the price when new."""
    return ratio_of(net_fen, sum_insured_fen, full_value_fen)


@rule(clause="fault_share", zh="事故责任比例", en="Share of fault")
def share_bp(
    fault_code: Fen,
    fault_share_bp: BasisPoints,
    share_full_bp: BasisPoints,
    share_main_bp: BasisPoints,
    share_equal_bp: BasisPoints,
    share_minor_bp: BasisPoints,
) -> BasisPoints:
    """The share that was decided, else the one that the clauses give the degree of fault (D2)."""
    shares = share_full_bp, share_main_bp, share_equal_bp, share_minor_bp, ZERO
    return chosen(fault_share_bp > 0, fault_share_bp, picked(fault_code, *shares))


@rule(clause="fault_share", zh="按责任比例", en="By the share of fault")
def shared_fen(
    net_fen: Fen, sum_insured_fen: Fen, full_value_fen: Fen, share_bp: BasisPoints
) -> Fen:
    """What of it falls to the insured driver's own fault."""
    return ratio_of(net_fen, sum_insured_fen, full_value_fen, share_bp)


fault_rate_bp = later.fault_rate_bp


@rule(clause="fault_rate", zh="扣除事故责任免赔率后", en="After the rate by fault")
def after_fault_rate_fen(
    net_fen: Fen,
    sum_insured_fen: Fen,
    full_value_fen: Fen,
    share_bp: BasisPoints,
    fault_rate_bp: BasisPoints,
) -> Fen:
    """What the rate by fault leaves, of the exact sum."""
    return ratio_of(net_fen, sum_insured_fen, full_value_fen, share_bp, rest_of(fault_rate_bp))


@rule(clause="other_rates", zh="扣除全部免赔率后", en="After all rates")
def after_rates_fen(
    net_fen: Fen,
    sum_insured_fen: Fen,
    full_value_fen: Fen,
    share_bp: BasisPoints,
    fault_rate_bp: BasisPoints,
    other_rates_bp: BasisPoints,
) -> Fen:
    """Proportion, share and rates of the exact sum, rounded once (C4b)."""
    rates = share_bp, rest_of(fault_rate_bp), rest_of(other_rates_bp)
    return ratio_of(net_fen, sum_insured_fen, full_value_fen, *rates)


@rule(
    clause="average",
    zh="减：保险金额低于新车购置价的部分",
    en="Less: insured below the price when new",
    sign="-",
    part="car",
    why=(
        "保险金额 {sum_insured_fen}，新车购置价 {full_value_fen}",
        "Sum insured {sum_insured_fen} of {full_value_fen}",
    ),
)
def average_fen(net_fen: Fen, insured_part_fen: Fen) -> Fen:
    """What the owner bears because the car was insured below its price when new."""
    return net_fen - insured_part_fen


@rule(
    clause="fault_share",
    zh="减：对方按责任承担的部分",
    en="Less: borne by the other side by its share of fault",
    sign="-",
    part="car",
    why=("本车责任比例 {share_bp}", "The share of this car is {share_bp}"),
)
def others_share_fen(insured_part_fen: Fen, shared_fen: Fen) -> Fen:
    """What falls to the other side's fault."""
    return insured_part_fen - shared_fen


@rule(
    clause="fault_rate",
    zh="减：事故责任免赔率",
    en="Less: rate by fault",
    sign="-",
    part="car",
    why=("按事故责任免赔 {fault_rate_bp}", "{fault_rate_bp} by the degree of fault"),
)
def fault_rate_kept_fen(shared_fen: Fen, after_fault_rate_fen: Fen) -> Fen:
    """What the owner bears for the degree of fault."""
    return shared_fen - after_fault_rate_fen


other_rates_kept_fen = later.other_rates_kept_fen
deductible_taken_fen = later.deductible_taken_fen


@rule(
    clause="limit",
    zh="减：超过保险金额的部分",
    en="Less: above the sum insured",
    sign="-",
    part="car",
    why=("保险金额 {sum_insured_fen}", "Sum insured {sum_insured_fen}"),
)
def over_fen(after_rates_fen: Fen, deductible_taken_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """What lies above the sum insured."""
    return above(after_rates_fen - deductible_taken_fen, sum_insured_fen)


@rule(clause="partial_loss", zh="车辆损失应赔", en="Payable for the car", sign="=", part="car")
def car_fen(after_rates_fen: Fen, deductible_taken_fen: Fen, over_fen: Fen) -> Fen:
    """What is paid for the car itself."""
    return after_rates_fen - deductible_taken_fen - over_fen


rate_kept_fen = later.rate_kept_fen
rescue_others_fen = kept.rescue_others_fen
rescue_own_fen = kept.rescue_own_fen
rescue_over_fen = kept.rescue_over_fen
rescue_fen = kept.rescue_fen
is_cover_ended = kept.is_cover_ended
benefit_fen = kept.benefit_fen
