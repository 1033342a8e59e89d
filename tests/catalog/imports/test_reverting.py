"""An import is taken back whole while its batch is a draft, and not at all where something rests on it."""

import pytest

from catalog.enterprises.models import Enterprise, FormerName
from catalog.imports.models import ImportRun
from catalog.imports.saving.reverting import files_that_rely_on, revert
from catalog.products.models import Certificate, Product
from catalog.publication.models import BatchEntry
from catalog.publication.publishing import workflow
from portal.core.audit.models import AuditEvent
from portal.core.workflow import NoPermission, NotAllowed
from tests.make import make_enterprise, make_user

from .conftest import HEADINGS, product_row
from .test_import_enterprises import HEADINGS as DIRECTORY
from .test_import_enterprises import directory_row

pytestmark = pytest.mark.django_db


def everything():
    rows = [
        model.objects.order_by("pk") for model in (Enterprise, FormerName, Certificate, Product, BatchEntry)
    ]
    return [[{k: v for k, v in row.items() if k != "updated_at"} for row in found.values()] for found in rows]


def test_new_rows_go_and_changed_ones_are_as_before(import_rows, editor):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 1)])
    BatchEntry.objects.update(source="")
    before = everything()
    second = import_rows([HEADINGS, product_row(maker, 1, 品牌="新牌", 星级="一星级"), product_row(maker, 2)])
    assert everything() != before

    run = revert(second.run, by=editor)

    assert run.state == ImportRun.State.TAKEN_BACK
    assert everything() == before


def test_a_directory_goes_with_its_former_names(import_rows, editor):
    known = make_enterprise(name="示例老名称有限公司")
    before = everything()
    run = import_rows(
        [DIRECTORY, directory_row(known.uscc), directory_row(企业名称="示例乙公司")], register="enterprises"
    ).run

    revert(run, by=editor)

    assert everything() == before


def test_the_same_file_can_be_imported_again_afterwards(import_rows, editor):
    rows = [HEADINGS, product_row(make_enterprise(), 1)]
    revert(import_rows(rows).run, by=editor)

    assert import_rows(rows).outcome.preview.counts["new"] == 1


def test_twice_is_refused(import_rows, editor):
    run = import_rows([HEADINGS, product_row(make_enterprise())]).run
    revert(run, by=editor)

    with pytest.raises(NotAllowed) as refused:
        revert(run, by=editor)
    assert refused.value.rule == "step.state"


def test_not_after_the_batch_was_submitted(import_rows, editor):
    maker = make_enterprise()
    run = import_rows([HEADINGS, product_row(maker)]).run
    run.batch.notice_days, run.batch.notice_waiver = 0, "示例"
    run.batch.save()
    from catalog.publication.compiling.compile import enter_missing_enterprises

    enter_missing_enterprises(run.batch, by=editor)
    workflow.submit(run.batch, by=editor)

    with pytest.raises(NotAllowed) as refused:
        revert(run, by=editor)
    assert refused.value.rule == "import.not_draft"
    assert Product.objects.exists()


def test_not_over_a_later_change(import_rows, editor):
    maker = make_enterprise()
    first = import_rows([HEADINGS, product_row(maker, 1)]).run
    BatchEntry.objects.filter(source=first.source).update(source="")
    import_rows([HEADINGS, product_row(maker, 1, 品牌="新牌")])

    with pytest.raises(NotAllowed) as refused:
        revert(first, by=editor)
    assert refused.value.rule == "import.changed_since"
    assert "石膏板1" in refused.value.sentence


def test_not_while_another_product_rests_on_its_certificate(import_rows, editor):
    maker = make_enterprise()
    first = import_rows([HEADINGS, product_row(maker, 1)], name="甲.xlsx").run
    import_rows([HEADINGS, product_row(maker, 2, 证书编号="CTC-00001")], name="乙.xlsx")

    with pytest.raises(NotAllowed) as refused:
        revert(first, by=editor)
    assert refused.value.rule == "import.in_use"


def test_later_files_that_relied_on_it_are_named(import_rows):
    maker = make_enterprise()
    first = import_rows([HEADINGS, product_row(maker, 1)], name="甲.xlsx").run
    import_rows([HEADINGS, product_row(maker, 1), product_row(maker, 2)], name="乙.xlsx")

    assert files_that_rely_on(first) == ["乙.xlsx"]


def test_only_who_may_import_may_take_back_and_it_is_recorded(import_rows, editor):
    run = import_rows([HEADINGS, product_row(make_enterprise())]).run

    with pytest.raises(NoPermission):
        revert(run, by=make_user("auditor"))
    revert(run, by=editor)

    steps = AuditEvent.objects.filter(step__startswith="import.take").order_by("id")
    assert list(steps.values_list("step", "is_success")) == [
        ("import.take_back_begun", False),
        ("import.take_back_begun", True),
        ("import.taken_back", True),
    ]
