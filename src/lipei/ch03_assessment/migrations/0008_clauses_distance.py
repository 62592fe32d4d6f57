"""A survey tells how far it is, and why where the place does not tell it so."""

from django.db import migrations, models

FAR = [("city", "市区"), ("local", "本地"), ("remote", "异地")]


class Migration(migrations.Migration):
    dependencies = [("assessment", "0007_pages_loss_things"), ("general", "0011_clauses_limits")]

    operations = [
        migrations.AddField(
            "survey", "distance",
            models.CharField(choices=FAR, db_default="city", default="city", max_length=8),
        ),
        migrations.AddField(
            "survey", "distance_reason",
            models.CharField(blank=True, db_default="", default="", max_length=100),
        ),
    ]  # fmt: skip
