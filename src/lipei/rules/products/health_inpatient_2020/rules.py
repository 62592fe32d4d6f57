"""Inpatient medical cover: what a stay cost within the cover, less what others paid, above the
deductible, by a ratio, within stop-loss and limits (benefit_rules E1-E6, E8-E11).

The insured year is that of the day of admission; its deductible, its stop-loss and its limit are
used up by the stays in the order of settlement. Where a stop-loss of the year and a limit of
each stay meet, a higher deductible may move what the insured bears into a stay that its limit
cuts anyhow: property P6 exempts it.
"""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import (
    ZERO,
    BasisPoints,
    Fen,
    Flag,
    above,
    at_least,
    capped,
    chosen,
    only_if,
    portion,
)
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(clause="cover", zh="住院费用合计", en="Cost of the stay")
def cost_fen(
    catalogue_cost_fen: Fen, first_own_share_fen: Fen, outside_cost_fen: Fen, bed_cost_fen: Fen
) -> Fen:
    """The whole invoice of the stay."""
    return catalogue_cost_fen + first_own_share_fen + outside_cost_fen + bed_cost_fen


@rule(clause="insured_year", zh="入院日期属于本保险年度", en="Admitted in this insured year")
def is_in_year(admitted_on: Days, year_from_on: Days, year_to_on: Days) -> Flag:
    """A stay belongs whole to the insured year in which it began (E9)."""
    held: Flag = (year_from_on <= admitted_on) & (admitted_on <= year_to_on)
    return held


@rule(clause="waiting", zh="在保障开始之前", en="Before the cover begins")
def is_too_early(
    insured_from_on: Days, occurred_on: Days, is_accident: Flag, waiting_days: Days
) -> Flag:
    """An illness found within the waiting period, or anything from before the insurance. An
    accident has no waiting period (E9)."""
    early: Flag = days_between(insured_from_on, occurred_on) < only_if(~is_accident, waiting_days)
    return early


@rule(clause="cover", zh="属于保障范围", en="Within the cover")
def is_covered(is_hospital_in_scope: Flag, is_in_year: Flag, is_too_early: Flag) -> Flag:
    """The stay itself is one that this year of the policy covers (E1)."""
    covered: Flag = is_hospital_in_scope & is_in_year & ~is_too_early
    return covered


@rule(
    clause="hospital",
    zh="减：非约定医院的费用",
    en="Less: not in a hospital agreed",
    sign="-",
    part="scope",
    why=("医院不在约定范围内", "The hospital is not one of those agreed"),
)
def other_hospital_fen(cost_fen: Fen, is_hospital_in_scope: Flag) -> Fen:
    """The whole stay, where the hospital is not one of those agreed (E1)."""
    return only_if(~is_hospital_in_scope, cost_fen)


@rule(
    clause="insured_year",
    zh="减：归入其他保险年度",
    en="Less: belongs to another insured year",
    sign="-",
    part="scope",
    why=(
        "{admitted_on}入院，本年度为{year_from_on}至{year_to_on}",
        "Admitted on {admitted_on}; this year runs from {year_from_on} to {year_to_on}",
    ),
)
def other_year_fen(cost_fen: Fen, is_hospital_in_scope: Flag, is_in_year: Flag) -> Fen:
    """The whole stay, where it began in another insured year (E9)."""
    return only_if(is_hospital_in_scope & ~is_in_year, cost_fen)


@rule(
    clause="waiting",
    zh="减：等待期内的疾病或投保前的事故",
    en="Less: within the waiting period, or from before the insurance",
    sign="-",
    part="scope",
    why=(
        "{occurred_on}发生；保险自{insured_from_on}起，疾病等待期 {waiting_days} 天",
        "From {occurred_on}; insured from {insured_from_on}, {waiting_days} days to wait",
    ),
)
def too_early_fen(
    cost_fen: Fen, is_hospital_in_scope: Flag, is_in_year: Flag, is_too_early: Flag
) -> Fen:
    """The whole stay, where its cause lies before the cover begins (E9)."""
    return only_if(is_hospital_in_scope & is_in_year & is_too_early, cost_fen)


@rule(
    clause="catalogue",
    zh="减：目录外费用",
    en="Less: outside the catalogue",
    sign="-",
    part="scope",
    why=("本产品不承保目录外费用", "This product does not cover them"),
)
def outside_out_fen(outside_cost_fen: Fen, is_covered: Flag, is_outside_covered: Flag) -> Fen:
    """What lies outside the catalogue, where the product does not include it (E8)."""
    return only_if(is_covered & ~is_outside_covered, outside_cost_fen)


@rule(
    clause="catalogue",
    zh="减：乙类先行自付",
    en="Less: first own share of catalogue B",
    sign="-",
    part="scope",
    why=("本产品不承保先行自付", "This product does not cover it"),
)
def own_share_out_fen(
    first_own_share_fen: Fen, is_covered: Flag, is_own_share_covered: Flag
) -> Fen:
    """The first own share of catalogue B, where the product leaves it to the insured (E8)."""
    return only_if(is_covered & ~is_own_share_covered, first_own_share_fen)


@rule(clause="bed", zh="住院天数", en="Days of the stay")
def stay_days(admitted_on: Days, discharged_on: Days) -> Days:
    """From admission to discharge; a bed for part of a day counts as one day."""
    return at_least(days_between(admitted_on, discharged_on), 1)


@rule(
    clause="bed",
    zh="减：超过床位费限额",
    en="Less: above the limit of the bed",
    sign="-",
    part="scope",
    why=("每日 {bed_day_limit_fen}，共 {stay_days} 天", "{bed_day_limit_fen} for {stay_days} days"),
)
def bed_over_fen(
    bed_cost_fen: Fen, bed_day_limit_fen: Fen, stay_days: Days, is_covered: Flag
) -> Fen:
    """What the bed cost above its limit per day."""
    return only_if(is_covered, above(bed_cost_fen, bed_day_limit_fen * stay_days))


@rule(clause="cover", zh="保障范围内费用", en="Costs within the cover", sign="=", part="scope")
def eligible_fen(
    cost_fen: Fen, is_covered: Flag, outside_out_fen: Fen, own_share_out_fen: Fen, bed_over_fen: Fen
) -> Fen:
    """What of the invoice lies within the cover (E1)."""
    return only_if(is_covered, cost_fen) - outside_out_fen - own_share_out_fen - bed_over_fen


@rule(
    clause="compensation",
    zh="减：医保基金支付",
    en="Less: paid by social insurance",
    sign="-",
    why=(
        "医保支付 {social_paid_fen}，个人账户不计",
        "It paid {social_paid_fen}; a personal account is the insured's own",
    ),
)
def social_taken_fen(eligible_fen: Fen, social_paid_fen: Fen) -> Fen:
    """What social insurance already paid; the personal account is the insured's own (E2, E4)."""
    return capped(eligible_fen, social_paid_fen)


@rule(
    clause="compensation",
    zh="减：其他补偿",
    en="Less: other compensation",
    sign="-",
    why=("已获补偿 {other_paid_fen}", "Received {other_paid_fen}"),
)
def other_taken_fen(eligible_fen: Fen, social_taken_fen: Fen, other_paid_fen: Fen) -> Fen:
    """What other insurers or the employer already paid of the same cost (E2, E10)."""
    return capped(eligible_fen - social_taken_fen, other_paid_fen)


@rule(
    clause="compensation",
    zh="减：侵权人赔偿",
    en="Less: paid by the wrongdoer",
    sign="-",
    why=("已获赔偿 {wrongdoer_paid_fen}", "Received {wrongdoer_paid_fen}"),
)
def wrongdoer_taken_fen(
    eligible_fen: Fen, social_taken_fen: Fen, other_taken_fen: Fen, wrongdoer_paid_fen: Fen
) -> Fen:
    """What the wrongdoer already paid of the same cost (E2)."""
    return capped(eligible_fen - social_taken_fen - other_taken_fen, wrongdoer_paid_fen)


@rule(clause="compensation", zh="扣除补偿后的费用", en="Cost that nobody has paid")
def base_fen(
    eligible_fen: Fen, social_taken_fen: Fen, other_taken_fen: Fen, wrongdoer_taken_fen: Fen
) -> Fen:
    """The cost within the cover that nobody else has paid (E2)."""
    return eligible_fen - social_taken_fen - other_taken_fen - wrongdoer_taken_fen


@rule(
    clause="deductible",
    zh="减：每次免赔额",
    en="Less: deductible of the stay",
    sign="-",
    why=("每次住院 {stay_deductible_fen}", "{stay_deductible_fen} for each stay"),
)
def stay_deductible_taken_fen(base_fen: Fen, stay_deductible_fen: Fen) -> Fen:
    """The deductible of each stay, taken before the ratio (E3)."""
    return capped(base_fen, stay_deductible_fen)


@rule(clause="deductible", zh="可抵扣年免赔额的补偿", en="Compensation that meets the deductible")
def met_by_others_fen(
    other_taken_fen: Fen,
    wrongdoer_taken_fen: Fen,
    is_deductible_met_by_others: Flag,
    is_deductible_met_by_wrongdoer: Flag,
) -> Fen:
    """What others paid and the yearly deductible counts as borne: never what social insurance
    paid (E5)."""
    from_others = only_if(is_deductible_met_by_others, other_taken_fen)
    return from_others + only_if(is_deductible_met_by_wrongdoer, wrongdoer_taken_fen)


@rule(clause="deductible", zh="年免赔额尚余", en="Left of the yearly deductible")
def deductible_left_fen(
    base_fen: Fen,
    stay_deductible_taken_fen: Fen,
    met_by_others_fen: Fen,
    yearly_deductible_fen: Fen,
    deductible_used_before_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """What the earlier stays of the year left of the deductible."""
    used = used_before(
        met_by_others_fen + base_fen - stay_deductible_taken_fen,
        limit=yearly_deductible_fen,
        opening=deductible_used_before_fen,
        key=insured_year_key,
    )
    return left_of(yearly_deductible_fen, used)


@rule(clause="deductible", zh="本次抵扣的年免赔额", en="Yearly deductible used up by this stay")
def deductible_used_fen(
    base_fen: Fen,
    stay_deductible_taken_fen: Fen,
    met_by_others_fen: Fen,
    deductible_left_fen: Fen,
) -> Fen:
    """What this stay uses up of the yearly deductible, the compensation first (E5)."""
    return capped(met_by_others_fen + base_fen - stay_deductible_taken_fen, deductible_left_fen)


@rule(
    clause="deductible",
    zh="减：年免赔额",
    en="Less: yearly deductible",
    sign="-",
    why=(
        "年免赔额尚余 {deductible_left_fen}，可用补偿抵扣 {met_by_others_fen}",
        "{deductible_left_fen} was left of it, {met_by_others_fen} of compensation meets it",
    ),
)
def deductible_taken_fen(deductible_used_fen: Fen, met_by_others_fen: Fen) -> Fen:
    """The part of the yearly deductible that the insured bears in this stay."""
    return above(deductible_used_fen, met_by_others_fen)


@rule(clause="ratio", zh="适用给付比例", en="Ratio that applies")
def paid_bp(
    has_social_insurance: Flag,
    was_settled_socially: Flag,
    social_paid_fen: Fen,
    ratio_bp: BasisPoints,
    unsettled_ratio_bp: BasisPoints,
) -> BasisPoints:
    """The lower ratio, where the insured has social insurance and did not settle through it
    (E6). Money from social insurance shows that it was settled."""
    is_settled = was_settled_socially | (social_paid_fen > ZERO)
    return chosen(has_social_insurance & ~is_settled, unsettled_ratio_bp, ratio_bp)


@rule(
    clause="ratio",
    zh="减：按比例自付",
    en="Less: borne by the ratio",
    sign="-",
    why=("给付比例 {paid_bp}", "{paid_bp} is paid"),
)
def ratio_kept_fen(
    base_fen: Fen,
    stay_deductible_taken_fen: Fen,
    deductible_taken_fen: Fen,
    paid_bp: BasisPoints,
) -> Fen:
    """What the insured bears of the cost above the deductible (E3)."""
    left = base_fen - stay_deductible_taken_fen - deductible_taken_fen
    return left - portion(left, paid_bp)


@rule(clause="stop_loss", zh="自付合计", en="Own part before the stop-loss")
def own_due_fen(
    stay_deductible_taken_fen: Fen, deductible_taken_fen: Fen, ratio_kept_fen: Fen
) -> Fen:
    """Deductibles and own share together (E11)."""
    return stay_deductible_taken_fen + deductible_taken_fen + ratio_kept_fen


@rule(clause="stop_loss", zh="年度自付上限尚余", en="Left of what the insured bears in a year")
def stop_loss_left_fen(
    own_due_fen: Fen, stop_loss_fen: Fen, own_borne_before_fen: Fen, insured_year_key: Key
) -> Fen:
    """What the insured may still bear in this year."""
    used = used_before(
        own_due_fen, limit=stop_loss_fen, opening=own_borne_before_fen, key=insured_year_key
    )
    return left_of(stop_loss_fen, used)


@rule(clause="stop_loss", zh="本次自付", en="Borne by the insured")
def own_borne_fen(own_due_fen: Fen, stop_loss_left_fen: Fen) -> Fen:
    """What the insured bears of this stay, deductibles included (E11)."""
    return capped(own_due_fen, stop_loss_left_fen)


@rule(
    clause="stop_loss",
    zh="加：超过年度自付上限的部分",
    en="Plus: above what the insured bears in a year",
    sign="+",
    why=("自付上限尚余 {stop_loss_left_fen}", "{stop_loss_left_fen} was left of it"),
)
def stop_loss_back_fen(own_due_fen: Fen, own_borne_fen: Fen) -> Fen:
    """What the stop-loss takes off the insured (E11)."""
    return own_due_fen - own_borne_fen


@rule(
    clause="limit",
    zh="减：超过每次限额",
    en="Less: above the limit of the stay",
    sign="-",
    why=("每次住院限额 {stay_limit_fen}", "{stay_limit_fen} for each stay"),
)
def over_stay_limit_fen(base_fen: Fen, own_borne_fen: Fen, stay_limit_fen: Fen) -> Fen:
    """What the limit of each stay does not reach."""
    return above(base_fen - own_borne_fen, stay_limit_fen)


@rule(clause="limit", zh="每次限额内应赔", en="Payable within the limit of the stay")
def payable_fen(base_fen: Fen, own_borne_fen: Fen, over_stay_limit_fen: Fen) -> Fen:
    """What would be paid but for the limit of the year."""
    return base_fen - own_borne_fen - over_stay_limit_fen


@rule(clause="limit", zh="年度限额尚余", en="Left of the limit of the year")
def limit_left_fen(
    payable_fen: Fen, yearly_limit_fen: Fen, paid_before_fen: Fen, insured_year_key: Key
) -> Fen:
    """What the earlier stays of the year left of its limit."""
    used = used_before(
        payable_fen, limit=yearly_limit_fen, opening=paid_before_fen, key=insured_year_key
    )
    return left_of(yearly_limit_fen, used)


@rule(
    clause="limit",
    zh="减：超过年度限额",
    en="Less: above the limit of the year",
    sign="-",
    why=("年度限额尚余 {limit_left_fen}", "{limit_left_fen} is left of it"),
)
def over_yearly_limit_fen(payable_fen: Fen, limit_left_fen: Fen) -> Fen:
    """What the limit of the year no longer reaches (E3)."""
    return above(payable_fen, limit_left_fen)


@rule(clause="cover", zh="住院医疗赔款合计", en="Paid for the stay", sign="=")
def benefit_fen(payable_fen: Fen, limit_left_fen: Fen) -> Fen:
    """What is paid for this stay."""
    return capped(payable_fen, limit_left_fen)
