"""Third-party liability 三者险, model clauses of 2020: what the compulsory cover leaves, head
by head, by the share of fault, up to the limit (benefit_rules D1-D4)."""

from lipei.rules.engine import rule
from lipei.rules.money import (
    ZERO,
    BasisPoints,
    Fen,
    above,
    capped,
    chosen,
    picked,
    portion,
    positive,
    rest_of,
)
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key

BORNE_BY_COMPULSORY = (
    "交强险先行赔付；未投保的也要扣除",
    "The compulsory cover pays first, or would have paid",
)


@rule(
    clause="compulsory_first",
    zh="减：交强险应赔财产损失",
    en="Less: property borne by the compulsory cover",
    sign="-",
    part="property",
    why=BORNE_BY_COMPULSORY,
)
def property_compulsory_taken_fen(property_loss_fen: Fen, property_compulsory_fen: Fen) -> Fen:
    """What the compulsory cover bears of the property loss; heads never net (D1)."""
    return capped(property_loss_fen, property_compulsory_fen)


@rule(
    clause="sum",
    zh="财产损失余额",
    en="Property left",
    sign="=",
    part="property",
)
def property_rest_fen(property_loss_fen: Fen, property_compulsory_taken_fen: Fen) -> Fen:
    """The property loss that the compulsory cover leaves."""
    return property_loss_fen - property_compulsory_taken_fen


@rule(
    clause="medical_standard",
    zh="减：基本医疗保险范围外的医疗费用",
    en="Less: medical costs outside the basic insurance catalogue",
    sign="-",
    part="medical",
    why=(
        "按基本医疗保险标准核定，范围外费用另见附加险",
        "Allowed by the standard of the basic insurance; the rest is a matter of the add-on",
    ),
)
def medical_outside_taken_fen(medical_loss_fen: Fen, medical_outside_fen: Fen) -> Fen:
    """The medical costs that the standard of the basic insurance does not allow (D4)."""
    return capped(medical_loss_fen, medical_outside_fen)


@rule(
    clause="compulsory_first",
    zh="减：交强险应赔医疗费用",
    en="Less: medical costs borne by the compulsory cover",
    sign="-",
    part="medical",
    why=BORNE_BY_COMPULSORY,
)
def medical_compulsory_taken_fen(
    medical_loss_fen: Fen, medical_outside_taken_fen: Fen, medical_compulsory_fen: Fen
) -> Fen:
    """What the compulsory cover bears of the medical costs; heads never net (D1)."""
    return capped(medical_loss_fen - medical_outside_taken_fen, medical_compulsory_fen)


@rule(
    clause="sum",
    zh="医疗费用余额",
    en="Medical costs left",
    sign="=",
    part="medical",
)
def medical_rest_fen(
    medical_loss_fen: Fen, medical_outside_taken_fen: Fen, medical_compulsory_taken_fen: Fen
) -> Fen:
    """The medical costs that the compulsory cover leaves."""
    return medical_loss_fen - medical_outside_taken_fen - medical_compulsory_taken_fen


@rule(
    clause="compulsory_first",
    zh="减：交强险应赔死亡伤残",
    en="Less: death and disability borne by the compulsory cover",
    sign="-",
    part="death",
    why=BORNE_BY_COMPULSORY,
)
def death_compulsory_taken_fen(death_loss_fen: Fen, death_compulsory_fen: Fen) -> Fen:
    """What the compulsory cover bears of death and disability; heads never net (D1)."""
    return capped(death_loss_fen, death_compulsory_fen)


@rule(
    clause="sum",
    zh="死亡伤残余额",
    en="Death and disability left",
    sign="=",
    part="death",
)
def death_rest_fen(death_loss_fen: Fen, death_compulsory_taken_fen: Fen) -> Fen:
    """The death and disability loss that the compulsory cover leaves."""
    return death_loss_fen - death_compulsory_taken_fen


@rule(clause="sum", zh="交强险以外的损失", en="Loss beyond the compulsory cover")
def rest_fen(property_rest_fen: Fen, medical_rest_fen: Fen, death_rest_fen: Fen) -> Fen:
    """What the compulsory cover leaves of all heads."""
    return property_rest_fen + medical_rest_fen + death_rest_fen


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
    shares = ZERO, share_full_bp, share_main_bp, share_equal_bp, share_minor_bp, ZERO
    return chosen(fault_share_bp > 0, fault_share_bp, picked(fault_code, *shares))


@rule(clause="fault_share", zh="被保险人应承担的损失", en="Borne by the insured driver")
def liability_fen(rest_fen: Fen, share_bp: BasisPoints) -> Fen:
    """The loss that the insured owes by his share of fault, before limit and rate."""
    return portion(rest_fen, share_bp)


@rule(
    clause="fault_share",
    zh="减：对方按责任自担的部分",
    en="Less: borne by others by their share of fault",
    sign="-",
    why=("被保险人责任比例 {share_bp}", "The insured driver's share is {share_bp}"),
)
def others_share_fen(rest_fen: Fen, liability_fen: Fen) -> Fen:
    """What others bear by their share of fault."""
    return rest_fen - liability_fen


@rule(clause="limit", zh="责任限额尚余", en="Left of the limit")
def limit_left_fen(liability_fen: Fen, limit_fen: Fen, limit_used_fen: Fen, event_key: Key) -> Fen:
    """The limit of this accident, less what was already paid under it."""
    used = used_before(liability_fen, limit=limit_fen, opening=limit_used_fen, key=event_key)
    return left_of(limit_fen, used)


@rule(clause="limit", zh="占用责任限额", en="Used of the limit")
def limit_consumed_fen(liability_fen: Fen, limit_left_fen: Fen) -> Fen:
    """What this claim uses up of the limit: the liability within it, before the rates."""
    return capped(liability_fen, limit_left_fen)


@rule(
    clause="limit",
    zh="减：超过责任限额的部分",
    en="Less: above the limit",
    sign="-",
    why=("本次事故限额尚余 {limit_left_fen}", "{limit_left_fen} is left of the limit"),
)
def over_limit_fen(liability_fen: Fen, limit_left_fen: Fen) -> Fen:
    """The liability above the limit, which the insured owes himself."""
    return above(liability_fen, limit_left_fen)


@rule(
    clause="add_on_rate",
    zh="减：绝对免赔率特约",
    en="Less: absolute deductible rate (add-on)",
    sign="-",
    why=("保单约定 {add_on_rate_bp}", "{add_on_rate_bp} by the policy"),
)
def rate_kept_fen(liability_fen: Fen, over_limit_fen: Fen, cover_fen: Fen) -> Fen:
    """What the insured bears by the add-on."""
    return liability_fen - over_limit_fen - cover_fen


@rule(clause="sum", zh="三者险主险赔款", en="Paid without the add-on")
def cover_fen(
    rest_fen: Fen, share_bp: BasisPoints, add_on_rate_bp: BasisPoints, limit_left_fen: Fen
) -> Fen:
    """The share of fault, up to the limit, less the add-on rate. Share and rate are taken of
    the exact sum and rounded once."""
    paid_bp = rest_of(add_on_rate_bp)
    return capped(portion(rest_fen, share_bp, paid_bp), portion(limit_left_fen, paid_bp))


@rule(
    clause="outside",
    zh="基本医疗保险范围外的医疗费用",
    en="Medical costs outside the basic insurance catalogue",
    sign="+",
    part="outside",
)
def outside_asked_fen(medical_outside_taken_fen: Fen) -> Fen:
    """The medical costs that only the add-on may bear (D4)."""
    return medical_outside_taken_fen


@rule(
    clause="compulsory_first",
    zh="减：交强险限额内尚可承担",
    en="Less: borne by what is left of the compulsory cover",
    sign="-",
    part="outside",
    why=BORNE_BY_COMPULSORY,
)
def outside_compulsory_fen(
    outside_asked_fen: Fen, medical_loss_fen: Fen, medical_compulsory_fen: Fen
) -> Fen:
    """What the compulsory cover bears beyond the costs within the catalogue: no cost is paid
    twice."""
    inside = medical_loss_fen - outside_asked_fen
    return capped(outside_asked_fen, positive(medical_compulsory_fen - inside))


@rule(clause="outside", zh="被保险人应承担的医保外费用", en="Borne by the insured driver")
def outside_liability_fen(
    outside_asked_fen: Fen, outside_compulsory_fen: Fen, share_bp: BasisPoints
) -> Fen:
    """What the insured owes of it by his share of fault."""
    return portion(outside_asked_fen - outside_compulsory_fen, share_bp)


@rule(
    clause="fault_share",
    zh="减：对方按责任自担的部分",
    en="Less: borne by others by their share of fault",
    sign="-",
    part="outside",
    why=("被保险人责任比例 {share_bp}", "The insured driver's share is {share_bp}"),
)
def outside_others_fen(
    outside_asked_fen: Fen, outside_compulsory_fen: Fen, outside_liability_fen: Fen
) -> Fen:
    """What others bear of it by their share of fault."""
    return outside_asked_fen - outside_compulsory_fen - outside_liability_fen


@rule(clause="outside", zh="附加险限额尚余", en="Left of the limit of the add-on")
def outside_left_fen(
    outside_liability_fen: Fen, outside_limit_fen: Fen, outside_used_fen: Fen, event_key: Key
) -> Fen:
    """The limit of the add-on in this accident; nothing where it was not bought."""
    used = used_before(
        outside_liability_fen, limit=outside_limit_fen, opening=outside_used_fen, key=event_key
    )
    return left_of(outside_limit_fen, used)


@rule(
    clause="outside",
    zh="减：超过附加险限额的部分",
    en="Less: above the limit of the add-on",
    sign="-",
    part="outside",
    why=("附加险限额尚余 {outside_left_fen}", "{outside_left_fen} is left of the add-on"),
)
def outside_over_fen(outside_liability_fen: Fen, outside_left_fen: Fen) -> Fen:
    """What the add-on does not reach, or all where it was not bought."""
    return above(outside_liability_fen, outside_left_fen)


@rule(clause="outside", zh="医保外附加险应赔", en="Payable by the add-on", sign="=", part="outside")
def outside_fen(outside_liability_fen: Fen, outside_left_fen: Fen) -> Fen:
    """What the add-on pays, beside the cover and without its rates (D4)."""
    return capped(outside_liability_fen, outside_left_fen)


@rule(clause="sum", zh="三者险赔款合计", en="Paid by the third-party cover", sign="=")
def benefit_fen(cover_fen: Fen, outside_fen: Fen) -> Fen:
    """What the third-party cover and its add-on pay for this accident."""
    return cover_fen + outside_fen
