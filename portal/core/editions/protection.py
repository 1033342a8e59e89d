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
    names = (f"{table}_keep_{what}" for what in ("update", "filled", "delete"))
    suffix = f' ON "{table}"' if vendor == "postgresql" else ""
    return [f'DROP TRIGGER IF EXISTS "{name}"{suffix}' for name in names]


def _statements(connection: BaseDatabaseWrapper, cursor: CursorWrapper, protection: Protection) -> list[str]:
    table = protection.table
    if connection.vendor == "postgresql":
        cursor.execute(_PG_COLUMNS, [table])
        return _drops("postgresql", table) + _postgresql(protection, [name for (name,) in cursor.fetchall()])
    # Django's description of a table would parse its whole SQL for collations: a second for all tables.
    cursor.execute(f'PRAGMA table_xinfo("{table}")')
    return _drops("sqlite", table) + _sqlite(protection, [name for _place, name, *_rest in cursor.fetchall()])


def _kept(protection: Protection, columns: list[str]) -> list[str]:
    return [name for name in protection.kept or columns if name not in protection.free]


def _events(protection: Protection, columns: list[str]) -> dict[str, str]:
    """By trigger what it looks at. To end a row fills a free column and no other: of a list of fifty thousand that is done at
    once, so nothing else is compared then."""
    of_kept = ", ".join(f'"{name}"' for name in _kept(protection, columns))
    events = {"update": f"UPDATE OF {of_kept}", "delete": "DELETE"}
    if protection.free and not (protection.erasable or protection.kept):
        events["filled"] = "UPDATE OF " + ", ".join(f'"{name}"' for name in protection.free)
    return events


def _sqlite(protection: Protection, columns: list[str]) -> list[str]:
    changed = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in _kept(protection, columns))
    filled = " OR ".join(
        f'(OLD."{name}" IS NOT NULL AND NEW."{name}" IS NOT OLD."{name}")' for name in protection.free
    )
    unless_redacted = ['NEW."redacted" IS OLD."redacted"'] if protection.redactable else []
    when = {
        "update": [f"({changed})", *unless_redacted],
        "filled": [f"({filled})", *unless_redacted],
        "delete": [],
    }
    public = [f'OLD."{protection.public_column}" IS NOT NULL'] if protection.public_column else []
    return [
        f'CREATE TRIGGER "{protection.table}_keep_{name}" BEFORE {event} ON "{protection.table}" '
        + (f"WHEN {' AND '.join(conditions)} " if (conditions := [*public, *when[name]]) else "")
        + f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for name, event in _events(protection, columns).items()
    ]


_PG_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = quote_ident(%s)::regclass AND attnum > 0 AND NOT attisdropped
"""
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


def _postgresql(protection: Protection, columns: list[str]) -> list[str]:
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
    filled = " OR ".join(
        f'(OLD."{name}" IS NOT NULL AND NEW."{name}" IS DISTINCT FROM OLD."{name}")'
        for name in protection.free
    )
    public = [f'OLD."{protection.public_column}" IS NOT NULL'] if protection.public_column else []
    when = {"update": public, "filled": [*public, f"({filled})"], "delete": public}
    return [
        f'CREATE TRIGGER "{protection.table}_keep_{name}" BEFORE {event} ON "{protection.table}" FOR EACH ROW '
        + (f"WHEN ({' AND '.join(when[name])}) " if when[name] else "")
        + f"EXECUTE FUNCTION keep_public_row({arguments})"
        for name, event in _events(protection, columns).items()
    ]
