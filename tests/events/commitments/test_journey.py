"""A letter is published, then broken, and still read, also as of the day before; in a real browser, without a script."""

import datetime
from typing import Any

import pytest
import time_machine
from django.conf import settings as site

from events.commitments.models import LetterVersion
from portal.core.editions.models import Edition
from tests.make import make_user
from tests.portal.core.files.uploads import pdf

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
FIRST_DAY = datetime.datetime(2026, 11, 23, 3, tzinfo=datetime.UTC)
SECOND_DAY = FIRST_DAY + datetime.timedelta(days=1)
PASSWORD = "Long-enough-1"
NAME = "示例甲建材有限公司"


def member(role: str) -> Any:
    user = make_user(role, username=role)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page: Any, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("input[name=login]", name)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url("**/admin/")


def take(page: Any, label: str, reason: str = "") -> None:
    """A step of the version that is shown: its own page, then the button."""
    page.click(f"text={label}…")
    if reason:
        page.fill("#reason", reason)
    page.click(f".decide button:has-text('{label}')")
    page.wait_for_selector(".d-told .d-note:not(.bad)")


def write_letter(page: Any) -> None:
    page.goto("/admin/commitments/letterversion/add/")
    page.fill("#id_party_name", NAME)
    page.fill("#id_signed", "2026年6月6日")
    page.fill("#id_promises", "保证产品质量\n配合活动")
    page.fill("#id_source", "示例来源")
    page.set_input_files(
        "input[name=scans-0-file]",
        {"name": "letter.pdf", "mimeType": "application/pdf", "buffer": pdf(scan=True)},
    )
    page.fill("[name=scans-0-transcript]", "我方承诺保证产品质量。［盖章］")
    page.check("#id_is_redacted")
    page.click("button[name=_continue]")
    page.wait_for_url("**/change/")


def test_a_letter_is_published_then_broken_and_still_read(chromium, live_server, settings):
    settings.SITE_URL = live_server.url
    settings.PAGE_TOKEN_SECONDS = 0
    for role in ("editor", "reviewer"):
        member(role)
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    # The server runs in this process: the clock is moved for both.
    with time_machine.travel(FIRST_DAY, tick=True):
        sign_in(page, "editor")
        write_letter(page)
        take(page, "送审")
        assert page.locator("text=发布…").count() == 0
        address = page.url
        sign_in(page, "reviewer")
        page.goto(address)
        take(page, "发布")
        letter = LetterVersion.objects.get().letter_id
    with time_machine.travel(SECOND_DAY, tick=True):
        sign_in(page, "editor")
        page.goto(address)
        take(page, "起草新版本")
        page.select_option("#id_standing", "broken")
        page.fill("#id_standing_on", "2026-11-24")
        page.fill("#id_standing_reason", "以未获证产品冒充获证产品")
        page.fill("#id_reply", "已停止销售并整改。")
        page.fill("#id_replied_on", "2026-11-24")
        page.fill("#id_change_note", "查实违约")
        page.click("button[name=_continue]")
        take(page, "送审")
        draft = page.url
        sign_in(page, "reviewer")
        page.goto(draft)
        assert page.locator("text=与公开内容的差别").is_visible()
        take(page, "发布")
        page.context.clear_cookies()
        read_as_a_visitor(page, letter)
    context.close()
    assert Edition.objects.count() == 2


def read_as_a_visitor(page: Any, letter: int) -> None:
    page.goto("/commitments/")
    page.click("table a:has-text('1') >> nth=0")
    assert "state=broken" in page.url
    page.click(f"text={NAME}")
    assert page.url.endswith(f"/commitments/{letter}/")
    shown = page.inner_text("main")
    for words in (
        "违约撤销",
        "以未获证产品冒充获证产品",
        "已停止销售并整改",
        "我方承诺保证产品质量",
        "查实违约",
    ):
        assert words in shown
    page.goto(f"/commitments/{letter}/?as_of=2026-11-23")
    then = page.inner_text("main")
    assert "您看到的是" in then
    assert "有效" in then
    assert "以未获证产品" not in then
    page.click("text=回到今天")
    assert "违约撤销" in page.inner_text("main")
    assert site.SESSION_COOKIE_NAME not in {cookie["name"] for cookie in page.context.cookies()}


def test_lists_and_letters_are_walked_with_the_keyboard(chromium, live_server, settings):
    from .make import publish_letter

    settings.SITE_URL = live_server.url
    publish_letter()
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    page.goto("/commitments/")
    page.locator("a", has_text=NAME).focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/commitments/*/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "跳到正文"
    context.close()
