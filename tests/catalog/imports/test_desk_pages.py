"""The import desk: upload, watch, read, mend, save, take back."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from catalog.imports import jobs
from catalog.imports.checking.file import heading_choices
from catalog.imports.models import HeadingChoice, ImportRun
from catalog.products.models import Product
from catalog.publication.models import BatchEntry
from tests.make import make_enterprise, make_uscc

from . import hostile_xlsx
from .conftest import HEADINGS, product_row
from .desk import YEAR, at, text_of

pytestmark = pytest.mark.django_db


def test_an_upload_is_checked_and_saves_nothing_yet(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])

    assert run.state == ImportRun.State.CHECKED
    assert not Product.objects.exists()
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "导入 1 行" in page
    assert "石膏板1" in page
    assert 'http-equiv="refresh"' not in page


@pytest.mark.parametrize(
    ("register", "row"),
    [
        (
            "products",
            {
                "企业名称": "示例绿色建材有限公司",
                "产品名称": "石膏板",
                "产品类别": "纸面石膏板",
                "认证机构": "国检集团",
                "证书编号": "00123456",
                "认证等级": "三星级",
                "有效期至": "2099-01-01",
            },
        ),
        (
            "enterprises",
            {
                "企业名称": "示例甲建材有限公司",
                "统一社会信用代码": make_uscc(),
                "省份": "福建省",
                "单位电话": "0592-1234567",
            },
        ),
    ],
)
def test_the_template_is_filled_in_and_read_without_a_question(
    signed_in, import_rows, tmp_path, register, row
):
    make_enterprise(name="示例绿色建材有限公司")
    assert at("template", register) in text_of(signed_in.get(at("add")))
    book = openpyxl.load_workbook(io.BytesIO(signed_in.get(at("template", register)).content))
    sheet = book.worksheets[0]
    heads = [cell.value for cell in sheet[1]]
    assert set(row) <= set(heads)
    sheet.append([row.get(head, "") for head in heads])
    book.save(tmp_path / "模板.xlsx")

    outcome = import_rows(tmp_path / "模板.xlsx", register=register).outcome

    assert (outcome.rows, outcome.faults, outcome.warnings, outcome.questions) == (1, [], [], [])
    assert all(column.field for column in outcome.sheets[0].heading.columns)
    assert outcome.skipped == [("可选内容", "模板自带的可选内容")]


def test_a_running_job_shows_its_rows_without_a_script(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    assert run.total == 1
    ImportRun.objects.update(state=ImportRun.State.CHECKING, progress=4000, total=20_000)

    page = text_of(signed_in.get(at("change", run.pk)))

    assert '<progress max="20000" value="4000"' in page
    assert '<meta http-equiv="refresh" content="2">' in page
    assert "已检查 <b>4,000</b> 行" in page


def test_a_lost_job_can_be_started_again(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    ImportRun.objects.update(
        state=ImportRun.State.CHECKING, updated_at=timezone.now() - datetime.timedelta(hours=1)
    )

    assert "任务可能中断了" in text_of(signed_in.get(at("change", run.pk)))
    signed_in.post(at("recheck", run.pk))

    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED


def test_saving_puts_the_rows_into_the_draft(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])

    signed_in.post(at("save", run.pk))

    run.refresh_from_db()
    assert (run.state, run.batch.slug) == (ImportRun.State.SAVED, f"{YEAR}-1")
    assert Product.objects.count() == BatchEntry.objects.filter(batch=run.batch).count() == 1
    assert "撤回这次导入" in text_of(signed_in.get(at("change", run.pk)))


def test_three_bad_cells_are_seen_marked_mended_and_imported(upload, signed_in, tmp_path):
    maker = make_enterprise()
    rows = [
        HEADINGS,
        product_row(maker, 1, 星级="五星"),
        product_row(maker, 2, 认证机构="甲"),
        product_row(maker, 3, 有效期至="某日"),
    ]
    run = upload(rows)
    page = text_of(signed_in.get(at("change", run.pk)))
    for cell in ("清单!H2", "清单!F3", "清单!I4"):
        assert cell in page
    assert "导入 3 行" not in page

    answer = signed_in.get(at("file", run.pk, "marked"))
    book = openpyxl.load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    sheet = book["清单"]
    assert sheet["H2"].comment
    sheet["H2"], sheet["F3"], sheet["I4"] = "三星级", "CTC", "2029-01-01"
    book.save(tmp_path / "改正.xlsx")
    mended = upload(tmp_path / "改正.xlsx")

    assert mended.report["fault_count"] == 0
    assert [name for name, _why in mended.report["skipped"]] == ["问题清单"]
    signed_in.post(at("save", mended.pk))
    assert Product.objects.count() == 3


def test_faults_keep_a_run_out_unless_only_sound_rows_are_chosen(upload, signed_in):
    maker = make_enterprise()
    run = upload([HEADINGS, product_row(maker, 1), product_row(maker, 2, 星级="五星")])

    assert signed_in.post(at("save", run.pk)).status_code == 409
    assert not Product.objects.exists()
    signed_in.post(at("save", run.pk), {"valid_only": "1"})

    assert list(Product.objects.values_list("name", flat=True)) == ["石膏板1"]


def test_a_refused_file_says_why_and_what_to_do(upload, signed_in, tmp_path):
    run = upload(hostile_xlsx.far_cell(tmp_path / "far.xlsx"))

    page = text_of(signed_in.get(at("change", run.pk)))
    assert run.state == ImportRun.State.REFUSED
    assert "XFD1048576" in page
    assert "far-cell" not in page  # the rule is for scripts; a person reads the sentence
    assert signed_in.post(at("save", run.pk)).status_code == 409


def test_a_file_beyond_the_limit_is_refused_before_it_is_kept(signed_in, settings):
    settings.IMPORT_MAX_BYTES = 1000
    form = {"register": "products", "draft": "national:batch", "scope": "additions"}

    answer = signed_in.post(at("add"), form | {"file": SimpleUploadedFile("a.csv", b"a" * 1001)})

    assert answer.status_code == 400
    assert "超过上限" in text_of(answer)
    assert not ImportRun.objects.exists()


def test_a_crash_ends_in_words_and_not_in_silence(upload, signed_in, monkeypatch):
    run = upload([HEADINGS, product_row(make_enterprise())])

    def crash(*args, **kwargs):
        raise RuntimeError("boom")

    monkeypatch.setattr(jobs, "conclude", crash)
    signed_in.post(at("recheck", run.pk))

    run.refresh_from_db()
    assert run.state == ImportRun.State.FAILED
    assert "重新检查" in text_of(signed_in.get(at("change", run.pk)))


def test_a_heading_is_assigned_by_hand_and_remembered_for_the_publisher(upload, signed_in):
    maker = make_enterprise()
    rows = [[*HEADINGS[:2], "我们的叫法", *HEADINGS[3:]], product_row(maker)]
    run = upload(rows)
    assert [fault["rule"] for fault in run.report["faults"]] == ["column-missing"]

    signed_in.post(at("headings", run.pk), {"heading-2": "name"})

    run.refresh_from_db()
    assert run.report["fault_count"] == 0
    assert run.report["sheets"][0]["columns"][2] | {"note": ""} == {
        "letters": "C",
        "written": "我们的叫法",
        "field": "name",
        "label": "产品名称",
        "how": "by_hand",
        "note": "",
        "samples": ["石膏板1"],
    }
    assert upload(rows).report["fault_count"] == 0
    assert heading_choices("products", "national") == {"我们的叫法": "name"}
    assert heading_choices("products", "350000") == {}


def test_a_choice_can_be_taken_back_and_two_columns_are_refused(upload, signed_in):
    run = upload([[*HEADINGS, "别名"], [*product_row(make_enterprise()), "x"]])

    refused = signed_in.post(at("headings", run.pk), {"heading-2": "name", "heading-9": "name"})
    assert refused.status_code == 400
    assert "请只留一列" in text_of(refused)
    signed_in.post(at("headings", run.pk), {"heading-9": "-"})
    assert HeadingChoice.objects.get().field == ""
    signed_in.post(at("headings", run.pk), {})
    assert not HeadingChoice.objects.exists()


def test_giving_up_ends_a_run(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])

    signed_in.post(at("discard", run.pk))

    run.refresh_from_db()
    assert run.state == ImportRun.State.DISCARDED
    assert signed_in.post(at("save", run.pk)).status_code == 409


def test_taking_back_asks_first_and_says_who_relied_on_it(upload, signed_in):
    maker = make_enterprise()
    first = upload([HEADINGS, product_row(maker, 1)])
    signed_in.post(at("save", first.pk))
    second = upload([HEADINGS, product_row(maker, 1), product_row(maker, 2)])
    signed_in.post(at("save", second.pk))

    asked = text_of(signed_in.get(at("take_back", first.pk)))
    assert "清单.xlsx" in asked
    assert Product.objects.count() == 2
    answer = signed_in.post(at("take_back", first.pk), follow=True)

    assert Product.objects.count() == 1
    assert "请重新导入：清单.xlsx" in text_of(answer)
    assert signed_in.post(at("take_back", first.pk)).status_code == 409
