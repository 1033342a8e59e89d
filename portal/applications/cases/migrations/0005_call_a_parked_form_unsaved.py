from django.db import migrations


class Migration(migrations.Migration):
    """A word in the code only: the table keeps its name, so that old and new code run side by side."""

    dependencies = [("desk", "0004_saved_by_the_enterprise")]

    operations = [
        migrations.AlterModelTable("parkedform", "desk_parkedform"),
        migrations.RenameModel("ParkedForm", "UnsavedForm"),
    ]
