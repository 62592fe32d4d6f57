"""Inpatient medical cover of a family 家庭住院医疗: each stay as under the cover of one person, and
beside each person's yearly deductible and limit those that the family shares.

A deductible of the family is the most that its members bear of theirs in a year; a limit of the
family is the most that they are paid together. Both are used up by the stays in the order in
which they are settled, whoever was in hospital, and neither holds where it was not agreed.
"""

from lipei.rules.engine import rule
from lipei.rules.money import Fen, above, capped
from lipei.rules.products.health_inpatient_2020 import rules as kept
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key

cost_fen = kept.cost_fen
is_in_year = kept.is_in_year
is_too_early = kept.is_too_early
is_covered = kept.is_covered
other_hospital_fen = kept.other_hospital_fen
other_year_fen = kept.other_year_fen
too_early_fen = kept.too_early_fen
outside_out_fen = kept.outside_out_fen
own_share_out_fen = kept.own_share_out_fen
stay_days = kept.stay_days
bed_over_fen = kept.bed_over_fen
eligible_fen = kept.eligible_fen
social_taken_fen = kept.social_taken_fen
other_taken_fen = kept.other_taken_fen
wrongdoer_taken_fen = kept.wrongdoer_taken_fen
base_fen = kept.base_fen
stay_deductible_taken_fen = kept.stay_deductible_taken_fen
met_by_others_fen = kept.met_by_others_fen


@rule(clause="deductible", zh="计入免赔额的费用", en="Cost that counts towards the deductible")
def to_deduct_fen(base_fen: Fen, stay_deductible_taken_fen: Fen, met_by_others_fen: Fen) -> Fen:
    """What this stay would use up of the deductible, the compensation first (E5)."""
    return met_by_others_fen + base_fen - stay_deductible_taken_fen


@rule(clause="family", zh="全家年免赔额尚余", en="Left of the family's deductible")
def family_deductible_left_fen(
    to_deduct_fen: Fen,
    yearly_deductible_fen: Fen,
    deductible_used_before_fen: Fen,
    insured_year_key: Key,
    family_deductible_fen: Fen,
    family_deducted_before_fen: Fen,
    family_key: Key,
) -> Fen:
    """What the earlier stays of all members left of the family's deductible: each used of it what
    was left of its own."""
    own = _granted(
        to_deduct_fen,
        limit=yearly_deductible_fen,
        opening=deductible_used_before_fen,
        key=insured_year_key,
    )
    used = used_before(
        own, limit=family_deductible_fen, opening=family_deducted_before_fen, key=family_key
    )
    return left_of(family_deductible_fen, used)


@rule(clause="deductible", zh="年免赔额尚余", en="Left of the yearly deductible")
def deductible_left_fen(
    to_deduct_fen: Fen,
    family_deductible_left_fen: Fen,
    yearly_deductible_fen: Fen,
    deductible_used_before_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """What the earlier stays of this member left of the deductible."""
    return _left(
        to_deduct_fen,
        family_left=family_deductible_left_fen,
        limit=yearly_deductible_fen,
        opening=deductible_used_before_fen,
        key=insured_year_key,
    )


@rule(clause="deductible", zh="本次抵扣的年免赔额", en="Yearly deductible used up by this stay")
def deductible_used_fen(
    to_deduct_fen: Fen, deductible_left_fen: Fen, family_deductible_left_fen: Fen
) -> Fen:
    """What this stay uses up of both deductibles: the member's own and the family's."""
    return capped(capped(to_deduct_fen, deductible_left_fen), family_deductible_left_fen)


@rule(
    clause="deductible",
    zh="减：年免赔额",
    en="Less: yearly deductible",
    sign="-",
    why=(
        "年免赔额尚余 {deductible_left_fen}，全家尚余 {family_deductible_left_fen}，"
        "可用补偿抵扣 {met_by_others_fen}",
        "{deductible_left_fen} was left of it, {family_deductible_left_fen} of the family's, "
        "{met_by_others_fen} of compensation meets it",
    ),
)
def deductible_taken_fen(deductible_used_fen: Fen, met_by_others_fen: Fen) -> Fen:
    """The part of the yearly deductible that the member bears in this stay."""
    return above(deductible_used_fen, met_by_others_fen)


paid_bp = kept.paid_bp
ratio_kept_fen = kept.ratio_kept_fen
own_due_fen = kept.own_due_fen
stop_loss_left_fen = kept.stop_loss_left_fen
own_borne_fen = kept.own_borne_fen
stop_loss_back_fen = kept.stop_loss_back_fen
over_stay_limit_fen = kept.over_stay_limit_fen
payable_fen = kept.payable_fen


@rule(clause="family", zh="家庭年度限额尚余", en="Left of the family's limit")
def family_limit_left_fen(
    payable_fen: Fen,
    yearly_limit_fen: Fen,
    paid_before_fen: Fen,
    insured_year_key: Key,
    family_limit_fen: Fen,
    family_paid_before_fen: Fen,
    family_key: Key,
) -> Fen:
    """What the earlier stays of all members left of the family's limit."""
    own = _granted(
        payable_fen, limit=yearly_limit_fen, opening=paid_before_fen, key=insured_year_key
    )
    used = used_before(own, limit=family_limit_fen, opening=family_paid_before_fen, key=family_key)
    return left_of(family_limit_fen, used)


@rule(clause="limit", zh="年度限额尚余", en="Left of the limit of the year")
def limit_left_fen(
    payable_fen: Fen,
    family_limit_left_fen: Fen,
    yearly_limit_fen: Fen,
    paid_before_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """What the earlier stays of this member left of the limit of the year."""
    return _left(
        payable_fen,
        family_left=family_limit_left_fen,
        limit=yearly_limit_fen,
        opening=paid_before_fen,
        key=insured_year_key,
    )


over_yearly_limit_fen = kept.over_yearly_limit_fen


@rule(
    clause="family",
    zh="减：超过家庭年度限额",
    en="Less: above the family's limit of the year",
    sign="-",
    why=("家庭年度限额尚余 {family_limit_left_fen}", "{family_limit_left_fen} is left of it"),
)
def over_family_limit_fen(
    payable_fen: Fen, over_yearly_limit_fen: Fen, family_limit_left_fen: Fen
) -> Fen:
    """What the limit of the family no longer reaches."""
    return above(payable_fen - over_yearly_limit_fen, family_limit_left_fen)


@rule(clause="cover", zh="住院医疗赔款合计", en="Paid for the stay", sign="=")
def benefit_fen(payable_fen: Fen, over_yearly_limit_fen: Fen, over_family_limit_fen: Fen) -> Fen:
    """What is paid for this stay."""
    return payable_fen - over_yearly_limit_fen - over_family_limit_fen


def _granted(asked: Fen, *, limit: Fen, opening: Fen, key: Key) -> Fen:
    """What a member's own limit alone grants each stay."""
    return capped(asked, left_of(limit, used_before(asked, limit=limit, opening=opening, key=key)))


def _left(asked: Fen, *, family_left: Fen, limit: Fen, opening: Fen, key: Key) -> Fen:
    """What is left of a member's own limit before each stay, once the family's has cut what the
    earlier ones were granted. Where it cuts, nothing is left of it for any later stay: so the
    family may be counted first, as if each member had used up the whole grant."""
    own = capped(_granted(asked, limit=limit, opening=opening, key=key), family_left)
    return left_of(limit, used_before(own, limit=limit, opening=opening, key=key))
