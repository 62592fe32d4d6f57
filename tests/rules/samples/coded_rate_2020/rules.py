"""A sample: rates by codes, one of them beside a share that may be told instead."""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, chosen, portion


@rule(clause="cover", zh="减：不赔的部分", en="Less: not paid", sign="-")
def kept_fen(cost_fen: Fen, extra_fen: Fen, benefit_fen: Fen) -> Fen:
    """What is not paid."""
    return cost_fen + extra_fen - benefit_fen


@rule(clause="cover", zh="应赔", en="Paid", sign="=")
def benefit_fen(
    cost_fen: Fen,
    extra_fen: Fen,
    share_bp: BasisPoints,
    degree_bp: BasisPoints,
    extra_bp: BasisPoints,
) -> Fen:
    """The share that was told, or that of the degree, and the rate of the extra cost."""
    return portion(cost_fen, chosen(share_bp > 0, share_bp, degree_bp)) + portion(
        extra_fen, extra_bp
    )
