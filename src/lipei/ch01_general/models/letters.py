"""Letters that the house wrote, and how each reached its reader."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models.claims import Claim
from lipei.ch01_general.models.people import Party
from lipei.kit import clock
from lipei.kit.models import Upload


class Letter(models.Model):
    """A letter as it was written: its words in both languages stand for good.

    `node` is what made it; one node of a claim has one letter. `edition` names the words that
    were in force. `text` holds, by language, the title, the body and the rows of its table.
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="letters")
    position = models.PositiveSmallIntegerField()
    template = models.CharField(max_length=40)
    edition = models.CharField(max_length=40)
    node = models.CharField(max_length=60)
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="letters")
    addressee = models.CharField(max_length=80, blank=True)
    text = models.JSONField()
    sha256 = models.CharField(max_length=64)
    seal = models.CharField(max_length=64, blank=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["claim", "node"], name="letter_once_a_node"),
            models.UniqueConstraint(fields=["claim", "position"], name="letter_position"),
        )

    def __str__(self) -> str:
        return f"{self.claim_id}/{self.position}"


class LetterDelivery(models.Model):
    """One way on which a letter went out, and the proof that it arrived."""

    class Way(models.TextChoices):
        INBOX = "inbox", _("案件页打开")
        POST = "post", _("邮寄")
        HAND = "hand", _("当面递交")

    letter = models.ForeignKey(Letter, models.PROTECT, related_name="deliveries")
    way = models.CharField(max_length=8, choices=Way.choices)
    reference = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.CharField(max_length=60)
    arrived_at = models.DateTimeField(null=True)
    proof = models.ForeignKey(Upload, models.PROTECT, null=True, related_name="+")
    noted_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["letter", "way", "reference"], name="letter_delivery_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.letter_id} {self.way}"
