"""Compulsory motor liability 交强险: what the victims lost, head by head, up to the limits.

The share of fault plays no part inside the limits; only at fault or not (benefit_rules B).
Every head is told as a chain: asked, what is not covered and why, what lies above the limit.
Leaving the mutual settlement (a damage one fen above the limit) may lower the sum that this
insurer pays, since the other one then pays it: property P2 exempts it.
"""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, above, capped, chosen, only_if, positive


@rule(
    clause="limits",
    zh="财产损失限额尚余",
    en="Left of the property limit",
)
def property_limit_fen(
    is_at_fault: Flag,
    property_at_fault_fen: Fen,
    property_no_fault_fen: Fen,
    property_paid_fen: Fen,
) -> Fen:
    """The property limit of this accident, less what was already paid under it."""
    limit = chosen(is_at_fault, property_at_fault_fen, property_no_fault_fen)
    return positive(limit - property_paid_fen)


@rule(
    clause="limits",
    zh="医疗费用限额尚余",
    en="Left of the medical limit",
)
def medical_limit_fen(
    is_at_fault: Flag,
    medical_at_fault_fen: Fen,
    medical_no_fault_fen: Fen,
    medical_paid_fen: Fen,
) -> Fen:
    """The medical limit of this accident, less what was already paid under it."""
    limit = chosen(is_at_fault, medical_at_fault_fen, medical_no_fault_fen)
    return positive(limit - medical_paid_fen)


@rule(
    clause="limits",
    zh="死亡伤残限额尚余",
    en="Left of the death and disability limit",
)
def death_limit_fen(
    is_at_fault: Flag, death_at_fault_fen: Fen, death_no_fault_fen: Fen, death_paid_fen: Fen
) -> Fen:
    """The death and disability limit of this accident, less what was already paid under it."""
    limit = chosen(is_at_fault, death_at_fault_fen, death_no_fault_fen)
    return positive(limit - death_paid_fen)


@rule(
    clause="mutual",
    zh="符合互碰自赔",
    en="Each insurer pays its own customer's car",
)
def is_mutual(
    is_mutual_agreed: Flag,
    is_at_fault: Flag,
    has_outside_property: Flag,
    is_driver_barred: Flag,
    medical_loss_fen: Fen,
    death_loss_fen: Fen,
    own_car_loss_fen: Fen,
    property_loss_fen: Fen,
    property_limit_fen: Fen,
) -> Flag:
    """All cars at fault, nobody hurt, nothing else damaged, no damage above the limit, and
    all agree (B8)."""
    agreed = is_mutual_agreed & is_at_fault & ~has_outside_property & ~is_driver_barred
    nobody_hurt = (medical_loss_fen == 0) & (death_loss_fen == 0)
    small = (own_car_loss_fen <= property_limit_fen) & (property_loss_fen <= property_limit_fen)
    met: Flag = agreed & nobody_hurt & small
    return met


@rule(
    clause="own",
    zh="减：被保险人自己的财产",
    en="Less: property of the insured",
    sign="-",
    part="property",
    why=("被保险人自己的财产不属于交强险赔偿范围", "The insured's own property is never paid"),
)
def property_own_fen(property_loss_fen: Fen, is_property_own: Flag) -> Fen:
    """Damage to things of the insured, which this cover never pays (B4)."""
    return only_if(is_property_own, property_loss_fen)


@rule(
    clause="intent",
    zh="减：受害人故意造成",
    en="Less: caused by the victim on purpose",
    sign="-",
    part="property",
    why=("受害人故意造成的损失不赔", "A loss that the victim caused on purpose is not paid"),
)
def property_intent_fen(
    property_loss_fen: Fen, property_own_fen: Fen, is_victim_intent: Flag
) -> Fen:
    """The property loss that the victim caused on purpose (B11)."""
    return only_if(is_victim_intent, property_loss_fen - property_own_fen)


@rule(
    clause="barred",
    zh="减：无证、醉酒、盗抢或故意情形下的财产损失",
    en="Less: property, the driver being unlicensed, drunk, a thief or acting on purpose",
    sign="-",
    part="property",
    why=("此情形只垫付抢救费用", "In this case only rescue costs are advanced"),
)
def property_barred_fen(
    property_loss_fen: Fen,
    property_own_fen: Fen,
    property_intent_fen: Fen,
    is_driver_barred: Flag,
) -> Fen:
    """The property loss where only rescue costs are advanced (B9)."""
    return only_if(is_driver_barred, property_loss_fen - property_own_fen - property_intent_fen)


@rule(
    clause="mutual",
    zh="减：对方车损，由对方保险公司赔付",
    en="Less: the other car, paid by its own insurer",
    sign="-",
    part="property",
    why=("互碰自赔：各自向自己的保险公司索赔", "Each driver claims from his own insurer"),
)
def property_mutual_fen(
    property_loss_fen: Fen,
    property_own_fen: Fen,
    property_intent_fen: Fen,
    is_mutual: Flag,
) -> Fen:
    """The other car's damage where each insurer pays its own customer (B8)."""
    return only_if(is_mutual, property_loss_fen - property_own_fen - property_intent_fen)


@rule(clause="loss", zh="可赔财产损失", en="Property loss covered")
def property_covered_fen(
    property_loss_fen: Fen,
    property_own_fen: Fen,
    property_intent_fen: Fen,
    property_barred_fen: Fen,
    property_mutual_fen: Fen,
) -> Fen:
    """The property loss that the cover answers for, before the limit."""
    refused = property_own_fen + property_intent_fen + property_barred_fen
    return property_loss_fen - refused - property_mutual_fen


@rule(
    clause="limits",
    zh="减：超过财产损失限额的部分",
    en="Less: above the property limit",
    sign="-",
    part="property",
    why=("本次事故限额尚余 {property_limit_fen}", "{property_limit_fen} is left of the limit"),
)
def property_over_fen(property_covered_fen: Fen, property_limit_fen: Fen) -> Fen:
    """The covered property loss that lies above the limit."""
    return above(property_covered_fen, property_limit_fen)


@rule(
    clause="limits",
    zh="财产损失应赔",
    en="Payable for property",
    sign="=",
    part="property",
)
def property_fen(property_covered_fen: Fen, property_limit_fen: Fen) -> Fen:
    """What is paid for the victims' vehicles and things."""
    return capped(property_covered_fen, property_limit_fen)


@rule(
    clause="own",
    zh="减：本车人员或被保险人的医疗费用",
    en="Less: medical costs of the insured or of people in his own car",
    sign="-",
    part="medical",
    why=("本车人员和被保险人不是交强险的受害人", "They are not victims under this cover"),
)
def medical_own_fen(medical_loss_fen: Fen, is_victim_own: Flag) -> Fen:
    """Medical costs of people who are not victims under this cover (B4)."""
    return only_if(is_victim_own, medical_loss_fen)


@rule(
    clause="intent",
    zh="减：受害人故意造成",
    en="Less: caused by the victim on purpose",
    sign="-",
    part="medical",
    why=("受害人故意造成的损失不赔", "A loss that the victim caused on purpose is not paid"),
)
def medical_intent_fen(medical_loss_fen: Fen, medical_own_fen: Fen, is_victim_intent: Flag) -> Fen:
    """Medical costs that the victim caused on purpose (B11)."""
    return only_if(is_victim_intent, medical_loss_fen - medical_own_fen)


@rule(
    clause="barred",
    zh="减：抢救费用以外的医疗费用",
    en="Less: medical costs other than rescue",
    sign="-",
    part="medical",
    why=("此情形只垫付抢救费用", "In this case only rescue costs are advanced"),
)
def medical_barred_fen(
    medical_loss_fen: Fen,
    medical_own_fen: Fen,
    medical_intent_fen: Fen,
    rescue_cost_fen: Fen,
    is_driver_barred: Flag,
) -> Fen:
    """The medical costs beyond the rescue where only rescue costs are advanced (B9)."""
    asked = medical_loss_fen - medical_own_fen - medical_intent_fen
    return only_if(is_driver_barred, above(asked, rescue_cost_fen))


@rule(clause="loss", zh="可赔医疗费用", en="Medical costs covered")
def medical_covered_fen(
    medical_loss_fen: Fen,
    medical_own_fen: Fen,
    medical_intent_fen: Fen,
    medical_barred_fen: Fen,
) -> Fen:
    """The medical costs that the cover answers for, before the limit."""
    return medical_loss_fen - medical_own_fen - medical_intent_fen - medical_barred_fen


@rule(
    clause="limits",
    zh="减：超过医疗费用限额的部分",
    en="Less: above the medical limit",
    sign="-",
    part="medical",
    why=("本次事故限额尚余 {medical_limit_fen}", "{medical_limit_fen} is left of the limit"),
)
def medical_over_fen(medical_covered_fen: Fen, medical_limit_fen: Fen) -> Fen:
    """The covered medical costs that lie above the limit."""
    return above(medical_covered_fen, medical_limit_fen)


@rule(
    clause="limits",
    zh="医疗费用应赔",
    en="Payable for medical costs",
    sign="=",
    part="medical",
)
def medical_fen(medical_covered_fen: Fen, medical_limit_fen: Fen) -> Fen:
    """What is paid or advanced for medical costs."""
    return capped(medical_covered_fen, medical_limit_fen)


@rule(
    clause="own",
    zh="减：本车人员或被保险人的伤亡损失",
    en="Less: death or disability of the insured or of people in his own car",
    sign="-",
    part="death",
    why=("本车人员和被保险人不是交强险的受害人", "They are not victims under this cover"),
)
def death_own_fen(death_loss_fen: Fen, is_victim_own: Flag) -> Fen:
    """Death and disability of people who are not victims under this cover (B4)."""
    return only_if(is_victim_own, death_loss_fen)


@rule(
    clause="intent",
    zh="减：受害人故意造成",
    en="Less: caused by the victim on purpose",
    sign="-",
    part="death",
    why=("受害人故意造成的损失不赔", "A loss that the victim caused on purpose is not paid"),
)
def death_intent_fen(death_loss_fen: Fen, death_own_fen: Fen, is_victim_intent: Flag) -> Fen:
    """Death and disability that the victim caused on purpose (B11)."""
    return only_if(is_victim_intent, death_loss_fen - death_own_fen)


@rule(
    clause="barred",
    zh="减：抢救费用以外的损失",
    en="Less: everything other than rescue",
    sign="-",
    part="death",
    why=("此情形只垫付抢救费用", "In this case only rescue costs are advanced"),
)
def death_barred_fen(
    death_loss_fen: Fen, death_own_fen: Fen, death_intent_fen: Fen, is_driver_barred: Flag
) -> Fen:
    """Death and disability where only rescue costs are advanced (B9)."""
    return only_if(is_driver_barred, death_loss_fen - death_own_fen - death_intent_fen)


@rule(clause="loss", zh="可赔死亡伤残损失", en="Death and disability covered")
def death_covered_fen(
    death_loss_fen: Fen, death_own_fen: Fen, death_intent_fen: Fen, death_barred_fen: Fen
) -> Fen:
    """The death and disability loss that the cover answers for, before the limit."""
    return death_loss_fen - death_own_fen - death_intent_fen - death_barred_fen


@rule(
    clause="limits",
    zh="减：超过死亡伤残限额的部分",
    en="Less: above the death and disability limit",
    sign="-",
    part="death",
    why=("本次事故限额尚余 {death_limit_fen}", "{death_limit_fen} is left of the limit"),
)
def death_over_fen(death_covered_fen: Fen, death_limit_fen: Fen) -> Fen:
    """The covered death and disability loss that lies above the limit."""
    return above(death_covered_fen, death_limit_fen)


@rule(
    clause="limits",
    zh="死亡伤残应赔",
    en="Payable for death and disability",
    sign="=",
    part="death",
)
def death_fen(death_covered_fen: Fen, death_limit_fen: Fen) -> Fen:
    """What is paid for death and disability."""
    return capped(death_covered_fen, death_limit_fen)


@rule(
    clause="mutual",
    zh="本车损失（互碰自赔）",
    en="Your own car (each insurer pays its own customer)",
    sign="+",
    part="own_car",
    why=("各方都有责任、无人受伤、各车损失不超限额", "All at fault, nobody hurt, small losses"),
)
def own_car_fen(own_car_loss_fen: Fen, is_mutual: Flag) -> Fen:
    """The own customer's car, where each insurer pays its own customer (B8)."""
    return only_if(is_mutual, own_car_loss_fen)


@rule(
    clause="on_behalf",
    zh="其中由全责方保险公司代为赔付",
    en="Of this, paid on behalf by the insurer of the car at fault",
)
def on_behalf_fen(property_fen: Fen, is_at_fault: Flag, is_paid_on_behalf: Flag) -> Fen:
    """What the insurer of the car at fault pays in place of this cover (无责代赔, B7)."""
    return only_if(is_paid_on_behalf & ~is_at_fault, property_fen)


@rule(
    clause="barred",
    zh="其中可向致害人追偿",
    en="Of this, recoverable from the wrongdoer",
)
def recoverable_fen(medical_fen: Fen, is_driver_barred: Flag) -> Fen:
    """The rescue costs advanced, which the insurer may recover (B9)."""
    return only_if(is_driver_barred, medical_fen)


@rule(clause="limits", zh="交强险赔款合计", en="Paid by the compulsory cover", sign="=")
def benefit_fen(property_fen: Fen, medical_fen: Fen, death_fen: Fen, own_car_fen: Fen) -> Fen:
    """What the compulsory cover pays for this accident."""
    return property_fen + medical_fen + death_fen + own_car_fen
