"""A redaction asks as much for many lines as for few, and misses nothing that comes while it looks."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.publication.compiling.compile import enter_enterprises
from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from catalog.publication.publishing import emptying, redaction, workflow
from catalog.publication.publishing.emptying import Emptying
from catalog.publication.publishing.reach import Reach
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import all_faults
from portal.core.audit.changes import save_working
from portal.core.audit.models import Change
from portal.core.editions.models import Edition
from portal.core.workflow import NotAllowed
from tests.catalog.publication.stories import index_faults
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

from .test_redaction import tables_with

pytestmark = pytest.mark.django_db

SECRET = "张叁建材经营部"


def publish_maker(name: str, count: int):
    """Its products wait in a draft too; each once had its name as a brand."""
    maker = make_enterprise(name=name)
    products = [
        make_product(enterprise=maker, brand=name, certificate=make_certificate(maker_name=name))
        for _ in range(count)
    ]
    publish_products(*products)
    for product in products:
        product.brand = "新牌"
        save_working(product)
    draft = Batch.objects.filter(state=Batch.State.DRAFT).first() or make_batch(kind="adjustment")
    enter(draft, *products).entries.filter(product__in=products).update(reason=name)
    return maker


def publish_enterprise(maker) -> None:
    """As it stands, without its products."""
    batch = make_batch(kind="erratum")
    enter_enterprises(batch, [maker], by=batch.created_by)
    publish(batch)


def statements(maker) -> int:
    key = EnterpriseLine.objects.get(enterprise=maker).key
    with CaptureQueriesContext(connection) as queries:
        redact(key, "name", basis="当事人申请")
    return len(queries)


def test_the_number_of_statements_does_not_grow_with_the_lines():
    statements(publish_maker("示例甲经营部", 1))  # what is asked once in the life of a process
    few, many = publish_maker("示例乙经营部", 2), publish_maker(SECRET, 9)
    assert Change.objects.filter(before__brand=SECRET).count() == 9
    first = statements(few)  # puts its name into its place among names that are spelled yet: a few more
    assert statements(many) <= first
    assert tables_with(SECRET) == []
    assert list(all_faults()) + index_faults() == []
    assert not any({"enterprise_name", "brand"} & set(line.proof()[0]) for line in ProductLine.objects.all())


def test_what_was_frozen_between_the_look_and_the_lock_is_emptied(monkeypatch):
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    looked, of = [], Emptying.of

    def look(reach: Reach, **beside: int) -> Emptying:
        looked.append(of(reach, **beside))
        if len(looked) == 1:
            batch = enter(make_batch(ordinal=9), make_product(enterprise=maker))
            workflow.submit(batch, by=batch.created_by)
        return looked[-1]

    monkeypatch.setattr(Emptying, "of", look)
    done = redact(EnterpriseLine.objects.get().key, "name", basis="当事人申请")
    assert len(looked) == 2
    assert {key for key, _name in done.lines} == {
        line.key for model in (EnterpriseLine, ProductLine) for line in model.objects.all()
    }
    assert tables_with(SECRET) == []
    assert list(all_faults()) + index_faults() == []


def test_what_stayed_as_it_was_is_looked_at_once():
    publish_products(make_product(brand="某牌"))
    reach = Reach.of(ProductLine, ProductLine.objects.get().key, "brand")
    looked = Emptying.of(reach)
    assert looked.is_still(Reach.of(ProductLine, ProductLine.objects.get().key, "brand"))
    assert not looked.is_still(Reach(["另牌"], reach.enterprises, reach.certificates))


def test_what_was_broken_off_behind_the_door_is_refused_and_ended_by_ordering_it_again(monkeypatch):
    """The public lost the value by one edition; the working rows, which nobody sees, are emptied in steps behind it."""
    maker = publish_maker(SECRET, 3)
    key = EnterpriseLine.objects.get(enterprise=maker).key

    def killed(_reach: Reach) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(redaction, "redact_working_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            redact(key, "name", basis="当事人申请")
    edition = Edition.objects.current_number()
    assert Edition.objects.get(number=edition).cause == Edition.Cause.REDACTION
    assert not {table for table in tables_with(SECRET) if "line" in table or "index" in table}
    assert tables_with(SECRET) != []
    with pytest.raises(NotAllowed) as refused:
        workflow.submit(Batch.objects.get(state=Batch.State.DRAFT), by=make_user("editor"))
    assert "依法隐去" in refused.value.sentence
    redact_again = {"basis": "当事人申请"}
    done = redact(key, "name", **redact_again)
    assert (done.edition, done.values) == (None, [SECRET])
    assert tables_with(SECRET) == []
    assert Edition.objects.current_number() == edition
    with pytest.raises(NotAllowed, match="早已隐去"):
        redact(key, "name", **redact_again)
    assert list(all_faults()) + index_faults() == []


def test_so_many_lines_go_through_the_door_that_it_takes_several_editions(monkeypatch):
    """Each says the lines that it emptied; until the last one the house says that it is under way."""
    monkeypatch.setattr(emptying, "LINES_AT_ONCE", 3)
    maker = publish_maker(SECRET, 4)  # its line, four certificates, four products
    key, heard = EnterpriseLine.objects.get(enterprise=maker).key, []
    first = Edition.objects.current_number() + 1
    done = redact(
        key,
        "name",
        basis="当事人申请",
        told=lambda step: heard.append((len(step.lines), redaction.under_way())),
    )
    assert heard == [(1, [(key, "name")]), (4, [(key, "name")]), (9, [(key, "name")])]
    assert redaction.under_way() == []
    editions = Edition.objects.filter(number__gte=first)
    assert {edition.cause for edition in editions} == {Edition.Cause.REDACTION}
    assert (len(editions), done.edition) == (4, editions[0])
    said = [pair for edition in editions for pair in edition.header["redacted"]]
    assert sorted(map(tuple, said)) == sorted(done.lines)
    assert len(done.lines) == 13  # the name is the brand, too
    assert tables_with(SECRET) == []
    assert list(all_faults()) + index_faults() == []


def test_a_redaction_that_was_killed_between_two_editions_is_told_and_ended_without_what_was_said_since(
    monkeypatch, client
):
    monkeypatch.setattr(emptying, "LINES_AT_ONCE", 3)
    maker = make_enterprise(name=SECRET)
    certificates = [make_certificate(maker_name=SECRET) for _ in range(4)]
    products = [make_product(enterprise=maker, certificate=certificate) for certificate in certificates]
    publish_products(*products)
    key = EnterpriseLine.objects.get(enterprise=maker).key

    def killed(_done) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        redact(key, "name", basis="当事人申请", told=killed)
    assert redaction.under_way() == [(key, "name")]
    client.force_login(make_user("publisher"))
    assert f"{key} name：只隐去了一部分" in client.get("/admin/").content.decode()
    assert ProductLine.objects.filter(enterprise_name=SECRET).exists()
    draft = make_batch(kind="adjustment")
    enter_enterprises(draft, [maker], by=draft.created_by)
    with pytest.raises(NotAllowed, match="依法隐去"):
        workflow.submit(draft, by=make_user("editor"))
    maker.name = "新名称经营部"
    save_working(maker)
    publish_enterprise(maker)
    done = redact(key, "name", basis="当事人申请")
    assert done.values == [SECRET]
    assert redaction.under_way() == []
    assert tables_with(SECRET) == []
    assert EnterpriseLine.objects.current().get(enterprise=maker).name == "新名称经营部"
    assert list(all_faults()) + index_faults() == []
