from django.db import migrations, models


class Migration(migrations.Migration):
    """Who sent an order back, when and why."""

    dependencies = [("payment", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="order",
            name="void_by",
            field=models.CharField(blank=True, max_length=60),
        ),
        migrations.AddField(
            model_name="order",
            name="void_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="order",
            name="void_reason",
            field=models.CharField(blank=True, max_length=300),
        ),
    ]
