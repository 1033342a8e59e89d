"""After a lawful redaction the chain holds and the value is nowhere."""

import pytest
from django.apps import apps
from django.db import connection

from catalog.publication.models import EnterpriseLine, ProductLine
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import all_faults
from catalog.publication.search.listing import Question, list_enterprises, list_products
from portal.core.audit.changes import remove_working, save_working
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import index_faults as faults
from tests.make import (
    enter,
    make_batch,
    make_certificate,
    make_enterprise,
    make_product,
    make_user,
    publish,
    publish_products,
)

pytestmark = pytest.mark.django_db

SECRET = "张叁建材经营部"


@pytest.fixture
def trader():
    """A sole trader whose name went through all the doors: listed, certified, renamed in the working rows."""
    enterprise = make_enterprise(name=SECRET)
    certificate = make_certificate(applicant_name=SECRET, maker_name=SECRET)
    publish_products(make_product(enterprise=enterprise, certificate=certificate), make_product())
    enterprise.name = "示例新名经营部"
    save_working(enterprise)
    remove_working(enterprise.former_names.create(name=SECRET))
    enterprise.former_names.create(name=SECRET)
    batch = enter(make_batch(kind="adjustment"), make_product())
    from catalog.publication.compiling.compile import enter_enterprises

    enter_enterprises(batch, [enterprise], by=batch.created_by)
    publish(batch)
    return enterprise


def tables_with(text: str) -> list[str]:
    return [table for table, _word in tables_with_any([text])]


def tables_with_any(words: list[str]) -> list[tuple[str, str]]:
    """Every column of every table, read as text, with the words that stand in it."""
    found = []
    written = [(word, word.encode("unicode_escape").decode()) for word in words]
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            for field in model._meta.concrete_fields:
                table, column = model._meta.db_table, field.column
                cursor.execute(f'SELECT "{column}" FROM "{table}"')
                for (value,) in cursor.fetchall():
                    plain = (
                        bytes(value).decode("utf-8", "ignore")
                        if isinstance(value, (bytes, memoryview))
                        else str(value)
                    )
                    found += [
                        (f"{table}.{column}", word)
                        for word, escaped in written
                        if word in plain or escaped in plain
                    ]
    return found


def test_the_value_is_in_no_table_and_the_chain_is_whole(trader):
    assert len(set(tables_with(SECRET))) >= 6
    key = EnterpriseLine.objects.filter(enterprise=trader).first().key
    done = redact(key, "name", basis="个人信息保护法第四十七条，当事人申请")
    assert tables_with(SECRET) == []
    assert list(all_faults()) == []
    assert faults() == []
    assert {key for key, _field in done.lines} >= {key}
    assert done.edition.number == Edition.objects.current_number()


def test_the_redacted_words_find_nothing_and_the_new_name_still_does(trader):
    redact(EnterpriseLine.objects.filter(enterprise=trader).first().key, "name", basis="当事人申请")
    edition, day = Edition.objects.current_number(), clock.today()
    for number in range(edition + 1):
        for words in ("张叁", "zhangsan"):
            assert list_enterprises(Question(number, day, words, validity="all")).total == 0
            assert list_products(Question(number, day, words, validity="all")).total == 0
    assert (
        list_enterprises(Question(edition, day, "示例新名")).total == 0
    )  # redacted with the lines of its key
    assert list_products(Question(edition, day, "自粘")).total == 3


def test_the_audit_says_who_took_out_which_field_of_which_line_and_why():
    product = make_product(brand="示例牌")
    publish_products(product)
    key, by = ProductLine.objects.get().key, make_user("publisher")
    redact(key, "brand", basis="当事人申请", by=by)
    told = AuditEvent.objects.get(step="line.redacted")
    assert (told.actor_id, told.reason) == (by.pk, "当事人申请")
    newest = Edition.objects.current_number()
    assert told.details == {"key": key, "field": "brand", "edition": newest, "is_begun": True}


def test_equal_words_of_another_enterprise_are_left_alone():
    one, other = make_product(brand="同名牌"), make_product(brand="同名牌")
    publish_products(one, other)
    redact(ProductLine.objects.get(product=one).key, "brand", basis="当事人申请")
    assert ProductLine.objects.get(product=one).brand == ""
    assert ProductLine.objects.get(product=other).brand == "同名牌"


@pytest.mark.parametrize(
    ("key", "field", "basis", "rule"),
    [
        ("product/9999999-9/national", "name", "申请", "redaction.key"),
        ("nonsense", "name", "申请", "redaction.key"),
        (None, "number", "申请", "redaction.field"),
        (None, "brand", " ", "redaction.basis"),
    ],
)
def test_a_redaction_that_makes_no_sense_is_refused(key, field, basis, rule):
    publish_products()
    with pytest.raises(NotAllowed) as refused:
        redact(key or ProductLine.objects.get().key, field, basis=basis)
    assert refused.value.rule == rule
    assert Edition.objects.count() == 1


def test_a_forged_redaction_is_found():
    publish_products()
    line = ProductLine.objects.get()
    salts, hashes = line.proof()
    del salts["brand"]
    ProductLine.objects.filter(pk=line.pk).stamp(brand="", salts=salts, hashes=hashes, redacted=["brand"])
    assert {(fault.key, fault.field) for fault in all_faults()} == {(line.key, "brand")}
