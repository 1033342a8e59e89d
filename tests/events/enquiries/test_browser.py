"""Complaints in a real browser: filed without an account, answered at the desk, followed; without a script; twice pressed."""

from pathlib import Path
from typing import Any

import pytest

from events.enquiries.models import Enquiry
from tests.catalog.publication.stories import announce
from tests.events.online.shops import make_platform, make_shop
from tests.make import make_division, make_product, make_user, publish_products
from tests.portal.core.files.uploads import photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Bamboo-2022!"


@pytest.fixture
def product():
    make_division("330000", "浙江省")
    product = make_product(name="示例防水卷材")
    publish_products(product)
    product.refresh_from_db()
    return product


@pytest.fixture
def shot(tmp_path: Path) -> str:
    path = tmp_path / "开裂.jpg"
    path.write_bytes(photo())
    return str(path)


def sign_in(page: Any, *roles: str) -> None:
    user = make_user(*roles)
    user.set_password(PASSWORD)
    user.save()
    page.goto("/admin/login/")
    page.fill("#id_login", user.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def fill_in(page: Any, shot: str = "") -> None:
    page.select_option("#id_topic", "product")
    page.fill("#id_subject", "示例防水卷材，某某建材店")
    page.select_option("#id_place", "330000")
    page.fill("#id_text", "上月买的卷材，一个月就开裂。")
    page.fill("#id_contact_phone", "13812345678")
    if shot:
        page.set_input_files("#id_pictures", shot)


def ticket(page: Any) -> tuple[str, str]:
    return page.inner_text("[data-number]"), page.inner_text("[data-word]")


def follow(page: Any, number: str, word: str) -> str:
    page.goto("/enquiries/follow/")
    page.fill("#id_number", number)
    page.fill("#id_word", word)
    page.press("#id_word", "Enter")
    page.wait_for_selector("text=办理经过")
    return page.inner_text("main")


def test_a_complaint_is_filed_without_an_account_answered_at_the_desk_and_followed(
    browser_context, chromium, live_server, product, shot
):
    make_user("pilot_officer:330000")
    page = browser_context.new_page()
    page.goto(f"/products/{product.lines.get().number}/")
    page.click(".about-page >> text=投诉举报")
    assert "示例防水卷材" in page.inner_text(".bar")
    fill_in(page, shot)
    page.get_by_role("button", name="提交投诉举报").click()
    page.wait_for_selector("[data-number]")
    number, word = ticket(page)
    enquiry = Enquiry.objects.get(number=number)
    assert (enquiry.is_proven, enquiry.state, enquiry.office_division) == (True, "open", "330000")
    assert "待答复" in follow(page, number, word)

    desk = chromium.new_context(base_url=live_server.url, viewport={"width": 1280, "height": 800})
    officer = desk.new_page()
    sign_in(officer, "pilot_officer:330000")
    officer.click("text=来信待答复")
    officer.click(f"text={number}")
    assert "138****5678" in officer.inner_text("main")
    picture = officer.locator(".photos img")
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    officer.get_by_role("button", name="显示完整联系方式").click()
    officer.wait_for_selector("text=13812345678")
    officer.get_by_role("link", name="答复", exact=True).click()
    officer.fill("#id_text", "已联系店家退货。")
    officer.get_by_role("button", name="答复", exact=True).click()
    officer.wait_for_selector("text=已答复。")
    desk.close()

    text = follow(page, number, word)
    assert "已答复" in text
    assert "已联系店家退货。" in text


def test_it_works_by_keyboard_without_a_script_and_waits_for_a_look(
    chromium, live_server, settings, product, shot
):
    settings.SITE_URL = live_server.url
    context = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 780}
    )
    page = context.new_page()
    page.goto("/enquiries/new/complaint/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.focus("#id_topic")
    order = []
    for _stop in range(8):
        order.append(page.evaluate("document.activeElement.name || document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert order == [
        "topic",
        "subject",
        "place",
        "place_detail",
        "text",
        "pictures",
        "contact_name",
        "contact_phone",
    ]
    fill_in(page, shot)
    page.focus("text=提交投诉举报")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    number, word = ticket(page)
    assert Enquiry.objects.get(number=number).state == "held"
    assert "待核对" in follow(page, number, word)
    context.close()


def test_a_double_press_and_a_lost_answer_make_one_enquiry(browser_page, product):
    page = browser_page
    page.goto("/enquiries/new/complaint/")
    fill_in(page)
    page.get_by_role("button", name="提交投诉举报").dblclick()
    page.wait_for_selector("[data-number]")
    first = ticket(page)
    page.reload()  # the browser sends the form again, as it does after a lost connection
    assert ticket(page) == first
    assert Enquiry.objects.count() == 1


def test_what_was_typed_stays_when_something_is_wrong(browser_page, product):
    page = browser_page
    page.goto("/enquiries/new/complaint/")
    page.fill("#id_text", "写了很多")
    page.get_by_role("button", name="提交投诉举报").click()
    page.wait_for_selector(".errors")
    assert page.input_value("#id_text") == "写了很多"
    page.click(".errors a >> nth=0")
    assert page.url.endswith("#id_topic")
    fill_in(page)
    page.get_by_role("button", name="提交投诉举报").click()
    page.wait_for_selector("[data-number]")
    assert Enquiry.objects.get().is_proven


@pytest.mark.parametrize("size", ["normal", "elder"])
def test_no_page_scrolls_sideways_on_a_phone(browser_page, product, size):
    page = browser_page
    page.set_viewport_size({"width": 360, "height": 780})
    make_platform()
    shop = make_shop(product, url="https://item.jd.com/" + "9" * 120)
    batch = announce(make_product())
    page.goto(f"/mode/?size={size}")
    addresses = [
        "/enquiries/",
        "/enquiries/new/question/",
        "/enquiries/new/complaint/",
        f"/enquiries/new/objection/?about=/batches/{batch.slug}/",
        "/enquiries/follow/",
        "/enquiries/answers/",
        "/online/",
        f"/online/go/{shop.pk}/",
        f"/products/{product.lines.get().number}/",
    ]
    for address in addresses:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, address
    page.goto("/enquiries/new/question/")
    page.select_option("#id_topic", "testing")
    page.fill("#id_text", "长" * 400 + "a" * 200)
    page.get_by_role("button", name="提交咨询").click()
    page.wait_for_selector("[data-number]")
    number, word = ticket(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    follow(page, number, word)
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
