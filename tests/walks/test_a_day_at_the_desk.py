"""A whole day at the desk, by mouse and by keyboard, on a wide screen and on a telephone; each act with its number of clicks."""

import datetime
import io
from typing import Any

import pypdf
import pytest
import time_machine
from django.conf import settings
from django.test import Client

from catalog.publication.models import Batch, EnterpriseLine, ProductLine
from portal.core.editions import clock
from tests.make import make_enterprise, make_product, make_user, publish_products

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
CLICKS = {  # from where one stands to where it is done, those into a field among them; by keyboard so often Enter or Space
    "search": 0,
    "mend": 3,
    "compile": {1280: 6, 360: 7},
    "rehearse": 3,
    "circulate": {1280: 1, 360: 2},
    "submit": 2,
    "take back": 2,
    "submit again": 2,
    "approve": {1280: 4, 360: 5},
    "notice": {1280: 4, 360: 5},
    "publish": {1280: 4, 360: 5},
    "adjust": 3,
}
HEIGHT = {1280: 900, 360: 740}
MOST_TABS = 120  # to any target of a page of the desk


class Desk:
    """Somebody at the desk, whose clicks are counted; by keyboard each target is reached with the Tab key."""

    def __init__(self, chromium: Any, url: str, width: int, hand: str, *roles: str):
        size = {"width": width, "height": HEIGHT[width]}
        self.context = chromium.new_context(
            base_url=url, locale="zh-CN", viewport=size, accept_downloads=True
        )
        self.page, self.width, self.hand, self.clicks = self.context.new_page(), width, hand, 0
        self._enter(make_user(*roles), url)

    def _enter(self, user: Any, url: str) -> None:
        """Past the door, which has tests of its own."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
        self.page.goto("/admin/")

    def _has_focus(self, target: Any) -> bool:
        return target.evaluate("node => node === document.activeElement")

    def _reach(self, target: Any) -> None:
        """Past the navigation by the link that every page begins with."""
        if target.evaluate("node => document.activeElement === document.body && !!node.closest('main')"):
            self.page.keyboard.press("Tab")
            self.page.keyboard.press("Enter")
        for _ in range(MOST_TABS):
            if self._has_focus(target):
                return
            self.page.keyboard.press("Tab")
        raise AssertionError(f"{target} is not reached with Tab on {self.page.url}")

    def touch(self, target: Any) -> None:
        """A click; or Space for a tick, Enter for all else."""
        if self.hand == "keyboard":
            self._reach(target)
        self._do(target)

    def _do(self, target: Any) -> None:
        self.clicks += 1
        if self.hand == "mouse":
            target.click()
        else:
            self.page.keyboard.press("Space" if target.get_attribute("type") == "checkbox" else "Enter")

    def choose(self, name: str, label: str) -> None:
        """One of a group of radios: the Tab key leads to the first, arrows go on."""
        self.clicks += 1
        group = self.page.locator(f"[name={name}]")
        target = self.page.get_by_label(label, exact=True)
        if self.hand == "mouse":
            target.click()
            return
        self._reach(group.first)
        self.page.keyboard.press("Space")
        for _ in range(group.count()):
            if target.is_checked():
                return
            self.page.keyboard.press("ArrowDown")
        assert target.is_checked()

    def click(self, target: Any) -> None:
        """What leads to another page."""
        if self.hand == "keyboard":
            self._reach(target)
        with self.page.expect_navigation():
            self._do(target)
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url

    def write(self, selector: str, text: str) -> None:
        """Over what stands in a field; one that has the focus already needs no click."""
        target = self.page.locator(selector)
        if not self._has_focus(target):
            self.clicks += 1
            target.click() if self.hand == "mouse" else self._reach(target)
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(text)

    def press(self, name: str, *, within: str = "main") -> None:
        """The one that is in sight: what is folded behind 「更多」 is none."""
        region = self.page.locator(within)
        found = region.get_by_role("link", name=name, exact=True).or_(
            region.get_by_role("button", name=name, exact=True)
        )
        self.click(found.locator("visible=true").first)

    def step(self, name: str) -> None:
        """To its page, and the confirmation there."""
        self.press(name)
        self.press(name)

    def open_list(self, name: str) -> None:
        if self.width < 1000:
            self.touch(self.page.locator(".d-open"))
        self.click(self.page.locator(".d-nav a", has_text=name).first)

    def open_batch(self, slug: str) -> None:
        self.page.goto("/admin/")
        self.open_list("批次")
        self.press(slug)

    def took(self, act: str) -> None:
        expected = CLICKS[act]
        assert self.clicks == (expected[self.width] if isinstance(expected, dict) else expected), act
        self.clicks = 0

    @property
    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.mark.parametrize("hand", ["mouse", "keyboard"])
@pytest.mark.parametrize("width", [1280, 360])
def test_a_day_at_the_desk(chromium, live_server, settings, width, hand):
    settings.SITE_URL, settings.PAGE_TOKEN_SECONDS = live_server.url, 0

    def come(*roles: str) -> Desk:
        return Desk(chromium, live_server.url, width, hand, *roles)

    today = clock.today()
    with time_machine.travel(
        clock.end_of(today - datetime.timedelta(days=3)) + datetime.timedelta(hours=9), tick=True
    ):
        maker = make_enterprise(name="示例甲防水有限公司")
        product = make_product(enterprise=maker, name="示例卷材", brand="旧牌")
        publish_products(product, make_product(name="示例涂料"))
        editor = come("editor")
        slug = compiled(editor, product)
        rehearsed_and_circulated(editor, slug)
        submitted(editor)
        reviewer = come("reviewer")
        reviewer.open_batch(slug)
        reviewer.step("批准这个摘要")
        reviewer.took("approve")
        publisher = come("publisher")
        publisher.open_batch(slug)
        publisher.step("开始公示")
        publisher.took("notice")
        assert "公示中" in publisher.text
    publisher = come("publisher")
    publisher.open_batch(slug)
    assert ProductLine.objects.current().get(product=product).brand == "旧牌"
    publisher.step("公布")
    publisher.took("publish")
    assert ProductLine.objects.current().get(product=product).brand == "新牌"
    adjusted(come("editor"), maker)


def compiled(editor: Desk, product: Any) -> str:
    """Search, mend, put into a batch; the batch that it went into."""
    page = editor.page
    page.keyboard.press("/")
    page.keyboard.type("示例卷材")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/product/{product.pk}/change/")  # the only one that is called so
    editor.took("search")
    editor.touch(page.locator("#edit > summary"))  # a record is read more often than it is written
    editor.write("#id_brand", "新牌")
    editor.press("保存")
    editor.took("mend")
    assert "公众看到的没有变，放入批次并公布后才变" in editor.text
    editor.open_list("已改未公布")
    editor.touch(page.locator("input[name=_selected_action]").first)
    editor.press("放入批次")
    editor.press("放入 1 项")  # a batch of the national list is what is offered first
    batch = Batch.objects.get(state="draft")
    editor.press("标题与公示")
    editor.write("[name=notice_days]", "1")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: f"/batch/{batch.pk}/change/" in url)
    editor.took("compile")
    return batch.slug


def rehearsed_and_circulated(editor: Desk, slug: str) -> None:
    page = editor.page
    assert page.locator(".d-rows tbody tr").first.bounding_box()["y"] < 300
    editor.press("预演公开页面")
    editor.click(page.locator("nav a", has_text="产品清单").first)
    assert "示例卷材" in editor.text
    assert "预演" in editor.text
    editor.press(f"回到批次 {slug}", within="body")
    editor.took("rehearse")
    if editor.width < 1000:
        editor.touch(page.get_by_text("更多", exact=True))
    with page.expect_download() as download:
        editor.touch(page.get_by_role("link", name="导出 XLSX").locator("visible=true"))
    assert download.value.suggested_filename.startswith(slug)
    editor.took("circulate")
    href = page.locator("a", has_text="打印送签 PDF").first.get_attribute("href")
    paper = pypdf.PdfReader(io.BytesIO(page.request.get(href).body()))
    assert all("草稿" in sheet.extract_text() for sheet in paper.pages)
    page.reload()


def submitted(editor: Desk) -> None:
    editor.step("提交并冻结")
    editor.took("submit")
    editor.step("收回这次提交")
    editor.took("take back")
    assert "编制中" in editor.text
    editor.step("提交并冻结")
    editor.took("submit again")


def adjusted(editor: Desk, maker: Any) -> None:
    """An enterprise leaves the list: why, what kind of reason, and done."""
    editor.page.goto(f"/admin/enterprises/enterprise/{maker.pk}/change/")
    editor.press("移出")
    editor.write("[name=reason]", "企业申请退出。")
    editor.choose("reason_code", "企业申请退出")
    editor.press("移出 2 行，放入批次")
    editor.took("adjust")
    assert "企业申请退出" in editor.text
    assert "。，" not in editor.text
    assert EnterpriseLine.objects.current().get(enterprise=maker).listing_status == "listed"
