"""The import desk: upload, watch, read, mend, save, take back, remove what is missing; and who may do which."""

import datetime
import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from catalog.imports import jobs
from catalog.imports.checking.file import heading_choices
from catalog.imports.models import HeadingChoice, ImportRun
from catalog.products.models import Product
from catalog.publication.models import Action, Batch, BatchEntry
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.jobs import queue
from portal.core.text.numbers import format_number
from tests.make import enter, make_batch, make_division, make_enterprise, make_product, make_user, publish

from . import hostile
from .conftest import HEADINGS, product_row
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db
LIST = "/admin/imports/importrun/"
YEAR = clock.today().year


def at(name, *args):
    return reverse(f"admin:imports_importrun_{name}", args=args)


@pytest.fixture
def signed_in(client, editor):
    client.force_login(editor)
    return client


@pytest.fixture
def upload(signed_in, tmp_path):
    """Uploads rows, or a file, and gives the run; the job is done by the time it answers."""

    def send(rows, **changes):
        path = rows if not isinstance(rows, list) else write_xlsx(tmp_path / "清单.xlsx", {"清单": rows})
        form = {"register": "products", "draft": "national:batch", "scope": "additions"} | changes
        answer = signed_in.post(at("add"), form | {"file": SimpleUploadedFile(path.name, path.read_bytes())})
        assert answer.status_code == 302, answer.content.decode()
        return ImportRun.objects.get(pk=int(answer.url.split("/")[-3]))

    return send


def text_of(response):
    return response.content.decode()


def test_an_upload_is_checked_and_saves_nothing_yet(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])

    assert run.state == ImportRun.State.CHECKED
    assert not Product.objects.exists()
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "导入 1 行" in page
    assert "石膏板1" in page
    assert 'http-equiv="refresh"' not in page


def test_a_running_job_shows_its_rows_without_a_script(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    ImportRun.objects.update(state=ImportRun.State.CHECKING, progress=4000)

    page = text_of(signed_in.get(at("change", run.pk)))

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
    run = upload(hostile.far_cell(tmp_path / "far.xlsx"))

    page = text_of(signed_in.get(at("change", run.pk)))
    assert run.state == ImportRun.State.REFUSED
    assert "XFD1048576" in page
    assert "far-cell" in page
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


POSTS = ["save", "recheck", "headings", "discard", "take_back"]


@pytest.fixture
def province_run(import_rows, tmp_path):
    officer = make_user("pilot_officer:330000")
    path = write_xlsx(
        tmp_path / "浙江.xlsx", {"清单": [HEADINGS, product_row(make_enterprise(), 1, 星级="五星")]}
    )
    return import_rows(path, publisher="330000", by=officer).run


@pytest.mark.parametrize(
    ("roles", "reads", "acts"),
    [
        (["editor"], 200, True),
        (["pilot_officer:330000"], 200, True),
        (["pilot_officer:350000"], 404, False),
        (["reviewer"], 200, False),
        (["auditor"], 200, False),
        (["administrator"], 403, False),
        ([], 302, False),
    ],
)
def test_who_may_read_and_act(client, province_run, roles, reads, acts):
    make_division("350000", "福建省")
    client.force_login(make_user(*roles))

    assert client.get(at("change", province_run.pk)).status_code == reads
    assert client.get(at("file", province_run.pk, "original")).status_code == reads
    refused = {200: 403}.get(reads, reads)
    for name in POSTS:
        status = client.post(at(name, province_run.pk)).status_code
        assert (status == refused) is not acts, name
    assert client.get(at("add")).status_code == {302: 302}.get(reads, 200 if acts or reads == 404 else 403)


@pytest.mark.parametrize("name", ["save", "recheck", "headings", "discard"])
def test_a_step_is_never_a_get(signed_in, province_run, name):
    assert signed_in.get(at(name, province_run.pk)).status_code == 405


def test_a_pilot_officer_may_only_upload_for_the_own_province(client, facts):
    client.force_login(make_user("pilot_officer:330000"))

    page = text_of(client.get(at("add")))
    assert "330000:batch" in page
    assert "national:batch" not in page
    answer = client.post(
        at("add"),
        {
            "register": "products",
            "draft": "national:batch",
            "scope": "additions",
            "file": SimpleUploadedFile("a.csv", b"a"),
        },
    )
    assert answer.status_code == 400
    assert not ImportRun.objects.exists()


def test_every_download_is_on_record(signed_in, province_run):
    answer = signed_in.get(at("file", province_run.pk, "original"))

    assert answer["Content-Disposition"].startswith("attachment")
    assert "no-store" in answer["Cache-Control"]
    assert AuditEvent.objects.get(step="import.file_taken").details == {"which": "original"}


def test_the_list_shows_runs_in_a_constant_number_of_queries(
    signed_in, province_run, import_rows, django_assert_num_queries
):
    maker = make_enterprise()
    assert "浙江.xlsx" in text_of(signed_in.get(LIST))
    with CaptureQueriesContext(connection) as few:
        signed_in.get(LIST)
    for number in range(5):
        import_rows([HEADINGS, product_row(maker, number)], is_valid_only=True)
    with django_assert_num_queries(len(few)):
        signed_in.get(LIST)


def test_an_own_checked_upload_waits_on_the_first_page(upload, signed_in):
    assert "导入已检查" not in text_of(signed_in.get("/admin/"))
    upload([HEADINGS, product_row(make_enterprise())])

    assert "导入已检查" in text_of(signed_in.get("/admin/"))


def test_the_draft_may_be_an_adjustment(upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())], draft="national:adjustment")
    signed_in.post(at("save", run.pk))

    run.refresh_from_db()
    assert (run.batch.slug, run.batch.kind) == (f"{YEAR}-t1", Batch.Kind.ADJUSTMENT)


@pytest.fixture
def jobs_are_kept(settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    settings.JOB_PAUSE_SECONDS = (0, 0)


def test_a_run_that_waits_says_when_no_worker_is_there(jobs_are_kept, upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "等待检查" in page
    assert "后台任务没有运行" in page
    ImportRun.objects.update(updated_at=timezone.now() - datetime.timedelta(hours=1))
    assert "任务可能中断了" not in text_of(signed_in.get(at("change", run.pk)))  # its job still waits


def test_a_check_that_was_broken_off_is_taken_up_where_it_lies(jobs_are_kept, upload, signed_in):
    run = upload([HEADINGS, product_row(make_enterprise())])
    row = queue.claim("w")
    ImportRun.objects.update(state=ImportRun.State.CHECKING, progress=4000)
    queue.fail(row.pk, "w", queue.LOST)
    assert "第 1 次处理没有完成" in text_of(signed_in.get(at("change", run.pk)))
    row = queue.claim("w")
    row.task.call(*row.args_kwargs["args"])
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKED


@pytest.mark.parametrize("state", ["uploaded", "checking", "saving"])
def test_a_run_on_which_the_worker_breaks_each_time_says_so_and_can_be_checked_again(
    jobs_are_kept, upload, signed_in, state
):
    run = upload([HEADINGS, product_row(make_enterprise())])
    ImportRun.objects.update(state=state)
    for _ in range(3):
        queue.fail(queue.claim("w").pk, "w", queue.crashed(-9))
    page = text_of(signed_in.get(at("change", run.pk)))
    assert "没有完成：任务异常退出（信号 9），已试 3 次" in page
    assert 'http-equiv="refresh"' not in page
    assert "重新检查" in page
    signed_in.post(at("recheck", run.pk))
    run.refresh_from_db()
    assert run.state == ImportRun.State.UPLOADED


def test_a_database_that_is_away_leaves_the_run_waiting(jobs_are_kept, upload, monkeypatch):
    run = upload([HEADINGS, product_row(make_enterprise())])
    row = queue.claim("w")
    monkeypatch.setattr(jobs, "conclude", raiser(OperationalError("gone")))
    with pytest.raises(OperationalError):
        row.task.call(*row.args_kwargs["args"])
    run.refresh_from_db()
    assert run.state == ImportRun.State.CHECKING


def raiser(fault):
    def fail(*args, **keywords):
        raise fault

    return fail
