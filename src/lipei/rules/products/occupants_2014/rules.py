"""Driver and passengers 车上人员责任险, model clauses of 2014: as in 2020, but with a rate by the
degree of fault and the sum of the other rates, taken after the limit of the seat (benefit_rules
D8, C4)."""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, capped, only_if, portion, rest_of
from lipei.rules.products.occupants_2020 import rules as kept
from lipei.rules.products.own_damage_2006 import rules as by_fault

medical_compulsory_taken_fen = kept.medical_compulsory_taken_fen
medical_rest_fen = kept.medical_rest_fen
death_compulsory_taken_fen = kept.death_compulsory_taken_fen
death_rest_fen = kept.death_rest_fen
rest_fen = kept.rest_fen
share_bp = by_fault.share_bp
liability_fen = kept.liability_fen
others_share_fen = kept.others_share_fen
seat_asked_count = kept.seat_asked_count
seats_left_count = kept.seats_left_count
seat_count = kept.seat_count
no_seat_fen = kept.no_seat_fen
seat_limit_fen = kept.seat_limit_fen
over_limit_fen = kept.over_limit_fen
fault_rate_bp = by_fault.fault_rate_bp


@rule(clause="fault_rate", zh="扣除事故责任免赔率后", en="After the rate by fault")
def after_fault_rate_fen(
    rest_fen: Fen,
    share_bp: BasisPoints,
    fault_rate_bp: BasisPoints,
    seat_limit_fen: Fen,
    seat_asked_count: Fen,
    seat_count: Fen,
) -> Fen:
    """What the rate by fault leaves of the liability within the limit of the seat."""
    paid_bp = rest_of(fault_rate_bp)
    owed = capped(portion(rest_fen, share_bp, paid_bp), portion(seat_limit_fen, paid_bp))
    return only_if(seat_asked_count <= seat_count, owed)


@rule(
    clause="fault_rate",
    zh="减：事故责任免赔率",
    en="Less: rate by fault",
    sign="-",
    why=("按事故责任免赔 {fault_rate_bp}", "{fault_rate_bp} by the degree of fault"),
)
def fault_rate_kept_fen(
    liability_fen: Fen, no_seat_fen: Fen, over_limit_fen: Fen, after_fault_rate_fen: Fen
) -> Fen:
    """What the insured bears for the degree of fault."""
    return liability_fen - no_seat_fen - over_limit_fen - after_fault_rate_fen


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


@rule(clause="sum", zh="车上人员险赔款合计", en="Paid for this person", sign="=")
def benefit_fen(
    rest_fen: Fen,
    share_bp: BasisPoints,
    fault_rate_bp: BasisPoints,
    other_rates_bp: BasisPoints,
    seat_limit_fen: Fen,
    seat_asked_count: Fen,
    seat_count: Fen,
) -> Fen:
    """The share of fault, up to the limit of the seat, less both rates; share and rates are taken
    of the exact sum and rounded once."""
    rates = rest_of(fault_rate_bp), rest_of(other_rates_bp)
    owed = capped(portion(rest_fen, share_bp, *rates), portion(seat_limit_fen, *rates))
    return only_if(seat_asked_count <= seat_count, owed)
