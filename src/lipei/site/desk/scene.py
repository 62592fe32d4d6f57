"""A claim with everything that its page asks of the database, each thing once and when asked."""

from dataclasses import dataclass
from functools import cached_property

from lipei.ch01_general.actors import Actor
from lipei.ch01_general.models import Claim, Clock, Exposure, Hold, Task
from lipei.ch01_general.stages import ENDINGS, Side, Stage
from lipei.ch02_intake.models import Document, Flag, Material, Notice
from lipei.ch03_assessment.models import Calculation, Decision, LossLine, Survey
from lipei.kit.journal import history
from lipei.kit.models import Entry
from lipei.site.desk.story import people_of
from lipei.site.desk.sums import calculations_of, decisions_of

QUIET = frozenset(
    {
        "general.message_sent", "general.message_delivered", "general.message_failed",
        "general.clocks_warned", "general.clocks_breached", "general.private_field_read",
        "assessment.sheets_proved", "intake.estimate_given", "archive.volume_opened",
    }
)  # fmt: skip
"""Entries that change nothing which somebody else may be deciding about."""


@dataclass(frozen=True)
class Scene:
    """One claim as one person sees it."""

    claim: Claim
    acting: Actor

    @cached_property
    def exposures(self) -> list[Exposure]:
        """The parts of the claim in their order."""
        return list(self.claim.exposures.select_related("payee").order_by("position"))

    @cached_property
    def live(self) -> list[Exposure]:
        """The parts that still run."""
        return [e for e in self.exposures if not ENDINGS & {Side(s) for s in e.sides}]

    @cached_property
    def stages(self) -> frozenset[Stage]:
        """The stages at which the live parts stand."""
        return frozenset(Stage(e.stage) for e in self.live)

    @cached_property
    def clocks(self) -> list[Clock]:
        """Every clock of the claim, void ones left out."""
        return list(self.claim.clocks.filter(void=False).order_by("started_at", "pk"))

    @cached_property
    def materials(self) -> list[Material]:
        """The needed papers."""
        return list(Material.objects.filter(claim=self.claim).order_by("kind"))

    @cached_property
    def documents(self) -> list[Document]:
        """The files in the order in which they came."""
        found = Document.objects.filter(claim=self.claim).select_related("upload")
        return list(found.order_by("received_at", "pk"))

    @cached_property
    def notices(self) -> list[Notice]:
        """The notices of missing papers, the first one first."""
        return list(Notice.objects.filter(claim=self.claim).order_by("number"))

    @cached_property
    def surveys(self) -> list[Survey]:
        """The visits, the newest first."""
        found = Survey.objects.filter(claim=self.claim).select_related("assessor")
        return list(found.order_by("-pk"))

    @cached_property
    def losses(self) -> list[LossLine]:
        """The loss list."""
        return list(LossLine.objects.filter(claim=self.claim).order_by("thing", "position"))

    @cached_property
    def calculations(self) -> list[Calculation]:
        """Every calculation with its exposure."""
        return calculations_of(self.exposures)

    @cached_property
    def decisions(self) -> list[Decision]:
        """Every decision on them."""
        return decisions_of(self.calculations)

    @cached_property
    def holds(self) -> list[Hold]:
        """What must be lifted before money moves."""
        found = Hold.objects.filter(exposure__claim=self.claim, lifted_at=None)
        return list(found.select_related("exposure").order_by("pk"))

    @cached_property
    def flags_open(self) -> list[Flag]:
        """What somebody found irregular and nobody has settled."""
        return list(Flag.objects.filter(claim=self.claim, settled_at=None).order_by("pk"))

    @cached_property
    def entries(self) -> list[Entry]:
        """The claim's journal, the oldest first."""
        return history(self.claim.subject)

    @cached_property
    def people(self) -> dict[str, str]:
        """Who acts in the journal, by reference."""
        return people_of(self.entries)

    @cached_property
    def tasks(self) -> list[Task]:
        """What is asked of somebody and not done yet."""
        found = self.claim.tasks.filter(done_at=None).select_related("assignee")
        return list(found.order_by("due_at", "pk"))

    @cached_property
    def done_by_me(self) -> frozenset[str]:
        """The duties that this person has used on this claim."""
        mine = (e for e in self.entries if e.actor == self.acting.reference)
        return frozenset(str(e.facts["duty"]) for e in mine if "duty" in e.facts)

    @cached_property
    def seen(self) -> int:
        """The number of the last entry that somebody else might have wanted to know of."""
        return last_number(self.entries)

    def may(self, duty: str) -> bool:
        """Whether this person holds a duty over the claim's branch."""
        return self.acting.may(duty, self.claim.branch_path)


def last_number(entries: list[Entry]) -> int:
    """The number of the last entry that is not quiet."""
    return max((e.number for e in entries if e.verb not in QUIET), default=0)
