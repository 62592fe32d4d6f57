"""Tables of what was used up of limits before Lipei: told on a paper, approved by another."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Policy
from lipei.kit import clock
from lipei.kit.models import Upload


class PriorBatch(models.Model):
    """What one paper of the former system tells, and who answers for it.

    `digest` binds the approval to the very rows that were read; a batch that was decided is
    never changed: another one that tells more or less follows it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("待批准")
        APPROVED = "approved", _("已计入")
        DROPPED = "dropped", _("已放弃")

    source = models.CharField(max_length=80)
    paper = models.CharField(max_length=80)
    reason = models.CharField(max_length=200)
    file_hash = models.CharField(max_length=64, blank=True)
    proof = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField(default=clock.now)
    decided_by = models.CharField(max_length=60, blank=True)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["digest"],
                condition=models.Q(state="waiting"),
                name="prior_batch_waits_once",
            ),
        )

    def __str__(self) -> str:
        return f"prior/{self.pk}"


class PriorUse(models.Model):
    """How much of one limit was used up before Lipei, in all.

    The one with the highest `turn` of a limit holds; `counted_units` is by how much it moved
    what is used: what it tells less what the one before it told.
    """

    batch = models.ForeignKey(PriorBatch, models.PROTECT, related_name="uses")
    policy = models.ForeignKey(Policy, models.PROTECT, related_name="+")
    key = models.CharField(max_length=120)
    product = models.CharField(max_length=40)
    name = models.CharField(max_length=40)
    unit = models.CharField(max_length=8)
    year = models.PositiveSmallIntegerField(null=True)
    edition = models.CharField(max_length=60)
    amount_units = models.BigIntegerField()
    limit_units = models.BigIntegerField(null=True)
    counted_units = models.BigIntegerField(null=True)
    turn = models.PositiveIntegerField(null=True)

    class Meta:
        indexes = (models.Index(fields=["key", "product", "name"], name="prior_use_of_limit"),)
        constraints = (
            models.UniqueConstraint(
                fields=["batch", "key", "product", "name"], name="prior_use_once"
            ),
            models.CheckConstraint(
                condition=models.Q(amount_units__gte=0), name="prior_use_not_negative"
            ),
            models.CheckConstraint(
                condition=models.Q(turn__isnull=True, counted_units__isnull=True)
                | models.Q(turn__isnull=False, counted_units__isnull=False),
                name="prior_use_counted_in_turn",
            ),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.product} {self.name}"
