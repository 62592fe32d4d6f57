"""The columns of a chunk as the rules read them, and which of its rows may not be settled."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import polars as pl

from lipei.rules.batch.reading import FIELDS, ROW
from lipei.rules.coherence import incoherent
from lipei.rules.facts import REASONS, Column, Fact
from lipei.rules.money import Flag
from lipei.rules.products.edition import Edition

YES = ("true", "1", "yes", "y", "是")
NO = ("false", "0", "no", "n", "否")
FIELDS_WRONG = ("栏数与表头不一致", "the row has another number of fields than the head")


@dataclass
class Checked:
    """What of a chunk may be settled, and the refused rows with field, reason and words."""

    columns: dict[str, Column]
    kept: pl.DataFrame
    rejects: list[pl.DataFrame] = field(default_factory=list)

    @property
    def height(self) -> int:
        """How many rows may be settled."""
        return self.kept.height


def checked(chunk: pl.DataFrame, edition: Edition) -> Checked:
    """Every fact and term of a chunk as a whole-number column, bad rows taken out by name. What
    the chunk does not tell stands alone."""
    made = Checked({}, chunk)
    if FIELDS in chunk.columns:
        _reject(made, chunk[FIELDS].is_not_null().to_numpy(), FIELDS, "fields", FIELDS_WRONG)
    for name, fact in edition.given.items():
        if name not in chunk.columns:
            continue
        column, is_missing, is_wrong = _column(made.kept[name], fact)
        if is_missing is not None and fact.unless in chunk.columns:
            is_missing &= _absent(made.kept[fact.unless])
        made.columns[name] = column
        _refuse(made, fact, "missing", is_missing)
        if is_wrong is not None:
            known = is_wrong if is_missing is None else is_wrong[~is_missing]
            _refuse(made, fact, "wrong_kind", known)
        _refuse_outside(made, fact)
    _refuse_the_joined(made, chunk, edition)
    for name, fact in edition.given.items():
        if name not in made.columns and (fact.default is not None or fact.unless):
            stand_in = fact.least if fact.default is None else fact.default
            made.columns[name] = fact.alone(stand_in)
    _refuse_the_incoherent(made, chunk, edition)
    return made


def _column(series: pl.Series, fact: Fact) -> tuple[Column, Flag | None, Flag | None]:
    """The values of a fact, and where they are missing or of the wrong kind (none: nowhere)."""
    plain = _of_kind(series, fact)
    if not plain.null_count():
        return _numbers(plain, fact), None, None
    is_absent = _absent(series)
    is_wrong = plain.is_null().to_numpy() & ~is_absent
    stand_in = fact.least if fact.default is None else fact.default
    filled = _numbers(plain.fill_null(_spoken(stand_in, plain)), fact)
    is_needed = fact.default is None or fact.kind == "key"
    return filled, is_absent if is_needed else None, is_wrong


def _absent(series: pl.Series) -> Flag:
    """Where nothing was told."""
    absent = series.is_null()
    if series.dtype == pl.String:
        absent |= series.str.strip_chars() == ""
    told: Flag = absent.fill_null(value=True).to_numpy()
    return told


def _of_kind(series: pl.Series, fact: Fact) -> pl.Series:
    """A series in the fact's own kind; what cannot be read is null."""
    if fact.kind == "yes_no":
        if series.dtype == pl.Boolean:
            return series
        text = series.cast(pl.String).str.strip_chars().str.to_lowercase()
        told = {**dict.fromkeys(YES, True), **dict.fromkeys(NO, False)}
        return text.replace_strict(told, default=None, return_dtype=pl.Boolean)
    if series.dtype == pl.Boolean:
        return pl.Series(series.name, [None] * series.len(), dtype=pl.Int64)
    if fact.kind == "date" and series.dtype in {pl.String, pl.Date}:
        dates = series
        if series.dtype == pl.String:
            dates = series.str.strip_chars().str.to_date("%Y-%m-%d", strict=False)
        return dates.cast(pl.Int32).cast(pl.Int64)
    if fact.kind == "code" and not series.dtype.is_integer():
        return _places(series.cast(pl.String).str.strip_chars(), fact)
    text = series.str.strip_chars() if series.dtype == pl.String else series
    return text.cast(pl.Int64, strict=False)


def _places(codes: pl.Series, fact: Fact) -> pl.Series:
    """The places of codes among those of the fact, -1 for one that it does not know."""
    known = {code.slug: place for place, code in enumerate(fact.codes)}
    places = codes.replace_strict(known, default=-1, return_dtype=pl.Int64)
    return places.set(codes.fill_null("") == "", None)


def _spoken(value: int, series: pl.Series) -> bool | int:
    return bool(value) if series.dtype == pl.Boolean else value


def _numbers(series: pl.Series, fact: Fact) -> Column:
    if fact.kind == "yes_no":
        return series.to_numpy().astype(np.bool_, copy=False)
    return series.to_numpy().astype(np.int64, copy=False)


def _refuse_outside(made: Checked, fact: Fact) -> None:
    column = made.columns[fact.name]
    if fact.kind == "yes_no" or not column.size:
        return
    if column.min() >= fact.least and column.max() <= fact.most:
        return
    is_outside = (column < fact.least) | (column > fact.most)
    for value in np.unique(column[is_outside].clip(fact.least - 1, fact.most + 1)).tolist():
        reason = fact.reason_against(value)
        column = made.columns[fact.name]
        is_bad = column > fact.most if value > fact.most else column < fact.least
        if reason == "too_small":
            is_bad &= column >= 0
        _refuse(made, fact, reason, is_bad)
    column = made.columns[fact.name]
    _refuse(made, fact, "negative", column < fact.least)


def _refuse_the_incoherent(made: Checked, chunk: pl.DataFrame, edition: Edition) -> None:
    """Rows that do not fit their neighbours; looked at again until the rest fits."""
    again = True
    while again:
        again = False
        for found in incoherent(edition, made.columns):
            told = found.fact.refused(found.reason, than=found.than)
            _reject(made, found.is_bad, found.fact.name, found.reason, (told.zh, told.en))
            _refuse_the_joined(made, chunk, edition)
            again = True
            break


def _refuse_the_joined(made: Checked, chunk: pl.DataFrame, edition: Edition) -> None:
    """Rows that are worked out together with a refused one: a share of a sum that is not whole
    is a wrong figure. Looked at again where one row belongs to several keys."""
    height = chunk.height
    while edition.joint and made.height < height:
        height = made.height
        lost = chunk.filter(~pl.col(ROW).is_in(made.kept[ROW].implode()))
        for name in edition.joint:
            fact = edition.given[name]
            keys = _of_kind(lost[name], fact).drop_nulls().to_numpy()
            _refuse(made, fact, "joined", np.isin(made.columns[name], keys))


def _refuse(made: Checked, fact: Fact, reason: str, is_bad: Flag | None) -> None:
    if is_bad is not None and is_bad.any():
        assert reason in REASONS
        told = fact.refused(reason)
        _reject(made, is_bad, fact.name, reason, (told.zh, told.en))


def _reject(made: Checked, is_bad: Flag, name: str, reason: str, words: tuple[str, str]) -> None:
    """Take bad rows out of every column, and keep them with their number and the reason."""
    if not is_bad.any():
        return
    is_bad = np.broadcast_to(is_bad, made.height)
    mask = pl.Series(is_bad)
    told = made.kept.filter(mask).select(
        pl.col(ROW),
        pl.lit(name).alias("field"),
        pl.lit(reason).alias("reason"),
        pl.lit(words[0]).alias("zh"),
        pl.lit(words[1]).alias("en"),
        pl.exclude(ROW, FIELDS).cast(pl.String),
    )
    made.rejects.append(told)
    made.kept = made.kept.filter(~mask)
    is_good = ~is_bad
    made.columns = {n: c[is_good] if c.ndim else c for n, c in made.columns.items()}


def told_columns(edition: Edition) -> Mapping[str, pl.DataType]:
    """The kind of each column that a settled file holds, by name."""
    kinds: dict[str, pl.DataType] = {}
    for name, column in edition.columns.items():
        is_flag = name.startswith(("is_", "has_", "was_"))
        kinds[name] = pl.Boolean() if is_flag else pl.Int64()
        if isinstance(column, Fact) and column.kind == "date":
            kinds[name] = pl.Date()
        if isinstance(column, Fact) and column.kind == "code":
            kinds[name] = pl.Enum([code.slug for code in column.codes])
    return kinds
