"""The way of a notice in a real browser: written with picture and attachment, published by another for tomorrow, read then."""

import datetime
from pathlib import Path

import pytest
import time_machine

from events.notices.models import NoticeVersion
from portal.core.editions import clock
from portal.core.pages import cache
from tests.make import make_user
from tests.portal.core.files.uploads import pdf, photo

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
PASSWORD = "Bamboo-2022!"
LIST = "/admin/notices/noticeversion/"
DRAWN = "image => image.decode().then(() => image.naturalWidth > 0)"


def account(name: str, *roles: str):
    user = make_user(*roles, username=name)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(page, name: str) -> None:
    page.context.clear_cookies()
    page.goto("/admin/login/")
    page.fill("#id_login", name)
    page.fill("#id_password", PASSWORD)
    page.press("#id_password", "Enter")
    page.wait_for_url("**/admin/")


def save(page) -> None:
    """By key: the bar with the buttons sticks to the window, and what moves under a pointer is missed now and then."""
    page.get_by_role("button", name="保存并继续编辑").press("Enter")
    page.wait_for_url("**/change/")


def back_in_the_text(page) -> None:
    """A button of the toolbar gives the focus back with the next frame; keys before that would go astray."""
    page.locator(".prose-box .article:focus").wait_for()


@pytest.fixture
def files(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "会场.jpg").write_bytes(photo(1800, 1200))
    (tmp_path / "实施方案.pdf").write_bytes(pdf())
    return {name: str(tmp_path / name) for name in ("会场.jpg", "实施方案.pdf")}


@pytest.fixture(autouse=True)
def _fresh_pages(settings):
    settings.PAGE_TOKEN_SECONDS = 0
    cache.clear()


def write_notice(page, files: dict[str, str]) -> None:
    page.goto(f"{LIST}add/")
    page.select_option("#id_kind", "news")
    page.fill("#id_title", "示例县启动绿色建材下乡活动")
    page.fill("#id_dated_on", str(clock.today()))
    page.fill("#id_source", "示例县推进组")
    editor = page.locator(".prose-box .article")
    editor.click()
    page.keyboard.type("示例县启动活动。")
    page.keyboard.press("Enter")
    page.keyboard.type("[图1]")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="小标题", exact=True).click()
    back_in_the_text(page)
    page.keyboard.type("接下来")
    page.keyboard.press("Enter")
    page.keyboard.type("进村入户。")
    page.set_input_files("#id_pictures-0-file", files["会场.jpg"])
    page.fill("#id_pictures-0-alt", "村口的会场")
    page.fill("#id_pictures-0-caption", "启动会会场")
    page.set_input_files("#id_attachments-0-file", files["实施方案.pdf"])
    save(page)


def test_an_editor_writes_a_second_person_schedules_and_tomorrow_it_is_read(
    browser_page, browser_context, files
):
    page = browser_page
    account("writer", "editor")
    account("reader", "reviewer")
    tomorrow = clock.today() + datetime.timedelta(days=1)

    sign_in(page, "writer")
    write_notice(page, files)
    assert page.locator(".file-row .thumb").evaluate(DRAWN)
    version = NoticeVersion.objects.get()
    assert version.body == "<p>示例县启动活动。</p><p>[图1]</p><h2>接下来</h2><p>进村入户。</p>"
    page.get_by_role("link", name="送审…").click()
    page.get_by_role("button", name="送审").click()
    page.wait_for_url("**/change/")
    assert page.get_by_role("link", name="发布…").count() == 0
    refused = page.goto(f"{LIST}{version.pk}/publish/")
    assert refused is not None
    assert refused.status == 403

    sign_in(page, "reader")
    page.goto(f"{LIST}{version.pk}/publish/")
    page.get_by_role("link", name="按公众看到的样子读一遍").click()
    assert page.get_by_text("公众看不到这一页").is_visible()
    assert page.locator(".article img").evaluate(DRAWN)
    page.go_back()
    page.fill("#publish_on", str(tomorrow))
    page.get_by_role("button", name="发布").click()
    page.wait_for_url(f"**{LIST}{version.pk}/change/")

    visitor = browser_context.new_page()
    browser_context.clear_cookies()
    visitor.goto("/notices/")
    assert visitor.get_by_text("示例县启动绿色建材下乡活动").count() == 0
    today = visitor.goto(f"/notices/{version.notice_id}/")
    assert today is not None
    assert today.status == 404

    with time_machine.travel(clock.end_of(clock.today()) + datetime.timedelta(hours=9), tick=True):
        read_it(visitor, version.notice_id)


def read_it(visitor, number: int) -> None:
    visitor.goto("/notices/")
    visitor.get_by_role("link", name="示例县启动绿色建材下乡活动").click()
    visitor.wait_for_url(f"**/notices/{number}/")
    picture = visitor.get_by_role("img", name="村口的会场")
    assert picture.evaluate(DRAWN)
    assert visitor.get_by_text("启动会会场").is_visible()
    with visitor.expect_download() as download:
        visitor.get_by_role("link", name="实施方案").click()
    assert download.value.suggested_filename == "实施方案.pdf"
    assert visitor.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    visitor.set_viewport_size({"width": 360, "height": 740})
    assert visitor.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_without_a_script_the_editor_is_a_textarea_that_works(chromium, live_server, settings, files):
    settings.SITE_URL = live_server.url
    account("writer", "editor")
    context = chromium.new_context(base_url=live_server.url, locale="zh-CN", java_script_enabled=False)
    page = context.new_page()
    sign_in(page, "writer")
    page.goto(f"{LIST}add/")
    assert page.locator("textarea[name=body]").is_visible()
    page.fill("#id_title", "没有脚本")
    page.fill("textarea[name=body]", "第一段\n\n第二段")
    page.set_input_files("#id_pictures-0-file", files["会场.jpg"])
    page.fill("#id_pictures-0-alt", "会场")
    save(page)
    version = NoticeVersion.objects.get()
    assert version.body == "<p>第一段</p><p>第二段</p>"
    assert [picture.alt for picture in version.shown_pictures] == ["会场"]
    context.close()


def test_the_toolbar_is_reached_and_used_by_the_keyboard(browser_page):
    page = browser_page
    account("writer", "editor")
    sign_in(page, "writer")
    page.goto(f"{LIST}add/")
    page.locator(".prose-box .article").click()
    page.keyboard.type("看清单")
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowLeft")
    assert page.evaluate("getSelection().toString()") == "清单"
    page.wait_for_timeout(500)  # the editor learns of a selection after the browser has made it
    page.get_by_role("button", name="链接", exact=True).focus()
    page.keyboard.press("Enter")
    page.keyboard.type("/products/")
    page.keyboard.press("Enter")
    back_in_the_text(page)
    page.fill("#id_title", "带链接")
    save(page)
    assert NoticeVersion.objects.get().body == '<p>看<a href="/products/">清单</a></p>'
    bold = page.get_by_role("button", name="加粗")
    page.locator(".prose-box .article").click()
    bold.focus()
    page.keyboard.press("Space")
    assert bold.get_attribute("aria-pressed") == "true"


WORD = """<html xmlns:w="urn:schemas-microsoft-com:office:word"><body>
<p class=MsoTitle>关于开展活动的通知</p><p class=MsoNormal>各地：</p>
<p class="a" style='mso-style-name:"标题 2"'>一、范围</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>1.<span>&nbsp;</span></span>进村入户</p>
<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><span style='mso-list:Ignore'>2.<span>&nbsp;</span></span>公开透明</p>
<p class=MsoListParagraph style='mso-list:l1 level1 lfo2'><span style='mso-list:Ignore'>·<span>&nbsp;</span></span>自愿</p>
</body></html>"""
PASTE = """(box, html) => {
  const data = new DataTransfer();
  data.setData("text/html", html);
  data.setData("text/plain", "x");
  box.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


def test_word_is_pasted_with_its_headings_and_lists_tables_have_tools_and_pictures_a_button(browser_page):
    page = browser_page
    account("writer", "editor")
    sign_in(page, "writer")
    page.goto(f"{LIST}add/")
    editor = page.locator(".prose-box .article")
    editor.click()
    editor.evaluate(PASTE, WORD)
    body = page.locator("textarea[name=body]")
    assert body.input_value().replace(' data-type="decimal"', "") == (
        "<h2>关于开展活动的通知</h2><p>各地：</p><h3>一、范围</h3>"
        "<ol><li><p>进村入户</p></li><li><p>公开透明</p></li></ol><ul><li><p>自愿</p></li></ul>"
    )
    tools = page.get_by_role("group", name="表格的行和列")
    assert tools.is_hidden()
    editor.locator("p").last.click()
    page.keyboard.press("Control+End")
    page.get_by_role("button", name="插入图片").click()
    assert "<p>[图1]</p>" in body.input_value()
    editor.locator("h2").click()
    page.get_by_role("button", name="表格", exact=True).click()
    tools.wait_for()
    for button in ("加一行", "加一列", "删这列", "表头"):
        tools.get_by_role("button", name=button).click()
    assert editor.locator("table tr").count() == 4
    assert editor.locator("table tr").first.locator("th, td").count() == 3
    assert editor.locator("table th").count() == 0
    tools.get_by_role("button", name="删表格").click()
    assert editor.locator("table").count() == 0
