"""A database that is busy or away is answered with 503 and a sentence, and what was typed is not lost."""

import datetime

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from portal.core.busy import Fault, bound_statements, fault_of
from tests.make import make_user
from tests.portal.core.database_faults import end_the_connection, gone, held_by_another

pytestmark = pytest.mark.django_db(transaction=True)
TYPED = {"name": "甲<b>", "address": "一\n二", "several": ["1", "2"]}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture
def editor() -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(make_user("editor"))
    return client


def refused_for_now(response):
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0
    assert response["Cache-Control"] == "no-store"
    assert not response.cookies
    return response.content.decode()


def test_a_reader_does_not_wait_for_a_writer(visitor, editor):
    with held_by_another():
        assert visitor.get("/").status_code == 200
        assert editor.get("/admin/").status_code == 200


@pytest.mark.parametrize("age", [61, 600])
def test_a_session_whose_end_is_due_reads_on_beside_a_writer(editor, age):
    _let_pass(age)
    with held_by_another():
        response = editor.get("/admin/")
    assert response.status_code == 200
    assert "地址里有认不出的内容" not in response.content.decode()


def test_a_writer_that_waited_too_long_is_told_so(editor):
    form = TYPED | {"register": "products", "draft": "national:batch", "scope": "additions"}
    form["file"] = SimpleUploadedFile("清单.csv", "企业名称\n".encode())
    with held_by_another():
        page = refused_for_now(editor.post("/admin/imports/importrun/add/", form))
    assert "本站正忙" in page
    assert 'action="/admin/imports/importrun/add/"' in page
    assert "请重新选择文件「清单.csv」" in page
    assert '<textarea hidden name="name">\n甲&lt;b&gt;</textarea>' in page
    assert page.count('name="several"') == 2
    assert '<textarea hidden name="address">\n一\n二</textarea>' in page


def test_a_sign_in_shows_no_password_again(visitor):
    with held_by_another():
        page = refused_for_now(visitor.post("/accounts/login/", {"login": "editor", "password": "secret-1A"}))
    assert "secret-1A" not in page
    assert 'href="/accounts/login/"' in page


@pytest.mark.parametrize(
    "address", ["/", "/products/", "/products/export.csv", "/notices/feed.atom", "/batches/", "/readyz"]
)
def test_a_database_that_is_away_is_told_to_everybody(visitor, address):
    with gone():
        response = visitor.get(address)
    if address == "/readyz":
        assert response.status_code == 503  # in words of its own, for a balancer
    else:
        assert "本站暂时不能" in refused_for_now(response)


@pytest.mark.parametrize("address", ["/", "/admin/", "/accounts/login/", "/desk/", "/products/export.xlsx"])
def test_a_database_that_is_away_is_told_to_whoever_has_a_session(editor, address):
    with gone():
        assert "本站暂时不能" in refused_for_now(editor.get(address))


def test_a_form_meets_a_database_that_is_away(editor):
    with gone():
        page = refused_for_now(editor.post("/admin/notices/noticeversion/add/", TYPED))
    assert "先看一看" in page
    assert "甲&lt;b&gt;</textarea>" in page


def test_a_file_has_to_be_chosen_again(editor, tmp_path):
    paper = tmp_path / "清单.xlsx"
    paper.write_bytes(b"x")
    with gone(), paper.open("rb") as stream:
        page = refused_for_now(
            editor.post("/admin/imports/importrun/add/", {"register": "products", "file": stream})
        )
    assert 'type="file" name="file" required' in page
    assert "清单.xlsx" in page


def test_a_machine_is_answered_in_plain_text(visitor):
    with gone():
        response = visitor.get("/products/export.jsonl", headers={"accept": "application/x-ndjson"})
    assert response["Content-Type"].startswith("text/plain")
    refused_for_now(response)


def test_an_elder_reads_large_letters_there_too(visitor):
    visitor.cookies["size"] = "elder"
    with gone():
        assert 'data-size="elder"' in visitor.get("/").content.decode()


def test_a_fault_of_the_program_is_no_fault_of_the_database(db):
    with pytest.raises(OperationalError if connection.vendor == "sqlite" else Exception) as raised:
        connection.cursor().execute("SELECT * FROM no_such_table")
    assert fault_of(raised.value) is None


@pytest.mark.postgres_only
def test_a_connection_that_ended_is_away():
    connection.ensure_connection()
    end_the_connection()
    with pytest.raises(Exception) as raised:
        connection.cursor().execute("SELECT 1")
    connection.close()
    assert fault_of(raised.value) is Fault.AWAY


def _let_pass(seconds: int) -> None:
    """The session was last kept alive so long ago."""
    ends = timezone.now() + datetime.timedelta(seconds=settings.SESSION_COOKIE_AGE - seconds)
    Session.objects.update(expire_date=ends)


@pytest.mark.postgres_only
def test_a_statement_of_a_page_that_takes_too_long_is_cut_and_one_of_a_job_is_not(visitor, settings):
    settings.DATABASE_REQUEST_SECONDS = 1
    options = connections.settings["default"]["OPTIONS"]
    before = dict(options)

    def slowly(execute, _sql, _params, _many, context):
        return execute("SELECT pg_sleep(1.5)", None, False, context)

    connection.close()
    try:
        with connection.execute_wrapper(slowly):
            Session.objects.exists()  # whoever asked for no bound has none
        connection.close()
        bound_statements()
        with connection.execute_wrapper(slowly):
            page = refused_for_now(visitor.get("/products/"))
        assert "本站正忙，请过几秒再试" in page
        assert visitor.get("/products/").status_code == 200
    finally:
        options.clear()
        options.update(before)
        connection.close()
