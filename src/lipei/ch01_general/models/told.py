"""What was told to people, and the clauses as people changed them."""

from django.db import models

from lipei.ch01_general.models.changes import OPEN, Proposed
from lipei.ch01_general.models.claims import Claim
from lipei.ch01_general.models.people import Party
from lipei.kit import clock


class Message(models.Model):
    """What the house told a claimant: by which template, and whether it arrived."""

    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="messages")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="messages")
    phone = models.CharField(max_length=20)
    template = models.CharField(max_length=40)
    variables = models.JSONField(default=dict)
    node = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=clock.now)
    due_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    failed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "node"],
                condition=models.Q(claim__isnull=False),
                name="message_once_a_node",
            ),
        )

    def __str__(self) -> str:
        return f"message/{self.pk}"


class ClauseEdition(Proposed):
    """An edition of a clause as people changed it; the shipped edition is the ground below."""

    clause = models.CharField(max_length=20)
    edition = models.CharField(max_length=20)
    row = models.JSONField()
    effective_from = models.DateField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["clause", "edition"], name="clause_edition_once"),
            models.UniqueConstraint(
                fields=["clause"], condition=OPEN, name="clause_edition_open_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.clause} {self.edition}"
