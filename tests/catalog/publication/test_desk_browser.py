"""The desk in a real Chromium: with the keyboard, without scripts, on a phone, under the policy."""

from typing import Any

import pytest

from catalog.publication.compiling.compile import enter_products
from catalog.publication.models import Batch, ProductLine
from tests.make import enter, make_batch, make_product, make_user

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Jinxiang-2026"


def with_password(*roles: str, **fields: Any) -> Any:
    user = make_user(*roles, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page: Any, user: Any) -> None:
    page.goto("/admin/login/")
    page.fill("#id_login", user.username)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/")


def press(page: Any, name: str) -> None:
    """Find a link or button, give it the focus and press Enter: what a keyboard can do."""
    target = page.get_by_role("link", name=name, exact=True).or_(
        page.get_by_role("button", name=name, exact=True)
    )
    target.first.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")


def test_a_batch_goes_its_whole_way_by_keyboard_and_without_scripts(chromium, live_server, settings):
    editor = with_password("editor", last_name="示例", first_name="编辑")
    reviewer, publisher = with_password("reviewer"), with_password("publisher")
    batch = enter(make_batch(by=editor), make_product(name="键盘走完的产品"))
    settings.SITE_URL = live_server.url
    for user, step in ((editor, "提交并冻结"), (reviewer, "批准这个摘要"), (publisher, "公布")):
        context = chromium.new_context(base_url=live_server.url, java_script_enabled=False)
        page = context.new_page()
        sign_in(page, user)
        press(page, "批次")
        press(page, batch.slug)
        assert "键盘走完的产品" in page.inner_text("main")
        press(page, step)
        press(page, step)
        page.locator(".d-who > summary").press("Enter")
        press(page, "退出")
        assert "已退出" in page.inner_text("main")
        context.close()
    assert Batch.objects.get(pk=batch.pk).state == Batch.State.PUBLISHED
    assert ProductLine.objects.current().get().name == "键盘走完的产品"


def test_fifty_rows_of_a_draft_are_no_five_screens_of_a_telephone(browser_page):
    """Two lines a row; each entry has something in its way, and every target can be hit."""
    batch = make_batch()
    enter_products(batch, [make_product() for _ in range(50)], by=batch.created_by)
    page = browser_page
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, with_password("editor"))
    page.goto(f"/admin/publication/batch/{batch.pk}/change/")
    rows = page.locator(".d-two tbody tr:not(.grp)")
    assert rows.count() == 50
    assert page.evaluate("document.documentElement.scrollHeight") <= 3500
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    for target in rows.first.locator("a, button, input").all():
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 24, box
    assert "不在企业名录中" in rows.first.inner_text()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_page_of_the_desk_breaks_the_policy_or_scrolls_sideways(browser_page, width):
    batch = enter(make_batch(), make_product())
    product = make_product()
    sign_in(browser_page, with_password("auditor", is_superuser=True))
    browser_page.set_viewport_size({"width": width, "height": 800})
    register = "/admin/products/product/"
    for address in (
        "/admin/",
        "/admin/publication/batch/",
        f"/admin/publication/batch/{batch.pk}/change/",
        f"/admin/publication/batch/{batch.pk}/entries/",
        f"/admin/publication/batch/{batch.pk}/submit/",
        f"/admin/publication/batch/act/product/{product.pk}/",
        register,
        f"{register}{product.pk}/change/",
        f"/admin/enterprises/enterprise/{product.enterprise_id}/change/",
        f"/admin/products/certificate/{product.certificate_id}/check/",
        "/admin/accounts/user/roles/",
        "/admin/audit/auditevent/",
        "/admin/password_change/",
    ):
        answer = browser_page.goto(address)
        assert answer.status == 200, address
        wide = browser_page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, (address, wide)
