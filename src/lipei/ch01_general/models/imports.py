"""Files of policies that are brought in: how far each came, and which of its rows were refused."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.kit import clock


class PolicyImport(models.Model):
    """One file on its way in. `row_done` is the last row of which everything is settled."""

    class State(models.TextChoices):
        MAPPING = "mapping", _("待确认列")
        TRYING = "trying", _("试导入中")
        TRIED = "tried", _("试导入完成")
        IMPORTING = "importing", _("导入中")
        DONE = "done", _("已导入")
        DISCARDED = "discarded", _("已放弃")

    sha256 = models.CharField(max_length=64)
    kind = models.CharField(max_length=8)
    columns = models.JSONField(default=list)
    head_row = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    mapping = models.JSONField(default=dict)
    as_of = models.DateTimeField(default=clock.now)
    state = models.CharField(max_length=10, choices=State, default=State.MAPPING)
    row_done = models.PositiveIntegerField(default=0)
    read = models.PositiveIntegerField(default=0)
    added = models.PositiveIntegerField(default=0)
    changed = models.PositiveIntegerField(default=0)
    same = models.PositiveIntegerField(default=0)
    refused = models.PositiveIntegerField(default=0)
    begun_by = models.CharField(max_length=60)
    begun_at = models.DateTimeField(default=clock.now)
    ended_at = models.DateTimeField(null=True)
    erased_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["sha256"], name="policy_import_file"),)

    def __str__(self) -> str:
        return f"import/{self.pk}"

    @property
    def subject(self) -> str:
        """How the journal names this import."""
        return f"import/{self.pk}"

    @property
    def runs(self) -> bool:
        """Whether a job reads it now."""
        return self.state in {self.State.TRYING, self.State.IMPORTING}


class ImportFault(models.Model):
    """One thing that is wrong with a row of a file; never what its cell holds."""

    of = models.ForeignKey(PolicyImport, models.CASCADE, related_name="faults", db_index=False)
    row = models.PositiveIntegerField()
    column = models.CharField(max_length=200, blank=True)
    slug = models.CharField(max_length=60)
    params = models.JSONField(default=dict)

    class Meta:
        indexes = (models.Index(fields=["of", "row"], name="import_fault_of_row"),)

    def __str__(self) -> str:
        return f"{self.of_id} {self.row} {self.slug}"


class ImportMapping(models.Model):
    """Which column tells which field, under a name, for the next file of the same make."""

    name = models.CharField(max_length=40, unique=True)
    mapping = models.JSONField()
    kept_by = models.CharField(max_length=60)
    kept_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return self.name
