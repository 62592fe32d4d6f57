"""The limits of one accident, head by head, at fault or not (benefit_rules B1)."""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, Flag, chosen
from lipei.rules.running import left_of


@rule(clause="limits", zh="本次事故财产损失限额", en="Limit of this accident for property")
def property_event_limit_fen(
    is_at_fault: Flag, property_at_fault_fen: Fen, property_no_fault_fen: Fen
) -> Fen:
    """The property limit of one accident, at fault or not (B1)."""
    return chosen(is_at_fault, property_at_fault_fen, property_no_fault_fen)


@rule(clause="limits", zh="财产损失限额尚余", en="Left of the property limit")
def property_limit_fen(property_event_limit_fen: Fen, property_paid_fen: Fen) -> Fen:
    """The property limit of this accident, less what was already paid under it."""
    return left_of(property_event_limit_fen, property_paid_fen)


@rule(clause="limits", zh="本次事故医疗费用限额", en="Limit of this accident for medical costs")
def medical_event_limit_fen(
    is_at_fault: Flag, medical_at_fault_fen: Fen, medical_no_fault_fen: Fen
) -> Fen:
    """The medical limit of one accident, at fault or not (B1)."""
    return chosen(is_at_fault, medical_at_fault_fen, medical_no_fault_fen)


@rule(clause="limits", zh="医疗费用限额尚余", en="Left of the medical limit")
def medical_limit_fen(medical_event_limit_fen: Fen, medical_paid_fen: Fen) -> Fen:
    """The medical limit of this accident, less what was already paid under it."""
    return left_of(medical_event_limit_fen, medical_paid_fen)


@rule(
    clause="limits", zh="本次事故死亡伤残限额", en="Limit of this accident for death and disability"
)
def death_event_limit_fen(
    is_at_fault: Flag, death_at_fault_fen: Fen, death_no_fault_fen: Fen
) -> Fen:
    """The death and disability limit of one accident, at fault or not (B1)."""
    return chosen(is_at_fault, death_at_fault_fen, death_no_fault_fen)


@rule(clause="limits", zh="死亡伤残限额尚余", en="Left of the death and disability limit")
def death_limit_fen(death_event_limit_fen: Fen, death_paid_fen: Fen) -> Fen:
    """The death and disability limit of this accident, less what was already paid under it."""
    return left_of(death_event_limit_fen, death_paid_fen)
