"""The telephone by which somebody proved to come in, apart from those that others wrote down."""

from django.db import migrations, models

WHO_SIGNED_IN = """
UPDATE general_party SET signs_in_by = phone WHERE id IN (
  SELECT DISTINCT ON (p.phone) p.id FROM general_party p
  JOIN kit_entry e ON e.subject = 'party/' || p.id AND e.verb = 'general.party_signed_in'
  WHERE p.phone <> '' ORDER BY p.phone, p.id)
"""


class Migration(migrations.Migration):
    dependencies = [("general", "0006_replay_approvals"), ("kit", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="signs_in_by",
            field=models.CharField(blank=True, max_length=20, null=True),
        ),
        migrations.RunSQL(WHO_SIGNED_IN, migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="party",
            name="signs_in_by",
            field=models.CharField(blank=True, max_length=20, null=True, unique=True),
        ),
    ]
