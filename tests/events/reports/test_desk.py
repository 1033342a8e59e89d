"""The desk of reports: begun once, written by those whose it is, counted anew, published by a second person, kept."""

import datetime

import pytest
import time_machine

from events.reports import workflow
from events.reports.models import Report, ReportVersion
from portal.core.audit.models import AuditEvent
from portal.core.editions.models import Edition
from portal.core.pages import cache
from portal.core.workflow import NotAllowed, versions
from tests.catalog.publication.test_two_at_once import at_once
from tests.events.activities.make import publish_activity
from tests.make import make_division, make_region, make_user
from tests.portal.core.workflow.test_two_at_once import refusals

from .world import DESK, FUJIAN, NOW, ZHEJIANG, act, begin, day, published, sign_in, text, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _regions(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()
    with time_machine.travel(NOW, tick=False):
        make_region(FUJIAN, "福建省", approval_batch=1, approval_year=2022)
        make_region(ZHEJIANG, "浙江省", approval_batch=1, approval_year=2022)
        publish_activity(division=make_division(), on=day("2026-06-06"))
        yield


def held(version: ReportVersion) -> str:
    return next(line.now.words for line in version.figures if line.code == "held" and line.now)


def test_an_officer_writes_the_own_report_and_a_reviewer_publishes_it(client):
    officer = sign_in(client, f"pilot_officer:{FUJIAN}")
    own = text(client, f"{DESK}years/")
    assert "福建省" in own
    assert "浙江省" not in own
    assert "全国" not in own
    begin(client)
    version = ReportVersion.objects.get()
    lacking = act(client, version, "submit", 409)
    assert "没有写报送单位" in lacking
    assert "没有写概述" in lacking
    write(client, version)
    act(client, version, "submit")
    act(client, version, "publish", 403)
    assert client.get(f"{DESK}{version.pk}/publish/").status_code == 403
    client.logout()
    assert client.get("/reports/2026/350000/").status_code == 404
    reviewer = sign_in(client, "reviewer")
    shown = text(client, f"{DESK}{version.pk}/preview/")
    assert "举办的活动" in shown
    assert "公众看不到这一页" in shown
    act(client, version, "publish")
    assert (version.created_by, version.reviewed_by) == (officer, reviewer)
    act(client, version, "publish", 409)
    assert Edition.objects.filter(subject="report/2026/350000").count() == 1
    client.logout()
    assert "全年组织宣讲进村" in text(client, "/reports/2026/350000/")


def test_not_yours_is_not_there(client):
    """Of another region and of the campaign: not seen, not begun, not written, not counted, not taken a step on."""
    sign_in(client, "editor")
    for scope in (ZHEJIANG, ""):
        begin(client, scope)
    sign_in(client, f"pilot_officer:{FUJIAN}")
    for version in ReportVersion.objects.all():
        for page in ("change", "preview", "recount", "submit", "publish", "discard", "withdraw", "correct"):
            assert client.get(f"{DESK}{version.pk}/{page}/").status_code == 404, page
        write(client, version, 404)
        act(client, version, "recount", 404)
    for scope in (ZHEJIANG, "", "330100", "x"):
        begin(client, scope, status=404)
    begin(client, "350100", status=409)
    begin(client, year=2021, status=409)
    sign_in(client, "editor")
    for scope in ("350100", "x", "\x00", "<b>"):
        assert "不是省级地区" in begin(client, scope, status=409)
    assert "一年一份" in begin(client, year=2027, status=409)
    for role in ("reviewer", "auditor"):
        sign_in(client, role)
        begin(client, status=403)
        begin(client, year=0, status=403)
    assert not Report.objects.filter(scope=FUJIAN).exists()


def test_a_year_and_place_have_one_report(client):
    sign_in(client, "editor")
    begin(client)
    assert "已有一个草稿" in begin(client, status=409)
    version = ReportVersion.objects.get()
    act(client, version, "discard", reason="重来")
    begin(client)
    assert Report.objects.count() == 1
    assert ReportVersion.objects.count() == 1


def test_figures_change_by_counting_alone_and_whoever_counts_does_not_publish(client):
    sign_in(client, "editor")
    begin(client)
    version = ReportVersion.objects.get()
    write(client, version)
    publish_activity(division=make_division(), on=day("2026-07-07"))
    told = act(client, version, "submit", 409)
    assert "有 2 个数变了（举办的活动、公益宣讲）" in told
    write(client, version, summary="又改了一遍。", lines="[]", counted_edition="99")
    version.refresh_from_db()
    assert held(version) == "1"
    counting = sign_in(client, "editor", "reviewer")
    act(client, version, "recount")
    assert (held(version), version.created_by) == ("2", counting)
    assert version.counted_edition == Edition.objects.current_number()
    assert AuditEvent.objects.filter(step="reportversion.counted", is_success=True).count() == 1
    sign_in(client, "editor")
    act(client, version, "submit")
    act(client, version, "recount", 409)
    with pytest.raises(NotAllowed, match="由您编写或送审"):
        versions.publish(version, by=counting)


def test_stale_numbers_of_the_year_before_and_of_a_region_are_told(client):
    with time_machine.travel(NOW - datetime.timedelta(days=400), tick=False):
        publish_activity(division=make_division(), on=day("2025-06-06"))  # the year before is known
    moving = publish_activity(division=make_division(), on=day("2026-06-08"))
    sign_in(client, "editor")
    begin(client, "")
    version = ReportVersion.objects.get()
    assert workflow.differing(version) == []
    there = make_division(ZHEJIANG, "浙江省")
    publish_activity(moving.activity, replaces=moving, division=there, on=day("2026-06-08"))
    assert workflow.differing(version) == ["各地的举办的活动"]
    publish_activity(division=make_division(), on=day("2025-06-07"))
    assert workflow.differing(version) == ["举办的活动", "公益宣讲", "各地的举办的活动"]


def test_a_new_version_keeps_the_old_one_and_its_figures(client):
    first = published(client)
    edition = first.from_edition_id
    publish_activity(division=make_division(), on=day("2026-07-07"))
    sign_in(client, "editor")
    act(client, first, "correct")
    second = ReportVersion.objects.latest("pk")
    assert held(second) == "1"  # carried on, until somebody counts
    act(client, second, "recount")
    write(client, second, summary="更正后的概述。", change_note="补报一场活动")
    page = text(client, f"{DESK}{second.pk}/submit/")
    assert "举办的活动 2 场（上一年 未报）" in page
    assert "举办的活动 1 场（上一年 未报）" in page
    act(client, second, "submit")
    sign_in(client, "reviewer")
    act(client, second, "publish")
    client.logout()
    cache.clear()
    now, then = (
        text(client, "/reports/2026/350000/"),
        text(client, f"/reports/2026/350000/?edition={edition}"),
    )
    assert "更正后的概述" in now
    assert "补报一场活动" in now
    assert "全年组织宣讲进村" in then
    first.refresh_from_db()
    assert held(first) == "1"
    sign_in(client, "reviewer")
    act(client, second, "withdraw", reason="数字报错了")
    client.logout()
    cache.clear()
    gone = text(client, "/reports/2026/350000/")
    assert "数字报错了" in gone
    assert "更正后的概述" in gone
    assert "尚未公布" in text(client, "/reports/")


def test_no_person_goes_into_a_report_unseen(client):
    sign_in(client, "editor")
    begin(client)
    version = ReportVersion.objects.get()
    write(client, version, summary="有事找陈主任 13812345678，全国最佳。")
    told = act(client, version, "submit", 409)
    assert "「13812345678」像是个人的电话" in told
    assert "属于广告用语" in told


@pytest.mark.postgres_only
@pytest.mark.django_db(transaction=True)
def test_two_at_once_are_one_draft_and_one_publication():
    one, other = make_user("editor"), make_user("editor")
    begun = [lambda user=user: workflow.begin(2026, FUJIAN, by=user) for user in (one, other)]
    assert refusals(at_once(*begun)) == ["version.open"]
    version = ReportVersion.objects.get()
    version.unit, version.summary = "示例", "示例"
    version.save()
    version = versions.submit(version, by=one)
    editions = Edition.objects.count()
    reviewers = [make_user("reviewer"), make_user("publisher")]
    published = [lambda user=user: versions.publish(version, by=user) for user in reviewers]
    assert refusals(at_once(*published)) == ["step.state"]
    assert Edition.objects.count() == editions + 1
    assert ReportVersion.objects.current().count() == 1
