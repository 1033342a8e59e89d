"""The rule of an update of several nodes (docs/operations.md): what runs beside a migration must go on.

Read of the migrations behind the last release, whose newest stand in `released_migrations.json`. A release that cannot keep the
rule says 「stop all nodes」 in the change log, and its migration stands in `STOPPING` with the reason.
"""

import json
from pathlib import Path

from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

MARK = Path(__file__).with_name("released_migrations.json")
STOPPING: dict[str, str] = {}
TAKES_AWAY = migrations.DeleteModel | migrations.RemoveField | migrations.RenameField | migrations.RenameModel
FORBIDS = migrations.AddConstraint | migrations.AlterUniqueTogether
FILLS = migrations.RunPython | migrations.RunSQL


def faults(migration: migrations.Migration, before: ProjectState) -> list[str]:
    made = {one.name_lower for one in migration.operations if isinstance(one, migrations.CreateModel)}
    asked = [one for one in migration.operations if getattr(one, "model_name_lower", "") not in made]
    found = [(one, fault_of(one, migration.app_label, before)) for one in asked]
    return [f"{migration}: {one.describe()}: {fault}" for one, fault in found if fault]


def fault_of(one: Operation, app: str, before: ProjectState) -> str:
    """Why code of the release before would not go on beside it."""
    if isinstance(one, TAKES_AWAY):
        return "the old code reads it yet"
    if isinstance(one, FORBIDS):
        return "the old code may write what it forbids"
    if isinstance(one, migrations.AddField) and not (
        one.field.null or one.field.has_db_default() or one.field.many_to_many
    ):
        return "the old code writes no value: db_default, or null"
    if isinstance(one, migrations.AlterField):
        was = before.models[app, one.model_name_lower].fields[one.name]
        is_stricter = (was.null and not one.field.null) or (one.field.unique and not was.unique)
        same = [field.db_type(connection) for field in (was, one.field) if not field.is_relation]
        return "the old code may write what it forbids" if is_stricter or len(set(same)) > 1 else ""
    return "rows are filled by a job, in steps" if isinstance(one, FILLS) else ""


def test_the_code_of_the_release_before_goes_on_beside_new_migrations():
    loader, released = MigrationLoader(None, ignore_no_migrations=True), json.loads(MARK.read_text())
    new = [key for key in loader.disk_migrations if key[0] in released and key[1] > released[key[0]]]
    new = [key for key in new if ".".join(key) not in STOPPING]
    states = {key: loader.project_state(key, at_end=False) for key in new}
    assert [fault for key in new for fault in faults(loader.disk_migrations[key], states[key])] == []


def test_what_the_rule_forbids_is_seen():
    short, empty = models.CharField(max_length=3), models.CharField(max_length=3, db_default="")
    before = ProjectState()
    migrations.CreateModel("A", [("id", models.AutoField(primary_key=True)), ("b", short)]).state_forwards(
        "x", before
    )
    taken, filled = migrations.RemoveField("a", "b"), migrations.RunSQL("UPDATE x_a SET b = ''")
    bad = [
        taken,
        filled,
        migrations.AddField("a", "c", short),
        migrations.AlterField("a", "b", models.CharField(max_length=2)),
    ]
    good = [
        migrations.AddField("a", "c", empty),
        migrations.AlterField("a", "b", models.CharField("b", max_length=3)),
    ]
    for number, operation in enumerate([*bad, *good]):
        migration = type("M", (migrations.Migration,), {"operations": [operation]})("m", "x")
        assert bool(faults(migration, before)) is (number < len(bad)), operation
