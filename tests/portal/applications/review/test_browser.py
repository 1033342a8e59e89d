"""A reviewer's day in a real browser: from the queue to a return with two reasons; many at once, by keyboard, without a script."""

from typing import Any

import pytest

from portal.applications.cases.models import Application
from tests.make import make_user
from tests.portal.applications.making import draft_product, hand_in

from .cast import QUEUE, submitted, with_scan

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Bamboo-2022!"


@pytest.fixture
def reviewer():
    user = make_user("reviewer", first_name="审核员")
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page: Any, user: Any) -> None:
    page.goto("/admin/login/")
    page.fill("#id_login", user.username)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def fits(page: Any) -> bool:
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_from_the_queue_to_a_return_with_two_reasons(browser_page, reviewer):
    submitted()
    draft = draft_product(count=2)
    with_scan(draft)
    case = hand_in(draft)
    page = browser_page
    sign_in(page, reviewer)
    page.click("text=申报待我处理")
    page.select_option("#filter-kind", "product")
    page.get_by_role("button", name="筛选").click()
    assert page.locator("tbody tr").count() == 2
    page.click(f"text={case.number}")
    assert page.locator(".mchecks li").count() >= 2
    assert page.locator(".paper img").evaluate("image => image.decode().then(() => image.naturalWidth > 0)")
    page.get_by_role("link", name="退回补正").click()
    page.get_by_role("button", name="退回补正").click()
    page.wait_for_selector("text=请至少选一条原因")
    page.get_by_label("与证书上的编号不一致").check()
    page.get_by_label("扫描件看不清").check()
    page.fill("#id_text_documents", "第 2 页请重新扫描")
    page.get_by_role("button", name="退回补正").click()
    page.wait_for_selector("text=已退回，企业会收到原因。")
    words = page.inner_text("main")
    assert "与证书上的编号不一致" in words
    assert "扫描件看不清。第 2 页请重新扫描" in words
    case.refresh_from_db()
    assert case.state == "returned"


def test_many_at_once_by_keyboard_and_without_a_script(browser_context, chromium, live_server, reviewer):
    cases = [submitted() for _ in range(3)]
    plain = chromium.new_context(
        base_url=live_server.url, java_script_enabled=False, viewport={"width": 360, "height": 800}
    )
    page = plain.new_page()
    sign_in(page, reviewer)
    page.goto(QUEUE)
    for box in page.locator("input[name=_selected_action]").all()[:2]:
        box.focus()
        page.keyboard.press("Space")
    page.get_by_role("button", name="一起办理", exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("text=一起办理 2 件")
    page.get_by_role("button", name="通过 2 件", exact=True).press("Enter")
    page.wait_for_selector("text=办成 2 件")
    plain.close()
    states = sorted(Application.objects.values_list("state", flat=True))
    assert states == ["approved", "approved", "submitted"]
    assert len(cases) == 3


@pytest.mark.parametrize("width", [1280, 360])
def test_no_page_of_the_desk_is_wider_than_the_window(browser_page, reviewer, width):
    draft = draft_product(count=2, standard="T/CECS-" + "很长的标准名称" * 12)
    with_scan(draft)
    case = hand_in(draft)
    page = browser_page
    sign_in(page, reviewer)
    page.set_viewport_size({"width": width, "height": 800})
    steps = ("change", "approve", "items", "return", "reject", "assign", "pass", "message")
    for address in (QUEUE, f"{QUEUE}draw/", *(f"{QUEUE}{case.pk}/{step}/" for step in steps)):
        page.goto(address)
        assert fits(page), address
