"""How long a thing is kept may be open: its contract has no known end."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("archive", "0001_initial")]

    operations = [migrations.AlterField("item", "keep_until", models.DateField(null=True))]
