"""Earned premium by month, line and branch, so that a loss ratio can be computed."""

import django.db.models.deletion
from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [
        ("general", "0017_people_departments"),
    ]

    operations = [
        migrations.CreateModel(
            name="EarnedPremium",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("line", models.CharField(max_length=20)),
                ("amount_fen", models.BigIntegerField()),
                ("corrects", models.BooleanField(default=False)),
                ("told_by", models.CharField(max_length=60)),
                ("recorded_at", models.DateTimeField(default=lipei.kit.clock.now)),
                (
                    "branch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="general.branch",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["month", "line", "branch"], name="earned_of_month")
                ],
            },
        ),
    ]
