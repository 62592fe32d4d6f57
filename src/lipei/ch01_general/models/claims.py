"""The claim, its exposures, and what runs and stands on them."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import Right
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models.people import Branch, Party, Staff
from lipei.ch01_general.models.policies import Policy, Stretch
from lipei.ch01_general.stages import Side, Stage
from lipei.kit import clock

STAGES = [(s.value, s.value) for s in Stage]
WAITS = models.ExpressionWrapper(models.Q(holder="claimant"), models.BooleanField())
FREE = models.ExpressionWrapper(models.Q(officer__isnull=True), models.BooleanField())
"""Of a claim, whether the claimant holds the ball, and whether nobody answers for it."""


class Claim(models.Model):
    """One event that a policy may answer for. Its exposures carry what is decided and paid.

    A foreign key without an index of its own stands first in one of the others, or is never
    looked up from its other end.
    """

    number = models.CharField(max_length=24, unique=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    branch_path = models.CharField(max_length=120)
    line = models.CharField(max_length=20)
    policy = models.ForeignKey(
        Policy, models.PROTECT, null=True, related_name="claims", db_index=False
    )
    reporter = models.ForeignKey(
        Party, models.PROTECT, null=True, related_name="claims", db_index=False
    )
    reporter_relation = models.CharField(max_length=20, default="insured")
    channel = models.CharField(max_length=20)
    stage = models.CharField(max_length=16, choices=STAGES, default=Stage.REPORTED)
    is_open = models.BooleanField(default=True)
    lost_at = models.DateTimeField()
    reported_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    place = models.CharField(max_length=200, blank=True)
    cause = models.CharField(max_length=40)
    story = models.TextField(blank=True)
    injured = models.BooleanField(default=False)
    plate = models.CharField(max_length=12, blank=True)
    phone = models.CharField(max_length=20, blank=True)
    facts = models.JSONField(default=dict)
    officer = models.ForeignKey(
        Staff, models.PROTECT, null=True, related_name="claims", db_index=False
    )
    estimate_low_fen = models.BigIntegerField(null=True)
    estimate_high_fen = models.BigIntegerField(null=True)
    estimate = models.JSONField(default=dict)
    flags = ArrayField(models.CharField(max_length=30), default=list)
    holder = models.CharField(max_length=12, default="insurer")
    holder_since = models.DateTimeField(default=clock.now)
    next_due_at = models.DateTimeField(null=True)
    next_due_clause = models.CharField(max_length=20, blank=True)
    next_due_started_at = models.DateTimeField(null=True)
    awaits_estimate = models.BooleanField(default=False, db_default=False)
    closed_at = models.DateTimeField(null=True)
    withdrawn_why = models.TextField(blank=True, default="", db_default="")

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(stage__in=[s.value for s in Stage]), name="claim_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(estimate_low_fen__isnull=True)
                | models.Q(estimate_low_fen__lte=models.F("estimate_high_fen")),
                name="claim_estimate_is_a_range",
            ),
        )
        indexes = (
            models.Index(
                "branch_path",
                "stage",
                WAITS,
                FREE,
                "next_due_at",
                "id",
                include=["officer", "holder", "line"],
                condition=models.Q(is_open=True),
                name="claim_worklist",
            ),
            models.Index(
                fields=["officer", "next_due_at", "id"],
                condition=models.Q(is_open=True),
                name="claim_officer_worklist",
            ),
            models.Index(
                "stage",
                WAITS,
                FREE,
                "next_due_at",
                "id",
                include=["branch_path", "officer", "holder", "line"],
                condition=models.Q(is_open=True),
                name="claim_stage_worklist",
            ),
            models.Index(
                fields=["branch_path", "next_due_at", "id"],
                include=["stage", "line"],
                condition=models.Q(is_open=True, awaits_estimate=True),
                name="claim_estimate_worklist",
            ),
            models.Index(
                fields=["next_due_at", "id"],
                include=["branch_path", "stage", "line"],
                condition=models.Q(is_open=True, awaits_estimate=True),
                name="claim_any_estimate_worklist",
            ),
            models.Index(fields=["policy", "lost_at"], name="claim_of_policy"),
            models.Index(fields=["plate"], opclasses=["varchar_pattern_ops"], name="claim_plate"),
            models.Index(fields=["phone"], opclasses=["varchar_pattern_ops"], name="claim_phone"),
            models.Index(Right("number", 6), name="claim_number_end"),
            models.Index(fields=["reporter", "id"], name="claim_of_reporter"),
        )

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How the journal names this claim."""
        return f"claim/{self.number}"

    @property
    def policy_then(self) -> Policy | Stretch | None:
        """The policy as it stood at the loss, never as it stands now (2.3-e)."""
        return self.policy.at(self.lost_at) if self.policy else None


class Exposure(models.Model):
    """One cover x one damaged thing or person: what is decided, clocked, reserved and paid.

    `terms` is the cover as it stood at the event; `number` is its own 立案号.
    """

    class Thing(models.TextChoices):
        OWN_VEHICLE = "own_vehicle", _("本车")
        OTHER_VEHICLE = "other_vehicle", _("对方车辆")
        OTHER_PROPERTY = "other_property", _("对方财物")
        PERSON = "person", _("伤者")
        INSURED = "insured", _("被保险人")
        OWN_PROPERTY = "own_property", _("保险标的")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="exposures", db_index=False)
    position = models.PositiveSmallIntegerField()
    number = models.CharField(max_length=30, null=True, unique=True)
    product = models.CharField(max_length=40)
    edition = models.CharField(max_length=60)
    terms = models.JSONField(default=dict)
    thing = models.CharField(max_length=16, choices=Thing)
    label = models.CharField(max_length=80)
    payee = models.ForeignKey(Party, models.PROTECT, null=True, related_name="+")
    stage = models.CharField(max_length=16, choices=STAGES, default=Stage.REPORTED)
    sides = ArrayField(
        models.CharField(max_length=12, choices=[(s.value, s.value) for s in Side]),
        default=list,
    )
    reserve_fen = models.BigIntegerField(default=0)
    assessed_fen = models.BigIntegerField(null=True)
    benefit_fen = models.BigIntegerField(null=True)
    agreed_fen = models.BigIntegerField(default=0)
    paid_fen = models.BigIntegerField(default=0)
    first_closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["claim", "position"], name="exposure_position"),
            models.CheckConstraint(
                condition=models.Q(stage__in=[s.value for s in Stage]), name="exposure_stage"
            ),
            models.CheckConstraint(
                condition=models.Q(reserve_fen__gte=0, agreed_fen__gte=0, paid_fen__gte=0),
                name="exposure_sums_not_negative",
            ),
            models.CheckConstraint(
                condition=models.Q(paid_fen__lte=models.F("agreed_fen")),
                name="exposure_never_overpaid",
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}-{self.position}"


class Clock(models.Model):
    """The time that a clause allows for something: running, paused, met or missed.

    It keeps the edition of the clause under which it started, and the name of the number that
    counts where the clause has several (`limit`); `due_at` is the instant at which it is
    breached (exclusive end of the last day), null while a pause is open.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="clocks", db_index=False)
    exposure = models.ForeignKey(Exposure, models.PROTECT, null=True, related_name="clocks")
    clause = models.CharField(max_length=20)
    edition = models.CharField(max_length=20)
    limit = models.CharField(max_length=20, blank=True, default="", db_default="")
    started_at = models.DateTimeField()
    due_at = models.DateTimeField(null=True)
    warn_at = models.DateTimeField(null=True)
    stopped_at = models.DateTimeField(null=True)
    void = models.BooleanField(default=False)
    pauses = models.JSONField(default=list)
    warned_at = models.DateTimeField(null=True)
    breached_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "exposure", "clause"],
                condition=models.Q(stopped_at=None),
                name="clock_runs_once",
                nulls_distinct=False,
            ),
        )
        indexes = (
            models.Index(
                fields=["due_at"],
                condition=models.Q(stopped_at=None, breached_at=None),
                name="clock_due",
            ),
            models.Index(
                fields=["warn_at"],
                condition=models.Q(stopped_at=None, warned_at=None),
                name="clock_warn",
            ),
            models.Index(fields=["claim"], name="clock_of_claim"),
        )

    def __str__(self) -> str:
        return f"{self.claim_id} {self.clause}"


class Hold(models.Model):
    """Something that must be lifted before money moves; placed and lifted by name."""

    exposure = models.ForeignKey(Exposure, models.PROTECT, related_name="holds")
    kind = models.CharField(max_length=30)
    reason = models.CharField(max_length=200)
    placed_by = models.CharField(max_length=60)
    placed_at = models.DateTimeField()
    lifted_by = models.CharField(max_length=60, blank=True)
    lifted_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.exposure_id} {self.kind}"


class Clearance(models.Model):
    """A positive "nothing stands against it", bound to the seal of amount, payee and account.

    One of names is bound to the edition of the list that was looked at, too (`against`).
    """

    exposure = models.ForeignKey(Exposure, models.PROTECT, related_name="clearances")
    kind = models.CharField(max_length=20)
    seal = models.CharField(max_length=64)
    against = models.CharField(max_length=64, blank=True, default="", db_default="")
    given_by = models.CharField(max_length=60)
    given_at = models.DateTimeField()
    basis = models.JSONField(default=dict)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["exposure", "kind", "seal", "against"], name="clearance_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.exposure_id} {self.kind}"


class Task(models.Model):
    """Something that somebody must do on a claim; done by an act, not by ticking."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="tasks")
    exposure = models.ForeignKey(Exposure, models.PROTECT, null=True, related_name="tasks")
    kind = models.CharField(max_length=40)
    duty = models.CharField(max_length=40)
    assignee = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="tasks")
    made_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    done_at = models.DateTimeField(null=True)
    done_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "exposure", "kind"],
                condition=models.Q(done_at=None),
                name="task_open_once",
                nulls_distinct=False,
            ),
        )
        indexes = (
            models.Index(
                fields=["assignee", "due_at"],
                condition=models.Q(done_at=None),
                name="task_open",
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind}"
