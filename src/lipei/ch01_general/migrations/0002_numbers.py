"""Claim numbers come from a sequence, in blocks of fifty."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("general", "0001_initial")]
    operations = [
        migrations.RunSQL(
            "CREATE SEQUENCE general_claim_number INCREMENT BY 50",
            "DROP SEQUENCE general_claim_number",
        )
    ]
