"""Chapter 4's tables."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from lipei.ch01_general.models import Claim, Exposure, Party
from lipei.kit import clock


class Account(models.Model):
    """A bank account of a party; the number is kept sealed, shown by its tail."""

    class Check(models.TextChoices):
        OPEN = "open", _("待核对")
        MATCHED = "matched", _("户名一致")
        MISMATCH = "mismatch", _("户名不一致")
        UNKNOWN = "unknown", _("账号不存在")

    party = models.ForeignKey(Party, models.PROTECT, related_name="accounts")
    bank = models.CharField(max_length=60)
    holder_name = models.CharField(max_length=80)
    number_sealed = models.TextField()
    number_digest = models.CharField(max_length=64)
    tail = models.CharField(max_length=4)
    checked = models.CharField(max_length=8, choices=Check, default=Check.OPEN)
    checked_at = models.DateTimeField(null=True)
    made_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["party", "number_digest"], name="account_once"),
        )

    def __str__(self) -> str:
        return f"account/{self.pk}"


class Agreement(models.Model):
    """What the claimant accepted, how signed: name or drawing + one-time code + hash of the sheet.

    It is not called 可靠电子签名, since no certificate stands behind it (domain.md 0.10.10).
    """

    claim = models.ForeignKey(Claim, models.PROTECT, related_name="agreements")
    choices = models.JSONField()
    reservation = models.TextField(blank=True)
    sheets_digest = models.CharField(max_length=80)
    signature_kind = models.CharField(max_length=8)
    signature = models.JSONField()
    signed_by = models.CharField(max_length=60)
    signed_at = models.DateTimeField(default=clock.now)
    address = models.GenericIPAddressField(null=True)

    def __str__(self) -> str:
        return f"agreement/{self.pk}"


class Order(models.Model):
    """One payment order: one sum to one payee on one account. Everything of it is keyed by it."""

    class Kind(models.TextChoices):
        CLAIM = "claim", _("赔款")
        ADVANCE = "advance", _("先予支付")
        REPAY = "repay", _("退票重付")

    class State(models.TextChoices):
        PREPARED = "prepared", _("已制单")
        RELEASED = "released", _("已放款")
        ACCEPTED = "accepted", _("银行已受理")
        CREDITED = "credited", _("已到账")
        RETURNED = "returned", _("已退票")
        VOID = "void", _("已作废")

    number = models.CharField(max_length=40, unique=True)
    exposure = models.ForeignKey(Exposure, models.PROTECT, related_name="orders")
    kind = models.CharField(max_length=8, choices=Kind, default=Kind.CLAIM)
    payee = models.ForeignKey(Party, models.PROTECT, related_name="+")
    account = models.ForeignKey(Account, models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.PREPARED)
    seal = models.CharField(max_length=64)
    made_by = models.CharField(max_length=60)
    made_at = models.DateTimeField(default=clock.now)
    released_by = models.CharField(max_length=60, blank=True)
    released_at = models.DateTimeField(null=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    receipt_number = models.CharField(max_length=60, blank=True)
    credited_at = models.DateTimeField(null=True)
    returned_at = models.DateTimeField(null=True)
    return_reason = models.CharField(max_length=10, blank=True)
    void_by = models.CharField(max_length=60, blank=True)
    void_at = models.DateTimeField(null=True)
    void_reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="order_pays"),
            models.UniqueConstraint(
                fields=["exposure"],
                condition=models.Q(state__in=["prepared", "released", "accepted"]),
                name="order_open_once",
            ),
        )
        indexes = (models.Index(fields=["state", "made_at"], name="order_queue"),)

    def __str__(self) -> str:
        return self.number


class Voucher(models.Model):
    """The electronic receipt of one credited order; numbers have no gaps (4.3)."""

    number = models.PositiveIntegerField(unique=True)
    year = models.PositiveSmallIntegerField()
    order = models.OneToOneField(Order, models.PROTECT, related_name="voucher")
    sha256 = models.CharField(max_length=64)
    size_bytes = models.PositiveIntegerField()
    made_at = models.DateTimeField(default=clock.now)

    def __str__(self) -> str:
        return f"LP{self.year}-{self.number:08d}"


class VoucherCount(models.Model):
    """The last voucher number given out; its row is the lock that keeps numbers without gaps."""

    name = models.CharField(max_length=20, primary_key=True)
    last = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.name} {self.last}"
