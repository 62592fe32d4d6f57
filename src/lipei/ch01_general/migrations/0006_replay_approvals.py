from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [("general", "0005_door_clearance_against")]

    operations = [
        migrations.CreateModel(
            name="EditionApproval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=60)),
                ("content", models.CharField(max_length=80)),
                ("report_hash", models.CharField(max_length=80)),
                ("proposed_by", models.CharField(max_length=60)),
                ("approved_by", models.CharField(max_length=60)),
                ("approved_at", models.DateTimeField(default=lipei.kit.clock.now)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("edition", "content"), name="edition_approved_once"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("proposed_by", models.F("approved_by")), _negated=True),
                        name="edition_approved_by_another",
                    ),
                ],
            },
        ),
    ]
