"""The sheet 计算书: the way of a sum that a claimant can follow, sign and recompute."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from hashlib import sha256

from lipei.rules.facts import Fact
from lipei.rules.products.edition import Edition, Words
from lipei.rules.settlement import Settlement, settle_together
from lipei.rules.steps import Step
from lipei.rules.yuan import in_capitals

FORMAT = "lipei-sheet-1"
Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One part of the loss: its lines, and what they come to.

    The lines that belong to the whole sheet come last, in a part with an empty `key`.
    """

    key: str
    zh: str
    en: str
    steps: tuple[Step, ...]
    amount_fen: int


@dataclass(frozen=True)
class Sheet:
    """The sheet of one exposure. `reference` binds it to the exposure that it was made for."""

    reference: str
    settlement: Settlement

    @property
    def title(self) -> Words:
        """The cover and its edition."""
        return self.settlement.edition.title

    @property
    def steps(self) -> tuple[Step, ...]:
        """All lines in order; those with + and - sum to the amount paid."""
        return self.settlement.steps

    @property
    def benefit_fen(self) -> int:
        """What is paid."""
        return self.settlement.benefit_fen

    @property
    def is_verified(self) -> bool:
        """Whether every clause behind a line has been read in the original."""
        clauses = self.settlement.edition.clauses
        return all(clauses[s.clause].is_verified for s in self.steps if s.clause)

    @property
    def parts(self) -> tuple[SheetPart, ...]:
        """The lines grouped by part of the loss, in the order in which they are told."""
        names = {**self.settlement.edition.parts, "": Words("合计", "Total")}
        grouped = [(k, w, tuple(s for s in self.steps if s.part == k)) for k, w in names.items()]
        return tuple(
            SheetPart(key, words.zh, words.en, lines, signed_sum(lines))
            for key, words, lines in grouped
            if lines
        )

    def as_json(self) -> Json:
        """The sheet with everything that is needed to recompute it, as plain JSON values."""
        settlement = self.settlement
        edition = settlement.edition
        paper: Json = {
            "format": FORMAT,
            "reference": self.reference,
            "edition": edition.name,
            "title": asdict(edition.title),
            "facts": _spoken(edition.facts, settlement.facts),
            "terms": _spoken(edition.terms, settlement.terms),
            "steps": [asdict(step) for step in self.steps],
            "benefit_fen": self.benefit_fen,
            "benefit_capitals": in_capitals(self.benefit_fen),
            "is_verified": self.is_verified,
        }
        if len(settlement.together) > 1:
            paper |= {"row": settlement.row, "beside": self._beside()}
        return paper

    def _beside(self) -> list[Json]:
        """The inputs of the other claims that were settled together with this one."""
        settlement = self.settlement
        edition, row = settlement.edition, settlement.row
        others = (*settlement.together[:row], *settlement.together[row + 1 :])
        return [
            {
                "facts": _spoken(edition.facts, told.facts),
                "terms": _spoken(edition.terms, told.terms),
            }
            for told in others
        ]

    @cached_property
    def canonical(self) -> str:
        """The one text of the sheet: sorted keys, no idle spaces, UTF-8."""
        return canonical(self.as_json())

    @cached_property
    def digest(self) -> str:
        """The hash of the sheet that a claimant signs: "sha256:" and 64 hexadecimal digits."""
        return digest_of(self.canonical)


def sheet(settlement: Settlement, *, reference: str) -> Sheet:
    """The sheet of a settlement, for the exposure of this number.

    Raises AssertionError where the lines do not add up to the amount paid.
    """
    made = Sheet(reference, settlement)
    assert signed_sum(made.steps) == settlement.benefit_fen, settlement.edition.name
    return made


def signed_sum(steps: Sequence[Step]) -> int:
    """What the lines with + and - come to (fen); sums are not counted again."""
    signs = {"+": 1, "-": -1, "=": 0}
    return sum(signs[step.sign] * step.amount_fen for step in steps)


def joint_digest(sheets: Sequence[Sheet]) -> str:
    """One hash over several sheets that are accepted with one signature, in their order."""
    return digest_of("\n".join(s.digest for s in sheets))


def canonical(paper: Mapping[str, object]) -> str:
    """The canonical text of a sheet's JSON, equal wherever it is written."""
    return json.dumps(paper, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest_of(text: str) -> str:
    """The hash of a text, with the name of its algorithm."""
    return "sha256:" + sha256(text.encode("utf-8")).hexdigest()


def recomputed(paper: Mapping[str, object], *, edition: Edition | None = None) -> Settlement:
    """Settle again from the inputs that stand on a stored sheet, those of the claims beside it
    included, with the edition that it names or with another one.

    Raises FactRefused where the inputs are not those of that edition.
    """
    chosen, row, beside = edition or paper["edition"], paper.get("row", 0), paper.get("beside", [])
    assert isinstance(chosen, Edition | str)
    assert isinstance(row, int)
    assert isinstance(beside, list)
    sheets: list[Mapping[str, object]] = [*beside[:row], paper, *beside[row:]]
    facts = [_values(told["facts"]) for told in sheets]
    terms = [_values(told["terms"]) for told in sheets]
    return settle_together(chosen, rows=facts, terms=terms)[row]


def _spoken(known: Mapping[str, Fact], values: Mapping[str, int]) -> list[Json]:
    """The inputs as they stand on the sheet. What came into an edition later and was not told is
    left out, so that a sheet that was signed before keeps its hash."""
    return [
        {
            "name": name,
            "kind": fact.kind,
            "zh": fact.zh,
            "en": fact.en,
            "value": fact.spoken(values[name]),
        }
        for name, fact in known.items()
        if not (fact.later and values[name] == fact.default)
    ]


def _values(rows: object) -> dict[str, object]:
    assert isinstance(rows, list)
    return {row["name"]: row["value"] for row in rows}
