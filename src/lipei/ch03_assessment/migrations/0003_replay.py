from django.db import migrations, models

import lipei.kit.clock


class Migration(migrations.Migration):
    dependencies = [("assessment", "0002_pages_together")]

    operations = [
        migrations.CreateModel(
            name="Replay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("edition", models.CharField(max_length=60)),
                ("content", models.CharField(max_length=80)),
                ("from_on", models.DateField(null=True)),
                ("to_on", models.DateField(null=True)),
                ("until_at", models.DateTimeField(default=lipei.kit.clock.now)),
                ("started_by", models.CharField(max_length=60)),
                ("started_at", models.DateTimeField(default=lipei.kit.clock.now)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("running", "Running"), ("done", "Done"), ("failed", "Failed")],
                        default="running",
                        max_length=8,
                    ),
                ),
                ("error", models.CharField(blank=True, max_length=300)),
                ("whole", models.PositiveIntegerField(default=0)),
                ("done", models.PositiveIntegerField(default=0)),
                ("reached", models.BigIntegerField(default=0)),
                ("tally", models.JSONField(default=dict)),
                ("report_hash", models.CharField(blank=True, max_length=80)),
            ],
            options={
                "indexes": [models.Index(fields=["edition", "id"], name="replay_of_edition")],
            },
        ),
    ]
