"""A clock tells which number of its clause it counts; a branch, which places are near it."""

from django.contrib.postgres.fields import ArrayField
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("general", "0010_desk_awaits_estimate")]

    operations = [
        migrations.AddField(
            "clock", "limit",
            models.CharField(blank=True, db_default="", default="", max_length=20),
        ),
        migrations.AddField(
            "branch", "in_town",
            ArrayField(models.CharField(max_length=40), db_default=[], default=list, size=None),
        ),
        migrations.AddField(
            "branch", "near_by",
            ArrayField(models.CharField(max_length=40), db_default=[], default=list, size=None),
        ),
    ]  # fmt: skip
