"""At the desk: what nobody sees in a workbook is asked about, columns show their values, cells are mended on the page."""

import pytest
import xlsxwriter

from catalog.imports.models import ImportRun
from catalog.imports.reporting.report import CELLS_LISTED
from catalog.products.models import Product
from catalog.publication.models import Batch
from portal.core.audit.models import AuditEvent
from tests.make import make_enterprise, make_user

from .conftest import HEADINGS, product_row
from .desk import at, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def with_hidden_row(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "隐藏.xlsx"))
    sheet = book.add_worksheet("清单")
    maker = make_enterprise()
    sheet.write_row(0, 0, HEADINGS)
    for number in (1, 2):
        sheet.write_row(number, 0, product_row(maker, number))
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    return tmp_path / "隐藏.xlsx"


def test_a_hidden_row_is_asked_about_and_nothing_is_saved_before_the_answer(
    upload, signed_in, with_hidden_row
):
    run = upload(with_hidden_row)
    page = text_of(signed_in.get(at("change", run.pk)))

    assert "第 3 行是隐藏行" in page
    assert "石膏板2" in page
    assert "导入 1 行" not in page
    assert signed_in.post(at("save", run.pk)).status_code == 409
    assert signed_in.post(at("save", run.pk), {"valid_only": "1"}).status_code == 409
    assert not Product.objects.exists()


@pytest.mark.parametrize(("choice", "saved"), [("take", 2), ("leave", 1)])
def test_the_answer_is_kept_and_followed(upload, signed_in, with_hidden_row, choice, saved):
    run = upload(with_hidden_row)

    signed_in.post(at("decide", run.pk), {"q:rows:清单": choice})
    signed_in.post(at("save", run.pk))

    run.refresh_from_db()
    assert (run.state, run.answers) == (ImportRun.State.SAVED, {"rows:清单": choice})
    assert Product.objects.count() == saved
    assert AuditEvent.objects.filter(step="import.decided").exists()


def test_an_answer_to_no_question_is_refused(upload, signed_in, with_hidden_row):
    run = upload(with_hidden_row)

    assert signed_in.post(at("decide", run.pk), {"q:rows:别的": "take"}).status_code == 409
    assert signed_in.post(at("decide", run.pk), {"q:rows:清单": "both"}).status_code == 409
    assert signed_in.post(at("decide", run.pk), {}).status_code == 409
    run.refresh_from_db()
    assert run.answers == {}


def test_the_marked_copy_keeps_hidden_rows_hidden(upload, signed_in, tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "隐藏.xlsx"))
    sheet = book.add_worksheet("清单")
    maker = make_enterprise()
    sheet.write_row(0, 0, HEADINGS)
    sheet.write_row(1, 0, product_row(maker, 1, 星级="五星"))
    sheet.write_row(2, 0, product_row(maker, 2))
    sheet.set_row(2, None, None, {"hidden": True})
    book.close()
    run = upload(tmp_path / "隐藏.xlsx")

    answer = signed_in.get(at("file", run.pk, "marked"))
    (tmp_path / "标注.xlsx").write_bytes(b"".join(answer.streaming_content))
    again = upload(tmp_path / "标注.xlsx")

    assert [question["rows"] for question in again.report["questions"]] == [[3]]


def test_columns_show_three_values_and_persons_none(upload, signed_in):
    rows = [["企业名称", "统一社会信用代码", "联系人", "企业类型", "怪列"]]
    rows += [[f"示例{n}建材有限公司", "", "张三", "有限责任公司", f"值{n}"] for n in range(5)]

    run = upload(rows, register="enterprises")

    columns = {column["written"]: column for column in run.report["sheets"][0]["columns"]}
    assert columns["怪列"]["samples"] == ["值0", "值1", "值2"]
    assert (columns["企业类型"]["field"], columns["企业类型"]["samples"]) == (None, ["有限责任公司"] * 3)
    assert columns["联系人"]["samples"] == ["（内部信息）"]
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "值1" in page
    assert "张三" not in page


def test_a_cell_is_mended_on_the_page_and_the_file_stays(upload, signed_in):
    maker = make_enterprise()
    run = upload([HEADINGS, product_row(maker, 1, 星级="五星"), product_row(maker, 2)])
    before = run.file.sha256
    assert 'name="c:清单!H2"' in text_of(signed_in.get(at("change", run.pk)))

    signed_in.post(at("cells", run.pk), {"c:清单!H2": " 三星级 "})
    signed_in.post(at("save", run.pk))

    run.refresh_from_db()
    assert (run.state, run.mended, run.file.sha256) == (ImportRun.State.SAVED, {"清单!H2": "三星级"}, before)
    assert Product.objects.count() == 2
    event = AuditEvent.objects.get(step="import.cells_mended")
    assert event.details["cells"] == ["清单!H2"]


@pytest.mark.parametrize(
    "cells",
    [{}, {"c:清单!H2": ""}, {"c:清单!H2": "五星"}, {"c:清单!A2": "别家"}, {"c:清单!H2": "三" * 401}],
)
def test_only_a_cell_at_fault_is_mended_and_only_to_something_else(upload, signed_in, cells):
    run = upload([HEADINGS, product_row(make_enterprise(), 1, 星级="五星")])

    assert signed_in.post(at("cells", run.pk), cells).status_code == 409
    run.refresh_from_db()
    assert run.mended == {}


def test_two_thousand_faults_are_a_few_lines(upload, signed_in):
    maker = make_enterprise()
    rows = [product_row(maker, n, 星级="五星", 有效期至="某日") for n in range(1000)]

    run = upload([HEADINGS, *rows])

    assert run.report["fault_count"] == 2000
    assert [(group["column"], group["count"]) for group in run.report["groups"]] == [
        ("认证等级", 1000),
        ("有效期至", 1000),
    ]
    assert len(run.report["groups"][0]["cells"]) == CELLS_LISTED
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "2,000 处错误，2 种" in page
    assert "清单!H900" not in page


def test_new_rows_are_shown_with_their_values_in_pages(upload, signed_in):
    maker = make_enterprise()
    run = upload([HEADINGS, *(product_row(maker, n) for n in range(1, 25))])

    first, second = (text_of(signed_in.get(at("change", run.pk) + given)) for given in ("", "?new=2"))

    assert all(word in first for word in (maker.name, "纸面石膏板", "CTC-00001", "三星级", "9.5 mm"))
    assert "第 1 页，共 3 页" in first
    assert "CTC-00012" in second
    assert "CTC-00012" not in first


def test_the_mended_file_goes_where_the_first_one_went(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise(), 1, 星级="五星")], scope="complete")
    assert f"add/?again={run.pk}" in text_of(signed_in.get(at("change", run.pk)))

    page = text_of(signed_in.get(at("add") + f"?again={run.pk}"))

    for value in ("products", "national:batch", "complete"):
        assert f'<option value="{value}" selected>' in page


def test_a_run_of_another_publisher_is_not_taken_up(upload, client):
    run = upload([HEADINGS, product_row(make_enterprise(), 1)])
    client.force_login(make_user("pilot_officer:350000"))

    assert run.file.name not in text_of(client.get(at("add") + f"?again={run.pk}"))
    assert client.get(at("add") + "?again=x").status_code == 200


def test_no_draft_is_guessed_among_several_publishers(signed_in, editor, monkeypatch):
    from catalog.imports.desk import forms

    choices = [("350000:batch", "福建（编制中）"), ("national:batch", "新开：国家")]
    monkeypatch.setattr(forms, "draft_choices", lambda _user: choices)

    form = forms.UploadForm(user=editor)

    assert form.fields["draft"].choices[0] == ("", "请选择")
    assert not Batch.objects.exists()


def test_makers_of_another_province_are_counted(import_rows, signed_in):
    home = make_enterprise(division_id="350200")
    away = make_enterprise(division_id="330700")
    rows = [HEADINGS, product_row(home, 1), product_row(away, 2), product_row(away, 3, 星级="五星")]

    run = import_rows(rows, publisher="350000", by=make_user("pilot_officer:350000")).run
    national = import_rows(rows).run

    assert run.report["elsewhere"] == {"rows": 2, "names": [away.name]}
    assert national.report["elsewhere"]["rows"] == 0
    assert "有 2 行的企业不在" in text_of(signed_in.get(at("change", run.pk)))
