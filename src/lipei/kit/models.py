"""The kit's tables. No chapter writes here but through journal, ledger, once, files and jobs."""

from django.db import models
from django.db.models.functions import Length

from lipei.kit import clock


class CurrentTransaction(models.Func):
    """The number of the transaction that writes the row, as a 64-bit whole number."""

    template = "((pg_current_xact_id())::text)::bigint"
    output_field = models.BigIntegerField()


class Chain(models.Model):
    """The head of one subject's entries; its row is the lock under which they are written."""

    subject = models.CharField(max_length=60, primary_key=True)
    number = models.PositiveIntegerField()
    head = models.CharField(max_length=64)

    def __str__(self) -> str:
        return f"{self.subject} #{self.number}"


class Entry(models.Model):
    """One thing that somebody did: audit line, timeline line and event, all in one.

    `line` is the canonical text of every field and of the hash before it; `hash` is its
    SHA-256. `occurred_at` is the legal instant, `recorded_at` the server's. `transaction` is
    only the listeners' place in the commit order and no part of what is hashed.
    """

    subject = models.CharField(max_length=60)
    number = models.PositiveIntegerField()
    verb = models.CharField(max_length=60)
    clause = models.CharField(max_length=20)
    actor = models.CharField(max_length=60)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    facts = models.JSONField()
    line = models.TextField()
    hash = models.CharField(max_length=64)
    transaction = models.BigIntegerField(db_default=CurrentTransaction(), editable=False)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["subject", "number"], name="entry_chain"),
            models.CheckConstraint(condition=~models.Q(actor=""), name="entry_has_actor"),
        )
        indexes = (
            models.Index(fields=["transaction", "id"], name="entry_in_commit_order"),
            models.Index(fields=["verb", "recorded_at"], name="entry_by_verb"),
        )

    def __str__(self) -> str:
        return f"{self.subject} #{self.number} {self.verb}"


class Transfer(models.Model):
    """Money moved from one account to another, in fen. Rows are added, never changed."""

    class Kind(models.TextChoices):
        PENDING = "pending"
        POST = "post"
        VOID = "void"

    key = models.CharField(max_length=80, unique=True)
    kind = models.CharField(max_length=8, choices=Kind)
    of = models.OneToOneField("self", models.PROTECT, null=True, related_name="outcome")
    debit = models.CharField(max_length=80)
    credit = models.CharField(max_length=80)
    amount_fen = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.CheckConstraint(condition=models.Q(amount_fen__gt=0), name="transfer_moves"),
        )
        indexes = (
            models.Index(fields=["credit"], name="transfer_credit"),
            models.Index(fields=["debit"], name="transfer_debit"),
        )

    def __str__(self) -> str:
        return f"{self.key} {self.kind} {self.amount_fen}"


class Cursor(models.Model):
    """How far one listener has heard the journal."""

    listener = models.CharField(max_length=120, primary_key=True)
    reached_transaction = models.BigIntegerField(default=0)
    reached_id = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.listener} {self.reached_id}"


class Parked(models.Model):
    """An entry that a listener could not follow; it waits here and stops no other subject."""

    listener = models.CharField(max_length=120)
    entry = models.ForeignKey(Entry, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=60)
    error = models.CharField(max_length=400)
    tries = models.PositiveIntegerField(default=1)
    next_try_at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (models.UniqueConstraint(fields=["listener", "entry"], name="parked_once"),)

    def __str__(self) -> str:
        return f"{self.listener} {self.subject}"


class Answer(models.Model):
    """What a command answered under an idempotency key, kept in the command's transaction."""

    actor = models.CharField(max_length=60)
    command = models.CharField(max_length=60)
    key = models.CharField(max_length=80)
    body_hash = models.CharField(max_length=64)
    answer = models.JSONField()
    at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["actor", "command", "key"], name="answer_once"),
        )

    def __str__(self) -> str:
        return f"{self.command} {self.key}"


class Upload(models.Model):
    """A file as somebody handed it in; the bytes lie in the content store under their hash.

    Who may read it is decided by what it hangs on (`subject`), never by knowing the hash.
    """

    owner = models.CharField(max_length=60)
    client_id = models.CharField(max_length=80)
    sha256 = models.CharField(max_length=64)
    size_bytes = models.BigIntegerField()
    media_type = models.CharField(max_length=60)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    taken_at = models.DateTimeField(null=True)
    taken_place = models.CharField(max_length=60, default="", blank=True)
    retention = models.CharField(max_length=20, default="claim_document")
    at = models.DateTimeField(default=clock.now)

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["owner", "client_id"], name="upload_once"),
            models.CheckConstraint(condition=models.Q(size_bytes__gt=0), name="upload_not_empty"),
        )
        indexes = (models.Index(fields=["sha256"], name="upload_by_hash"),)

    def __str__(self) -> str:
        return self.sha256[:12]


class PartySeen(models.Model):
    """What one process last knew of a party outside: whether it answers, and its last trouble."""

    party = models.CharField(max_length=20)
    process = models.CharField(max_length=80)
    state = models.CharField(max_length=8)
    since = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    failed_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField()

    class Meta:
        constraints = (
            models.UniqueConstraint(fields=["party", "process"], name="party_seen_once"),
        )

    def __str__(self) -> str:
        return f"{self.party} {self.state} {self.process}"


class JobFault(models.Model):
    """Why a job last did not succeed: the kind of the fault and its place, never what it said."""

    job = models.BigIntegerField(primary_key=True)
    error = models.CharField(max_length=200)
    place = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.job} {self.error}"


models.CharField.register_lookup(Length, "length")
