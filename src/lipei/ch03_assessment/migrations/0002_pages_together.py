"""What was settled together with a calculation stands beside it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assessment", "0001_initial")]

    operations = [
        migrations.AddField("calculation", "together", models.JSONField(default=list)),
        migrations.AddField("calculation", "row", models.PositiveSmallIntegerField(default=0)),
    ]
