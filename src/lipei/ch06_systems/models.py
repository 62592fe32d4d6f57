"""Chapter 6's tables."""

from django.db import models

from lipei.ch01_general.models import Staff
from lipei.kit import clock


class SetupCode(models.Model):
    """A code from the console by which the first administrator is made; only its digest."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"setup/{self.pk}"


class FactorReset(models.Model):
    """A lost authenticator was taken away: by whom, why, and what proved who asked."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="factor_resets")
    at = models.DateTimeField(default=clock.now)
    by = models.CharField(max_length=60)
    reason = models.CharField(max_length=200)
    evidence = models.CharField(max_length=20)

    def __str__(self) -> str:
        return f"{self.staff_id} {self.at}"


class Invitation(models.Model):
    """A link by which somebody sets a password of their own; only its digest is kept."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="invitations")
    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    made_by = models.CharField(max_length=60)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    voided_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"invitation/{self.pk}"


class RollFile(models.Model):
    """A file of staff that somebody handed in, until it is taken in; erased after a day."""

    sha256 = models.CharField(max_length=64)
    name = models.CharField(max_length=120)
    by = models.CharField(max_length=60)
    at = models.DateTimeField(default=clock.now)
    taken_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"roll/{self.pk}"
