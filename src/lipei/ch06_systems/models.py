"""Chapter 6's tables."""

from django.db import models

from lipei.kit import clock


class SetupCode(models.Model):
    """A code from the console by which the first administrator is made; only its digest."""

    digest = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"setup/{self.pk}"
