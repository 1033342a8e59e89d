"""A redaction reaches the workbook that brought the value, its annotated copy and its report."""

import sqlite3

import pytest
import xlsxwriter
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import OperationalError, connection

from catalog.imports import importing, jobs
from catalog.imports.importing import ImportRequest, create_run, import_file
from catalog.imports.models import ImportRun
from catalog.publication.models import EnterpriseLine
from catalog.publication.publishing.redaction import wipe_freed_space
from catalog.publication.publishing.verify import all_faults
from portal.core.files.store import ErasedFileError, load
from portal.core.workflow import NotAllowed
from tests.catalog.publication.test_redaction import tables_with
from tests.make import make_batch, make_division, make_uscc, publish

pytestmark = pytest.mark.django_db(transaction=True)

SECRET = "张叁建材经营部"


@pytest.fixture
def imported(tmp_path, settings):
    settings.FILES_ROOT = tmp_path / "files"
    make_division()
    path = tmp_path / "名录.xlsx"
    with xlsxwriter.Workbook(path) as workbook:
        sheet = workbook.add_worksheet()
        sheet.write_row(0, 0, ["企业名称", "统一社会信用代码", "省份"])
        sheet.write_row(1, 0, [SECRET, make_uscc(), "福建省"])
        sheet.write_row(2, 0, ["示例乙建材有限公司", make_uscc(), "福建省"])
    batch = make_batch()
    done = import_file(path, ImportRequest("enterprises", "national", batch.created_by, slug=batch.slug))
    assert done.is_saved
    publish(batch)
    return ImportRun.objects.get()


def test_the_value_is_in_no_table_and_no_file_and_the_chain_is_whole(imported, capsys):
    line = EnterpriseLine.objects.get(name=SECRET)
    ImportRun.objects.update(mended={"Sheet1!A2": SECRET})
    call_command("redact_line", line.key, "name", basis="个人信息保护法第四十七条")
    assert tables_with(SECRET) == []
    assert list(all_faults()) == []
    files = [path for path in django_settings.FILES_ROOT.rglob("*") if path.is_file()]
    assert not any(SECRET.encode() in path.read_bytes() for path in files)
    imported.refresh_from_db()
    with pytest.raises(ErasedFileError):
        load(imported.file)


def test_a_check_that_is_under_way_writes_nothing_of_it(imported, monkeypatch):
    """It has read the file and what was mended before the redaction, and keeps its report after it."""
    line = EnterpriseLine.objects.get(name=SECRET)
    run = create_run(ImportRequest("enterprises", "national", imported.created_by), imported.file)
    ImportRun.objects.filter(pk=run.pk).update(mended={"Sheet1!A2": SECRET})
    report, redacted = importing.report_of, []

    def overtaken(*args):
        if not redacted:
            redacted.append(call_command("redact_line", line.key, "name", basis="个人信息保护法第四十七条"))
        return report(*args) | {"sentence": SECRET}

    monkeypatch.setattr(importing, "report_of", overtaken)
    jobs.check_run.func(run.pk)
    assert tables_with(SECRET) == []
    run.refresh_from_db()
    assert (run.state, run.report["rule"]) == (ImportRun.State.REFUSED, "file-missing")


def test_a_refused_redaction_prints_its_rule_and_touches_nothing(imported, capsys):
    with pytest.raises(SystemExit) as stopped:
        call_command("redact_line", "enterprise/none/national", "name", basis="申请")
    assert stopped.value.code == 1
    assert "refused: redaction.key" in capsys.readouterr().out
    assert load(imported.file)


def test_a_run_that_ended_before_the_wiping_is_ended_by_the_next(imported, monkeypatch, capsys):
    line = EnterpriseLine.objects.get(name=SECRET)
    command = "catalog.imports.management.commands.redact_line.wipe_freed_space"
    with monkeypatch.context() as patch:
        patch.setattr(command, lambda: (_ for _ in ()).throw(OperationalError("database is locked")))
        with pytest.raises(OperationalError):
            call_command("redact_line", line.key, "name", basis="个人信息保护法第四十七条")
    wiped = []
    monkeypatch.setattr(command, lambda: wiped.append(True))
    call_command("redact_line", line.key, "name", basis="个人信息保护法第四十七条")
    assert wiped
    assert "早已隐去" in capsys.readouterr().out


@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL has no such log")
def test_a_reader_who_keeps_the_log_from_being_emptied_is_told(imported):
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    try:
        other.execute("BEGIN")
        other.execute("SELECT count(*) FROM enterprises_enterprise").fetchone()
        ImportRun.objects.update(mended={"Sheet1!A2": "其他"})
        with pytest.raises(NotAllowed, match="再运行一遍"):
            wipe_freed_space()
    finally:
        other.close()
