"""Who may do what at the import desk, what is recorded, and what its list costs."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.imports.models import ImportRun
from catalog.publication.models import Batch
from portal.core.audit.models import AuditEvent
from tests.make import make_division, make_enterprise, make_user

from .conftest import HEADINGS, product_row
from .desk import YEAR, at, text_of
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db


LIST = "/admin/imports/importrun/"

POSTS = ["save", "recheck", "headings", "decide", "cells", "discard", "take_back"]


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
