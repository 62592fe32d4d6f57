"""Driver and passengers 车上人员责任险, model clauses of 2020: each person's loss beyond the other
side's compulsory cover, by the share of fault, up to the limit of a seat; no more passengers
than seats insured (benefit_rules D8)."""

from lipei.rules.engine import rule
from lipei.rules.money import (
    ONE,
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    only_if,
    portion,
    rest_of,
)
from lipei.rules.products.third_party_2020 import rules as kept
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key

BORNE_BY_COMPULSORY = ("对方交强险先行赔付", "The other side's compulsory cover pays first")


@rule(
    clause="compulsory_first",
    zh="减：对方交强险应赔医疗费用",
    en="Less: medical costs borne by the other side's compulsory cover",
    sign="-",
    part="medical",
    why=BORNE_BY_COMPULSORY,
)
def medical_compulsory_taken_fen(medical_loss_fen: Fen, medical_compulsory_fen: Fen) -> Fen:
    """What the other side's compulsory cover bears of the medical costs; heads never net."""
    return capped(medical_loss_fen, medical_compulsory_fen)


@rule(clause="sum", zh="医疗费用余额", en="Medical costs left", sign="=", part="medical")
def medical_rest_fen(medical_loss_fen: Fen, medical_compulsory_taken_fen: Fen) -> Fen:
    """The medical costs that the compulsory cover leaves."""
    return medical_loss_fen - medical_compulsory_taken_fen


@rule(
    clause="compulsory_first",
    zh="减：对方交强险应赔死亡伤残",
    en="Less: death and disability borne by the other side's compulsory cover",
    sign="-",
    part="death",
    why=BORNE_BY_COMPULSORY,
)
def death_compulsory_taken_fen(death_loss_fen: Fen, death_compulsory_fen: Fen) -> Fen:
    """What the other side's compulsory cover bears of death and disability."""
    return capped(death_loss_fen, death_compulsory_fen)


death_rest_fen = kept.death_rest_fen


@rule(clause="sum", zh="对方交强险以外的损失", en="Loss beyond the other side's compulsory cover")
def rest_fen(medical_rest_fen: Fen, death_rest_fen: Fen) -> Fen:
    """What the compulsory cover leaves of both heads."""
    return medical_rest_fen + death_rest_fen


share_bp = kept.share_bp


@rule(clause="fault_share", zh="本车应承担的损失", en="Borne by this car")
def liability_fen(rest_fen: Fen, share_bp: BasisPoints) -> Fen:
    """The loss that falls to the fault of this car, before limit and rate."""
    return portion(rest_fen, share_bp)


@rule(
    clause="fault_share",
    zh="减：对方按责任承担的部分",
    en="Less: borne by the other side by its share of fault",
    sign="-",
    why=("本车责任比例 {share_bp}", "The share of this car is {share_bp}"),
)
def others_share_fen(rest_fen: Fen, liability_fen: Fen) -> Fen:
    """What others bear by their share of fault."""
    return rest_fen - liability_fen


@rule(clause="seats", zh="需要的乘客座位", en="Passenger seats asked for")
def seat_asked_count(is_driver: Flag, liability_fen: Fen) -> Fen:
    """One for a passenger for whom something is owed; the driver has a seat of his own."""
    return only_if(~is_driver & (liability_fen > 0), ONE)


@rule(clause="seats", zh="乘客座位尚余", en="Passenger seats left")
def seats_left_count(
    seat_asked_count: Fen, passenger_seats_count: Fen, seats_used_count: Fen, event_key: Key
) -> Fen:
    """The passenger seats insured, less those of earlier passengers of the accident."""
    used = used_before(
        seat_asked_count, limit=passenger_seats_count, opening=seats_used_count, key=event_key
    )
    return left_of(passenger_seats_count, used)


@rule(clause="seats", zh="占用的乘客座位", en="Passenger seat taken")
def seat_count(seat_asked_count: Fen, seats_left_count: Fen) -> Fen:
    """The seat that this passenger takes, in the order of settlement."""
    return capped(seat_asked_count, seats_left_count)


@rule(
    clause="seats",
    zh="减：超过投保座位数的乘客",
    en="Less: more passengers than seats insured",
    sign="-",
    why=("投保乘客座位 {passenger_seats_count} 座", "{passenger_seats_count} seats are insured"),
)
def no_seat_fen(liability_fen: Fen, seat_asked_count: Fen, seat_count: Fen) -> Fen:
    """All that is owed for a passenger for whom no seat was insured."""
    return only_if(seat_asked_count > seat_count, liability_fen)


@rule(clause="limit", zh="该座责任限额", en="Limit of the seat")
def seat_limit_fen(is_driver: Flag, driver_limit_fen: Fen, passenger_limit_fen: Fen) -> Fen:
    """The limit of the seat on which the person sat; nothing where it was not insured."""
    return chosen(is_driver, driver_limit_fen, passenger_limit_fen)


@rule(
    clause="limit",
    zh="减：超过每座限额的部分",
    en="Less: above the limit of the seat",
    sign="-",
    why=("该座限额 {seat_limit_fen}", "The limit of the seat is {seat_limit_fen}"),
)
def over_limit_fen(liability_fen: Fen, no_seat_fen: Fen, seat_limit_fen: Fen) -> Fen:
    """What is owed above the limit of the seat."""
    return above(liability_fen - no_seat_fen, seat_limit_fen)


@rule(
    clause="add_on_rate",
    zh="减：绝对免赔率特约",
    en="Less: absolute deductible rate (add-on)",
    sign="-",
    why=("保单约定 {add_on_rate_bp}", "{add_on_rate_bp} by the policy"),
)
def rate_kept_fen(
    liability_fen: Fen, no_seat_fen: Fen, over_limit_fen: Fen, benefit_fen: Fen
) -> Fen:
    """What the insured bears by the add-on."""
    return liability_fen - no_seat_fen - over_limit_fen - benefit_fen


@rule(clause="sum", zh="车上人员险赔款合计", en="Paid for this person", sign="=")
def benefit_fen(
    rest_fen: Fen,
    share_bp: BasisPoints,
    add_on_rate_bp: BasisPoints,
    seat_limit_fen: Fen,
    seat_asked_count: Fen,
    seat_count: Fen,
) -> Fen:
    """The share of fault, up to the limit of the seat, less the add-on rate; rounded once."""
    paid_bp = rest_of(add_on_rate_bp)
    owed = capped(portion(rest_fen, share_bp, paid_bp), portion(seat_limit_fen, paid_bp))
    return only_if(seat_asked_count <= seat_count, owed)
