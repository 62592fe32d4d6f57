"""A loss list may also be of what the insured insured."""

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
    dependencies = [("assessment", "0006_pages_told_facts")]

    operations = [
        migrations.AlterField("lossline", "thing", models.CharField(choices=THINGS, max_length=16)),
    ]
