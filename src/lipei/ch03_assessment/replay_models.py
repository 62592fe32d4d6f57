"""Tables of rule change: what a changed edition would have paid, and what it pays beside."""

from django.db import models

from lipei.kit import clock


class Replay(models.Model):
    """One run of an edition over the claims that are settled already, and its report.

    `reached` is the last exposure that is counted, `tally` what has been counted so far: both
    are written together, so that a run that was cut off goes on where it stood.
    """

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    edition = models.CharField(max_length=60)
    content = models.CharField(max_length=80)
    from_on = models.DateField(null=True)
    to_on = models.DateField(null=True)
    until_at = models.DateTimeField(default=clock.now)
    started_by = models.CharField(max_length=60)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=State, default=State.RUNNING)
    error = models.CharField(max_length=300, blank=True)
    whole = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    reached = models.BigIntegerField(default=0)
    tally = models.JSONField(default=dict)
    report_hash = models.CharField(max_length=80, blank=True)

    class Meta:
        indexes = (models.Index(fields=["edition", "id"], name="replay_of_edition"),)

    def __str__(self) -> str:
        return f"replay/{self.pk}"

    @property
    def product(self) -> str:
        """The product whose claims are settled again."""
        return self.edition.rpartition("_")[0]


class Shadow(models.Model):
    """An edition that runs beside the live one for a stated time, both days included."""

    edition = models.CharField(max_length=60)
    content = models.CharField(max_length=80)
    from_on = models.DateField()
    to_on = models.DateField()
    started_by = models.CharField(max_length=60)
    started_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(to_on__gte=models.F("from_on")), name="shadow_days"
            ),
        )

    def __str__(self) -> str:
        return f"shadow/{self.pk}"

    @property
    def product(self) -> str:
        """The product whose new sums are worked out by both."""
        return self.edition.rpartition("_")[0]


class ShadowSum(models.Model):
    """What the edition beside would pay where the live one paid its own, or why it cannot."""

    shadow = models.ForeignKey(Shadow, models.PROTECT, related_name="sums")
    calculation = models.ForeignKey("Calculation", models.PROTECT, related_name="+")
    after_fen = models.BigIntegerField(null=True)
    why = models.JSONField(default=dict)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["shadow", "calculation"], name="shadow_sum_once"),
        )

    def __str__(self) -> str:
        return f"{self.shadow_id} {self.calculation_id}"
