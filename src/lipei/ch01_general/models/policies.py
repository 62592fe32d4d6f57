"""Policies and covers, as the core system tells them."""

from django.db import models

from lipei.ch01_general.models.people import Branch, Party


class Policy(models.Model):
    """A policy as the core system tells it."""

    number = models.CharField(max_length=40, unique=True)
    line = models.CharField(max_length=20)
    branch = models.ForeignKey(Branch, models.PROTECT, related_name="policies")
    holder = models.ForeignKey(Party, models.PROTECT, related_name="policies_held")
    insured = models.ForeignKey(Party, models.PROTECT, related_name="policies")
    plate = models.CharField(max_length=12, blank=True, db_index=True)
    vin = models.CharField(max_length=17, blank=True)
    vehicle = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    premium_paid = models.BooleanField(default=True)

    class Meta:
        indexes = (models.Index(fields=["insured", "starts_at"], name="policy_of_insured"),)

    def __str__(self) -> str:
        return self.number


class Cover(models.Model):
    """One cover of a policy: which product, in which formula edition, under which terms."""

    policy = models.ForeignKey(Policy, models.PROTECT, related_name="covers")
    product = models.CharField(max_length=40)
    edition = models.CharField(max_length=60)
    terms = models.JSONField(default=dict)
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["policy", "product", "starts_at"], name="cover_once"),
        )

    def __str__(self) -> str:
        return f"{self.policy_id} {self.product}"
