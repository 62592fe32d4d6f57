"""A claim may also be for the insured themselves, or for what they insured."""

from django.db import migrations, models

THINGS = [
    ("own_vehicle", "本车"),
    ("other_vehicle", "对方车辆"),
    ("other_property", "对方财物"),
    ("person", "伤者"),
    ("insured", "被保险人"),
    ("own_property", "保险标的"),
]


class Migration(migrations.Migration):
    dependencies = [("general", "0007_door_signs_in_by")]

    operations = [
        migrations.AlterField("exposure", "thing", models.CharField(choices=THINGS, max_length=16)),
    ]
