"""Policies and covers, as the core system tells them, and as they stood at each date."""

from datetime import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models.people import Branch, Party
from lipei.kit import clock


class Policy(models.Model):
    """A policy as the core system tells it, as it stands by everything that is known now.

    One that was never changed has no stretches: it stood like this from its first day. One that
    was changed (`versions` above 1) has a stretch for each time in which it stood otherwise, and
    whoever asks about a date reads that one (`at`). `told_digest` is what a file told last.
    """

    number = models.CharField(max_length=40, unique=True)
    line = models.CharField(max_length=20)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="policies")
    holder = models.ForeignKey(Party, models.PROTECT, related_name="policies_held")
    insured = models.ForeignKey(Party, models.PROTECT, related_name="policies")
    plate = models.CharField(max_length=12, blank=True, db_index=True)
    vin = models.CharField(max_length=17, blank=True)
    vehicle = models.JSONField(default=dict)
    drivers = models.JSONField(default=list, db_default=[])
    region = models.CharField(max_length=40, blank=True, default="", db_default="")
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    premium_paid = models.BooleanField(default=True)
    versions = models.PositiveIntegerField(default=1, db_default=1)
    recorded_at = models.DateTimeField(null=True, default=clock.now)
    told_digest = models.CharField(max_length=64, blank=True, default="", db_default="")

    class Meta:
        indexes = (models.Index(fields=["insured", "starts_at"], name="policy_of_insured"),)

    def __str__(self) -> str:
        return self.number

    @property
    def subject(self) -> str:
        """How the journal names this policy."""
        return f"policy/{self.pk}"

    def at(self, instant: datetime) -> "Policy | Stretch":
        """The policy as it stood at an instant."""
        if self.versions == 1:
            return self
        found = self.stretches.filter(from_at__lte=instant, until_at__gt=instant)
        return found.select_related("insured", "holder", "branch").get()


class Stretch(models.Model):
    """A stretch of time for which a policy stood unchanged, by everything that is known now.

    Made from the changes and made again with each: the stretches of a policy cover all time.
    """

    policy = models.ForeignKey(Policy, models.CASCADE, related_name="stretches", db_index=False)
    from_at = models.DateTimeField()
    until_at = models.DateTimeField()
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+", db_index=False)
    holder = models.ForeignKey(Party, models.PROTECT, related_name="+")
    insured = models.ForeignKey(Party, models.PROTECT, related_name="+")
    plate = models.CharField(max_length=12, blank=True)
    vin = models.CharField(max_length=17, blank=True)
    vehicle = models.JSONField(default=dict)
    drivers = models.JSONField(default=list)
    region = models.CharField(max_length=40, blank=True)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    premium_paid = models.BooleanField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "from_at"], name="stretch_once"),
            models.CheckConstraint(
                condition=models.Q(from_at__lt=models.F("until_at")), name="stretch_lasts"
            ),
        )

    def __str__(self) -> str:
        return f"{self.policy_id} {self.from_at:%Y-%m-%d}"

    @property
    def number(self) -> str:
        """The number of the policy."""
        return self.policy.number

    @property
    def line(self) -> str:
        """The line of the policy."""
        return self.policy.line


class PolicyChange(models.Model):
    """One change of a policy as it was told: what, from when, and when we learnt it.

    Rows are added, never changed. `told` holds the new values by field, a cover under
    `cover:<product>` (none when it ended). The first row of a policy is how it was issued.
    """

    class Kind(models.TextChoices):
        ISSUED = "issued", _("出单")
        ENDORSED = "endorsed", _("批改")
        PREMIUM = "premium", _("缴费")
        CORRECTED = "corrected", _("更正")

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="changes", db_index=False)
    number = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    reference = models.CharField(max_length=60, blank=True)
    effective_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=60)
    source = models.CharField(max_length=60, blank=True)
    told = models.JSONField()
    digest = models.CharField(max_length=64)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "number"], name="policy_change_number"),
            models.UniqueConstraint(
                fields=["policy", "reference"], condition=~models.Q(reference=""),
                name="policy_change_once",
            ),
        )  # fmt: skip

    def __str__(self) -> str:
        return f"{self.policy_id} #{self.number}"


class Premium(models.Model):
    """One payment of premium, or one given back, as the core system tells it."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="premiums", db_index=False)
    reference = models.CharField(max_length=60)
    amount_fen = models.BigIntegerField()
    paid_at = models.DateTimeField()
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "reference"], name="premium_once"),
            models.CheckConstraint(condition=~models.Q(amount_fen=0), name="premium_moves"),
        )

    def __str__(self) -> str:
        return f"{self.policy_id} {self.reference}"


class EarnedPremium(models.Model):
    """What was told of the earned premium of a month, a line and a branch; below nought where a
    row puts an earlier one right. Rows are added, never changed: the figure is their sum."""

    month = models.DateField()
    line = models.CharField(max_length=20)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    corrects = models.BooleanField(default=False)
    told_by = models.CharField(max_length=60)
    recorded_at = models.DateTimeField(default=clock.now)

    class Meta:
        indexes = (models.Index(fields=["month", "line", "branch"], name="earned_of_month"),)

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.line} {self.branch_id}"


class Cover(models.Model):
    """One cover of a policy: which product, in which formula edition, under which terms.

    A cover whose terms changed has a row for each stretch of time.
    """

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="covers")
    product = models.CharField(max_length=40)
    edition = models.CharField(max_length=60)
    terms = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "product", "starts_at"], name="cover_once"),
        )

    def __str__(self) -> str:
        return f"{self.policy_id} {self.product}"
