"""Why a claim was taken back, in the claimant's words, on the claim itself."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("general", "0003_desk")]

    operations = [
        migrations.AddField(
            model_name="claim",
            name="withdrawn_why",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
    ]
