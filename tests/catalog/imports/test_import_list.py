"""The command, as scripts rely on it: options, exit codes, what it prints."""

import json

import pytest

from catalog.imports.models import ImportRun
from catalog.imports.saving.reverting import revert
from catalog.products.models import Certificate, Product
from catalog.publication.models import Batch, BatchEntry
from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.core.workflow import NotAllowed
from tests.make import make_enterprise, make_user

from . import hostile, hostile_xlsx
from .conftest import HEADINGS, product_row
from .layouts import END, LAYOUTS
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db
YEAR = clock.today().year


@pytest.mark.parametrize("layout", LAYOUTS, ids=[layout.__name__ for layout in LAYOUTS])
def test_a_workbook_of_any_layout_is_taken_without_fault(tmp_path, import_list, layout):
    path = layout(tmp_path, make_enterprise(), 1)

    code, printed = import_list(path, "--json")

    answer = json.loads(printed)
    assert (code, answer["faults"], answer["rows"], answer["new"]) == (0, [], 2, 2)
    assert set(Product.objects.values_list("name", flat=True)) == {"第1册产品1", "第1册产品2"}
    assert set(Certificate.objects.values_list("valid_until", flat=True)) == {END}


def test_fourteen_workbooks_go_into_one_batch_and_one_is_taken_back(tmp_path, import_list, editor):
    for number, layout in enumerate(LAYOUTS, 1):
        code, _printed = import_list(layout(tmp_path, make_enterprise(), number), "--batch", f"{YEAR}-1")
        assert code == 0
    batch = Batch.objects.get()
    assert (batch.slug, batch.entries.count(), Product.objects.count()) == (f"{YEAR}-1", 28, 28)

    revert(ImportRun.objects.get(file__name="05.csv"), by=editor)

    assert batch.entries.count() == Product.objects.count() == 26
    assert not Product.objects.filter(name__startswith="第5册").exists()


def test_the_json_object_has_exactly_its_keys(tmp_path, import_list):
    rows = [HEADINGS, product_row(make_enterprise(), 1), product_row(make_enterprise(), 2, 星级="五星")]

    code, printed = import_list(write_xlsx(tmp_path / "a.xlsx", {"清单": rows}), "--json", "--valid-only")

    answer = json.loads(printed)
    assert code == 2
    assert list(answer) == [
        "register",
        "publisher",
        "rows",
        "new",
        "changed",
        "unchanged",
        "faults",
        "headings",
        "batch",
    ]
    assert (answer["register"], answer["publisher"], answer["batch"]) == ("products", "national", f"{YEAR}-1")
    assert (answer["rows"], answer["new"], answer["changed"], answer["unchanged"]) == (2, 1, 0, 0)
    (fault,) = answer["faults"]
    assert list(fault) == ["rule", "cell", "value", "message"]
    assert (fault["rule"], fault["cell"], fault["value"]) == ("star", "清单!H3", "五星")
    assert answer["headings"]["企业名称"] == "enterprise"


def test_a_dry_run_says_so_and_names_no_batch(tmp_path, import_list):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": [[*HEADINGS, "怪列"], product_row(make_enterprise())]})

    code, printed = import_list(path, "--dry-run", "--json", "--batch", f"{YEAR}-1")

    answer = json.loads(printed)
    assert (code, answer["batch"], answer["headings"]["怪列"]) == (0, None, None)
    assert not Batch.objects.exists()
    assert "只检查" in import_list(path, "--dry-run")[1]


def test_the_same_file_again_says_that_nothing_changed(tmp_path, import_list):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": [HEADINGS, product_row(make_enterprise())]})
    import_list(path)
    entries = BatchEntry.objects.count()

    code, printed = import_list(path)

    assert code == 0
    assert "没有变化" in printed
    assert BatchEntry.objects.count() == entries


def test_people_are_told_headings_faults_and_what_to_do(tmp_path, import_list):
    rows = [["清单"], [*HEADINGS, "怪列"], product_row(make_enterprise(), 星级="五星"), ["合计", "1"]]

    code, printed = import_list(write_xlsx(tmp_path / "a.xlsx", {"清单": rows, "说明": [["无表头"]]}))

    assert code == 2
    for words in (
        "标题在第 2 行",
        "未采用的列：怪列",
        "第 4 行不是数据",
        "「说明」未读取",
        "清单!H3 star",
        "没有保存",
    ):
        assert words in printed
    assert not Product.objects.exists()


@pytest.mark.parametrize(
    ("make", "rule"),
    [
        (hostile_xlsx.far_cell, "far-cell"),
        (hostile_xlsx.entity_bomb, "entity-declaration"),
        (hostile.program, "renamed-program"),
    ],
)
def test_a_refused_file_saves_nothing_and_says_which_rule(tmp_path, import_list, make, rule):
    code, printed = import_list(make(tmp_path / "a.xlsx"))

    first, sentence = printed.splitlines()
    assert (code, first) == (1, f"refused: {rule}")
    assert sentence.endswith("。")
    assert not ImportRun.objects.exists()
    assert not Batch.objects.exists()
    assert AuditEvent.objects.get(step="import.refused").is_success is False


def test_a_file_that_is_not_there_is_refused(tmp_path, import_list):
    assert import_list(tmp_path / "none.xlsx") == (
        1,
        "refused: file-missing\n找不到文件「none.xlsx」。请检查文件名和路径。\n",
    )


def test_a_workbook_without_heading_or_rows_is_refused(tmp_path, import_list):
    assert import_list(write_xlsx(tmp_path / "a.xlsx", {"一": [["甲", "乙"]]}))[1].startswith(
        "refused: no-heading-row"
    )
    assert import_list(write_xlsx(tmp_path / "b.xlsx", {"一": [HEADINGS]}))[1].startswith("refused: no-rows")


def test_more_rows_than_the_limit_are_refused(tmp_path, import_list, settings):
    settings.IMPORT_MAX_ROWS = 2
    rows = [HEADINGS, *(product_row(make_enterprise(), number) for number in range(3))]

    assert import_list(write_xlsx(tmp_path / "a.xlsx", {"清单": rows}))[1].startswith(
        "refused: too-many-rows"
    )


def test_whom_it_may_serve(tmp_path, editor, import_list):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": [HEADINGS, product_row(make_enterprise())]})

    assert import_list(path, publisher="999999")[1].startswith("refused: batch.publisher")
    editor.grants.all().delete()
    assert import_list(path)[1].startswith("refused: step.permission")


@pytest.mark.parametrize(
    ("publisher", "is_allowed"), [("330000", True), ("350000", False), ("national", False)]
)
def test_a_pilot_officer_imports_for_the_own_province_alone(import_rows, publisher, is_allowed):
    officer = make_user("pilot_officer:330000")
    rows = [HEADINGS, product_row(make_enterprise())]
    if is_allowed:
        assert import_rows(rows, publisher=publisher, by=officer).run.batch.slug == f"330000-{YEAR}-1"
    else:
        with pytest.raises(NotAllowed):
            import_rows(rows, publisher=publisher, by=officer)


def test_a_batch_that_is_no_draft_takes_nothing(tmp_path, import_list):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": [HEADINGS, product_row(make_enterprise())]})
    import_list(path)
    Batch.objects.update(
        state=Batch.State.SUBMITTED, submitted_by=make_user(), submitted_at="2026-01-01T00:00Z"
    )

    assert import_list(path, "--batch", f"{YEAR}-1")[1].startswith("refused: batch.state")
