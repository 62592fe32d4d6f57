"""What two persons change: proposed by one, approved or returned by another."""

from django.db import models
from django.db.models.constraints import BaseConstraint

from lipei.kit import clock

OPEN = models.Q(approved_by="", returned_by="")
LINE = 500


class Proposed(models.Model):
    """A row that one person proposed; nothing comes of it until another has approved it.

    A proposal is never written over: it is approved, or returned with the reason, and then
    somebody may propose again.
    """

    reason = models.CharField(max_length=LINE, blank=True, default="", db_default="")
    proposed_by = models.CharField(max_length=60)
    proposed_at = models.DateTimeField(null=True, default=clock.now)
    approved_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    approved_at = models.DateTimeField(null=True)
    returned_by = models.CharField(max_length=60, blank=True, default="", db_default="")
    returned_at = models.DateTimeField(null=True)
    returned_why = models.CharField(max_length=LINE, blank=True, default="", db_default="")

    class Meta:
        abstract = True

    @property
    def is_open(self) -> bool:
        """Whether it still waits for the second person."""
        return not self.approved_by and not self.returned_by


def approved_by_another(name: str) -> BaseConstraint:
    """The constraint that nobody approves what they proposed."""
    return models.CheckConstraint(
        condition=~models.Q(approved_by=models.F("proposed_by")) | models.Q(approved_by=""),
        name=name,
    )


class Revision(Proposed):
    """An edition of something that ships as data and that the department changes.

    `kind` says what it is (a year of rest days, an authority matrix, the words of a refusal,
    the terms of a variant), `key` which one; `row` is its whole content in this edition.
    """

    class Kind(models.TextChoices):
        REST_YEAR = "rest_year", "rest_year"
        AUTHORITY = "authority", "authority"
        REFUSAL = "refusal", "refusal"
        VARIANT = "variant", "variant"
        LETTER = "letter", "letter"

    kind = models.CharField(max_length=12, choices=Kind)
    key = models.CharField(max_length=80)
    edition = models.PositiveIntegerField()
    row = models.JSONField()
    effective_from = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "key", "edition"], name="revision_once"),
            models.UniqueConstraint(
                fields=["kind", "key"], condition=OPEN, name="revision_open_once"
            ),
            approved_by_another("revision_by_another"),
        )

    def __str__(self) -> str:
        return f"{self.kind}/{self.key} {self.edition}"
