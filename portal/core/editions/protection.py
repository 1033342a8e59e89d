"""Database triggers: a second lock behind the code, against a slip in a shell, a migration or an admin page.

They let exactly three things happen to a row that was public: it is ended, a field of it is lawfully redacted, a
whole demonstration database is emptied. Triggers are installed after every migration, since SQLite drops them
whenever it rebuilds a table.
"""

from collections.abc import Iterable

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
    names = (f"{table}_keep_{what}" for what in ("update", "filled", "moved", "delete"))
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


def _filled_once(protection: Protection) -> tuple[str, ...]:
    """Columns that are filled once and then stay."""
    return () if protection.erasable or protection.kept else protection.free


def _sqlite(protection: Protection, columns: list[str]) -> list[str]:
    """To end a row fills a free column and no other: of a list of fifty thousand that is done at once, so nothing else is
    compared then but its number, which `SET rowid` changes without naming the column."""
    kept, filled_once = _kept(protection, columns), _filled_once(protection)
    changed = " OR ".join(f'NEW."{name}" IS NOT OLD."{name}"' for name in kept)
    filled = " OR ".join(
        f'(OLD."{name}" IS NOT NULL AND NEW."{name}" IS NOT OLD."{name}")' for name in filled_once
    )
    unless_redacted = ['NEW."redacted" IS OLD."redacted"'] if protection.redactable else []
    refused = {"update": (f"UPDATE OF {_listed(kept)}", [f"({changed})", *unless_redacted])}
    if filled_once:
        refused["filled"] = (f"UPDATE OF {_listed(filled_once)}", [f"({filled})", *unless_redacted])
    if "id" in kept:
        refused["moved"] = ("UPDATE", ['NEW."id" IS NOT OLD."id"'])
    refused["delete"] = ("DELETE", [])
    public = [f'OLD."{protection.public_column}" IS NOT NULL'] if protection.public_column else []
    return [
        f'CREATE TRIGGER "{protection.table}_keep_{name}" BEFORE {event} ON "{protection.table}" '
        + (f"WHEN {' AND '.join(conditions)} " if (conditions := [*public, *when]) else "")
        + f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for name, (event, when) in refused.items()
    ]


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


_PG_COLUMNS = """
SELECT attname FROM pg_attribute WHERE attrelid = quote_ident(%s)::regclass AND attnum > 0 AND NOT attisdropped
"""


def _postgresql(protection: Protection, columns: list[str]) -> list[str]:
    """The columns stand in the function alone: those that a trigger names no migration could alter, and to remove one would
    remove the trigger. Until it is made anew behind the migration it refuses every change for want of a column that is gone."""
    table, public_column = protection.table, protection.public_column
    changed = [f'NEW."{name}" IS DISTINCT FROM OLD."{name}"' for name in _kept(protection, columns)]
    changed += [
        f'(OLD."{name}" IS NOT NULL AND NEW."{name}" IS DISTINCT FROM OLD."{name}")'
        for name in _filled_once(protection)
    ]
    unless_redacted = (
        'NEW."redacted" IS NOT DISTINCT FROM OLD."redacted" AND ' if protection.redactable else ""
    )
    is_public = f'OLD."{public_column}" IS NOT NULL' if public_column else "TRUE"
    function = f"""
CREATE OR REPLACE FUNCTION "keep_{table}"() RETURNS trigger AS $$
BEGIN
    IF {is_public} THEN
        IF TG_OP = 'DELETE' THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
        IF {unless_redacted}({" OR ".join(changed)}) THEN RAISE EXCEPTION '{REFUSAL}'; END IF;
    END IF;
    IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
    RETURN NEW;
END
$$ LANGUAGE plpgsql
"""
    return [
        function,
        *(
            f'CREATE TRIGGER "{table}_keep_{event.lower()}" BEFORE {event} ON "{table}" '
            f'FOR EACH ROW EXECUTE FUNCTION "keep_{table}"()'
            for event in ("UPDATE", "DELETE")
        ),
    ]
