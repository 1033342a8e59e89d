from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_carry_organisations")]

    operations = [migrations.RemoveField("organisation", "short_name")]
