"""Product editions that this installation approved by itself."""

from django.db import models

from lipei.kit import clock


class EditionApproval(models.Model):
    """The approval of one edition in exactly these files, on the ground of one report."""

    edition = models.CharField(max_length=60)
    content = models.CharField(max_length=80)
    report_hash = models.CharField(max_length=80)
    proposed_by = models.CharField(max_length=60)
    approved_by = models.CharField(max_length=60)
    approved_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["edition", "content"], name="edition_approved_once"),
            models.CheckConstraint(
                condition=~models.Q(proposed_by=models.F("approved_by")),
                name="edition_approved_by_another",
            ),
        )

    def __str__(self) -> str:
        return self.edition
