"""Compulsory motor liability 交强险: what the victims lost, head by head, up to the limits.

The share of fault plays no part inside the limits; only at fault or not (benefit_rules B).
Every head is told as a chain: asked, what is not covered and why, what lies above the limit.
The rows of one accident are the victims of one insured car: a head that they exceed together
is divided in proportion to their losses (B5). Leaving the mutual settlement (a damage one fen
above the limit) may lower the sum that this insurer pays, since the other one then pays it:
property P2 exempts it.
"""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, above, capped, only_if
from lipei.rules.sharing import Key, largest_of, shared, sum_of

ON_PURPOSE = ("受害人故意造成的损失不赔", "A loss that the victim caused on purpose is not paid")
ONLY_RESCUE = ("此情形只垫付抢救费用", "In this case only rescue costs are advanced")


@rule(clause="mutual", zh="本次事故有人受伤", en="Somebody was hurt")
def is_anybody_hurt(medical_loss_fen: Fen, death_asked_fen: Fen, event_key: Key) -> Flag:
    """Whether any victim of this accident was hurt."""
    hurt: Flag = largest_of(medical_loss_fen + death_asked_fen, event_key) > 0
    return hurt


@rule(clause="mutual", zh="符合互碰自赔", en="Each insurer pays its own customer's car")
def is_mutual(
    is_mutual_agreed: Flag,
    is_at_fault: Flag,
    has_outside_property: Flag,
    is_driver_barred: Flag,
    is_anybody_hurt: Flag,
    own_car_loss_fen: Fen,
    property_loss_fen: Fen,
    property_limit_fen: Fen,
    event_key: Key,
) -> Flag:
    """All cars at fault, nobody hurt, nothing else damaged, no car's damage above the limit,
    and all agree (B8)."""
    agreed = is_mutual_agreed & is_at_fault & ~has_outside_property & ~is_driver_barred
    own_small = sum_of(own_car_loss_fen, event_key) <= property_limit_fen
    others_small = largest_of(property_loss_fen, event_key) <= property_limit_fen
    met: Flag = agreed & ~is_anybody_hurt & own_small & others_small
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
    why=ON_PURPOSE,
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
    why=ONLY_RESCUE,
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


@rule(clause="loss", zh="各受害人可赔财产损失合计", en="Property losses covered, of all victims")
def property_event_fen(property_covered_fen: Fen, event_key: Key) -> Fen:
    """The covered property losses of all victims of this accident."""
    return sum_of(property_covered_fen, event_key)


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
    clause="several",
    zh="减：限额由各受害人按损失比例分配",
    en="Less: the limit is divided among several victims by their losses",
    sign="-",
    part="property",
    why=(
        "各受害人可赔损失共 {property_event_fen}",
        "{property_event_fen} in all",
    ),
)
def property_yielded_fen(
    property_covered_fen: Fen, property_over_fen: Fen, property_fen: Fen
) -> Fen:
    """What of the limit goes to the other victims of this accident (B5)."""
    return property_covered_fen - property_over_fen - property_fen


@rule(clause="limits", zh="财产损失应赔", en="Payable for property", sign="=", part="property")
def property_fen(
    property_covered_fen: Fen, property_event_fen: Fen, property_limit_fen: Fen, event_key: Key
) -> Fen:
    """What is paid for the victims' cars and things, in proportion to the losses of all (B5)."""
    return shared(capped(property_event_fen, property_limit_fen), property_covered_fen, event_key)


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


@rule(clause="barred", zh="其中可向致害人追偿", en="Of this, recoverable from the wrongdoer")
def recoverable_fen(medical_fen: Fen, is_driver_barred: Flag) -> Fen:
    """The rescue costs advanced, which the insurer may recover (B9)."""
    return only_if(is_driver_barred, medical_fen)


@rule(clause="limits", zh="交强险赔款合计", en="Paid by the compulsory cover", sign="=")
def benefit_fen(property_fen: Fen, medical_fen: Fen, death_fen: Fen, own_car_fen: Fen) -> Fen:
    """What the compulsory cover pays for this accident."""
    return property_fen + medical_fen + death_fen + own_car_fen
