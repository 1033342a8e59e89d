"""A whole day at the desk by mouse and keyboard, on a wide screen and on a telephone; each act with its number of clicks."""

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
CLICKS = {  # from where one stands to where it is done; what is typed or chosen is not counted
    "search": 0,
    "mend": 2,
    "compile": 4,
    "rehearse": 3,
    "circulate": {1280: 1, 360: 2},
    "submit": 2,
    "take back": 2,
    "submit again": 2,
    "approve": {1280: 4, 360: 5},
    "notice": {1280: 4, 360: 5},
    "publish": {1280: 4, 360: 5},
    "adjust": {1280: 2, 360: 3},
}
HEIGHT = {1280: 900, 360: 740}


class Desk:
    """Somebody at the desk, whose clicks are counted."""

    def __init__(self, chromium: Any, url: str, width: int, *roles: str):
        size = {"width": width, "height": HEIGHT[width]}
        self.context = chromium.new_context(
            base_url=url, locale="zh-CN", viewport=size, accept_downloads=True
        )
        self.page, self.width, self.clicks = self.context.new_page(), width, 0
        self._enter(make_user(*roles), url)

    def _enter(self, user: Any, url: str) -> None:
        """Past the door, which has tests of its own."""
        client = Client()
        client.force_login(user)
        name = settings.SESSION_COOKIE_NAME
        self.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": url}])
        self.page.goto("/admin/")

    def click(self, target: Any) -> None:
        self.clicks += 1
        with self.page.expect_navigation():
            target.click()
        assert self.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), self.page.url

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

    def open_batch(self, slug: str) -> None:
        self.page.goto("/admin/")
        if self.width < 1000:
            self.page.locator(".d-open").click()
            self.clicks += 1
        self.click(self.page.locator(".d-nav a", has_text="批次").first)
        self.press(slug)

    def took(self, act: str) -> None:
        expected = CLICKS[act]
        assert self.clicks == (expected[self.width] if isinstance(expected, dict) else expected), act
        self.clicks = 0

    @property
    def text(self) -> str:
        return self.page.inner_text("body")


@pytest.mark.parametrize("width", [1280, 360])
def test_a_day_at_the_desk(chromium, live_server, settings, width):
    settings.SITE_URL, settings.PAGE_TOKEN_SECONDS = live_server.url, 0
    today = clock.today()
    with time_machine.travel(
        clock.end_of(today - datetime.timedelta(days=3)) + datetime.timedelta(hours=9), tick=True
    ):
        maker = make_enterprise(name="示例甲防水有限公司")
        product = make_product(enterprise=maker, name="示例卷材", brand="旧牌")
        publish_products(product, make_product(name="示例涂料"))
        editor = Desk(chromium, live_server.url, width, "editor")
        slug = compiled(editor, product)
        rehearsed_and_circulated(editor, slug)
        submitted(editor)
        reviewer = Desk(chromium, live_server.url, width, "reviewer")
        reviewer.open_batch(slug)
        reviewer.step("批准这个摘要")
        reviewer.took("approve")
        publisher = Desk(chromium, live_server.url, width, "publisher")
        publisher.open_batch(slug)
        publisher.step("开始公示")
        publisher.took("notice")
        assert "公示中" in publisher.text
    publisher = Desk(chromium, live_server.url, width, "publisher")
    publisher.open_batch(slug)
    publisher.step("公布")
    publisher.took("publish")
    visitor = chromium.new_context(base_url=live_server.url).new_page()
    visitor.goto("/products/")
    assert (
        "新牌" in visitor.inner_text("main")
        or ProductLine.objects.current().get(product=product).brand == "新牌"
    )
    adjusted(Desk(chromium, live_server.url, width, "editor"), maker)


def compiled(editor: Desk, product: Any) -> str:
    """Search, mend, put into a batch; the batch that it went into."""
    page = editor.page
    page.keyboard.press("/")
    page.keyboard.type("示例卷材")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/product/{product.pk}/change/")  # the only one that is called so
    editor.took("search")
    page.locator("#edit > summary").click()  # a record is read more often than it is written
    editor.clicks += 1
    page.fill("#id_brand", "新牌")
    editor.press("保存")
    editor.took("mend")
    assert "公众看到的没有变，放入批次并公布后才变" in editor.text
    page.goto("/admin/products/product/?q=示例卷材")
    page.locator("input[name=_selected_action]").first.check()
    editor.clicks += 1
    editor.press("放入批次")
    page.select_option("[name=draft]", "national:batch")
    editor.press("放入 1 项")
    batch = Batch.objects.get(state="draft")
    editor.press("标题与公示")
    page.fill("[name=notice_days]", "1")
    page.locator("[name=notice_days]").press("Enter")
    page.wait_for_url(f"**/batch/{batch.pk}/change/")
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
        page.get_by_text("更多", exact=True).click()
        editor.clicks += 1
    with page.expect_download() as download:
        page.get_by_role("link", name="导出 XLSX").locator("visible=true").click()
        editor.clicks += 1
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
    page = editor.page
    page.goto(f"/admin/enterprises/enterprise/{maker.pk}/change/")
    if editor.width < 1000:
        page.locator(".d-more > summary").click()
        editor.clicks += 1
    editor.press("移出")
    page.select_option("[name=reason_code]", "withdrawn")
    page.fill("[name=reason]", "企业申请退出。")
    editor.press("移出 2 行，放入批次")
    editor.took("adjust")
    assert "企业申请退出" in editor.text
    assert "。，" not in editor.text
    assert EnterpriseLine.objects.current().get(enterprise=maker).listing_status == "listed"
