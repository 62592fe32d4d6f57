"""Third-party liability 三者险, model clauses of 2014: as in 2020, but with a rate by the degree of
fault and the sum of the other rates, taken after the limit (benefit_rules D1, C4)."""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, capped, portion, rest_of
from lipei.rules.products.own_damage_2006 import rules as by_fault
from lipei.rules.products.third_party_2020 import rules as kept

property_compulsory_taken_fen = kept.property_compulsory_taken_fen
property_rest_fen = kept.property_rest_fen
medical_outside_taken_fen = kept.medical_outside_taken_fen
medical_compulsory_taken_fen = kept.medical_compulsory_taken_fen
medical_rest_fen = kept.medical_rest_fen
death_compulsory_taken_fen = kept.death_compulsory_taken_fen
death_rest_fen = kept.death_rest_fen
rest_fen = kept.rest_fen
share_bp = by_fault.share_bp
liability_fen = kept.liability_fen
others_share_fen = kept.others_share_fen
limit_left_fen = kept.limit_left_fen
limit_consumed_fen = kept.limit_consumed_fen
over_limit_fen = kept.over_limit_fen
fault_rate_bp = by_fault.fault_rate_bp


@rule(clause="fault_rate", zh="扣除事故责任免赔率后", en="After the rate by fault")
def after_fault_rate_fen(
    rest_fen: Fen, share_bp: BasisPoints, fault_rate_bp: BasisPoints, limit_left_fen: Fen
) -> Fen:
    """What the rate by fault leaves of the liability within the limit."""
    paid_bp = rest_of(fault_rate_bp)
    return capped(portion(rest_fen, share_bp, paid_bp), portion(limit_left_fen, paid_bp))


@rule(
    clause="fault_rate",
    zh="减：事故责任免赔率",
    en="Less: rate by fault",
    sign="-",
    why=("按事故责任免赔 {fault_rate_bp}", "{fault_rate_bp} by the degree of fault"),
)
def fault_rate_kept_fen(limit_consumed_fen: Fen, after_fault_rate_fen: Fen) -> Fen:
    """What the insured bears for the degree of fault."""
    return limit_consumed_fen - after_fault_rate_fen


@rule(
    clause="other_rates",
    zh="减：其他绝对免赔率",
    en="Less: other absolute rates",
    sign="-",
    why=("其他绝对免赔率之和 {other_rates_bp}", "{other_rates_bp} in all"),
)
def other_rates_kept_fen(after_fault_rate_fen: Fen, benefit_fen: Fen) -> Fen:
    """What the insured bears by the other absolute rates."""
    return after_fault_rate_fen - benefit_fen


@rule(clause="sum", zh="三者险赔款合计", en="Paid by the third-party cover", sign="=")
def benefit_fen(
    rest_fen: Fen,
    share_bp: BasisPoints,
    fault_rate_bp: BasisPoints,
    other_rates_bp: BasisPoints,
    limit_left_fen: Fen,
) -> Fen:
    """The share of fault, up to the limit, less both rates. Share and rates are taken of the
    exact sum and rounded once."""
    rates = rest_of(fault_rate_bp), rest_of(other_rates_bp)
    return capped(portion(rest_fen, share_bp, *rates), portion(limit_left_fen, *rates))
