"""People of the other car who are hurt, and a compulsory edition with other limits."""

from lipei.ch01_general.models import Claim
from lipei.ch02_intake.registration import open_part
from tests import steps

COMPULSORY = "compulsory_motor_2026"
TERMS = """product = "{product}"
chosen_by = "{chosen_by}"
starts_on = 2026-01-01
formula = "{formula}"
[title]
zh = "待批准的版本"
en = "An edition that awaits its approval"
[terms]
{terms}
"""
LIMITS = {"death": 18_000_000, "medical": 1_800_000, "property": 200_000}
ONE_HURT = """[[case]]
name = "one victim within the limits"
is_at_fault = true
property_loss_fen = 0
medical_loss_fen = 90_000
death_loss_fen = 0
benefit_fen = 90_000
"""


def lay_compulsory(editions, **limits: int) -> str:
    """An edition whose limits at fault are those of 2020 but for these, in fen."""
    told = LIMITS | limits
    lines = [f"{name}_at_fault_fen.default = {fen}" for name, fen in told.items()]
    return editions.lay(COMPULSORY, cases=ONE_HURT, terms=TERMS.format(
        product="compulsory_motor", chosen_by="loss", formula="compulsory_motor_2008",
        terms="\n".join(lines),
    ))  # fmt: skip


def hurt(claim: Claim, product: str, **medical_fen: int) -> Claim:
    """People who are hurt, each under a label of their own, and what their treatment cost."""
    for label, fen in medical_fen.items():
        position = open_part(claim.number, product=product, thing="person", label=label,
                             reserve_fen=5_000_000, by=steps.CLERK)  # fmt: skip
        steps.told(claim, position, about="injury", injured_on=steps.day(claim),
                   medical_cost_fen=fen)  # fmt: skip
    return steps.again(claim)


def two_hurt() -> Claim:
    """Medical costs of 12,000.00 and 24,000.00 and a bumper of 1,500.00, paid in full: of the
    medical costs the compulsory cover bears 6,000.00 and 12,000.00, the other cover the rest."""
    claim = steps.registered(steps.accepted(steps.filed(injured=True)))
    claim = hurt(claim, "compulsory_motor", 伤者甲=1_200_000, 伤者乙=2_400_000)
    return steps.approved(steps.surveyed(claim))
