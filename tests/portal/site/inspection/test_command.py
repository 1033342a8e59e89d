"""`inspect_site`, and the page for staff."""

import csv
import datetime
import io
import re

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from portal.core.audit.models import AuditEvent
from portal.core.editions import clock
from portal.site.inspection import reading
from portal.site.inspection.checks import Check, Finding
from portal.site.inspection.models import Probe, Reading
from portal.site.inspection.table import HEADINGS, csv_table, reading_checks
from tests.events.notices.make import put
from tests.make import make_user, publish_products

from .make import make_enquiry, make_probe, server
from .test_probing import answer_with

pytestmark = pytest.mark.django_db
PAGE = "admin:inspection_probe_changelist"


def run(*arguments: str) -> tuple[int, str]:
    out = io.StringIO()
    try:
        call_command("inspect_site", *arguments, stdout=out, stderr=io.StringIO())
    except SystemExit as end:
        return int(end.code or 0), out.getvalue()
    return 0, out.getvalue()


@pytest.fixture
def good_reading(monkeypatch):
    """A reading without findings: a small test site cannot fill every column."""
    check = Check("链接和附件", "都能打开", "打开 3 个")

    def read():
        return Reading.objects.create(edition=1, pages=3, checks=[check.written()])

    monkeypatch.setattr("portal.site.inspection.management.commands.inspect_site.read_site", read)


def fill_every_column():
    for kind in ("news", "announcement", "policy"):
        put(kind=kind, dated_on=clock.today())


def test_a_site_in_order_ends_with_nought(good_reading):
    fill_every_column()
    make_probe()
    code, told = run()
    assert (code, "没有发现问题" in told) == (0, True)
    assert told.count("【合格】") == 7


def test_any_finding_ends_with_one_and_is_told_with_place_and_remedy(good_reading):
    fill_every_column()
    make_probe()
    make_enquiry(clock.today() - datetime.timedelta(days=120))
    code, told = run()
    assert code == 1
    assert re.search(r"超过 3 个月没有答复.*位置：.*处理：由办理单位答复", told)


def test_a_warning_alone_ends_with_nought(good_reading):
    fill_every_column()
    make_probe()
    make_enquiry(clock.today() - datetime.timedelta(days=90))
    assert "【将到期】留言答复" in run()[1]


def test_what_was_not_measured_is_said_aloud(good_reading):
    fill_every_column()
    assert "没有测到，不算合格：网站可用性" in run()[1]


def test_the_whole_command_reads_the_site(monkeypatch):
    monkeypatch.setattr(reading, "MOST_PAGES", 100)  # all columns, and the first pages that they lead to
    publish_products()
    code, told = run()
    assert code == 1
    assert "栏目「通知公告·政策文件」没有内容" in told
    assert Reading.objects.get().pages > 20


def test_the_table_of_the_quarter_is_csv(good_reading):
    fill_every_column()
    rows = list(csv.reader(io.StringIO(run("--csv")[1])))
    assert tuple(rows[0]) == HEADINGS
    assert {row[2] for row in rows[1:]} >= {"网站可用性", "工作动态更新", "留言答复", "链接和附件"}
    assert {len(row) for row in rows} == {len(HEADINGS)}


def test_no_cell_of_the_table_is_a_formula():
    finding = Finding("=1+1", "/", "改")
    table = csv_table([Check("@项", "=要求", "-1", (finding,))], clock.today())
    assert "'@项,'=要求,'-1" in table
    assert "'=1+1" in table


def test_a_try_is_kept_and_tells_the_quarter():
    with server(answer_with(200)) as url:
        code, told = run("--probe", url)
    assert (code, Probe.objects.count()) == (0, 1)
    assert "探测 1 次，打不开 0 次" in told
    with server(answer_with(500)) as url:
        assert run("--probe", url)[0] == 1


def test_a_foreign_address_is_refused():
    with pytest.raises(CommandError, match=r"refused: probe\.host"):
        call_command("inspect_site", "--probe", "http://example.com/")


def test_an_old_reading_tells_nothing(monkeypatch):
    Reading.objects.create(edition=1, pages=1, checks=[])
    assert reading_checks() == []
    later = timezone.now() + datetime.timedelta(days=8)
    monkeypatch.setattr("portal.site.inspection.table.timezone.now", lambda: later)
    assert [check.verdict for check in reading_checks()] == ["未测"]


@pytest.mark.parametrize(
    ("who", "status"),
    [("editor", 200), ("reviewer", 200), ("auditor", 200), ("support", 403), ("administrator", 403)],
)
def test_the_page_is_for_those_who_read_contents(client, who, status):
    client.force_login(make_user(who))
    assert client.get(reverse(PAGE)).status_code == status
    assert client.get(reverse("admin:inspection_table")).status_code == status
    assert client.get(reverse("admin:inspection_read")).status_code == 405
    orders = who in ("editor", "reviewer")
    assert client.post(reverse("admin:inspection_read")).status_code == (302 if orders else 403)


def test_a_visitor_is_sent_to_sign_in(client):
    assert client.get(reverse(PAGE)).status_code == 302


def test_the_page_shows_the_findings_and_the_failed_tries(client):
    make_probe(fault="服务器回答 503")
    client.force_login(make_user("editor"))
    page = client.get(reverse(PAGE)).content.decode()
    assert "单项否决" in page
    assert "服务器回答 503" in page
    assert "还没有通读过" in page
    assert 'href="/notices/?kind=policy"' in page


def test_a_reading_ordered_at_the_desk_is_done_and_recorded(client):
    client.force_login(make_user("editor"))
    client.post(reverse("admin:inspection_read"))
    assert Reading.objects.get().pages > 10
    assert AuditEvent.objects.filter(step="inspection.ordered").count() == 1
    assert "栏目「产品清单」没有内容" in client.get(reverse(PAGE)).content.decode()


def test_editors_are_warned_on_their_first_page(client):
    fill_every_column()
    put(kind="media", dated_on=clock.today())
    editor = make_user("editor")
    client.force_login(editor)
    assert "栏目" not in client.get("/admin/").content.decode().split("全部页面")[0]


def test_what_is_about_to_be_late_waits_for_editors_and_not_for_readers(client):
    old = clock.today() - datetime.timedelta(days=12)
    for kind in ("announcement", "policy"):
        put(kind=kind, dated_on=clock.today())
    put(kind="news", dated_on=old)
    client.force_login(make_user("editor"))
    assert "栏目三天内超期" in client.get("/admin/").content.decode()
    client.force_login(make_user("auditor"))
    assert "栏目三天内超期" not in client.get("/admin/").content.decode()
