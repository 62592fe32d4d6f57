"""The stages of an exposure, its side states, and the moves between them. Data only.

The claim's own stage is derived: the stage of its least advanced exposure that is still open.
Source: domain.md 0.5.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Stage(StrEnum):
    """Where an exposure stands; the order of the members is the order of the way."""

    REPORTED = "reported"
    ESTIMATED = "estimated"
    APPLIED = "applied"
    PENDING = "pending"
    ACCEPTED = "accepted"
    REGISTERED = "registered"
    INVESTIGATING = "investigating"
    ASSESSED = "assessed"
    CALCULATED = "calculated"
    REVIEWING = "reviewing"
    RETURNED = "returned"
    APPROVED = "approved"
    REFUSED = "refused"
    AGREED = "agreed"
    PAYABLE = "payable"
    PAYING = "paying"
    PAID = "paid"
    CLOSED = "closed"
    ARCHIVED = "archived"


class Side(StrEnum):
    """What may be true of an exposure beside its stage."""

    SUSPENDED = "suspended"
    DISPUTED = "disputed"
    ADVANCED = "advanced"
    BOUNCED = "bounced"
    REOPENED = "reopened"
    WITHDRAWN = "withdrawn"
    CANCELLED = "cancelled"
    ZERO = "zero"


_S = Stage
MOVES: dict[Stage, frozenset[Stage]] = {
    _S.REPORTED: frozenset({_S.ESTIMATED, _S.APPLIED, _S.REGISTERED, _S.CLOSED}),
    _S.ESTIMATED: frozenset({_S.APPLIED, _S.REGISTERED, _S.CLOSED}),
    _S.APPLIED: frozenset({_S.PENDING, _S.ACCEPTED, _S.CLOSED}),
    _S.PENDING: frozenset({_S.ACCEPTED, _S.CLOSED}),
    _S.ACCEPTED: frozenset({_S.REGISTERED, _S.CLOSED}),
    _S.REGISTERED: frozenset({_S.INVESTIGATING, _S.ASSESSED, _S.CLOSED}),
    _S.INVESTIGATING: frozenset({_S.ASSESSED, _S.CLOSED}),
    _S.ASSESSED: frozenset({_S.INVESTIGATING, _S.CALCULATED, _S.CLOSED}),
    _S.CALCULATED: frozenset({_S.ASSESSED, _S.REVIEWING, _S.CLOSED}),
    _S.REVIEWING: frozenset({_S.APPROVED, _S.REFUSED, _S.RETURNED}),
    _S.RETURNED: frozenset({_S.ASSESSED, _S.CALCULATED, _S.CLOSED}),
    _S.APPROVED: frozenset({_S.AGREED, _S.REVIEWING, _S.CLOSED}),
    _S.REFUSED: frozenset({_S.REVIEWING, _S.CLOSED}),
    _S.AGREED: frozenset({_S.PAYABLE}),
    _S.PAYABLE: frozenset({_S.PAYING, _S.AGREED}),
    _S.PAYING: frozenset({_S.PAID, _S.AGREED}),
    _S.PAID: frozenset({_S.CLOSED, _S.REVIEWING}),
    _S.CLOSED: frozenset({_S.ARCHIVED, _S.REVIEWING}),
    _S.ARCHIVED: frozenset({_S.REVIEWING}),
}
ORDER: dict[Stage, int] = {stage: number for number, stage in enumerate(Stage)}
OPEN = tuple(s for s in Stage if s not in {Stage.CLOSED, Stage.ARCHIVED})


@dataclass(frozen=True)
class SideRule:
    """At which stages a side state may come about, and whether the exposure ends with it."""

    at: frozenset[Stage]
    ends: bool = False


def _between(first: Stage, last: Stage) -> frozenset[Stage]:
    return frozenset(s for s in Stage if ORDER[first] <= ORDER[s] <= ORDER[last]) - {_S.REFUSED}


SIDES: dict[Side, SideRule] = {
    Side.SUSPENDED: SideRule(frozenset(OPEN)),
    Side.DISPUTED: SideRule(_between(_S.APPROVED, _S.CLOSED)),
    Side.ADVANCED: SideRule(_between(_S.APPLIED, _S.APPROVED)),
    Side.BOUNCED: SideRule(frozenset({_S.PAYING})),
    Side.REOPENED: SideRule(frozenset({_S.CLOSED, _S.ARCHIVED})),
    Side.WITHDRAWN: SideRule(_between(_S.REPORTED, _S.CALCULATED), ends=True),
    Side.CANCELLED: SideRule(_between(_S.REGISTERED, _S.CALCULATED), ends=True),
    Side.ZERO: SideRule(frozenset({_S.APPROVED}), ends=True),
}
"""The side states of domain.md 0.5; an exposure may have several beside its stage."""
ENDINGS = frozenset(side for side, rule in SIDES.items() if rule.ends)


def living(sides: Iterable[str]) -> bool:
    """Whether an exposure with these side states has not ended by one of them."""
    return not ENDINGS & {Side(side) for side in sides}


OPEN_BEFORE_REGISTRATION = (_S.REPORTED, _S.ESTIMATED, _S.APPLIED, _S.PENDING, _S.ACCEPTED)

STEPS: tuple[tuple[str, str, frozenset[Stage]], ...] = (
    ("report", "报案", frozenset({_S.REPORTED, _S.ESTIMATED})),
    ("accept", "受理", frozenset({_S.APPLIED, _S.PENDING, _S.ACCEPTED})),
    ("survey", "查勘定损", frozenset({_S.REGISTERED, _S.INVESTIGATING})),
    ("calculate", "理算", frozenset({_S.ASSESSED, _S.RETURNED})),
    ("review", "核赔", frozenset({_S.CALCULATED, _S.REVIEWING})),
    ("agree", "确认", frozenset({_S.APPROVED, _S.REFUSED})),
    ("pay", "支付", frozenset({_S.AGREED, _S.PAYABLE, _S.PAYING})),
    ("archive", "归档", frozenset({_S.PAID, _S.CLOSED, _S.ARCHIVED})),
)
"""The eight steps that desk and phone both show, in the same words, and their stages."""


def step_of(stage: Stage) -> int:
    """The place of a stage among the eight steps that people see, from 0."""
    return next(n for n, (_, _, stages) in enumerate(STEPS) if stage in stages)


def diagram() -> str:
    """The table of moves as a Mermaid state diagram, for the docs."""
    lines = ["stateDiagram-v2", "    [*] --> reported"]
    for source, targets in MOVES.items():
        lines += [
            f"    {source} --> {target}" for target in sorted(targets, key=lambda s: ORDER[s])
        ]
    return "\n".join([*lines, "    archived --> [*]"])


def side_table() -> str:
    """The table of side states as a Markdown table, for the docs."""
    lines = ["| side state | comes about at | ends the exposure |", "|---|---|---|"]
    for side, rule in SIDES.items():
        stages = ", ".join(s for s in Stage if s in rule.at)
        lines.append(f"| {side} | {stages} | {'yes' if rule.ends else ''} |")
    return "\n".join(lines)
