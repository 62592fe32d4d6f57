from django.db import migrations

DEPARTMENTS = """
INSERT INTO general_department (branch_id, name)
SELECT DISTINCT branch_id, department FROM general_appointment ON CONFLICT DO NOTHING
"""


class Migration(migrations.Migration):
    dependencies = [("general", "0016_people_company")]
    operations = [migrations.RunSQL(DEPARTMENTS, migrations.RunSQL.noop)]
