"""Chapter 2's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Claim, Exposure, Party
from lipei.kit import clock
from lipei.kit.models import Upload


class Draft(models.Model):
    """A report that somebody has begun; kept until it is filed or thirty days old."""

    party = models.ForeignKey(Party, models.PROTECT, related_name="drafts")
    client_id = models.CharField(max_length=80)
    answers = models.JSONField(default=dict)
    step = models.PositiveSmallIntegerField(default=1)
    updated_at = models.DateTimeField(default=clock.now)
    claim = models.ForeignKey(Claim, models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = (models.UniqueConstraint(fields=["party", "client_id"], name="draft_once"),)

    def __str__(self) -> str:
        return f"draft/{self.pk}"


class DraftFile(models.Model):
    """A photograph, video or paper that belongs to a draft."""

    draft = models.ForeignKey(Draft, models.PROTECT, related_name="files")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="+")
    kind = models.CharField(max_length=40)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["draft", "upload"], name="draft_file_once"),)

    def __str__(self) -> str:
        return f"{self.draft_id} {self.kind}"


class Material(models.Model):
    """One paper that a claim needs, and how it stands."""

    class State(models.TextChoices):
        WANTED = "wanted", _("待交")
        RECEIVED = "received", _("待核")
        ACCEPTED = "accepted", _("已核")
        RETURNED = "returned", _("需重交")

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="materials", db_index=False)
    kind = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=State, default=State.WANTED)
    reason = models.CharField(max_length=200, blank=True)
    unlocks = models.JSONField(default=list)
    received_at = models.DateTimeField(null=True)
    checked_at = models.DateTimeField(null=True)
    checked_by = models.CharField(max_length=60, blank=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["claim", "kind"], name="material_once"),)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind}"


class Document(models.Model):
    """A file that belongs to a claim: a photograph, a video, a paper."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="documents", db_index=False)
    exposure = models.ForeignKey(Exposure, models.PROTECT, null=True, related_name="documents")
    upload = models.ForeignKey(Upload, models.PROTECT, related_name="documents")
    kind = models.CharField(max_length=40)
    received_at = models.DateTimeField()
    received_from = models.CharField(max_length=60)
    received_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["claim", "upload", "kind"], name="document_once"),
        )

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind}"


class Notice(models.Model):
    """The one notice of everything that is missing (K1), and any further one with its cause."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="notices")
    number = models.PositiveSmallIntegerField()
    kinds = models.JSONField()
    new_facts = models.CharField(max_length=200, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    sent_at = models.DateTimeField(default=clock.now)
    delivered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["claim", "number"], name="notice_number"),)

    def __str__(self) -> str:
        return f"{self.claim_id} {self.number}"


class Flag(models.Model):
    """Why a claim cannot flow straight, who looks at it, and what came of it."""

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="anomalies")
    kind = models.CharField(max_length=30)
    facts = models.JSONField(default=dict)
    raised_by = models.CharField(max_length=60)
    raised_at = models.DateTimeField(default=clock.now)
    outcome = models.CharField(max_length=30, blank=True)
    settled_by = models.CharField(max_length=60, blank=True)
    settled_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["claim", "kind"],
                condition=models.Q(settled_at=None),
                name="flag_open_once",
            ),
        )

    def __str__(self) -> str:
        return f"{self.claim_id} {self.kind}"
