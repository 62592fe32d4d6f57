"""Chapter 3's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Claim, Exposure, Staff
from lipei.ch03_assessment.prior_models import PriorBatch, PriorUse
from lipei.ch03_assessment.replay_models import Replay, Shadow, ShadowSum
from lipei.kit import clock

__all__ = [
    "Calculation",
    "Decision",
    "Dispute",
    "LossLine",
    "PriorBatch",
    "PriorUse",
    "Replay",
    "Shadow",
    "ShadowSum",
    "Survey",
]


class Survey(models.Model):
    """One visit to the damage: dispatched, started, arrived, finished.

    How far it is says which limit of 3.1-a counts; why, where the place does not tell it so.
    """

    class Distance(models.TextChoices):
        CITY = "city", _("市区")
        LOCAL = "local", _("本地")
        REMOTE = "remote", _("异地")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="surveys")
    assessor = models.ForeignKey(Staff, models.PROTECT, related_name="surveys")
    place = models.CharField(max_length=200)
    distance = models.CharField(
        max_length=8, choices=Distance, default=Distance.CITY, db_default="city"
    )
    distance_reason = models.CharField(max_length=100, blank=True, default="", db_default="")
    dispatched_at = models.DateTimeField(default=clock.now)
    started_at = models.DateTimeField(null=True)
    arrived_at = models.DateTimeField(null=True)
    arrived_where = models.CharField(max_length=60, blank=True)
    no_position_reason = models.CharField(max_length=100, blank=True)
    device_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    findings = models.TextField(blank=True)
    signed_name = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim"], condition=models.Q(finished_at=None), name="survey_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"survey/{self.pk}"


class LossLine(models.Model):
    """One line of the loss list: a part, what is done to it, and what that costs in fen.

    `thing` and `label` are those of the exposures of the damaged object: of two other vehicles
    each has its own lines.
    """

    class Action(models.TextChoices):
        REPLACE = "replace", _("更换")
        REPAIR = "repair", _("修复")
        PAINT = "paint", _("喷漆")
        LABOUR = "labour", _("工时")
        OTHER = "other", _("其他")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="loss_lines")
    thing = models.CharField(max_length=16, choices=Exposure.Thing)
    label = models.CharField(max_length=80, blank=True, default="", db_default="")
    position = models.PositiveSmallIntegerField()
    part = models.CharField(max_length=60)
    action = models.CharField(max_length=8, choices=Action)
    quantity = models.PositiveSmallIntegerField(default=1)
    unit_price_fen = models.BigIntegerField()
    salvage_fen = models.BigIntegerField(default=0)
    remark = models.CharField(max_length=100, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "thing", "position"], name="loss_line_position"
            ),
            models.CheckConstraint(
                condition=models.Q(unit_price_fen__gte=0, salvage_fen__gte=0, quantity__gte=1),
                name="loss_line_not_negative",
            ),
        )

    def __str__(self) -> str:
        return f"{self.part} {self.action}"

    @property
    def amount_fen(self) -> int:
        """What this line costs: quantity times unit price, in fen."""
        return self.quantity * self.unit_price_fen


class ToldFact(models.Model):
    """One fact of an exposure as somebody told it, and the paper that it rests on.

    Never changed: the newest of a name holds; one without a value takes back what was told.
    `about` says whether it is a fact of the cover, or of the injury of the person.
    """

    class About(models.TextChoices):
        COVER = "cover", _("责任项")
        INJURY = "injury", _("人身损害")

    exposure = models.ForeignKey(Exposure, models.PROTECT, related_name="told_facts")
    about = models.CharField(max_length=8, choices=About, default=About.COVER)
    name = models.CharField(max_length=60)
    value = models.JSONField(null=True)
    paper = models.CharField(max_length=40)
    told_by = models.CharField(max_length=60)
    told_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"{self.exposure_id} {self.name}"


class Calculation(models.Model):
    """The sum of one exposure, with every column that led there. Never changed, only followed.

    Exposures that share a limit are settled together: `together` then holds the complete inputs
    of all of them in their order, as {"position", "facts", "terms"}, this one at `row`. It is
    empty where an exposure was settled alone.
    """

    exposure = models.ForeignKey(Exposure, models.PROTECT, related_name="calculations")
    version = models.PositiveSmallIntegerField()
    edition = models.CharField(max_length=60)
    facts = models.JSONField()
    terms = models.JSONField()
    columns = models.JSONField()
    steps = models.JSONField()
    benefit_fen = models.BigIntegerField()
    sheet_hash = models.CharField(max_length=80)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=clock.now)
    together = models.JSONField(default=list)
    row = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["exposure", "version"], name="calculation_version"),
            models.CheckConstraint(
                condition=models.Q(benefit_fen__gte=0), name="calculation_not_negative"
            ),
        )

    def __str__(self) -> str:
        return f"{self.exposure_id} v{self.version}"

    @property
    def rows(self) -> list[dict[str, dict[str, object]]]:
        """The inputs of everything that was settled at once, this one at `row`."""
        return self.together or [{"facts": self.facts, "terms": self.terms}]


class Decision(models.Model):
    """What was decided on one calculation, by whom, at which level, for which named reasons."""

    class Outcome(models.TextChoices):
        APPROVED = "approved", _("通过")
        RETURNED = "returned", _("退回")

    calculation = models.ForeignKey(Calculation, models.PROTECT, related_name="decisions")
    outcome = models.CharField(max_length=10, choices=Outcome)
    level = models.CharField(max_length=4)
    reasons = models.JSONField()
    remark = models.CharField(max_length=300, blank=True)
    decided_by = models.CharField(max_length=60)
    decided_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["calculation"],
                condition=models.Q(outcome="approved"),
                name="approved_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.calculation_id} {self.outcome}"


class Dispute(models.Model):
    """An objection to what was decided: what is contested, and the answer to it."""

    exposure = models.ForeignKey(Exposure, models.PROTECT, related_name="disputes")
    words = models.TextField()
    contested_fen = models.BigIntegerField(null=True)
    opened_by = models.CharField(max_length=60)
    opened_at = models.DateTimeField(default=clock.now)
    answer = models.TextField(blank=True)
    outcome = models.CharField(max_length=20, blank=True)
    answered_by = models.CharField(max_length=60, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["exposure"],
                condition=models.Q(answered_at=None),
                name="dispute_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"dispute/{self.pk}"


class Accumulator(models.Model):
    """A limit or deductible that several claims use up, counted once for all of them.

    `key` says whose it is (accumulators.KEYS). Amounts are in its own unit: fen, days or a count.
    `limit_units` is the highest limit under which anything was counted; `turns` numbers what was
    counted, in the order of settlement.
    """

    class Unit(models.TextChoices):
        FEN = "fen", _("元")
        DAYS = "days", _("天")
        COUNT = "count", _("次")

    key = models.CharField(max_length=120)
    product = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    unit = models.CharField(max_length=8, choices=Unit)
    limit_units = models.BigIntegerField(default=0)
    used_units = models.BigIntegerField(default=0)
    turns = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["key", "product", "name"], name="accumulator_once"),
            models.CheckConstraint(
                condition=models.Q(used_units__gte=0, used_units__lte=models.F("limit_units")),
                name="accumulator_never_overdrawn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.product} {self.name}"


class AccumulatorUse(models.Model):
    """What one calculation saw of an accumulator and asks of it; counted from its approval.

    `before_units` is what had been used by all others. The calculations of one command on a
    claim have the same `round`: their shares were fixed together. Nothing but `turn` and the two
    instants is ever filled in later, each once.
    """

    accumulator = models.ForeignKey(Accumulator, models.PROTECT, related_name="uses")
    calculation = models.ForeignKey(Calculation, models.PROTECT, related_name="uses")
    round = models.PositiveIntegerField()
    before_units = models.BigIntegerField()
    amount_units = models.BigIntegerField()
    limit_units = models.BigIntegerField()
    turn = models.PositiveIntegerField(null=True)
    counted_at = models.DateTimeField(null=True)
    given_back_at = models.DateTimeField(null=True)
    given_back_why = models.CharField(max_length=20, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["accumulator", "calculation"], name="use_once"),
            models.UniqueConstraint(
                fields=["accumulator", "turn"],
                condition=models.Q(turn__isnull=False),
                name="use_turn",
            ),
            models.CheckConstraint(
                condition=models.Q(before_units__gte=0, amount_units__gte=0, limit_units__gte=0),
                name="use_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(turn__isnull=True, counted_at__isnull=True)
                | models.Q(turn__isnull=False, counted_at__isnull=False),
                name="use_counted_in_turn",
            ),
            models.CheckConstraint(
                condition=models.Q(given_back_at__isnull=True) | models.Q(counted_at__isnull=False),
                name="use_given_back_after_counted",
            ),
        )

    def __str__(self) -> str:
        return f"{self.accumulator_id} {self.calculation_id}"

    @property
    def in_force(self) -> bool:
        """Whether it counts now."""
        return self.counted_at is not None and self.given_back_at is None
