"""A claim says itself whether it owes its reporter an estimate, so that a work list finds it."""

from django.db import migrations, models

OWED = """
UPDATE general_claim c SET awaits_estimate = true WHERE EXISTS (
  SELECT FROM general_clock k
  WHERE k.claim_id = c.id AND k.stopped_at IS NULL AND k.clause = '1.3-b')
"""


class Migration(migrations.Migration):
    dependencies = [("general", "0009_fast_indexes")]

    operations = [
        migrations.AddField(
            "claim", "awaits_estimate", models.BooleanField(default=False, db_default=False)
        ),
        migrations.AddIndex(
            "claim",
            models.Index(
                condition=models.Q(("awaits_estimate", True), ("is_open", True)),
                fields=["branch_path", "next_due_at", "id"],
                include=("stage", "line"),
                name="claim_estimate_worklist",
            ),
        ),
        migrations.AddIndex(
            "claim",
            models.Index(
                condition=models.Q(("awaits_estimate", True), ("is_open", True)),
                fields=["next_due_at", "id"],
                include=("branch_path", "stage", "line"),
                name="claim_any_estimate_worklist",
            ),
        ),
        migrations.RunSQL(OWED, migrations.RunSQL.noop),
    ]
