"""The age of the columns: what is in time, what is about to be late, what is late."""

import datetime

import pytest

from portal.core.editions import clock
from portal.core.pages.templatetags.pages import day_words
from portal.site.inspection.enquiries import answers
from portal.site.inspection.freshness import freshness, months_after
from portal.site.inspection.table import present
from tests.events.notices.make import put
from tests.make import publish_products

from .make import make_enquiry

pytestmark = pytest.mark.django_db


def ago(days: int) -> datetime.date:
    return clock.today() - datetime.timedelta(days=days)


def verdicts() -> dict[str, str]:
    return {check.item: check.verdict for check in freshness(present())}


@pytest.mark.parametrize(
    ("days", "verdict"), [(0, "合格"), (10, "合格"), (11, "将到期"), (14, "将到期"), (15, "不合格")]
)
def test_news_are_new_for_two_weeks_and_editors_are_warned_three_days_before(days, verdict):
    put(kind="news", dated_on=ago(days))
    assert verdicts()["工作动态更新"] == verdict
    assert verdicts()["首页更新"] == verdict


@pytest.mark.parametrize("kind", ["announcement", "policy"])
def test_notices_and_policy_are_new_for_six_months(kind):
    item = {"announcement": "通知公告更新", "policy": "政策文件更新"}[kind]
    put(kind=kind, dated_on=ago(170))
    assert verdicts()[item] == "合格"
    put(kind=kind, dated_on=ago(200), notice=None)
    assert verdicts()[item] == "合格"  # the newest counts


def test_an_old_notice_is_told_with_its_day_and_what_to_do():
    put(kind="announcement", dated_on=ago(200))
    finding = {check.item: check for check in freshness(present())}["通知公告更新"].faults[0]
    assert f"最近一次更新是 {day_words(ago(200))}，已过 200 天" in finding.sentence
    assert finding.where == "/notices/?kind=announcement"
    assert "发布通知公告" in finding.remedy


def test_a_date_is_told_no_finer_than_it_was_stated():
    put(kind="news", dated_on=datetime.date(2023, 9, 1), dated_precision="month")
    finding = {check.item: check for check in freshness(present())}["工作动态更新"].faults[0]
    assert "最近一次更新是 2023年9月，" in finding.sentence


def test_a_column_without_content_is_late():
    assert set(verdicts().values()) == {"不合格"}


def test_a_published_batch_renews_the_front_page_and_nothing_else():
    publish_products()
    assert verdicts()["首页更新"] == "合格"
    assert verdicts()["工作动态更新"] == "不合格"


def test_what_was_withdrawn_or_waits_for_its_day_is_not_new():
    put(kind="news", dated_on=ago(0), is_withdrawn=True, change_note="重复")
    put(kind="news", dated_on=ago(0), publish_on=ago(-1))
    assert verdicts()["工作动态更新"] == "不合格"


def test_months_end_where_the_month_ends():
    assert months_after(datetime.date(2022, 8, 31), 6) == datetime.date(2023, 2, 28)
    assert months_after(datetime.date(2022, 12, 1), 3) == datetime.date(2023, 3, 1)


def test_messages_are_answered_within_three_months():
    make_enquiry(months_after(clock.today(), -3) - datetime.timedelta(days=1))
    make_enquiry(ago(1))
    check = answers(present())
    assert check.verdict == "不合格"
    assert len(check.findings) == 1
    assert "超过 3 个月没有答复" in check.findings[0].sentence
    assert check.measured.startswith("2 件在办")


def test_an_answered_message_is_no_finding_and_a_near_one_a_warning():
    make_enquiry(ago(200), state="answered", ended_on=ago(150))
    assert answers(present()).verdict == "合格"
    make_enquiry(months_after(clock.today(), -3) + datetime.timedelta(days=2))
    check = answers(present())
    assert (check.verdict, len(check.warnings)) == ("将到期", 1)
