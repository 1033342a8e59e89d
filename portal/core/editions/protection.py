"""Database triggers: a second lock behind the code, against a slip in a shell, a migration or an admin page.

They let exactly three things happen to a row that was public: it is ended, a field of it is lawfully redacted, a
whole demonstration database is emptied. Triggers are installed after every migration, since SQLite drops them
whenever it rebuilds a table.
"""

from django.apps import apps
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import CursorWrapper

from portal.core.accounts.models import User
from portal.core.audit.models import AuditEvent, Change

from .models import Edition, PublicRow
from .protection_rule import Protection

REFUSAL = "public rows and audit rows are never edited or deleted"


def protections() -> list[Protection]:
    fixed = [
        Protection(Edition._meta.db_table),
        Protection(AuditEvent._meta.db_table),
        Protection(Change._meta.db_table, free=("personal",), erasable=True, redactable=True),
        Protection(User._meta.db_table, kept=("public_number",), public_column="public_number"),
    ]
    public = [
        Protection(
            model._meta.db_table,
            free=("until_edition_id",),
            public_column="from_edition_id",
            redactable=True,
        )
        for model in apps.get_models()
        if issubclass(model, PublicRow)
    ]
    declared = [model.PROTECTION for model in apps.get_models() if hasattr(model, "PROTECTION")]
    return fixed + public + declared


def install(using: str = "default") -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        if connection.vendor == "postgresql":
            cursor.execute(_PG_FUNCTION)
        for protection in protections():
            if protection.table in present:
                for statement in _statements(connection, cursor, protection):
                    cursor.execute(statement)


def remove(using: str = "default") -> None:
    connection = connections[using]
    with connection.cursor() as cursor:
        present = set(connection.introspection.table_names(cursor))
        for protection in protections():
            if protection.table in present:
                for statement in _drops(connection.vendor, protection.table):
                    cursor.execute(statement)


def _drops(vendor: str, table: str) -> list[str]:
    names = (f"{table}_keep_update", f"{table}_keep_delete")
    suffix = f' ON "{table}"' if vendor == "postgresql" else ""
    return [f'DROP TRIGGER IF EXISTS "{name}"{suffix}' for name in names]


def _statements(connection: BaseDatabaseWrapper, cursor: CursorWrapper, protection: Protection) -> list[str]:
    if connection.vendor == "postgresql":
        return _drops("postgresql", protection.table) + _postgresql(protection)
    # Django's description of a table would parse its whole SQL for collations: a second for all tables.
    cursor.execute(f'PRAGMA table_xinfo("{protection.table}")')
    columns = [name for _place, name, *_rest in cursor.fetchall()]
    return _drops("sqlite", protection.table) + _sqlite(protection, columns)


def _sqlite(protection: Protection, columns: list[str]) -> list[str]:
    table = protection.table
    changed = " OR ".join(
        f'NEW."{name}" IS NOT OLD."{name}"'
        for name in protection.kept or columns
        if name not in protection.free
    )
    refused = [f"({changed})"]
    if not protection.erasable:
        refused += [
            f'(OLD."{name}" IS NOT NULL AND NEW."{name}" IS NOT OLD."{name}")' for name in protection.free
        ]
    when_update = " OR ".join(refused)
    if protection.redactable:
        when_update = f'({when_update}) AND NEW."redacted" IS OLD."redacted"'
    public = f'OLD."{protection.public_column}" IS NOT NULL AND ' if protection.public_column else ""
    return [
        f'CREATE TRIGGER "{table}_keep_update" BEFORE UPDATE ON "{table}" WHEN {public}({when_update}) '
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
        f'CREATE TRIGGER "{table}_keep_delete" BEFORE DELETE ON "{table}" '
        + (f'WHEN OLD."{protection.public_column}" IS NOT NULL ' if protection.public_column else "")
        + f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END",
    ]


_PG_FUNCTION = f"""
CREATE OR REPLACE FUNCTION keep_public_row() RETURNS trigger AS $$
DECLARE
    public_column text := TG_ARGV[0];
    free text[] := string_to_array(TG_ARGV[1], ',');
    redactable boolean := TG_ARGV[2] = 'yes';
    erasable boolean := TG_ARGV[3] = 'yes';
    kept text[] := string_to_array(TG_ARGV[4], ',');
    before jsonb := to_jsonb(OLD);
    after jsonb;
    name text;
BEGIN
    IF public_column <> '' AND before -> public_column = 'null'::jsonb THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; ELSE RETURN NEW; END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
    after := to_jsonb(NEW);
    IF redactable AND before -> 'redacted' IS DISTINCT FROM after -> 'redacted' THEN RETURN NEW; END IF;
    IF array_length(kept, 1) IS NOT NULL THEN
        FOREACH name IN ARRAY kept LOOP
            IF before -> name IS DISTINCT FROM after -> name THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
        END LOOP;
        RETURN NEW;
    END IF;
    IF (before - free) IS DISTINCT FROM (after - free) THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
    IF NOT erasable THEN
        FOREACH name IN ARRAY free LOOP
            IF before -> name <> 'null'::jsonb AND before -> name IS DISTINCT FROM after -> name THEN
                RAISE EXCEPTION '{REFUSAL}';
            END IF;
        END LOOP;
    END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""


def _postgresql(protection: Protection) -> list[str]:
    arguments = ", ".join(
        f"'{argument}'"
        for argument in (
            protection.public_column or "",
            ",".join(protection.free),
            "yes" if protection.redactable else "no",
            "yes" if protection.erasable else "no",
            ",".join(protection.kept or ()),
        )
    )
    return [
        f'CREATE TRIGGER "{protection.table}_keep_{event.lower()}" BEFORE {event} ON "{protection.table}" '
        f"FOR EACH ROW EXECUTE FUNCTION keep_public_row({arguments})"
        for event in ("UPDATE", "DELETE")
    ]
