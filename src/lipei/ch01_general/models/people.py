"""People of the house and parties outside."""

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.kit import clock


class Branch(models.Model):
    """A node of the company tree: 总公司, 分公司, 支公司. `path` starts with its parent's path.

    `in_town` and `near_by` are the names of places, as they stand in an address, to which a
    survey is in town or near by; where a branch has none, those of the branch above it hold.
    """

    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    path = models.CharField(max_length=120, unique=True)
    in_town = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    near_by = ArrayField(models.CharField(max_length=40), default=list, db_default=[])
    closed_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def depth(self) -> int:
        """How far below the head office it stands; that is at 1."""
        return self.path.count("/") - 1


class Department(models.Model):
    """A department of a branch: 理赔一部, 客服中心. Posts name theirs."""

    branch = models.ForeignKey(Branch, models.PROTECT, related_name="departments")
    name = models.CharField(max_length=40)
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["branch", "name"], name="department_once"),)

    def __str__(self) -> str:
        return self.name


class Party(models.Model):
    """A person or company outside: policyholder, insured, claimant, third party, payee.

    `phone` is where they are called, as somebody wrote it down; `signs_in_by` is the one that
    they proved by a one-time code, and belongs to one party only.
    """

    class Kind(models.TextChoices):
        PERSON = "person", _("个人")
        COMPANY = "company", _("单位")

    kind = models.CharField(max_length=8, choices=Kind, default=Kind.PERSON)
    name = models.CharField(max_length=80)
    phone = models.CharField(max_length=20, blank=True, db_index=True)
    signs_in_by = models.CharField(max_length=20, null=True, blank=True, unique=True)
    id_type = models.CharField(max_length=20, default="resident_id")
    id_sealed = models.TextField(blank=True)
    id_digest = models.CharField(max_length=64, blank=True, db_index=True)
    id_tail = models.CharField(max_length=4, blank=True)
    identified_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (GinIndex(fields=["name"], name="party_name_trgm", opclasses=["gin_trgm_ops"]),)

    def __str__(self) -> str:
        return f"party/{self.pk}"

    @property
    def reached_at(self) -> str:
        """The phone that they proved; until then the one that somebody wrote down, or ""."""
        return self.signs_in_by or self.phone


class StaffBook(BaseUserManager["Staff"]):
    """Makes and finds people of the house."""

    def get_by_natural_key(self, username: str | None) -> "Staff":
        return self.get(username=username)


class Staff(AbstractBaseUser):
    """A person of the house who signs in. What they may do comes from their posts."""

    username = models.CharField(max_length=40, unique=True)
    name = models.CharField(max_length=40)
    number = models.CharField(max_length=12, unique=True)
    phone = models.CharField(max_length=20, blank=True)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="staff")
    is_active = models.BooleanField(default=True)
    on_duty = models.BooleanField(default=True)
    left_at = models.DateTimeField(null=True)

    USERNAME_FIELD = "username"
    objects = StaffBook()

    def __str__(self) -> str:
        return f"staff/{self.username}"

    @property
    def reference(self) -> str:
        """How the journal names this person."""
        return f"staff/{self.username}"


class Appointment(models.Model):
    """A post that somebody holds: what they may do, in which department, over which branch."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="appointments")
    post = models.CharField(max_length=4)
    level = models.PositiveSmallIntegerField(default=0)
    department = models.CharField(max_length=40)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="+")
    since = models.DateField()
    until = models.DateField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(
                fields=["staff", "post", "branch", "since"], name="appointment_once"
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} {self.post}"


class Absence(models.Model):
    """Days on which somebody is away, the last one included, and who does their work."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="absences")
    deputy = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    from_on = models.DateField()
    to_on = models.DateField()
    called_off_at = models.DateTimeField(null=True)
    begun_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("to_on")), name="absence_is_a_span"
            ),
        )

    def __str__(self) -> str:
        return f"{self.staff_id} {self.from_on}"


class Certificate(models.Model):
    """A certificate or passed exam; earned in 7.2, kept here, asked for at every assignment."""

    staff = models.ForeignKey(Staff, models.PROTECT, related_name="certificates")
    kind = models.CharField(max_length=40)
    number = models.CharField(max_length=40)
    issuer = models.CharField(max_length=80)
    valid_from = models.DateField()
    valid_to = models.DateField()
    score_bp = models.PositiveIntegerField(null=True)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["kind", "number"], name="certificate_number_once"),
        )

    def __str__(self) -> str:
        return f"{self.kind} {self.number}"


class OneTimeCode(models.Model):
    """A code sent to a phone; short-lived, few tries, one use, kept only as a digest."""

    phone = models.CharField(max_length=20)
    purpose = models.CharField(max_length=80)
    digest = models.CharField(max_length=64)
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    used_at = models.DateTimeField(null=True)

    class Meta:
        indexes = (models.Index(fields=["phone", "purpose", "made_at"], name="code_of_phone"),)

    def __str__(self) -> str:
        return self.purpose


class Token(models.Model):
    """An API token: what it may do, for whom, until when. Only its digest is kept."""

    digest = models.CharField(max_length=64, unique=True)
    staff = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="tokens")
    party = models.ForeignKey(Party, models.PROTECT, null=True, related_name="tokens")
    scopes = ArrayField(models.CharField(max_length=40))
    made_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints = (
            models.CheckConstraint(
                condition=models.Q(staff__isnull=True) ^ models.Q(party__isnull=True),
                name="token_of_one_person",
            ),
        )

    def __str__(self) -> str:
        return f"token/{self.pk}"
