"""Policies come in from files: how far each came, what was refused, and named mappings."""

import django.db.models.deletion
from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [
        ("general", "0013_manual_proposals"),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportMapping",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True)),
                ("mapping", models.JSONField()),
                ("kept_by", models.CharField(max_length=60)),
                ("kept_at", models.DateTimeField(default=lipei.kit.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="PolicyImport",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("kind", models.CharField(max_length=8)),
                ("columns", models.JSONField(default=list)),
                ("head_row", models.PositiveIntegerField()),
                ("height", models.PositiveIntegerField()),
                ("mapping", models.JSONField(default=dict)),
                ("as_of", models.DateTimeField(default=lipei.kit.clock.now)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("mapping", "待确认列"),
                            ("trying", "试导入中"),
                            ("tried", "试导入完成"),
                            ("importing", "导入中"),
                            ("done", "已导入"),
                            ("discarded", "已放弃"),
                        ],
                        default="mapping",
                        max_length=10,
                    ),
                ),
                ("row_done", models.PositiveIntegerField(default=0)),
                ("read", models.PositiveIntegerField(default=0)),
                ("added", models.PositiveIntegerField(default=0)),
                ("changed", models.PositiveIntegerField(default=0)),
                ("same", models.PositiveIntegerField(default=0)),
                ("refused", models.PositiveIntegerField(default=0)),
                ("begun_by", models.CharField(max_length=60)),
                ("begun_at", models.DateTimeField(default=lipei.kit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                ("erased_at", models.DateTimeField(null=True)),
            ],
            options={
                "indexes": [models.Index(fields=["sha256"], name="policy_import_file")],
            },
        ),
        migrations.CreateModel(
            name="ImportFault",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("row", models.PositiveIntegerField()),
                ("column", models.CharField(blank=True, max_length=200)),
                ("slug", models.CharField(max_length=60)),
                ("params", models.JSONField(default=dict)),
                (
                    "of",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="faults",
                        to="general.policyimport",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["of", "row"], name="import_fault_of_row")],
            },
        ),
    ]
