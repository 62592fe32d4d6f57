"""The heads of injury: medical costs, and death and disability with mental distress."""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, above, capped, chosen, only_if
from lipei.rules.sharing import Key, shared, sum_of

NOT_VICTIMS = ("本车人员和被保险人不是交强险的受害人", "They are not victims under this cover")
ON_PURPOSE = ("受害人故意造成的损失不赔", "A loss that the victim caused on purpose is not paid")
ONLY_RESCUE = ("此情形只垫付抢救费用", "In this case only rescue costs are advanced")


@rule(
    clause="own",
    zh="减：本车人员或被保险人的医疗费用",
    en="Less: medical costs of the insured or of people in his own car",
    sign="-",
    part="medical",
    why=NOT_VICTIMS,
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
    why=ON_PURPOSE,
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
    why=ONLY_RESCUE,
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


@rule(clause="loss", zh="各受害人可赔医疗费用合计", en="Medical costs covered, of all victims")
def medical_event_fen(medical_covered_fen: Fen, event_key: Key) -> Fen:
    """The covered medical costs of all victims of this accident."""
    return sum_of(medical_covered_fen, event_key)


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
    clause="several",
    zh="减：限额由各受害人按损失比例分配",
    en="Less: the limit is divided among several victims by their losses",
    sign="-",
    part="medical",
    why=("各受害人可赔损失共 {medical_event_fen}", "{medical_event_fen} in all"),
)
def medical_yielded_fen(medical_covered_fen: Fen, medical_over_fen: Fen, medical_fen: Fen) -> Fen:
    """What of the limit goes to the other victims of this accident (B5)."""
    return medical_covered_fen - medical_over_fen - medical_fen


@rule(clause="limits", zh="医疗费用应赔", en="Payable for medical costs", sign="=", part="medical")
def medical_fen(
    medical_covered_fen: Fen, medical_event_fen: Fen, medical_limit_fen: Fen, event_key: Key
) -> Fen:
    """What is paid or advanced for medical costs, in proportion to the losses of all (B5)."""
    return shared(capped(medical_event_fen, medical_limit_fen), medical_covered_fen, event_key)


@rule(clause="loss", zh="死亡伤残损失及精神损害抚慰金", en="Death, disability and mental distress")
def death_asked_fen(death_loss_fen: Fen, mental_distress_fen: Fen) -> Fen:
    """What is asked under the head of death and disability, mental distress included (B2)."""
    return death_loss_fen + mental_distress_fen


@rule(
    clause="own",
    zh="减：本车人员或被保险人的伤亡损失",
    en="Less: death or disability of the insured or of people in his own car",
    sign="-",
    part="death",
    why=NOT_VICTIMS,
)
def death_own_fen(death_asked_fen: Fen, is_victim_own: Flag) -> Fen:
    """Death and disability of people who are not victims under this cover (B4)."""
    return only_if(is_victim_own, death_asked_fen)


@rule(
    clause="intent",
    zh="减：受害人故意造成",
    en="Less: caused by the victim on purpose",
    sign="-",
    part="death",
    why=ON_PURPOSE,
)
def death_intent_fen(death_asked_fen: Fen, death_own_fen: Fen, is_victim_intent: Flag) -> Fen:
    """Death and disability that the victim caused on purpose (B11)."""
    return only_if(is_victim_intent, death_asked_fen - death_own_fen)


@rule(
    clause="barred",
    zh="减：抢救费用以外的损失",
    en="Less: everything other than rescue",
    sign="-",
    part="death",
    why=ONLY_RESCUE,
)
def death_barred_fen(
    death_asked_fen: Fen, death_own_fen: Fen, death_intent_fen: Fen, is_driver_barred: Flag
) -> Fen:
    """Death and disability where only rescue costs are advanced (B9)."""
    return only_if(is_driver_barred, death_asked_fen - death_own_fen - death_intent_fen)


@rule(clause="loss", zh="可赔死亡伤残损失", en="Death and disability covered")
def death_covered_fen(
    death_asked_fen: Fen, death_own_fen: Fen, death_intent_fen: Fen, death_barred_fen: Fen
) -> Fen:
    """The death and disability loss that the cover answers for, before the limit."""
    return death_asked_fen - death_own_fen - death_intent_fen - death_barred_fen


@rule(
    clause="loss",
    zh="各受害人可赔死亡伤残损失合计",
    en="Death and disability losses covered, of all victims",
)
def death_event_fen(death_covered_fen: Fen, event_key: Key) -> Fen:
    """The covered death and disability losses of all victims of this accident."""
    return sum_of(death_covered_fen, event_key)


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
    clause="several",
    zh="减：限额由各受害人按损失比例分配",
    en="Less: the limit is divided among several victims by their losses",
    sign="-",
    part="death",
    why=("各受害人可赔损失共 {death_event_fen}", "{death_event_fen} in all"),
)
def death_yielded_fen(death_covered_fen: Fen, death_over_fen: Fen, death_fen: Fen) -> Fen:
    """What of the limit goes to the other victims of this accident (B5)."""
    return death_covered_fen - death_over_fen - death_fen


@rule(
    clause="limits",
    zh="死亡伤残应赔",
    en="Payable for death and disability",
    sign="=",
    part="death",
)
def death_fen(
    death_covered_fen: Fen, death_event_fen: Fen, death_limit_fen: Fen, event_key: Key
) -> Fen:
    """What is paid for death and disability, in proportion to the losses of all (B5)."""
    return shared(capped(death_event_fen, death_limit_fen), death_covered_fen, event_key)


@rule(clause="mental", zh="其中精神损害抚慰金", en="Of this, for mental distress")
def mental_fen(
    death_fen: Fen, death_loss_fen: Fen, mental_distress_fen: Fen, is_mental_first: Flag
) -> Fen:
    """What of the head goes to mental distress: first where the victim wishes so (B10), else
    after everything else."""
    last_fen = above(death_fen, death_loss_fen)
    return chosen(is_mental_first, capped(death_fen, mental_distress_fen), last_fen)


@rule(clause="mental", zh="其中精神损害以外", en="Of this, for other than mental distress")
def death_ordinary_fen(death_fen: Fen, mental_fen: Fen) -> Fen:
    """What of the head goes to death and disability themselves: the commercial cover answers
    for what is left of these alone (CM-13)."""
    return death_fen - mental_fen
