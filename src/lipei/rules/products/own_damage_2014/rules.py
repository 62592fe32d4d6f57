"""Own damage 车损险, model clauses of 2014: as in 2020, but with a rate by the degree of fault
and the sum of the other rates, both before the deductible as an amount (benefit_rules C4).

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
    only_if,
    picked,
    portion,
    rest_of,
)
from lipei.rules.products.own_damage_2020 import rules as kept

used_months_count = kept.used_months_count
depreciation_bp = kept.depreciation_bp
value_fen = kept.value_fen
is_settled_as_total = kept.is_settled_as_total
total_loss_fen = kept.total_loss_fen
repair_due_fen = kept.repair_due_fen
repair_over_fen = kept.repair_over_fen
base_fen = kept.base_fen
recovered_taken_fen = kept.recovered_taken_fen
salvage_taken_fen = kept.salvage_taken_fen


@rule(clause="fault_rate", zh="事故责任免赔率", en="Rate by fault")
def fault_rate_bp(
    fault_code: Fen,
    has_rate_waiver: Flag,
    rate_full_bp: BasisPoints,
    rate_main_bp: BasisPoints,
    rate_equal_bp: BasisPoints,
    rate_minor_bp: BasisPoints,
) -> BasisPoints:
    """The rate that the owner bears for the degree of fault; none where the add-on waives it."""
    rate = picked(fault_code, rate_full_bp, rate_main_bp, rate_equal_bp, rate_minor_bp, ZERO)
    return only_if(~has_rate_waiver, rate)


@rule(clause="fault_rate", zh="免赔率前金额", en="Before the rates")
def before_rates_fen(base_fen: Fen, recovered_taken_fen: Fen, salvage_taken_fen: Fen) -> Fen:
    """What the rates are taken of: the base less what others paid and the salvage (C4)."""
    return base_fen - recovered_taken_fen - salvage_taken_fen


@rule(clause="fault_rate", zh="扣除事故责任免赔率后", en="After the rate by fault")
def after_fault_rate_fen(before_rates_fen: Fen, fault_rate_bp: BasisPoints) -> Fen:
    """What the rate by fault leaves."""
    return portion(before_rates_fen, rest_of(fault_rate_bp))


@rule(clause="other_rates", zh="扣除全部免赔率后", en="After all rates")
def after_rates_fen(
    before_rates_fen: Fen, fault_rate_bp: BasisPoints, other_rates_bp: BasisPoints
) -> Fen:
    """What both rates leave, of the exact sum and rounded once (C4)."""
    return portion(before_rates_fen, rest_of(fault_rate_bp), rest_of(other_rates_bp))


@rule(
    clause="fault_rate",
    zh="减：事故责任免赔率",
    en="Less: rate by fault",
    sign="-",
    part="car",
    why=("按事故责任免赔 {fault_rate_bp}", "{fault_rate_bp} by the degree of fault"),
)
def fault_rate_kept_fen(before_rates_fen: Fen, after_fault_rate_fen: Fen) -> Fen:
    """What the owner bears for the degree of fault."""
    return before_rates_fen - after_fault_rate_fen


@rule(
    clause="other_rates",
    zh="减：其他绝对免赔率",
    en="Less: other absolute rates",
    sign="-",
    part="car",
    why=("其他绝对免赔率之和 {other_rates_bp}", "{other_rates_bp} in all"),
)
def other_rates_kept_fen(after_fault_rate_fen: Fen, after_rates_fen: Fen) -> Fen:
    """What the owner bears by the other absolute rates."""
    return after_fault_rate_fen - after_rates_fen


@rule(
    clause="deductible",
    zh="减：绝对免赔额",
    en="Less: absolute deductible",
    sign="-",
    part="car",
    why=("保单约定 {deductible_fen}", "{deductible_fen} by the policy"),
)
def deductible_taken_fen(after_rates_fen: Fen, deductible_fen: Fen) -> Fen:
    """The part of the agreed deductible that this loss uses up; it comes after the rates."""
    return capped(after_rates_fen, deductible_fen)


@rule(clause="partial_loss", zh="车辆损失应赔", en="Payable for the car", sign="=", part="car")
def car_fen(after_rates_fen: Fen, deductible_fen: Fen) -> Fen:
    """What is paid for the car itself."""
    return above(after_rates_fen, deductible_fen)


@rule(clause="other_rates", zh="免赔率合计金额", en="Borne by rates")
def rate_kept_fen(fault_rate_kept_fen: Fen, other_rates_kept_fen: Fen) -> Fen:
    """What the owner bears by all rates."""
    return fault_rate_kept_fen + other_rates_kept_fen


rescue_others_fen = kept.rescue_others_fen
rescue_own_fen = kept.rescue_own_fen
rescue_over_fen = kept.rescue_over_fen
rescue_fen = kept.rescue_fen
is_cover_ended = kept.is_cover_ended
net_loss_fen = kept.net_loss_fen
owed_by_other_fen = kept.owed_by_other_fen
recoverable_fen = kept.recoverable_fen
benefit_fen = kept.benefit_fen
