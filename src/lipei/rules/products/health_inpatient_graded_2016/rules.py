"""Inpatient medical cover with a graded scale: each slice of what a stay cost, above the first
bound, at its own ratio (benefit_rules E7, E9)."""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import BasisPoints, Fen, Flag, above, capped, graded, only_if
from lipei.rules.running import left_of, used_before
from lipei.rules.sharing import Key


@rule(clause="waiting", zh="在保障开始之前", en="Before the cover begins")
def is_too_early(
    insured_from_on: Days, occurred_on: Days, is_accident: Flag, waiting_days: Days
) -> Flag:
    """An illness found within the waiting period, or anything from before the insurance. An
    accident has no waiting period (E9)."""
    early: Flag = days_between(insured_from_on, occurred_on) < only_if(~is_accident, waiting_days)
    return early


@rule(
    clause="waiting",
    zh="减：等待期内的疾病或投保前的事故",
    en="Less: within the waiting period, or from before the insurance",
    sign="-",
    why=(
        "{occurred_on}发生；保险自{insured_from_on}起，疾病等待期 {waiting_days} 天",
        "From {occurred_on}; insured from {insured_from_on}, {waiting_days} days to wait",
    ),
)
def too_early_fen(cost_fen: Fen, is_too_early: Flag) -> Fen:
    """The whole stay, where its cause lies before the cover begins (E9)."""
    return only_if(is_too_early, cost_fen)


@rule(
    clause="compensation",
    zh="减：医保基金支付",
    en="Less: paid by social insurance",
    sign="-",
    why=("医保支付 {social_paid_fen}", "It paid {social_paid_fen}"),
)
def social_taken_fen(cost_fen: Fen, too_early_fen: Fen, social_paid_fen: Fen) -> Fen:
    """What social insurance already paid (E2)."""
    return capped(cost_fen - too_early_fen, social_paid_fen)


@rule(
    clause="compensation",
    zh="减：其他补偿",
    en="Less: other compensation",
    sign="-",
    why=("已获补偿 {other_paid_fen}", "Received {other_paid_fen}"),
)
def other_taken_fen(
    cost_fen: Fen, too_early_fen: Fen, social_taken_fen: Fen, other_paid_fen: Fen
) -> Fen:
    """What others already paid of the same cost (E2)."""
    return capped(cost_fen - too_early_fen - social_taken_fen, other_paid_fen)


@rule(clause="scale", zh="分级累进的基数", en="Base of the scale")
def base_fen(cost_fen: Fen, too_early_fen: Fen, social_taken_fen: Fen, other_taken_fen: Fen) -> Fen:
    """The cost that nobody else has paid."""
    return cost_fen - too_early_fen - social_taken_fen - other_taken_fen


@rule(clause="scale", zh="按分级比例应赔", en="By the scale")
def graded_fen(
    base_fen: Fen,
    bound_1_fen: Fen,
    bound_2_fen: Fen,
    bound_3_fen: Fen,
    bound_4_fen: Fen,
    bound_5_fen: Fen,
    grade_1_bp: BasisPoints,
    grade_2_bp: BasisPoints,
    grade_3_bp: BasisPoints,
    grade_4_bp: BasisPoints,
    grade_5_bp: BasisPoints,
) -> Fen:
    """Each slice between two bounds at its own ratio, nothing of what lies below the first
    bound (E7)."""
    bounds = (bound_1_fen, bound_2_fen, bound_3_fen, bound_4_fen, bound_5_fen)
    rates = (grade_1_bp, grade_2_bp, grade_3_bp, grade_4_bp, grade_5_bp)
    return graded(base_fen, bounds=bounds, rates=rates)


@rule(
    clause="scale",
    zh="减：分级累进后自付",
    en="Less: borne by the scale",
    sign="-",
    why=("{bound_1_fen} 以上分级累进", "Graded above {bound_1_fen}"),
)
def scale_kept_fen(base_fen: Fen, graded_fen: Fen) -> Fen:
    """What the insured bears by the scale, the first bound included (E7)."""
    return base_fen - graded_fen


@rule(
    clause="limit",
    zh="减：超过每次限额",
    en="Less: above the limit of the stay",
    sign="-",
    why=("每次住院限额 {stay_limit_fen}", "{stay_limit_fen} for each stay"),
)
def over_stay_limit_fen(graded_fen: Fen, stay_limit_fen: Fen) -> Fen:
    """What the limit of each stay does not reach."""
    return above(graded_fen, stay_limit_fen)


@rule(clause="limit", zh="年度限额尚余", en="Left of the limit of the year")
def limit_left_fen(
    graded_fen: Fen,
    over_stay_limit_fen: Fen,
    yearly_limit_fen: Fen,
    paid_before_fen: Fen,
    insured_year_key: Key,
) -> Fen:
    """What the earlier stays of the year left of its limit."""
    used = used_before(
        graded_fen - over_stay_limit_fen,
        limit=yearly_limit_fen,
        opening=paid_before_fen,
        key=insured_year_key,
    )
    return left_of(yearly_limit_fen, used)


@rule(
    clause="limit",
    zh="减：超过年度限额",
    en="Less: above the limit of the year",
    sign="-",
    why=("年度限额尚余 {limit_left_fen}", "{limit_left_fen} is left of it"),
)
def over_yearly_limit_fen(graded_fen: Fen, over_stay_limit_fen: Fen, limit_left_fen: Fen) -> Fen:
    """What the limit of the year no longer reaches."""
    return above(graded_fen - over_stay_limit_fen, limit_left_fen)


@rule(clause="cover", zh="住院医疗赔款合计", en="Paid for the stay", sign="=")
def benefit_fen(graded_fen: Fen, over_stay_limit_fen: Fen, over_yearly_limit_fen: Fen) -> Fen:
    """What is paid for this stay."""
    return graded_fen - over_stay_limit_fen - over_yearly_limit_fen
