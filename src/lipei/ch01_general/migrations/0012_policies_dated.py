"""A policy is kept as it stood at each date: its changes, and the stretches that they make."""

import django.db.models.deletion
from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [
        ("general", "0011_clauses_limits"),
    ]

    operations = [
        migrations.AddField(
            model_name="policy",
            name="drivers",
            field=models.JSONField(db_default=[], default=list),
        ),
        migrations.AddField(
            model_name="policy",
            name="recorded_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AlterField(
            model_name="policy",
            name="recorded_at",
            field=models.DateTimeField(default=lipei.kit.clock.now, null=True),
        ),
        migrations.AddField(
            model_name="policy",
            name="region",
            field=models.CharField(blank=True, db_default="", default="", max_length=40),
        ),
        migrations.AddField(
            model_name="policy",
            name="told_digest",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AddField(
            model_name="policy",
            name="versions",
            field=models.PositiveIntegerField(db_default=1, default=1),
        ),
        migrations.CreateModel(
            name="PolicyChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField()),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issued", "出单"),
                            ("endorsed", "批改"),
                            ("premium", "缴费"),
                            ("corrected", "更正"),
                        ],
                        max_length=10,
                    ),
                ),
                ("reference", models.CharField(blank=True, max_length=60)),
                ("effective_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=lipei.kit.clock.now)),
                ("by", models.CharField(max_length=60)),
                ("source", models.CharField(blank=True, max_length=60)),
                ("told", models.JSONField()),
                ("digest", models.CharField(max_length=64)),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="general.policy",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("policy", "number"), name="policy_change_number"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("policy", "reference"),
                        name="policy_change_once",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Premium",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("reference", models.CharField(max_length=60)),
                ("amount_fen", models.BigIntegerField()),
                ("paid_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField(default=lipei.kit.clock.now)),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="premiums",
                        to="general.policy",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "reference"), name="premium_once"),
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen", 0), _negated=True), name="premium_moves"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Stretch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_at", models.DateTimeField()),
                ("until_at", models.DateTimeField()),
                ("plate", models.CharField(blank=True, max_length=12)),
                ("vin", models.CharField(blank=True, max_length=17)),
                ("vehicle", models.JSONField(default=dict)),
                ("drivers", models.JSONField(default=list)),
                ("region", models.CharField(blank=True, max_length=40)),
                ("starts_at", models.DateTimeField()),
                ("ends_at", models.DateTimeField()),
                ("premium_paid", models.BooleanField()),
                (
                    "branch",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="general.branch",
                    ),
                ),
                (
                    "holder",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="general.party",
                    ),
                ),
                (
                    "insured",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="general.party",
                    ),
                ),
                (
                    "policy",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="stretches",
                        to="general.policy",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("policy", "from_at"), name="stretch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("from_at__lt", models.F("until_at"))),
                        name="stretch_lasts",
                    ),
                ],
            },
        ),
    ]
