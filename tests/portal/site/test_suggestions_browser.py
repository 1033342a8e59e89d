"""Suggestions in a real browser: by keyboard, for a screen reader, under the policy of the site, on a phone, and without a script."""

import pytest

from tests.make import make_category, make_product, publish_products

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def goods():
    tiles = make_category("208", "建筑陶瓷", aliases=["瓷砖"])
    publish_products(*(make_product(name=f"釉面瓷砖{n}", category=tiles) for n in range(3)))


def test_a_suggestion_is_chosen_by_keyboard_and_told_to_a_screen_reader(browser_context, goods):
    page = browser_context.new_page()
    faults: list[str] = []
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    page.set_viewport_size({"width": 360, "height": 780})
    page.goto("/products/")
    box = page.get_by_role("combobox", name="搜索产品、企业、证书编号")
    assert box.get_attribute("aria-expanded") == "false"
    box.press_sequentially("瓷")
    option = page.get_by_role("option").first
    option.wait_for()
    assert "建筑陶瓷" in option.inner_text()
    assert box.get_attribute("aria-expanded") == "true"
    assert page.get_by_role("listbox", name="提示").is_visible()
    assert "条提示" in page.get_by_role("status").first.inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    box.press("ArrowDown")
    assert option.get_attribute("aria-selected") == "true"
    assert box.get_attribute("aria-activedescendant") == option.get_attribute("id")
    box.press("Escape")
    assert page.get_by_role("option").count() == 0
    assert box.input_value() == "瓷"
    box.press("ArrowDown")
    page.get_by_role("option").first.wait_for()
    box.press("ArrowUp")
    box.press("ArrowDown")
    box.press("ArrowDown")
    with page.expect_navigation():
        box.press("Enter")
    assert "category=208" in page.url
    assert faults == []


def test_a_suggestion_is_clicked_and_enter_without_a_choice_sends_the_form(browser_context, goods):
    page = browser_context.new_page()
    page.goto("/")
    box = page.get_by_role("combobox")
    box.press_sequentially("瓷")
    page.get_by_role("option").first.wait_for()
    with page.expect_navigation():
        box.press("Enter")
    assert "/search/?q=" in page.url
    box = page.get_by_role("combobox")
    box.fill("瓷砖")
    with page.expect_navigation():
        page.get_by_role("option").first.click()
    assert "category=208" in page.url


def test_without_a_script_the_box_is_an_ordinary_form(chromium, live_server, settings, goods):
    settings.SITE_URL = live_server.url
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
    page = context.new_page()
    page.goto("/search/")
    assert page.get_by_role("combobox").count() == 0
    assert page.get_by_role("link", name="建筑陶瓷").is_visible()
    page.get_by_role("searchbox").fill("瓷砖")
    page.get_by_role("button", name="查找").click()
    assert "产品清单" in page.inner_text("main")
    context.close()
