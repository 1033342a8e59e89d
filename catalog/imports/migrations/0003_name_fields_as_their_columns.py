from typing import Any

from django.db import migrations

NAMES = {
    "certificate": "certificate_number",
    "applicant": "applicant_name",
    "maker": "maker_name",
    "factory": "factory_name",
    "models": "models_text",
}


def to_columns(apps: Any, schema_editor: Any) -> None:
    _rename(apps, NAMES)


def to_old_names(apps: Any, schema_editor: Any) -> None:
    _rename(apps, {new: old for old, new in NAMES.items()})


def _rename(apps: Any, names: dict[str, str]) -> None:
    choices = apps.get_model("imports", "HeadingChoice").objects.filter(register="products")
    for before, after in names.items():
        choices.filter(field=before).update(field=after)


class Migration(migrations.Migration):
    dependencies = [("imports", "0002_saved_and_taken_back_in_steps")]

    operations = [migrations.RunPython(to_columns, to_old_names)]
