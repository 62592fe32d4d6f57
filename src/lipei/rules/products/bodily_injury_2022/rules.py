"""Bodily injury by heads 人身损害赔偿: what a victim may lawfully ask, before any cover pays.

It feeds the covers head by head: `medical_fen` the medical head, `death_fen` that of death and
disability, `mental_fen` mental distress, which stands within the latter for the compulsory cover
and outside the commercial one. `liable_share_bp` is the share of the car's side (D5).
"""

from lipei.rules.days import Days, days_between
from lipei.rules.engine import rule
from lipei.rules.money import (
    BasisPoints,
    Fen,
    Flag,
    capped,
    chosen,
    only_if,
    portion,
    ratio_of,
)

DAYS_A_YEAR, MONTHS_A_YEAR = 365, 12


@rule(clause="meals", zh="住院伙食补助费", en="Meals in hospital", sign="+", part="medical")
def meals_fen(hospital_days: Days, meals_day_fen: Fen) -> Fen:
    """So much for each day in hospital."""
    return hospital_days * meals_day_fen


@rule(clause="nutrition", zh="营养费", en="Nutrition", sign="+", part="medical")
def nutrition_fen(nutrition_days: Days, nutrition_day_fen: Fen) -> Fen:
    """So much for each day that the physicians or the appraisal advise."""
    return nutrition_days * nutrition_day_fen


@rule(
    clause="medical",
    zh="减：与本次事故无关的医疗费",
    en="Less: medical costs that this accident did not cause",
    sign="-",
    part="medical",
    why=("治疗的不是本次事故造成的伤病", "They treat what this accident did not cause"),
)
def unrelated_taken_fen(medical_cost_fen: Fen, unrelated_fen: Fen) -> Fen:
    """Costs of treating what this accident did not cause."""
    return capped(medical_cost_fen, unrelated_fen)


@rule(clause="medical", zh="医疗费用合计", en="Medical costs", sign="=", part="medical")
def medical_fen(
    medical_cost_fen: Fen,
    later_treatment_fen: Fen,
    meals_fen: Fen,
    nutrition_fen: Fen,
    unrelated_taken_fen: Fen,
) -> Fen:
    """The medical head of the compulsory cover: treatment now and later, meals, nutrition."""
    treated_fen = medical_cost_fen - unrelated_taken_fen + later_treatment_fen
    return treated_fen + meals_fen + nutrition_fen


@rule(clause="earnings", zh="误工费", en="Lost earnings", sign="+", part="death")
def lost_earnings_fen(earnings_year_fen: Fen, lost_days: Days) -> Fen:
    """A year's earnings for the days on which the victim could not work."""
    return ratio_of(earnings_year_fen, lost_days, DAYS_A_YEAR)


@rule(clause="earnings", zh="计入误工的天数", en="Days of lost earnings that count")
def lost_counted_days(lost_days: Days, injured_on: Days, fixed_on: Days, is_lasting: Flag) -> Days:
    """The lost days before the day on which the disability was fixed, or of death."""
    return chosen(is_lasting, capped(lost_days, days_between(injured_on, fixed_on)), lost_days)


@rule(
    clause="earnings",
    zh="减：定残之日起的误工费",
    en="Less: earnings lost from the day of the appraisal on",
    sign="-",
    part="death",
    why=("误工时间计算至定残日前一天", "Lost earnings end the day before the appraisal"),
)
def lost_after_fen(earnings_year_fen: Fen, lost_earnings_fen: Fen, lost_counted_days: Days) -> Fen:
    """From then on the disability is compensated, or the death."""
    return lost_earnings_fen - ratio_of(earnings_year_fen, lost_counted_days, DAYS_A_YEAR)


@rule(
    clause="earnings",
    zh="减：误工期间照发的工资",
    en="Less: wages that were still paid",
    sign="-",
    part="death",
    why=("误工费是实际减少的收入", "Only what was really lost is compensated"),
)
def earnings_kept_taken_fen(
    lost_earnings_fen: Fen, lost_after_fen: Fen, earnings_kept_fen: Fen
) -> Fen:
    """The earnings that did not stop."""
    return capped(lost_earnings_fen - lost_after_fen, earnings_kept_fen)


@rule(clause="nursing", zh="护理费", en="Nursing", sign="+", part="death")
def nursing_fen(nursing_days: Days, nursing_day_fen: Fen, nurses_count: Fen) -> Fen:
    """So much for each day and nurse; one nurse unless physicians or appraisal want more."""
    return nursing_days * nursing_day_fen * nurses_count


@rule(clause="nursing", zh="后续护理费", en="Later nursing", sign="+", part="death")
def later_nursing_fen(
    later_nursing_year_fen: Fen, later_nursing_years_count: Fen, dependence_bp: BasisPoints
) -> Fen:
    """Years of nursing to come, by the degree in which the victim depends on it."""
    return portion(later_nursing_year_fen * later_nursing_years_count, dependence_bp)


@rule(
    clause="disability",
    zh="残疾赔偿金",
    en="Disability compensation",
    sign="+",
    part="death",
    why=(
        "年收入标准 {income_year_fen}，{years_count} 年，伤残系数 {coefficient_bp}",
        "{income_year_fen} a year for {years_count} years, coefficient {coefficient_bp}",
    ),
)
def disability_fen(
    income_year_fen: Fen, years_count: Fen, coefficient_bp: BasisPoints, is_death: Flag
) -> Fen:
    """The income of the region for twenty years or fewer, by the grades; after a death the
    death is compensated instead."""
    return only_if(~is_death, portion(income_year_fen * years_count, coefficient_bp))


@rule(
    clause="death",
    zh="死亡赔偿金",
    en="Death compensation",
    sign="+",
    part="death",
    why=(
        "年收入标准 {income_year_fen}，{years_count} 年",
        "{income_year_fen} a year for {years_count} years",
    ),
)
def death_compensation_fen(income_year_fen: Fen, years_count: Fen, is_death: Flag) -> Fen:
    """The income of the region for twenty years or fewer."""
    return only_if(is_death, income_year_fen * years_count)


@rule(
    clause="funeral",
    zh="丧葬费",
    en="Funeral",
    sign="+",
    part="death",
    why=(
        "职工年平均工资 {wage_year_fen}，计 {funeral_months_count} 个月",
        "{funeral_months_count} months of an average wage of {wage_year_fen} a year",
    ),
)
def funeral_fen(wage_year_fen: Fen, funeral_months_count: Fen, is_death: Flag) -> Fen:
    """Six months of the average wage of the region."""
    return only_if(is_death, ratio_of(wage_year_fen, funeral_months_count, MONTHS_A_YEAR))


@rule(
    clause="relatives",
    zh="减：受害人未死亡，不计亲属办理丧葬费用",
    en="Less: costs of relatives, since the victim did not die",
    sign="-",
    part="death",
    why=("该费用只在受害人死亡时赔偿", "They are compensated after a death only"),
)
def relatives_refused_fen(relatives_fen: Fen, is_death: Flag) -> Fen:
    """Relatives' costs of a funeral that did not take place."""
    return only_if(~is_death, relatives_fen)


@rule(clause="death", zh="死亡伤残合计", en="Death and disability", sign="=", part="death")
def death_fen(
    personal_fen: Fen,
    disability_fen: Fen,
    death_compensation_fen: Fen,
    dependants_living_fen: Fen,
    funeral_fen: Fen,
    relatives_fen: Fen,
    relatives_refused_fen: Fen,
) -> Fen:
    """The head of death and disability of the compulsory cover, but for mental distress."""
    after_death_fen = funeral_fen + relatives_fen - relatives_refused_fen
    compensation_fen = disability_fen + death_compensation_fen + dependants_living_fen
    whole_fen: Fen = personal_fen + compensation_fen + after_death_fen
    return whole_fen


@rule(clause="mental", zh="精神损害抚慰金合计", en="For mental distress", sign="=", part="mental")
def mental_fen(mental_distress_fen: Fen) -> Fen:
    """Mental distress as a court or a mediation fixed it."""
    return mental_distress_fen


@rule(clause="sum", zh="人身损害赔偿合计", en="Bodily injury in all", sign="=")
def benefit_fen(medical_fen: Fen, death_fen: Fen, mental_fen: Fen) -> Fen:
    """What the victim may lawfully ask, before the share of fault and before any cover."""
    return medical_fen + death_fen + mental_fen


@rule(clause="share", zh="机动车一方承担的比例", en="Share of the car's side")
def liable_share_bp(
    fault_share_bp: BasisPoints,
    is_victim_on_foot: Flag,
    is_victim_at_fault: Flag,
    is_car_at_fault: Flag,
    no_fault_most_bp: BasisPoints,
    blameless_bp: BasisPoints,
) -> BasisPoints:
    """To a pedestrian or cyclist without fault the car's side answers in full; without fault
    of its own for a tenth at most; otherwise by the share that was told (D5)."""
    low = capped(fault_share_bp, no_fault_most_bp)
    told = chosen(is_victim_on_foot & ~is_car_at_fault, low, fault_share_bp)
    return chosen(is_victim_on_foot & ~is_victim_at_fault, blameless_bp, told)
