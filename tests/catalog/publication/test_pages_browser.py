"""The public pages in a real browser: on a narrow screen, without a script, by keyboard."""

import pytest

from catalog.publication.models import ProductLine
from tests.catalog.publication.stories import act, announce
from tests.make import make_certificate, make_enterprise, make_product, publish_products

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def published():
    maker = make_enterprise(name="示例甲防水材料（集团）股份有限公司南区分公司")
    product = make_product(
        name="自粘聚合物改性沥青防水卷材",
        enterprise=maker,
        certificate=make_certificate(number="CABR-01(02)-(2025)-CGP-035-EXTRA-LONG-0001"),
        models_text="N类PY类" * 12,
    )
    publish_products(product, *(make_product() for _ in range(21)))
    act(ProductLine.objects.exclude(product=product).latest("id").product)
    batch = announce(make_product())
    number = ProductLine.objects.filter(product=product).latest("id").number
    return [
        "/",
        "/products/",
        "/products/?q=防水&star=3&validity=all",
        "/products/?q=没有的东西",
        "/enterprises/",
        "/batches/",
        f"/batches/{batch.slug}/",
        f"/products/{number}/",
        f"/enterprises/{maker.uscc}/",
        "/check/?number=CABR-01(02)-(2025)-CGP-035-EXTRA-LONG-0001",
        "/check/?number=CABR-01(02)-(2025)-CGP-035-EXTRA-LONG-0002",
        "/products/?colour=red",
        "/nowhere/",
    ]


@pytest.mark.parametrize("size", ["normal", "elder"])
def test_no_page_scrolls_sideways_on_a_phone(browser_context, published, size):
    page = browser_context.new_page()
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto(f"/mode/?size={size}")
    for address in published:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address


def test_the_filters_work_by_keyboard_and_without_a_script(chromium, live_server, settings, published):
    settings.SITE_URL = live_server.url
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    page.goto("/products/")
    page.get_by_role("link", name="筛选").press("Enter")
    box = page.get_by_role("checkbox", name="三星级")
    box.press("Space")
    page.get_by_role("button", name="应用筛选").press("Enter")
    assert "star=3" in page.url
    assert page.locator(".chip", has_text="三星级").is_visible()
    assert page.get_by_role("button", name="打印").count() == 0
    context.close()


def test_the_first_stop_of_the_keyboard_leads_to_the_text(browser_page, published):
    browser_page.goto("/products/")
    browser_page.keyboard.press("Tab")
    assert browser_page.evaluate("document.activeElement.textContent") == "跳到正文"
    browser_page.keyboard.press("Enter")
    assert browser_page.url.endswith("#main")


def test_a_visitor_searches_opens_a_product_and_prints_it(browser_page, published):
    browser_page.goto("/")
    browser_page.get_by_role("combobox").fill("jituan")
    browser_page.keyboard.press("Enter")
    browser_page.locator("mark").first.wait_for()
    browser_page.locator("main a", has_text="自粘聚合物").first.click()
    browser_page.get_by_role("button", name="打印本页").wait_for()
    browser_page.get_by_role("link", name="引用本页").click()
    assert "edition=" in browser_page.url
