"""Any one change of what was published is found and named; a lawful redaction is not a change."""

import datetime
import json

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.db.utils import DatabaseError

from catalog.publication.compiling import compile
from catalog.publication.models import Action, Batch, EnterpriseLine, ProductLine
from catalog.publication.publishing import workflow
from catalog.publication.publishing.verify import all_faults
from portal.core.audit.models import AppendOnlyError
from portal.core.editions import protection
from portal.core.editions.models import Edition
from portal.core.editions.verify import public_models
from tests.make import enter, make_batch, make_enterprise, make_product, make_user, publish, publish_products
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db

DERIVED_FROM_KEYS = {"id"}


def _laid():
    """Two editions and a notice: a product listed, then changed; another in notice."""
    product = make_product()
    publish_products(product)
    product.brand = "新示例牌"
    product.save()
    publish(enter(make_batch(kind="adjustment"), product))
    noticed = enter(make_batch(ordinal=2, notice_days=7), make_product())
    noticed = workflow.approve(workflow.submit(noticed, by=noticed.created_by), by=make_user("reviewer"))
    workflow.open_notice(noticed, by=make_user("publisher"))
    return product


published, published_of_the_module = laid_for_all("published", _laid)


def another_value(value):
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value + 1000
    if isinstance(value, datetime.datetime):
        return value + datetime.timedelta(microseconds=1)
    if isinstance(value, datetime.date):
        return value + datetime.timedelta(days=1)
    if isinstance(value, (dict, list)):
        return '["x"]' if isinstance(value, list) else '{"x": "y"}'
    return ("x" if not str(value).startswith("x") else "y") + str(value)[1:]


def test_nothing_is_found_where_nothing_was_altered(published):
    assert list(all_faults()) == []


@pytest.mark.parametrize("is_in_another", [False, True])
def test_a_line_outside_of_the_edition_of_its_batch_is_named_with_what_is_wrong(published, is_in_another):
    protection.remove()
    edition = (
        Edition.objects.order_by("number").values_list("number", flat=True)[0] if is_in_another else None
    )
    line = ProductLine.objects.get(batch__kind="adjustment")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE publication_productline SET from_edition_id = %s WHERE id = %s", [edition, line.pk]
        )
    told = {(fault.key, fault.field) for fault in all_faults()}
    assert (line.key, "from_edition") in told


@pytest.mark.long
def test_every_column_of_every_public_row_is_watched(published):
    protection.remove()
    tables = [model for model in public_models() if model.objects.filter(digest__gt="").exists()]
    assert {model._meta.model_name for model in tables} >= {
        "productline",
        "enterpriseline",
        "certificateline",
    }
    missed = []
    for model in [*tables, Edition]:
        for row in model.objects.all():
            for field in model._meta.concrete_fields:
                if not _alter_and_look(model, row, field):
                    missed.append(f"{model._meta.model_name}.{field.column} {row.pk}")
    assert missed == []


def _alter_and_look(model, row, field) -> bool:
    """Whether a changed column is found, or refused by the database itself. The change is rolled back."""
    old = getattr(row, field.attname)
    new = another_value(old)
    if field.get_internal_type() == "JSONField" and isinstance(old, str):
        new = json.dumps(new)
    if new is None:
        new = 1 if field.get_internal_type() in {"ForeignKey", "BooleanField"} else "2001-01-01"
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute(
                    f'UPDATE "{model._meta.db_table}" SET "{field.column}" = %s WHERE "{model._meta.pk.column}" = %s',
                    [new, row.pk],
                )
            connection.check_constraints()
            raise _Undo(any(True for _fault in all_faults()))  # the first is enough
    except _Undo as undo:
        return undo.found
    except DatabaseError:
        return True


class _Undo(Exception):
    def __init__(self, found):
        self.found = found


@pytest.mark.parametrize("field", ["name", "brand", "enterprise_name"])
def test_the_fault_names_batch_key_and_field(published, field, capsys):
    protection.remove()
    line = ProductLine.objects.current().get()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE publication_productline SET {field} = '改' WHERE id = %s", [line.pk])
    with pytest.raises(SystemExit) as stopped:
        call_command("verify_chain")
    assert stopped.value.code == 1
    printed = capsys.readouterr().out
    assert all(part in printed for part in (line.batch.slug, line.key, field))


@pytest.mark.parametrize("column", ["title", "basis", "notice_waiver", "digest", "publisher"])
def test_a_changed_column_of_a_published_batch_is_named(published, column):
    protection.remove()
    batch = Batch.objects.filter(state="published").first()
    with connection.cursor() as cursor:
        cursor.execute(f"UPDATE publication_batch SET {column} = 'x' WHERE id = %s", [batch.pk])
    assert (batch.slug, column) in {(fault.subject, fault.field) for fault in all_faults()}


def test_a_product_whose_number_is_not_what_its_line_says_is_named(published):
    """No hash says it: the number is made of what the register keeps."""
    protection.remove()
    line = ProductLine.objects.current().get()
    with connection.cursor() as cursor:
        cursor.execute("UPDATE products_product SET serial = serial + 5000 WHERE id = %s", [line.product_id])
    assert (line.key, "number") in {(fault.key, fault.field) for fault in all_faults()}


def test_a_line_removed_by_sql_is_found(published):
    protection.remove()
    line = EnterpriseLine.objects.current().get()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM publication_enterpriseline WHERE id = %s", [line.pk])
    assert (line.batch.slug, "root") in {(fault.subject, fault.field) for fault in all_faults()}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE publication_productline SET name = '改'",
        "UPDATE publication_productline SET until_edition_id = NULL WHERE until_edition_id IS NOT NULL",
        "DELETE FROM publication_productline",
        "UPDATE publication_batch SET title = '改' WHERE state = 'published'",
        "DELETE FROM publication_batch WHERE state = 'published'",
        "UPDATE editions_edition SET head = 'x'",
        "DELETE FROM editions_edition",
        "UPDATE audit_auditevent SET actor_name = '别人'",
        "DELETE FROM audit_auditevent",
    ],
)
def test_the_database_itself_refuses_to_alter_what_was_public(published, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_no_code_path_edits_or_deletes_a_public_row(published):
    line = ProductLine.objects.current().get()
    line.name = "改"
    for attempt in (
        line.save,
        line.delete,
        lambda: ProductLine.objects.all().update(name="改"),
        lambda: ProductLine.objects.all().delete(),
        lambda: ProductLine.objects.bulk_update([line], ["name"]),
        lambda: Edition.objects.all().delete(),
        lambda: Edition.objects.update(head="x"),
    ):
        with pytest.raises((AppendOnlyError, DatabaseError)), transaction.atomic():
            attempt()
    assert list(all_faults()) == []


def test_a_real_database_is_not_flushed(published, settings):
    settings.DISPOSABLE_DATABASE = False
    with pytest.raises(CommandError, match=r"database\.real"):
        call_command("flush", interactive=False)


def test_removals_and_corrections_keep_the_chain_whole():
    enterprise = make_enterprise()
    products = [make_product(enterprise=enterprise) for _ in range(3)]
    publish_products(*products)
    adjustment = make_batch(kind="adjustment", ordinal=2)
    reason = compile.Reason("fraud", "弄虚作假")
    compile.act_on(adjustment, enterprise, Action.REMOVE, by=adjustment.created_by, reason=reason)
    publish(adjustment)
    assert list(all_faults()) == []
