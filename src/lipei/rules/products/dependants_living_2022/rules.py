"""The living of a victim's dependants 被扶养人生活费: a row for each dependant.

For each year the dependants of one victim get together no more than one person's spending; the
years differ, so that the years are laid beside one another and each is limited by itself.
"""

import numpy as np

from lipei.rules.days import Days, full_years
from lipei.rules.engine import rule
from lipei.rules.money import (
    WHOLE,
    BasisPoints,
    Fen,
    Flag,
    above,
    capped,
    chosen,
    most_of,
    only_if,
    positive,
    ratio_of,
)
from lipei.rules.sharing import Key, along, shared, sum_of

ONE_PERSON = 2_520
"""One year of one person, in parts that one to ten supporters can each halve, third … exactly."""


@rule(clause="years", zh="被扶养人周岁", en="Age of the dependant")
def age_count(born_on: Days, counted_on: Days) -> Fen:
    """The years of age on the day from which it is counted."""
    return full_years(born_on, counted_on)


@rule(clause="years", zh="扶养年限", en="Years of living")
def years_count(
    age_count: Fen,
    is_unable_to_work: Flag,
    minor_until_count: Fen,
    years_full_count: Fen,
    fewer_from_count: Fen,
    oldest_from_count: Fen,
    years_oldest_count: Fen,
) -> Fen:
    """A minor until eighteen; an adult who cannot work and has nothing else for twenty years,
    one less for each year of age above sixty, five from seventy-five on; nobody else."""
    fewer = positive(years_full_count - above(age_count, fewer_from_count))
    adult = chosen(age_count >= oldest_from_count, years_oldest_count, fewer)
    is_minor = age_count < minor_until_count
    return chosen(is_minor, minor_until_count - age_count, only_if(is_unable_to_work, adult))


@rule(clause="supporters", zh="每年由受害人承担的份额", en="The victim's part of each year")
def part_count(supporters_count: Fen) -> Fen:
    """The victim answers for his own part alone where others must support too."""
    return ONE_PERSON // supporters_count


@rule(
    clause="living",
    zh="单独计算的生活费",
    en="Living of this dependant alone",
    sign="+",
    why=(
        "年消费支出 {spending_year_fen}，{years_count} 年，扶养人 {supporters_count} 人",
        "{spending_year_fen} a year for {years_count} years, {supporters_count} supporters",
    ),
)
def alone_fen(
    spending_year_fen: Fen, labour_lost_bp: BasisPoints, years_count: Fen, part_count: Fen
) -> Fen:
    """The spending of one person for these years, by the labour lost and the victim's part."""
    return ratio_of(
        spending_year_fen, labour_lost_bp * years_count * part_count, WHOLE * ONE_PERSON
    )


@rule(clause="cap", zh="各年合计份额", en="Parts of all years, each year limited")
def limited_count(years_count: Fen, part_count: Fen, victim_key: Key) -> Fen:
    """Year by year the parts of all dependants of the victim, never more than one person's."""
    counted, part = along(years_count, victim_key), along(part_count, victim_key)
    years = counted[..., None] > np.arange(most_of(years_count))
    together = sum_of(years * part[..., None], victim_key)
    limited: Fen = np.minimum(together, ONE_PERSON).sum(axis=-1)
    return limited


@rule(clause="cap", zh="各被扶养人合计", en="All dependants together")
def together_fen(
    spending_year_fen: Fen,
    labour_lost_bp: BasisPoints,
    limited_count: Fen,
    alone_fen: Fen,
    victim_key: Key,
) -> Fen:
    """What all dependants of the victim get, each year limited."""
    limited_fen = ratio_of(spending_year_fen, labour_lost_bp * limited_count, WHOLE * ONE_PERSON)
    return capped(limited_fen, sum_of(alone_fen, victim_key))


@rule(
    clause="cap",
    zh="减：年赔偿总额超过年消费支出的部分",
    en="Less: above one person's spending in a year",
    sign="-",
    why=("各被扶养人合计 {together_fen}", "{together_fen} for all dependants together"),
)
def over_fen(alone_fen: Fen, benefit_fen: Fen) -> Fen:
    """What the yearly limit takes, in proportion to what each would get alone."""
    return alone_fen - benefit_fen


@rule(clause="living", zh="被扶养人生活费", en="Living of this dependant", sign="=")
def benefit_fen(together_fen: Fen, alone_fen: Fen, victim_key: Key) -> Fen:
    """This dependant's part of what all get."""
    return shared(together_fen, alone_fen, victim_key)
