"""A clearance of names says against which edition of the list it was given."""

from django.db import migrations, models

KEPT = (
    "UPDATE general_clearance SET against = coalesce(basis->>'list', '') "
    "WHERE kind = 'names' AND basis ? 'list'"
)


class Migration(migrations.Migration):
    dependencies = [("general", "0004_face_withdrawn_why")]

    operations = [
        migrations.AddField(
            model_name="clearance",
            name="against",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.RunSQL(KEPT, migrations.RunSQL.noop),
        migrations.RemoveConstraint(model_name="clearance", name="clearance_once"),
        migrations.AddConstraint(
            model_name="clearance",
            constraint=models.UniqueConstraint(
                fields=["exposure", "kind", "seal", "against"], name="clearance_once"
            ),
        ),
    ]
