"""Who proposed what, why, and what became of it; only one proposal of a clause waits at a time."""

from django.db import migrations, models
from django.db.migrations.state import StateApps

import lipei.kit.clock

OPEN = models.Q(approved_by="", returned_by="")


def return_the_older(apps: StateApps, schema_editor: object) -> None:
    """Of several open proposals of one clause the newest goes on waiting."""
    editions = apps.get_model("general", "ClauseEdition").objects.filter(approved_by="")
    newest = {clause: pk for pk, clause in editions.order_by("pk").values_list("pk", "clause")}
    editions.exclude(pk__in=newest.values()).update(
        returned_by="system/migration",
        returned_at=lipei.kit.clock.now(),
    )


def proposed() -> list[tuple[str, models.Field]]:
    line = {"blank": True, "default": "", "db_default": "", "max_length": 500}
    return [
        ("reason", models.CharField(**line)),
        ("proposed_at", models.DateTimeField(default=lipei.kit.clock.now, null=True)),
        ("returned_by", models.CharField(**{**line, "max_length": 60})),
        ("returned_at", models.DateTimeField(null=True)),
        ("returned_why", models.CharField(**line)),
    ]


def by_another(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(
        condition=models.Q(("approved_by", models.F("proposed_by")), _negated=True)
        | models.Q(("approved_by", "")),
        name=name,
    )


class Migration(migrations.Migration):
    dependencies = [("general", "0012_policies_dated")]

    operations = [
        *[migrations.AddField("clauseedition", name, field) for name, field in proposed()],
        migrations.AlterField(
            "clauseedition", "approved_by",
            models.CharField(blank=True, db_default="", default="", max_length=60),
        ),
        migrations.RunSQL(
            "UPDATE general_clauseedition SET proposed_at = NULL", migrations.RunSQL.noop
        ),
        migrations.RunPython(return_the_older, migrations.RunPython.noop),
        migrations.AddConstraint(
            "clauseedition",
            models.UniqueConstraint(
                fields=["clause"], condition=OPEN, name="clause_edition_open_once"
            ),
        ),
        migrations.CreateModel(
            "Revision",
            [
                ("id", models.BigAutoField(
                    auto_created=True, primary_key=True, serialize=False, verbose_name="ID",
                )),
                *proposed(),
                ("proposed_by", models.CharField(max_length=60)),
                ("approved_by", models.CharField(
                    blank=True, db_default="", default="", max_length=60,
                )),
                ("approved_at", models.DateTimeField(null=True)),
                ("kind", models.CharField(
                    choices=[(one, one) for one in
                             ("rest_year", "authority", "refusal", "variant")],
                    max_length=12,
                )),
                ("key", models.CharField(max_length=80)),
                ("edition", models.PositiveIntegerField()),
                ("row", models.JSONField()),
                ("effective_from", models.DateField()),
            ],
            {"constraints": [
                models.UniqueConstraint(
                    fields=["kind", "key", "edition"], name="revision_once"
                ),
                models.UniqueConstraint(
                    fields=["kind", "key"], condition=OPEN, name="revision_open_once"
                ),
                by_another("revision_by_another"),
            ]},
        ),
    ]  # fmt: skip
