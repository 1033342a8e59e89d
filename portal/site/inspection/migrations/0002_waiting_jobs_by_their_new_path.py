from django.db import migrations

# A job that waits names its function by the module in which it lay when it was ordered.
BEFORE = "portal.inspection.tasks.read_pages"
AFTER = "portal.site.inspection.tasks.read_pages"


def jobs_of(apps):
    return apps.get_model("django_tasks_database", "DBTaskResult").objects


def forwards(apps, schema_editor):
    jobs_of(apps).filter(task_path=BEFORE).update(task_path=AFTER)


def backwards(apps, schema_editor):
    jobs_of(apps).filter(task_path=AFTER).update(task_path=BEFORE)


class Migration(migrations.Migration):

    dependencies = [
        ("inspection", "0001_initial"),
        ("django_tasks_database", "0021_conditional_partial_index_ordering"),
    ]

    operations = [migrations.RunPython(forwards, backwards)]
