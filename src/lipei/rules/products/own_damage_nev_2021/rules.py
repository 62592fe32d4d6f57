"""Own damage of new-energy cars 新能源汽车损失险, clauses of 2021: as own damage of 2020, with
rates of depreciation by power and price, the battery's wear excluded, and the add-ons for
charging (benefit_rules C1-C3, C5-C11; recalled).

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
)
from lipei.rules.products.own_damage_2020 import rules as kept


@rule(clause="value", zh="月折旧率", en="Monthly rate of depreciation")
def monthly_rate_bp(
    power_code: Fen,
    electric_rate_bp: BasisPoints,
    monthly_other_bp: BasisPoints,
) -> BasisPoints:
    """By the power of the car; nothing where it was not told (C7)."""
    return picked(power_code, ZERO, electric_rate_bp, monthly_other_bp, monthly_other_bp)


@rule(clause="value", zh="纯电动车月折旧率", en="Monthly rate of a battery electric car")
def electric_rate_bp(
    price_band_count: Fen,
    monthly_low_bp: BasisPoints,
    monthly_middle_bp: BasisPoints,
    monthly_high_bp: BasisPoints,
    monthly_top_bp: BasisPoints,
) -> BasisPoints:
    """By the band in which its price lies (C7)."""
    rates = monthly_low_bp, monthly_middle_bp, monthly_high_bp, monthly_top_bp
    return picked(price_band_count, *rates)


@rule(clause="value", zh="新车购置价档次", en="Band of the price")
def price_band_count(
    new_price_fen: Fen, price_low_fen: Fen, price_middle_fen: Fen, price_high_fen: Fen
) -> Fen:
    """How many of the bounds the price when new has passed; the last includes its end (C7)."""
    passed = (new_price_fen >= price_low_fen) * 1 + (new_price_fen >= price_middle_fen)
    band: Fen = passed + (new_price_fen > price_high_fen)
    return band


used_months_count = kept.used_months_count
depreciation_bp = kept.depreciation_bp
value_fen = kept.value_fen
is_settled_as_total = kept.is_settled_as_total
total_loss_fen = kept.total_loss_fen
repair_due_fen = kept.repair_due_fen


@rule(
    clause="battery_wear",
    zh="减：电池衰减",
    en="Less: wear of the battery",
    sign="-",
    part="car",
    why=("电池衰减不属于保险责任", "Mere wear of the battery is not covered"),
)
def battery_wear_taken_fen(repair_due_fen: Fen, battery_wear_fen: Fen) -> Fen:
    """The part of the repair that mends mere wear of the battery."""
    return capped(repair_due_fen, battery_wear_fen)


@rule(
    clause="partial_loss",
    zh="减：超过保险金额的部分",
    en="Less: above the sum insured",
    sign="-",
    part="car",
    why=("保险金额 {sum_insured_fen}", "Sum insured {sum_insured_fen}"),
)
def repair_over_fen(repair_due_fen: Fen, battery_wear_taken_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The repair cost above the sum insured (C2)."""
    return above(repair_due_fen - battery_wear_taken_fen, sum_insured_fen)


@rule(
    clause="grid",
    zh="减：外部电网故障造成的损失",
    en="Less: caused by a fault of the public grid",
    sign="-",
    part="car",
    why=("未投保外部电网故障损失险", "The add-on for it was not bought"),
)
def grid_taken_fen(
    is_grid_fault: Flag,
    has_grid_cover: Flag,
    total_loss_fen: Fen,
    repair_due_fen: Fen,
    battery_wear_taken_fen: Fen,
    repair_over_fen: Fen,
) -> Fen:
    """The whole damage, where the public grid caused it and the add-on was not bought."""
    damage = total_loss_fen + repair_due_fen - battery_wear_taken_fen - repair_over_fen
    return only_if(is_grid_fault & ~has_grid_cover, damage)


@rule(clause="partial_loss", zh="赔款计算基数", en="Base of the sum")
def base_fen(
    total_loss_fen: Fen,
    repair_due_fen: Fen,
    battery_wear_taken_fen: Fen,
    repair_over_fen: Fen,
    grid_taken_fen: Fen,
) -> Fen:
    """What the sum starts from: the sum insured or the repair cost within it, as far as its
    cause and kind are covered."""
    covered = total_loss_fen + repair_due_fen - battery_wear_taken_fen - repair_over_fen
    return covered - grid_taken_fen


recovered_taken_fen = kept.recovered_taken_fen
salvage_taken_fen = kept.salvage_taken_fen
deductible_taken_fen = kept.deductible_taken_fen
before_rate_fen = kept.before_rate_fen
rate_kept_fen = kept.rate_kept_fen
car_fen = kept.car_fen
rescue_others_fen = kept.rescue_others_fen
rescue_own_fen = kept.rescue_own_fen
rescue_over_fen = kept.rescue_over_fen


@rule(
    clause="grid",
    zh="减：外部电网故障的施救费用",
    en="Less: rescue from a fault of the public grid",
    sign="-",
    part="rescue",
    why=("未投保外部电网故障损失险", "The add-on for it was not bought"),
)
def rescue_grid_fen(
    is_grid_fault: Flag, has_grid_cover: Flag, rescue_own_fen: Fen, rescue_over_fen: Fen
) -> Fen:
    """The rescue costs of a loss that is not covered."""
    return only_if(is_grid_fault & ~has_grid_cover, rescue_own_fen - rescue_over_fen)


@rule(clause="rescue", zh="施救费用应赔", en="Payable for rescue", sign="=", part="rescue")
def rescue_fen(rescue_own_fen: Fen, rescue_over_fen: Fen, rescue_grid_fen: Fen) -> Fen:
    """What is paid for rescue and towing, beside the car (C5)."""
    return rescue_own_fen - rescue_over_fen - rescue_grid_fen


@rule(
    clause="charger",
    zh="减：超过充电桩保险金额的部分",
    en="Less: above the sum insured of the charger",
    sign="-",
    part="charger",
    why=("保险金额 {charger_limit_fen}", "Sum insured {charger_limit_fen}"),
)
def charger_over_fen(charger_loss_fen: Fen, charger_limit_fen: Fen) -> Fen:
    """The damage of the charger above its sum insured, or all where the add-on was not bought."""
    return above(charger_loss_fen, charger_limit_fen)


@rule(clause="charger", zh="充电桩损失应赔", en="Payable for the charger", sign="=", part="charger")
def charger_fen(charger_loss_fen: Fen, charger_limit_fen: Fen) -> Fen:
    """What is paid for the own charger."""
    return capped(charger_loss_fen, charger_limit_fen)


@rule(
    clause="charger_liability",
    zh="减：超过充电桩责任限额的部分",
    en="Less: above the limit of the liability for the charger",
    sign="-",
    part="charger_liability",
    why=("责任限额 {charger_liability_limit_fen}", "Limit {charger_liability_limit_fen}"),
)
def charger_harm_over_fen(charger_harm_fen: Fen, charger_liability_limit_fen: Fen) -> Fen:
    """The liability above the limit, or all where the add-on was not bought."""
    return above(charger_harm_fen, charger_liability_limit_fen)


@rule(
    clause="charger_liability",
    zh="充电桩责任应赔",
    en="Payable for harm by the charger",
    sign="=",
    part="charger_liability",
)
def charger_liability_fen(charger_harm_fen: Fen, charger_liability_limit_fen: Fen) -> Fen:
    """What is paid to third parties that the own charger harmed."""
    return capped(charger_harm_fen, charger_liability_limit_fen)


is_cover_ended = kept.is_cover_ended


@rule(clause="recourse", zh="扣除残值后的损失", en="Loss less the salvage")
def net_loss_fen(
    total_loss_fen: Fen,
    repair_due_fen: Fen,
    battery_wear_taken_fen: Fen,
    salvage_taken_fen: Fen,
    rescue_own_fen: Fen,
) -> Fen:
    """What the insured lost of the car and spent on its rescue, before any cover; wear is no
    loss."""
    damage = total_loss_fen + repair_due_fen - battery_wear_taken_fen
    return damage - salvage_taken_fen + rescue_own_fen


owed_by_other_fen = kept.owed_by_other_fen
recoverable_fen = kept.recoverable_fen


@rule(clause="partial_loss", zh="车损险赔款合计", en="Paid by the own damage cover", sign="=")
def benefit_fen(car_fen: Fen, rescue_fen: Fen, charger_fen: Fen, charger_liability_fen: Fen) -> Fen:
    """What the own damage cover and its add-ons pay."""
    return car_fen + rescue_fen + charger_fen + charger_liability_fen
