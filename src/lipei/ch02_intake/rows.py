"""The rows that a report becomes, as plain values: planned by `filing`, written by `swift`.

Each field is the column of its name in the model's table. A column that is not told here is
written with the model's default. (A model's own object costs ten times as much to make.)
"""

from dataclasses import dataclass, field
from datetime import datetime

from lipei.ch01_general.stages import Stage
from lipei.ch02_intake.models import Material

Json = dict[str, object]


@dataclass
class NewClaim:
    """A claim as it begins."""

    number: str
    branch_id: int
    branch_path: str
    line: str
    policy_id: int | None
    reporter_id: int | None
    reporter_relation: str
    channel: str
    lost_at: datetime
    reported_at: datetime
    recorded_at: datetime
    place: str
    cause: str
    story: str
    injured: bool
    plate: str
    phone: str
    facts: Json
    flags: list[str]
    holder_since: datetime
    stage: Stage = Stage.REPORTED
    estimate_low_fen: int | None = None
    estimate_high_fen: int | None = None
    estimate: Json = field(default_factory=dict)
    next_due_at: datetime | None = None
    next_due_clause: str = ""
    next_due_started_at: datetime | None = None
    awaits_estimate: bool = False

    @property
    def subject(self) -> str:
        """How the journal names this claim."""
        return f"claim/{self.number}"


@dataclass
class NewExposure:
    """One cover x one damaged thing; `to_other`: the third party of the report is its payee."""

    position: int
    product: str
    edition: str
    terms: Json
    thing: str
    label: str
    payee_id: int | None
    to_other: bool = False
    stage: Stage = Stage.REPORTED


@dataclass
class NewMaterial:
    """One paper that the claim needs, and how it stands."""

    kind: str
    state: Material.State
    unlocks: list[int]
    received_at: datetime | None
    checked_by: str


@dataclass
class NewDocument:
    """A file that came with the report."""

    upload_id: int
    kind: str
    received_at: datetime
    received_from: str


@dataclass
class NewClock:
    """The time of a clause, running from the report or already kept by it."""

    clause: str
    edition: str
    started_at: datetime
    due_at: datetime
    warn_at: datetime | None
    stopped_at: datetime | None = None


@dataclass
class NewParty:
    """The third party whom the report names."""

    name: str
    phone: str
