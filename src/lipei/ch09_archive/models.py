"""Chapter 9's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Claim
from lipei.kit import clock


class Volume(models.Model):
    """The file of one claim: what lies in it, how many sheets of paper, where it stands."""

    class State(models.TextChoices):
        OPEN = "open", _("待整理")
        ARRANGED = "arranged", _("已整理")
        SHELVED = "shelved", _("已归档")

    claim = models.OneToOneField(Claim, models.PROTECT, related_name="volume")
    number = models.CharField(max_length=30, unique=True)
    year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.OPEN)
    opened_at = models.DateTimeField(default=clock.now)
    paper_pages = models.PositiveIntegerField(null=True)
    scanned_pages = models.PositiveIntegerField(null=True)
    arranged_by = models.CharField(max_length=60, blank=True)
    arranged_at = models.DateTimeField(null=True)
    place = models.CharField(max_length=60, blank=True)
    shelved_by = models.CharField(max_length=60, blank=True)
    shelved_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.number


class Item(models.Model):
    """One thing in a volume, in its order: kind, whether paper exists, its hash, how long kept.

    `keep_until` is open while nobody knows when the contract ends.
    """

    volume = models.ForeignKey(Volume, models.PROTECT, related_name="items")
    position = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=40)
    sha256 = models.CharField(max_length=64, blank=True)
    born_electronic = models.BooleanField(default=True)
    retention = models.CharField(max_length=30)
    keep_until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["volume", "position"], name="item_position"),
        )

    def __str__(self) -> str:
        return f"{self.volume_id} {self.position}"
