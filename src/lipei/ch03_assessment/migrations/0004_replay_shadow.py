import django.db.models.deletion
from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [("assessment", "0003_replay")]

    operations = [
        migrations.CreateModel(
            name="Shadow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=60)),
                ("content", models.CharField(max_length=80)),
                ("from_on", models.DateField()),
                ("to_on", models.DateField()),
                ("started_by", models.CharField(max_length=60)),
                ("started_at", models.DateTimeField(default=lipei.kit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("to_on__gte", models.F("from_on"))), name="shadow_days"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ShadowSum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("after_fen", models.BigIntegerField(null=True)),
                ("why", models.JSONField(default=dict)),
                ("at", models.DateTimeField(default=lipei.kit.clock.now)),
                (
                    "calculation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="assessment.calculation",
                    ),
                ),
                (
                    "shadow",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sums",
                        to="assessment.shadow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("shadow", "calculation"), name="shadow_sum_once"
                    ),
                ],
            },
        ),
    ]
