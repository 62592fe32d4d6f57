"""The grades of disability, the years, and what the victim lost apart from both."""

from lipei.rules.days import Days, full_years
from lipei.rules.engine import rule
from lipei.rules.money import (
    ONE,
    WHOLE,
    ZERO,
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    first_place,
    only_if,
    positive,
)

STEPS = 11
"""A grade and the steps that it weighs make so many: the tenth weighs 1, the first 10."""


@rule(clause="grades", zh="最重一处伤残的级差", en="Steps of the heaviest disability")
def heaviest_count(
    grade_1_count: Fen,
    grade_2_count: Fen,
    grade_3_count: Fen,
    grade_4_count: Fen,
    grade_5_count: Fen,
    grade_6_count: Fen,
    grade_7_count: Fen,
    grade_8_count: Fen,
    grade_9_count: Fen,
    grade_10_count: Fen,
) -> Fen:
    """Grade 10 is one step of a tenth, grade 1 is ten; the heaviest of all disabilities."""
    heavy = grade_1_count, grade_2_count, grade_3_count, grade_4_count, grade_5_count
    light = grade_6_count, grade_7_count, grade_8_count, grade_9_count, grade_10_count
    grade = first_place(*heavy, *light)
    return only_if(grade > 0, STEPS - grade)


@rule(clause="grades", zh="各处伤残的级差合计", en="Steps of all disabilities")
def steps_count(
    grade_1_count: Fen,
    grade_2_count: Fen,
    grade_3_count: Fen,
    grade_4_count: Fen,
    grade_5_count: Fen,
    grade_6_count: Fen,
    grade_7_count: Fen,
    grade_8_count: Fen,
    grade_9_count: Fen,
    grade_10_count: Fen,
) -> Fen:
    """The steps of every disability together."""
    heavy = grade_1_count, grade_2_count, grade_3_count, grade_4_count, grade_5_count
    light = grade_6_count, grade_7_count, grade_8_count, grade_9_count, grade_10_count
    steps: Fen = sum(
        (count * (STEPS - grade) for grade, count in enumerate((*heavy, *light), 1)), start=ZERO
    )
    return steps


@rule(clause="grades", zh="伤残系数", en="Coefficient of the disabilities")
def coefficient_bp(
    heaviest_count: Fen,
    steps_count: Fen,
    grade_step_bp: BasisPoints,
    added_step_bp: BasisPoints,
    added_most_bp: BasisPoints,
) -> BasisPoints:
    """The heaviest disability counts in full; each other adds a little, all others together a
    tenth at most, and the whole never more than all."""
    added = capped((steps_count - heaviest_count) * added_step_bp, added_most_bp)
    return capped(heaviest_count * grade_step_bp + added, ONE * WHOLE)


@rule(clause="disability", zh="有伤残或死亡", en="Disabled or dead")
def is_lasting(heaviest_count: Fen, is_death: Flag) -> Flag:
    """Whether the injury left a disability or led to death."""
    lasting: Flag = (heaviest_count > 0) | is_death
    return lasting


@rule(clause="disability", zh="定残或死亡时的周岁", en="Age when it was fixed, or at death")
def age_count(born_on: Days, fixed_on: Days) -> Fen:
    """The years of age on the day of the appraisal, or of death."""
    return full_years(born_on, fixed_on)


@rule(clause="disability", zh="赔偿年限", en="Years of compensation")
def years_count(
    age_count: Fen,
    years_full_count: Fen,
    fewer_from_count: Fen,
    oldest_from_count: Fen,
    years_oldest_count: Fen,
) -> Fen:
    """Twenty years; one less for each year of age above sixty; five from seventy-five on."""
    fewer = positive(years_full_count - above(age_count, fewer_from_count))
    return chosen(age_count >= oldest_from_count, years_oldest_count, fewer)


@rule(clause="earnings", zh="误工、护理、交通等合计", en="Earnings, nursing, travel and the like")
def personal_fen(
    lost_earnings_fen: Fen,
    lost_after_fen: Fen,
    earnings_kept_taken_fen: Fen,
    nursing_fen: Fen,
    later_nursing_fen: Fen,
    rehabilitation_fen: Fen,
    aids_fen: Fen,
    travel_fen: Fen,
    lodging_fen: Fen,
) -> Fen:
    """What was lost or spent apart from disability and death themselves."""
    earnings_fen = lost_earnings_fen - lost_after_fen - earnings_kept_taken_fen
    spent_fen = rehabilitation_fen + aids_fen + travel_fen + lodging_fen
    return earnings_fen + nursing_fen + later_nursing_fen + spent_fen
