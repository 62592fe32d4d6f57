"""Mental distress of third parties 附加精神损害抚慰金责任险: what a judgment lays on the
insured beyond the compulsory cover, which comes first, up to the limit of the accident
(benefit_rules B10, D6, CM-13)."""

from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, Flag, above, capped, only_if, portion, rest_of
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(
    clause="award",
    zh="减：第三者未受人身伤害",
    en="Less: nobody was bodily hurt",
    sign="-",
    part="mental",
    why=("只赔人身伤害引起的精神损害", "Only distress that comes of a bodily injury is paid"),
)
def unhurt_fen(award_fen: Fen, is_person_hurt: Flag) -> Fen:
    """Distress over a thing is not covered."""
    return only_if(~is_person_hurt, award_fen)


@rule(
    clause="compulsory_first",
    zh="减：交强险应赔精神损害抚慰金",
    en="Less: mental distress borne by the compulsory cover",
    sign="-",
    part="mental",
    why=("交强险先行赔付", "The compulsory cover pays first"),
)
def compulsory_taken_fen(award_fen: Fen, unhurt_fen: Fen, compulsory_fen: Fen) -> Fen:
    """What the compulsory cover bears of it, on the victim's wish before everything else (B10)."""
    return capped(award_fen - unhurt_fen, compulsory_fen)


@rule(clause="sum", zh="交强险以外的精神损害抚慰金", en="Beyond it", sign="=", part="mental")
def liability_fen(award_fen: Fen, unhurt_fen: Fen, compulsory_taken_fen: Fen) -> Fen:
    """What the insured owes beyond the compulsory cover; a judgment has weighed his fault."""
    return award_fen - unhurt_fen - compulsory_taken_fen


@rule(clause="limit", zh="赔偿限额尚余", en="Left of the limit")
def limit_left_fen(liability_fen: Fen, limit_fen: Fen, limit_used_fen: Fen, event_key: Key) -> Fen:
    """The limit of this accident, less what earlier victims used of it."""
    used = used_before(liability_fen, limit=limit_fen, opening=limit_used_fen, key=event_key)
    return left_of(limit_fen, used)


@rule(clause="limit", zh="占用赔偿限额", en="Used of the limit")
def limit_consumed_fen(liability_fen: Fen, limit_left_fen: Fen) -> Fen:
    """What this victim uses up of the limit, before the rate."""
    return capped(liability_fen, limit_left_fen)


@rule(
    clause="limit",
    zh="减：超过赔偿限额的部分",
    en="Less: above the limit",
    sign="-",
    why=("本次事故限额尚余 {limit_left_fen}", "{limit_left_fen} is left of the limit"),
)
def over_limit_fen(liability_fen: Fen, limit_left_fen: Fen) -> Fen:
    """What the insured owes above the limit."""
    return above(liability_fen, limit_left_fen)


@rule(
    clause="rate",
    zh="减：绝对免赔率",
    en="Less: absolute deductible rate",
    sign="-",
    why=("保单约定 {rate_bp}", "{rate_bp} by the policy"),
)
def rate_kept_fen(limit_consumed_fen: Fen, benefit_fen: Fen) -> Fen:
    """What the insured bears by the rate."""
    return limit_consumed_fen - benefit_fen


@rule(clause="sum", zh="精神损害抚慰金赔款", en="Paid for mental distress", sign="=")
def benefit_fen(limit_consumed_fen: Fen, rate_bp: BasisPoints) -> Fen:
    """What the add-on pays for this victim."""
    return portion(limit_consumed_fen, rest_of(rate_bp))
