"""Several compulsory covers in one accident 多车事故分摊: what each of them bears of each loss.

A row is one cover and one victim: a person, a thing beside the road, a car of the accident.
People are paid by all cars but their own, in proportion to the limits (benefit_rules B6); a car
or a thing by the cars at fault, after the cars without fault gave their small limits to the
cars at fault in equal parts (B7). What then falls on a cover above its limit is cut in
proportion; what that leaves is not divided again. A tractor and its trailer, each insured, are
two covers, and bear halves.
"""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, capped, only_if
from lipei.rules.sharing import Key, shared, sum_of

BY_OTHERS = ("由本次事故其他车辆的交强险承担", "It falls on the other covers of this accident")


@rule(clause="no_fault", zh="无责限额分给本车", en="This car's part of the limit without fault")
def no_fault_part_fen(
    property_event_limit_fen: Fen,
    is_at_fault: Flag,
    is_own: Flag,
    is_victim_car: Flag,
    is_victim_at_fault: Flag,
    cover_key: Key,
) -> Fen:
    """A car without fault gives its property limit in equal parts to the cars at fault, and
    nothing to other cars without fault or to things beside the road (B7)."""
    receives = ~is_at_fault & ~is_own & is_victim_car & is_victim_at_fault
    equal = only_if(receives, property_event_limit_fen)
    return shared(property_event_limit_fen, equal, cover_key)


@rule(clause="no_fault", zh="无责方共赔本车", en="Received from all cars without fault")
def no_fault_received_fen(property_loss_fen: Fen, no_fault_part_fen: Fen, victim_key: Key) -> Fen:
    """What a car at fault gets from all cars without fault, never more than its damage."""
    return capped(sum_of(no_fault_part_fen, victim_key), property_loss_fen)


@rule(clause="no_fault", zh="其中本方无责赔付", en="Of this, by this car without fault")
def no_fault_fen(no_fault_received_fen: Fen, no_fault_part_fen: Fen, victim_key: Key) -> Fen:
    """What this car without fault pays of it."""
    return shared(no_fault_received_fen, no_fault_part_fen, victim_key)


@rule(clause="shares", zh="本方应分担的财产损失", en="Property loss that falls on this cover")
def property_part_fen(
    property_loss_fen: Fen,
    no_fault_received_fen: Fen,
    property_event_limit_fen: Fen,
    is_at_fault: Flag,
    is_own: Flag,
    victim_key: Key,
) -> Fen:
    """What is left of a damage falls on the cars at fault in proportion to their limits, on no
    car for its own."""
    weight = only_if(is_at_fault & ~is_own, property_event_limit_fen)
    return shared(property_loss_fen - no_fault_received_fen, weight, victim_key)


@rule(clause="limits", zh="本方有责赔付的财产损失", en="Paid for property by a car at fault")
def property_shared_fen(
    property_part_fen: Fen, property_event_limit_fen: Fen, cover_key: Key
) -> Fen:
    """What falls on this cover for all victims together, up to its limit, divided in
    proportion (B5)."""
    payable_fen = capped(sum_of(property_part_fen, cover_key), property_event_limit_fen)
    return shared(payable_fen, property_part_fen, cover_key)


@rule(
    clause="shares",
    zh="减：不由本方分担的财产损失",
    en="Less: property loss that does not fall on this cover",
    sign="-",
    part="property",
    why=BY_OTHERS,
)
def property_elsewhere_fen(
    property_loss_fen: Fen, property_part_fen: Fen, no_fault_fen: Fen
) -> Fen:
    """The damage that other covers bear, or none of them."""
    return property_loss_fen - property_part_fen - no_fault_fen


@rule(
    clause="limits",
    zh="减：超过财产损失限额的部分",
    en="Less: above the property limit",
    sign="-",
    part="property",
    why=(
        "本方限额 {property_event_limit_fen}，由各受害方按比例分配",
        "The limit is {property_event_limit_fen} for all victims, in proportion",
    ),
)
def property_over_fen(property_part_fen: Fen, property_shared_fen: Fen) -> Fen:
    """What this cover's limit does not reach."""
    return property_part_fen - property_shared_fen


@rule(clause="limits", zh="财产损失应赔", en="Payable for property", sign="=", part="property")
def property_fen(property_shared_fen: Fen, no_fault_fen: Fen) -> Fen:
    """What this cover pays for the victim's car or thing."""
    return property_shared_fen + no_fault_fen


@rule(clause="shares", zh="本方应分担的医疗费用", en="Medical costs that fall on this cover")
def medical_part_fen(
    medical_loss_fen: Fen, medical_event_limit_fen: Fen, is_own: Flag, victim_key: Key
) -> Fen:
    """Medical costs fall on all covers but that of the victim's own car, in proportion to
    their limits, at fault or not (B6)."""
    return shared(medical_loss_fen, only_if(~is_own, medical_event_limit_fen), victim_key)


@rule(
    clause="shares",
    zh="减：不由本方分担的医疗费用",
    en="Less: medical costs that do not fall on this cover",
    sign="-",
    part="medical",
    why=BY_OTHERS,
)
def medical_elsewhere_fen(medical_loss_fen: Fen, medical_part_fen: Fen) -> Fen:
    """The medical costs that other covers bear."""
    return medical_loss_fen - medical_part_fen


@rule(
    clause="limits",
    zh="减：超过医疗费用限额的部分",
    en="Less: above the medical limit",
    sign="-",
    part="medical",
    why=(
        "本方限额 {medical_event_limit_fen}，由各受害方按比例分配",
        "The limit is {medical_event_limit_fen} for all victims, in proportion",
    ),
)
def medical_over_fen(medical_part_fen: Fen, medical_fen: Fen) -> Fen:
    """What this cover's limit does not reach."""
    return medical_part_fen - medical_fen


@rule(clause="limits", zh="医疗费用应赔", en="Payable for medical costs", sign="=", part="medical")
def medical_fen(medical_part_fen: Fen, medical_event_limit_fen: Fen, cover_key: Key) -> Fen:
    """What falls on this cover for all victims together, up to its limit, divided in
    proportion (B5)."""
    payable_fen = capped(sum_of(medical_part_fen, cover_key), medical_event_limit_fen)
    return shared(payable_fen, medical_part_fen, cover_key)


@rule(clause="shares", zh="本方应分担的死亡伤残损失", en="Death and disability on this cover")
def death_part_fen(
    death_loss_fen: Fen, death_event_limit_fen: Fen, is_own: Flag, victim_key: Key
) -> Fen:
    """Death and disability fall on all covers but that of the victim's own car, in proportion
    to their limits, at fault or not (B6)."""
    return shared(death_loss_fen, only_if(~is_own, death_event_limit_fen), victim_key)


@rule(
    clause="shares",
    zh="减：不由本方分担的死亡伤残损失",
    en="Less: death and disability that do not fall on this cover",
    sign="-",
    part="death",
    why=BY_OTHERS,
)
def death_elsewhere_fen(death_loss_fen: Fen, death_part_fen: Fen) -> Fen:
    """The death and disability that other covers bear."""
    return death_loss_fen - death_part_fen


@rule(
    clause="limits",
    zh="减：超过死亡伤残限额的部分",
    en="Less: above the death and disability limit",
    sign="-",
    part="death",
    why=(
        "本方限额 {death_event_limit_fen}，由各受害方按比例分配",
        "The limit is {death_event_limit_fen} for all victims, in proportion",
    ),
)
def death_over_fen(death_part_fen: Fen, death_fen: Fen) -> Fen:
    """What this cover's limit does not reach."""
    return death_part_fen - death_fen


@rule(
    clause="limits",
    zh="死亡伤残应赔",
    en="Payable for death and disability",
    sign="=",
    part="death",
)
def death_fen(death_part_fen: Fen, death_event_limit_fen: Fen, cover_key: Key) -> Fen:
    """What falls on this cover for all victims together, up to its limit, divided in
    proportion (B5)."""
    payable_fen = capped(sum_of(death_part_fen, cover_key), death_event_limit_fen)
    return shared(payable_fen, death_part_fen, cover_key)


@rule(clause="limits", zh="本方交强险应赔合计", en="Borne by this compulsory cover", sign="=")
def benefit_fen(property_fen: Fen, medical_fen: Fen, death_fen: Fen) -> Fen:
    """What this cover bears of this victim's loss."""
    return property_fen + medical_fen + death_fen


@rule(clause="limits", zh="各方交强险合计", en="Borne by all compulsory covers together")
def event_fen(benefit_fen: Fen, event_key: Key) -> Fen:
    """What all covers of this accident bear of all losses."""
    return sum_of(benefit_fen, event_key)
