"""A report on a phone, without a script: from the foot of the front page to the rows of one of its figures."""

import pytest

from tests.events.activities.make import publish_activity
from tests.make import make_division, make_region

from .world import FUJIAN, day, published

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_figure_leads_to_its_rows_on_a_phone_without_a_script(chromium, live_server, client, settings):
    settings.SITE_URL, settings.PAGE_TOKEN_SECONDS = live_server.url, 0
    make_region(FUJIAN, "福建省", approval_batch=1, approval_year=2022)
    for title in ("示例镇宣讲", "示例村宣讲"):
        publish_activity(title=title, division=make_division(), on=day("2025-06-06"))
    published(client, year=2025)
    published(client, "", year=2025)
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    page.goto("/")
    page.get_by_role("contentinfo").get_by_role("link", name="年度报告").click()
    assert "应有 2 份，都已公布" in page.inner_text("main")
    page.get_by_role("link", name="福建省2025年绿色建材下乡活动年度报告").click()
    row = page.get_by_role("row", name="举办的活动")
    assert [cell.inner_text() for cell in row.get_by_role("cell").all()] == ["2", "未报", ""]
    widths = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert widths == [360, 360]
    row.get_by_role("link", name="2").click()
    listed = page.inner_text("#results")
    assert "示例镇宣讲" in listed
    assert "示例村宣讲" in listed
    page.goto("/reports/2025/national/")
    assert page.get_by_role("row", name="福建省").get_by_role("link", name="2").count() == 1
    context.close()
