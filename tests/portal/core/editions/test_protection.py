"""What the database itself refuses to a row that was public, and what it lets happen."""

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.models import TextField

from catalog.publication.models import ProductLine
from portal.core.editions import protection
from tests.catalog.publication.stories import change
from tests.make import make_product, publish_products

pytestmark = pytest.mark.django_db
TABLE = ProductLine._meta.db_table


@pytest.fixture
def ended() -> int:
    """A line that another one has replaced."""
    product = make_product(brand="先前牌")
    publish_products(product)
    change(product, brand="后来牌")
    return ProductLine.objects.get(until_edition__isnull=False).pk


def is_taken(said: str, pk: int) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE {TABLE} SET {said} WHERE id = %s", [pk])
            transaction.set_rollback(True)
    except DatabaseError:
        return False
    return True


@pytest.mark.parametrize(
    "said",
    [
        "brand = 'x'",
        "from_edition_id = NULL",
        "until_edition_id = NULL",
        "until_edition_id = until_edition_id + 1",
        "until_edition_id = until_edition_id, brand = 'x'",
        "digest = 'x', until_edition_id = NULL",
        "id = id + 1000",
        *(f"{name} = id + 1000" for name in ("rowid", "_rowid_", "oid")),  # SQLite's other names for it
    ],
)
def test_what_was_public_and_has_ended_stays_as_it_is(ended, said):
    assert not is_taken(said, ended)


def test_a_line_is_ended_and_nothing_else_with_it(ended):
    current = ProductLine.objects.get(until_edition__isnull=True).pk
    later = "until_edition_id = from_edition_id + 1"
    assert is_taken("until_edition_id = NULL", current)
    assert not is_taken(f"{later}, brand = 'x'", current)
    assert not is_taken("from_edition_id = from_edition_id - 1", current)


def test_what_changes_with_the_mark_of_a_redaction_is_let_through(ended):
    assert is_taken("brand = '', redacted = '[\"brand\"]'", ended)
    assert not is_taken("brand = '', redacted = redacted", ended)


def test_a_line_that_was_never_public_is_free():
    batch = publish_products(make_product())
    with transaction.atomic():
        line = ProductLine.objects.get(batch=batch)
        line.pk, line.from_edition, line.key = None, None, "product/9/national"
        line.product = make_product()
        line.save()
    assert is_taken("brand = 'x'", line.pk)
    assert not is_taken("brand = 'x'", ProductLine.objects.get(from_edition__isnull=False).pk)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite makes the table anew")
def test_a_migration_alters_and_removes_columns_of_which_the_others_stay_as_they_are():
    publish_products(make_product())
    line = ProductLine.objects.get()
    assert not is_taken("brand = 'x'", line.pk)
    wider = TextField()
    wider.set_attributes_from_name("brand")
    with connection.schema_editor() as editor:
        editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        editor.alter_field(ProductLine, ProductLine._meta.get_field("brand"), wider, strict=True)
        editor.remove_field(ProductLine, ProductLine._meta.get_field("models_text"))
        editor.execute("SET CONSTRAINTS ALL DEFERRED")
    for _ in ("killed before the end of the migration", "at its end"):
        assert not is_taken("brand = 'x'", line.pk)
        assert not is_taken("name = 'x'", line.pk)
        protection.install()
    assert is_taken("until_edition_id = from_edition_id + 1", line.pk)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite replaces a row by inserting one")
def test_a_row_is_not_replaced_by_inserting_another_in_its_place(ended):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"REPLACE INTO {TABLE} SELECT * FROM {TABLE} WHERE id = %s", [ended])
