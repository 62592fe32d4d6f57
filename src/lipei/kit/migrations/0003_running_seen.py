"""What processes know of the parties outside, and why jobs did not succeed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("kit", "0002_guards")]
    operations = [
        migrations.CreateModel(
            name="JobFault",
            fields=[
                ("job", models.BigIntegerField(primary_key=True, serialize=False)),
                ("error", models.CharField(max_length=200)),
                ("place", models.CharField(blank=True, max_length=200)),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PartySeen",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("party", models.CharField(max_length=20)),
                ("process", models.CharField(max_length=80)),
                ("state", models.CharField(max_length=8)),
                ("since", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("failed_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("party", "process"), name="party_seen_once"),
                ],
            },
        ),
    ]
