from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0001_initial"),
    ]

    operations = [
        migrations.AddField(
            model_name="document",
            name="received_why",
            field=models.CharField(blank=True, max_length=200),
        ),
    ]
