"""The columns of a settlement told as steps that add up to what is paid."""

from collections.abc import Mapping
from dataclasses import dataclass

from lipei.rules.engine import Rule
from lipei.rules.facts import Fact
from lipei.rules.products.edition import Edition
from lipei.rules.yuan import in_words


@dataclass(frozen=True, slots=True)
class Step:
    """One line of the sheet.

    `sign` is "+", "-" or "="; `amount_fen` is never negative: the sign says what is done
    with it. `part` groups the lines ("" for the whole sheet). `clause` is the key in the
    edition, `clause_zh` and `clause_en` its article in words.
    """

    column: str
    part: str
    sign: str
    amount_fen: int
    zh: str
    en: str
    clause: str
    clause_zh: str
    clause_en: str
    why_zh: str
    why_en: str


def steps_of(edition: Edition, *, columns: Mapping[str, int]) -> tuple[Step, ...]:
    """The steps of one settlement in the order in which they are told.

    Steps of nothing are left out; the last one is always the sum that is paid. Raises
    AssertionError where the steps do not add up: then a rule of ours is wrong.
    """
    told = [(c, columns[c.column if isinstance(c, Rule) else c.name]) for c in edition.told]
    _assert_they_add_up(told)
    kept = {c.part for c, amount_fen in told if c.sign != "=" and amount_fen}
    return tuple(
        _step(edition, columns, c)
        for c, amount_fen in told
        if amount_fen or (c.sign == "=" and c.part in {"", *kept})
    )


def _assert_they_add_up(told: list[tuple[Rule | Fact, int]]) -> None:
    running: dict[str, int] = {}
    for column, amount_fen in told:
        assert amount_fen >= 0, column
        if column.sign == "=":
            within = [n for part, n in running.items() if column.part in ("", part)]
            assert sum(within) == amount_fen, column
        else:
            change = amount_fen if column.sign == "+" else -amount_fen
            running[column.part] = running.get(column.part, 0) + change


def _step(edition: Edition, columns: Mapping[str, int], told: Rule | Fact) -> Step:
    name = told.column if isinstance(told, Rule) else told.name
    why_zh, why_en = (told.why_zh, told.why_en) if isinstance(told, Rule) else ("", "")
    clause = edition.clauses.get(told.clause)
    return Step(
        column=name,
        part=told.part,
        sign=told.sign,
        amount_fen=columns[name],
        zh=told.zh,
        en=told.en,
        clause=told.clause,
        clause_zh=clause.zh if clause else "",
        clause_en=clause.en if clause else "",
        why_zh=in_words(why_zh, columns=columns, language="zh"),
        why_en=in_words(why_en, columns=columns, language="en"),
    )
