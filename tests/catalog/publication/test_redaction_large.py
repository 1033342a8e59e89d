"""A redaction asks as much for many lines as for few, and misses nothing that comes while it looks."""

import io

import pytest
import xlsxwriter
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from catalog.imports.importing import ImportRequest, create_run
from catalog.imports.management.commands import redact_line
from catalog.publication.compiling.compile import enter_enterprises
from catalog.publication.compiling.restating import permit_again
from catalog.publication.compiling.under_way import under_way
from catalog.publication.models import Batch, EnterpriseLine, ProductLine, RedactedValue
from catalog.publication.publishing import emptying, redaction, workflow
from catalog.publication.publishing.emptying import Emptying
from catalog.publication.publishing.reach import Reach
from catalog.publication.publishing.redaction import redact
from catalog.publication.publishing.verify import all_faults
from portal.core.audit.changes import save_working
from portal.core.audit.models import Change
from portal.core.editions.models import Edition
from portal.core.files.models import StoredFile
from portal.core.files.store import store
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

SECRET, NEW = "张叁建材经营部", "新名称经营部"


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

    with monkeypatch.context() as broken:
        broken.setattr(redaction, "redact_working_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            redact(key, "name", basis="当事人申请")
    edition = Edition.objects.current_number()
    assert Edition.objects.get(number=edition).cause == Edition.Cause.REDACTION
    assert not {table for table in tables_with(SECRET) if "line" in table or "index" in table}
    assert tables_with(SECRET) != []
    assert list(under_way()) == [(key, "name")]
    with pytest.raises(NotAllowed) as refused:
        workflow.submit(Batch.objects.get(state=Batch.State.DRAFT), by=make_user("editor"))
    assert "依法隐去" in refused.value.sentence
    redact_again = {"basis": "当事人申请"}
    done = redact(key, "name", **redact_again)
    assert (done.edition, done.values, under_way()) == (None, [SECRET], {})
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
        told=lambda step: heard.append((len(step.lines), list(under_way()))),
    )
    assert heard == [(1, [(key, "name")]), (4, [(key, "name")]), (9, [(key, "name")])]
    assert under_way() == {}
    editions = Edition.objects.filter(number__gte=first)
    assert {edition.cause for edition in editions} == {Edition.Cause.REDACTION}
    assert (len(editions), done.edition) == (4, editions[0])
    said = [pair for edition in editions for pair in edition.header["redacted"]]
    assert sorted(map(tuple, said)) == sorted(done.lines)
    assert len(done.lines) == 13  # the name is the brand, too
    assert tables_with(SECRET) == []
    assert list(all_faults()) + index_faults() == []


@pytest.mark.parametrize(("moment", "left"), [("redact_working_rows", [SECRET]), ("end", [])])
def test_what_was_broken_off_behind_the_door_is_ended_without_what_was_said_since(monkeypatch, moment, left):
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    key = EnterpriseLine.objects.get(enterprise=maker).key
    with monkeypatch.context() as broken:
        broken.setattr(redaction, moment, killed)
        with pytest.raises(KeyboardInterrupt):
            redact(key, "name", basis="当事人申请")
    rename(maker)
    edition = Edition.objects.current_number()
    assert redact(key, "name", basis="当事人申请").values == left
    assert under_way() == {}
    assert tables_with(SECRET) == []
    assert EnterpriseLine.objects.current().get(enterprise=maker).name == NEW
    assert Edition.objects.current_number() == edition


def killed(*_of: object) -> None:
    raise KeyboardInterrupt


def rename(maker) -> None:
    maker.name = NEW
    save_working(maker)
    publish_enterprise(maker)


def upload(maker_name: str) -> StoredFile:
    """A workbook of firms, as a run of the import keeps it."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content) as workbook:
        workbook.add_worksheet().write_column(0, 0, ["企业名称", maker_name])
    file = store(content.getvalue(), name="名录.xlsx", media_type="application/vnd.ms-excel")
    create_run(ImportRequest("enterprises", "national", make_user("editor")), file)
    return file


@pytest.fixture
def begun(monkeypatch, settings, tmp_path):
    """The maker and the key of a redaction by the command that was killed between two editions."""
    settings.FILES_ROOT = tmp_path / "files"
    monkeypatch.setattr(emptying, "LINES_AT_ONCE", 3)
    monkeypatch.setattr(redact_line, "wipe_freed_space", lambda: None)  # not within a transaction
    maker = make_enterprise(name=SECRET)
    certificates = [make_certificate(maker_name=SECRET) for _ in range(4)]
    publish_products(*(make_product(enterprise=maker, certificate=one) for one in certificates))
    key = EnterpriseLine.objects.get(enterprise=maker).key
    with monkeypatch.context() as broken:
        broken.setattr(redact_line.Command, "_tell_step", killed)
        with pytest.raises(KeyboardInterrupt):
            call_command("redact_line", key, "name", basis="当事人申请")
    return maker, key


def test_a_redaction_that_was_killed_between_two_editions_is_told_and_ended_without_what_was_said_since(
    begun, client
):
    maker, key = begun
    assert list(under_way()) == [(key, "name")]
    client.force_login(make_user("publisher"))
    assert f"{key} name：还没有隐去完" in client.get("/admin/").content.decode()
    assert ProductLine.objects.filter(enterprise_name=SECRET).exists()
    draft = make_batch(kind="adjustment")
    enter_enterprises(draft, [maker], by=draft.created_by)
    with pytest.raises(NotAllowed, match="依法隐去"):
        workflow.submit(draft, by=make_user("editor"))
    rename(maker)
    files = upload(SECRET), upload(NEW)
    call_command("redact_line", key, "name", basis="当事人申请")
    for file in files:
        file.refresh_from_db()
    assert [file.erased_at is not None for file in files] == [True, False]
    assert under_way() == {}
    assert tables_with(SECRET) == []
    assert EnterpriseLine.objects.current().get(enterprise=maker).name == NEW
    assert list(all_faults()) + index_faults() == []


def test_a_redaction_whose_marks_nobody_can_compare_is_not_said_to_be_through(begun, settings):
    _maker, key = begun
    edition, present = Edition.objects.current_number(), settings.SECRET_KEY
    settings.SECRET_KEY = "another one"
    with pytest.raises(NotAllowed, match="SECRET_KEY_FALLBACKS"):
        redact(key, "name", basis="当事人申请")
    with pytest.raises(NotAllowed) as refused:
        permit_again(key, "name", basis="当事人要求恢复")
    assert refused.value.rule == "redaction.under_way"
    assert (list(under_way()), Edition.objects.current_number()) == ([(key, "name")], edition)
    settings.SECRET_KEY_FALLBACKS = [present]
    with transaction.atomic():
        RedactedValue.objects.all().delete()
        with pytest.raises(NotAllowed, match="标记已不在"):
            redact(key, "name", basis="当事人申请")
        transaction.set_rollback(True)
    assert redact(key, "name", basis="当事人申请").values == [SECRET]
    assert (tables_with(SECRET), under_way()) == ([], {})


def test_a_certificate_that_comes_to_the_maker_meanwhile_is_reached_and_marked(begun):
    maker, key = begun
    rename(maker)
    certificate = make_certificate(maker_name=SECRET)
    publish_products(make_product(enterprise=maker, certificate=certificate))
    assert redact(key, "name", basis="当事人申请").values == [SECRET]
    assert tables_with(SECRET) == []
    assert RedactedValue.objects.filter(certificate=certificate).count() == 1
    assert RedactedValue.objects.filter(enterprise=maker).count() == 1


def test_one_that_was_begun_as_a_line_that_is_gone_is_ended(monkeypatch):
    """It was frozen only, and its batch was sent back."""
    maker = make_enterprise(name=SECRET)
    publish_products(make_product(enterprise=maker))
    product = make_product(enterprise=maker, brand=SECRET)
    batch = enter(make_batch(kind="adjustment"), product)
    batch = workflow.submit(batch, by=batch.created_by)
    key = ProductLine.objects.get(product=product).key
    with monkeypatch.context() as broken:
        broken.setattr(redaction, "redact_working_rows", killed)
        with pytest.raises(KeyboardInterrupt):
            redact(key, "brand", basis="当事人申请")
    workflow.send_back(batch, by=make_user("reviewer"), reason="改好再提交")
    assert not ProductLine.objects.filter(key=key).exists()
    assert redact(key, "brand", basis="当事人申请").values == [SECRET]
    assert (tables_with(SECRET), under_way()) == ([], {})
