"""Each line of a loss list is of one object, also where there are several of its kind."""

from django.db import migrations, models

LABELLED = """
UPDATE assessment_lossline l SET label = (
  SELECT e.label FROM general_exposure e
  WHERE e.claim_id = l.claim_id AND e.thing = l.thing ORDER BY e.position LIMIT 1)
WHERE l.label = '' AND EXISTS (
  SELECT FROM general_exposure e WHERE e.claim_id = l.claim_id AND e.thing = l.thing)
"""


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0009_rules_prior_uses"),
        ("general", "0011_clauses_limits"),
    ]
    operations = [
        migrations.AddField(
            model_name="lossline",
            name="label",
            field=models.CharField(blank=True, db_default="", default="", max_length=80),
        ),
        migrations.RunSQL(LABELLED, migrations.RunSQL.noop),
    ]
