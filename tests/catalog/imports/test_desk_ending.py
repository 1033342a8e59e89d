"""What a complete list leaves out is shown at the import desk, and ended only by choice."""

import pytest
import xlsxwriter

from catalog.imports import ending, jobs
from catalog.imports.models import ImportRun
from catalog.publication.models import Action, BatchEntry
from portal.core.text.numbers import format_number
from portal.core.workflow import NotAllowed
from tests.make import enter, make_batch, make_enterprise, make_product, make_user, publish

from .desk import YEAR, at, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def listed(facts):
    """Twenty-one products on the national list, of one maker."""
    maker = make_enterprise()
    products = [make_product(enterprise=maker) for _ in range(21)]
    publish(enter(make_batch(by=make_user("editor")), *products))
    return products


def complete_rows(products):
    rows = [["清单编号", "产品名称"]]
    for product in products:
        product.refresh_from_db()
        rows.append([format_number(product.serial), product.name])
    return rows


def end_form(**changes):
    usual = {
        "which": "ticked",
        "reason_code": "withdrawn",
        "reason": "企业申请退出",
        "fact_on": "",
        "number": "",
    }
    return usual | changes


def test_a_complete_list_names_what_is_missing_and_ends_nothing_by_itself(listed, upload, signed_in):
    run = upload(complete_rows(listed[1:]), scope="complete")

    assert run.report["missing_ids"] == [listed[0].pk]
    assert (run.report["new"], run.report["changed"], run.report["unchanged"]) == (0, 0, 20)
    assert listed[0].name in text_of(signed_in.get(at("change", run.pk)))
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()


def test_what_nobody_has_looked_at_yet_is_not_missing(listed, upload, signed_in, tmp_path):
    """A row that is hidden stands in the file: before it is decided about, its product is not offered for removal."""
    book = xlsxwriter.Workbook(str(tmp_path / "隐藏.xlsx"))
    sheet = book.add_worksheet("清单")
    for number, row in enumerate(complete_rows(listed[1:])):
        sheet.write_row(number, 0, row)
    sheet.set_row(5, None, None, {"hidden": True})
    book.close()
    run = upload(tmp_path / "隐藏.xlsx", scope="complete")

    assert [question["rule"] for question in run.report["questions"]] == ["hidden-rows"]
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "清单上的内容文件里都有" not in page
    assert "没有读的行里可能就有" in page
    signed_in.post(at("end", run.pk), end_form(missing=[listed[0].pk, listed[5].pk]))
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()

    signed_in.post(at("decide", run.pk), {"q:rows:清单": "take"})

    run.refresh_from_db()
    assert run.report["missing_ids"] == [listed[0].pk]


def test_what_is_chosen_is_entered_with_its_reason(listed, upload, signed_in):
    run = upload(complete_rows(listed[1:]), scope="complete")

    answer = signed_in.post(at("end", run.pk), end_form(missing=[listed[0].pk]))

    assert answer.status_code == 302
    entry = BatchEntry.objects.get(action=Action.REMOVE)
    assert (entry.product, entry.reason, entry.source) == (listed[0], "企业申请退出", run.source)
    run.refresh_from_db()
    assert (run.state, run.batch.slug) == (ImportRun.State.SAVED, f"{YEAR}-2")
    signed_in.post(at("take_back", run.pk))
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()


def test_much_is_ended_only_with_its_number_typed(listed, upload, signed_in):
    run = upload(complete_rows(listed[2:]), scope="complete")
    both = end_form(which="all")

    assert "请在「移出数量」中填写 2 确认" in text_of(signed_in.post(at("end", run.pk), both))
    assert signed_in.post(at("end", run.pk), both | {"number": "3"}).status_code == 400
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()
    assert signed_in.post(at("end", run.pk), both | {"number": "2"}).status_code == 302
    assert BatchEntry.objects.filter(action=Action.REMOVE).count() == 2


def test_nothing_is_ended_without_choice_reason_or_complete_file(listed, upload, signed_in):
    run = upload(complete_rows(listed[1:]), scope="complete")
    partial = upload(complete_rows(listed[1:]))

    assert signed_in.post(at("end", run.pk), end_form()).status_code == 400
    assert signed_in.post(at("end", run.pk), end_form(missing=[listed[0].pk], reason="")).status_code == 400
    assert signed_in.post(at("end", run.pk), end_form(missing=[listed[5].pk])).status_code == 400
    assert signed_in.get(at("end", partial.pk)).status_code == 404
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()


@pytest.mark.parametrize("ended_by", ["given_up", "refused"])
def test_an_ending_that_was_broken_off_is_gone_on_with(listed, upload, signed_in, monkeypatch, ended_by):
    run = upload(complete_rows(listed[1:]), scope="complete")
    if ended_by == "given_up":
        monkeypatch.setattr(
            ending, "go_on_ending", lambda run, **_by: jobs.give_up(run.pk, sentence="任务被中断。")
        )
    else:
        monkeypatch.setattr(ending, "_enter_products", _refuse)
    signed_in.post(at("end", run.pk), end_form(missing=[listed[0].pk]))
    run.refresh_from_db()
    assert run.state == ImportRun.State.FAILED
    assert not BatchEntry.objects.filter(action=Action.REMOVE).exists()
    monkeypatch.undo()

    signed_in.post(at("recheck", run.pk))

    run.refresh_from_db()
    assert run.state == ImportRun.State.SAVED
    assert BatchEntry.objects.get(action=Action.REMOVE).product == listed[0]


def _refuse(*_given):
    raise NotAllowed("batch.state", "批次正在别人手里。")
