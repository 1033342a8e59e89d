"""The way of a region's page in a real browser: its officer updates it, a second person publishes, the visitor reads."""

import datetime
from typing import Any

import pytest
import time_machine

from catalog.regions.models import RegionVersion
from portal.core.editions import clock
from portal.core.pages import cache
from tests.make import (
    make_category,
    make_division,
    make_enterprise,
    make_outlet,
    make_product,
    make_region,
    make_subsidy,
    make_user,
    publish_products,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Bamboo-2022!"
LIST = "/admin/regions/regionversion/"


def account(name: str, *roles: str) -> None:
    user = make_user(*roles, username=name)
    user.set_password(PASSWORD)
    user.save()


def sign_in(page: Any, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


def test_an_officer_updates_one_region_another_does_not_exist_and_yesterday_stays(
    browser_page, chromium, live_server
):
    page = browser_page
    yesterday = clock.today() - datetime.timedelta(days=1)
    with time_machine.travel(clock.end_of(yesterday) - datetime.timedelta(hours=2)):
        fujian = make_region(approval_batch=1, approval_year=2022, approval="2022年获批")
        zhejiang = make_region("330000", "浙江省")
    account("officer", "pilot_officer:350000")
    account("second", "pilot_officer:350000")

    sign_in(page, "officer")
    page.goto(LIST)
    assert page.get_by_role("link", name="福建省").count() == 1
    assert page.get_by_text("浙江省").count() == 0
    refused = page.goto(f"{LIST}{zhejiang.pk}/change/")
    assert refused is not None
    assert refused.status == 404

    page.goto(f"{LIST}{fujian.pk}/change/")
    page.get_by_role("link", name="起草新版本…").click()
    page.get_by_role("button", name="起草新版本").click()
    page.wait_for_url("**/change/")
    page.fill("#id_complaint_channel", "福建省示例委员会")
    page.fill("#id_change_note", "公布投诉渠道")
    assert page.locator("#id_approval").is_disabled()
    page.get_by_role("button", name="保存并继续编辑").click()
    page.get_by_role("link", name="送审…").click()
    assert page.get_by_text("缺少消费维权投诉方式").is_visible()
    page.get_by_role("link", name="回去修改").click()
    page.fill("#id_complaint_phone", "0591-00000000")
    page.fill("#id_checked_on", str(clock.today()))
    page.get_by_role("button", name="保存并继续编辑").click()
    page.get_by_role("link", name="送审…").click()
    page.get_by_role("button", name="送审").click()
    page.wait_for_url("**/change/")
    draft = RegionVersion.objects.open().get()
    refused = page.goto(f"{LIST}{draft.pk}/publish/")
    assert refused is not None
    assert refused.status == 403

    visitor = chromium.new_context(base_url=live_server.url).new_page()
    visitor.goto("/regions/350000/")
    assert visitor.get_by_text("投诉渠道待公布").is_visible()

    sign_in(page, "second")
    page.get_by_role("link", name="地区页面待审核").click()
    page.get_by_role("link", name="福建省").click()
    page.get_by_role("link", name="发布…").click()
    assert page.get_by_role("cell", name="0591-00000000").is_visible()
    page.get_by_role("button", name="发布").click()
    page.wait_for_url("**/change/")

    visitor.goto("/regions/")
    visitor.locator(".tiles").get_by_role("link", name="福建省").press("Enter")
    visitor.wait_for_url("**/regions/350000/")
    assert visitor.get_by_text("0591-00000000").is_visible()
    assert visitor.get_by_text("公布投诉渠道").is_visible()
    visitor.goto(f"/regions/350000/?as_of={yesterday}")
    assert visitor.get_by_text("投诉渠道待公布").is_visible()
    assert visitor.get_by_text("您看到的是").is_visible()
    visitor.context.close()


def test_a_visitor_without_a_script_asks_step_by_step_where_to_buy(chromium, live_server):
    fujian = make_division()
    quanzhou = make_division("350500", "泉州市", "prefecture", fujian)
    make_division("350583", "南安市", "county", quanzhou)
    make_division("330000", "浙江省")
    make_region()
    product = make_product(enterprise=make_enterprise(sells_in="350000"), category=make_category())
    publish_products(product)
    make_outlet(product.enterprise, "350583", name="南安直营店")
    make_subsidy("350500", title="泉州卷材补贴")

    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto(f"/products/{product.lines.get().number}/")
    for label, name in (("省", "福建省"), ("市", "泉州市"), ("县", "南安市")):
        page.get_by_label(label, exact=True).select_option(label=name)
        page.locator(".place").get_by_role("button", name="查看").press("Enter")
        page.wait_for_load_state()
    assert page.get_by_text("销售范围包括南安市").is_visible()
    assert page.get_by_text("南安直营店").is_visible()
    assert page.get_by_text("泉州卷材补贴").is_visible()
    page.get_by_role("link", name="文件与办理方法").click()
    assert page.get_by_role("heading", name="怎样申领").is_visible()
    context.close()
