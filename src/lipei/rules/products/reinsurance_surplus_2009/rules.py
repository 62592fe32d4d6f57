"""Proportional reinsurance 比例再保险: the reinsurer bears of a loss what it bears of the sum (K4).

By surplus it bears what lies above the retention, up to its lines; by quota share a part of the
sum. Where both are agreed, the quota share comes first and the surplus takes of what it leaves.
The ceded sum is itself an amount, in fen.
"""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, Flag, above, capped, portion, ratio_of


@rule(clause="treaty", zh="成数分出保险金额", en="Sum ceded by quota share")
def quota_sum_fen(sum_insured_fen: Fen, quota_bp: BasisPoints) -> Fen:
    """The part of the sum that the quota share takes."""
    return portion(sum_insured_fen, quota_bp)


@rule(clause="treaty", zh="溢额分出保险金额", en="Sum ceded by surplus")
def surplus_sum_fen(
    sum_insured_fen: Fen, quota_sum_fen: Fen, retention_fen: Fen, lines_count: Fen
) -> Fen:
    """What lies above the retention, as far as the lines reach."""
    over_fen = above(sum_insured_fen - quota_sum_fen, retention_fen)
    return capped(over_fen, retention_fen * lines_count)


@rule(clause="treaty", zh="分出保险金额", en="Sum ceded")
def ceded_sum_fen(quota_sum_fen: Fen, surplus_sum_fen: Fen) -> Fen:
    """What of the sum insured is ceded."""
    return quota_sum_fen + surplus_sum_fen


@rule(
    clause="treaty",
    zh="减：分出公司自留",
    en="Less: kept by the cedent",
    sign="-",
    part="ceded",
    why=(
        "保险金额 {sum_insured_fen}，其中分出 {ceded_sum_fen}",
        "{ceded_sum_fen} of {sum_insured_fen} is ceded",
    ),
)
def kept_fen(loss_fen: Fen, benefit_fen: Fen) -> Fen:
    """What the cedent bears itself."""
    return loss_fen - benefit_fen


@rule(clause="treaty", zh="再保险人应摊回", en="Paid by the reinsurer", sign="=")
def benefit_fen(loss_fen: Fen, ceded_sum_fen: Fen, sum_insured_fen: Fen) -> Fen:
    """The loss in the proportion of the ceded sum to the sum insured (K4)."""
    return ratio_of(loss_fen, ceded_sum_fen, sum_insured_fen)


@rule(clause="cash", zh="可要求现金赔款", en="Cash may be called")
def is_cash_called(benefit_fen: Fen, cash_call_fen: Fen) -> Flag:
    """The reinsurer's share is above the figure of the treaty (K6)."""
    called: Flag = benefit_fen > cash_call_fen
    return called
