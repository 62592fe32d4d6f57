"""The facts of an exposure as they were told: by whom, when, on which paper."""

import django.db.models.deletion
from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [
        ("general", "0008_pages_things"),
        ("assessment", "0005_acc_accumulators"),
    ]

    operations = [
        migrations.CreateModel(
            name="ToldFact",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "about",
                    models.CharField(
                        choices=[("cover", "责任项"), ("injury", "人身损害")],
                        default="cover",
                        max_length=8,
                    ),
                ),
                ("name", models.CharField(max_length=60)),
                ("value", models.JSONField(null=True)),
                ("paper", models.CharField(max_length=40)),
                ("told_by", models.CharField(max_length=60)),
                ("told_at", models.DateTimeField(default=lipei.kit.clock.now)),
                (
                    "exposure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="told_facts",
                        to="general.exposure",
                    ),
                ),
            ],
        ),
    ]
