"""The main job of the portal, walked by its people in a real browser: from a workbook to a page that anybody can read."""

import csv
import datetime
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import time_machine
import xlsxwriter

from catalog.publication.models import ProductLine
from portal.core.editions import clock
from tests.catalog.publication.test_desk_browser import sign_in, with_password
from tests.make import make_body, make_campaign, make_category, make_enterprise

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

HEADINGS = [
    "序号",
    "产品名称",
    "规格型号",
    "产品类别",
    "企业名称",
    "证书编号",
    "发证机构",
    "认证等级",
    "有效期至",
]


@pytest.fixture
def registers(settings, tmp_path):
    settings.FILES_ROOT = tmp_path / "files"
    settings.PAGE_TOKEN_SECONDS = 0
    make_campaign()
    make_category()
    make_body(name="示例认证中心")
    return make_enterprise(name="示例甲防水有限公司"), make_enterprise(name="示例乙涂料有限公司")


def rows(until: str) -> list[list[Any]]:
    maker = ["示例甲防水有限公司"] * 3 + ["示例乙涂料有限公司"]
    return [
        [
            place + 1,
            f"示例防水卷材{place + 1}",
            f"{place + 1}.5 mm",
            "防水卷材",
            name,
            f"SL-{place + 1}",
            "示例认证中心",
            "三星级",
            until,
        ]
        for place, name in enumerate(maker)
    ]


def workbook(path: Path, table: list[list[Any]]) -> Path:
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("清单")
        sheet.merge_range(0, 0, 0, len(HEADINGS) - 1, "绿色建材下乡活动产品清单（示例）")
        sheet.write_row(1, 0, HEADINGS)
        for number, row in enumerate(table, start=2):
            sheet.write_row(number, 0, row)
    return path


class Person:
    """Somebody at a desk with a browser of the own."""

    def __init__(self, chromium: Any, url: str, *roles: str):
        self.context = chromium.new_context(base_url=url, locale="zh-CN", accept_downloads=True)
        self.page = self.context.new_page()
        if roles:
            sign_in(self.page, with_password(*roles))

    def press(self, name: str) -> None:
        page = self.page
        target = page.get_by_role("link", name=name, exact=True).or_(
            page.get_by_role("button", name=name, exact=True)
        )
        with page.expect_navigation():
            target.first.click()

    def open_batch(self, slug: str) -> None:
        self.page.goto("/admin/publication/batch/")
        self.press(slug)

    def take(self, slug: str, step: str, ending: str = "") -> None:
        """The two presses of a step: to its page, and the confirmation there, with the number where it is asked."""
        self.open_batch(slug)
        self.press(step)
        if ending:
            self.page.fill("[name=ending]", ending)
        self.press(step)

    @property
    def text(self) -> str:
        return self.page.inner_text("main")


def upload(editor: Person, path: Path, slug: str) -> None:
    editor.page.goto("/admin/imports/importrun/add/")
    editor.page.set_input_files("input[type=file]", str(path))
    editor.page.select_option(
        "select[name=draft]",
        label=next(
            text
            for text in editor.page.locator("select[name=draft] option").all_inner_texts()
            if slug in text
        ),
    )
    editor.press("上传并检查")


def test_from_a_workbook_with_errors_to_the_public_list_and_back_off_it(
    chromium, live_server, registers, tmp_path
):
    yesterday = clock.end_of(clock.today() - datetime.timedelta(days=2)) + datetime.timedelta(hours=10)
    until = (clock.today() + datetime.timedelta(days=900)).isoformat()
    with time_machine.travel(yesterday):
        slug = compile_and_publish(chromium, live_server.url, tmp_path, until)
    visitor = Person(chromium, live_server.url)
    read_and_export(visitor, slug)
    remove_a_maker(chromium, live_server.url)
    read_the_removal(visitor)
    visitor.context.close()


def compile_and_publish(chromium, url: str, tmp_path: Path, until: str) -> str:
    editor = Person(chromium, url, "editor", "reviewer")  # may approve, but not the own batch
    slug = open_draft(editor)
    table = rows(until)
    broken = [list(row) for row in table]
    broken[0][7], broken[1][8], broken[3][4] = "五星级", "2022-02-30", "没有登记的公司"
    upload(editor, workbook(tmp_path / "清单.xlsx", broken), slug)
    for cell in ("H3", "I4", "E6"):
        assert cell in editor.text
    assert "3 处错误" in editor.text
    read_the_marked_workbook(editor, tmp_path)
    upload(editor, workbook(tmp_path / "清单改.xlsx", table), slug)
    editor.press("导入 4 行")
    assert "已导入" in editor.text
    editor.open_batch(slug)
    editor.press("补入缺少的企业")
    editor.take(slug, "提交并冻结")
    be_refused_as_the_own_approver(editor, slug)
    reviewer, publisher = Person(chromium, url, "reviewer"), Person(chromium, url, "publisher")
    reviewer.take(slug, "批准这个摘要")
    publisher.take(slug, "公布")
    for person in (editor, reviewer, publisher):
        person.context.close()
    return slug


def open_draft(editor: Person) -> str:
    editor.page.goto("/admin/publication/batch/add/")
    editor.press("开始编制")
    editor.page.fill("[name=notice_days]", "0")
    editor.page.fill("[name=notice_waiver]", "推进组〔示例〕1号：首批示范，不再公示")
    editor.press("保存")
    return f"{clock.today().year}-1"


def read_the_marked_workbook(editor: Person, tmp_path: Path) -> None:
    with editor.page.expect_download() as download:
        editor.page.get_by_role("link", name="下载标注的工作簿", exact=True).first.click()
    download.value.save_as(tmp_path / "标注.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "标注.xlsx")["清单"]
    for cell in ("H3", "I4", "E6"):
        assert sheet[cell].comment is not None, cell
        assert sheet[cell].fill.fill_type == "solid"
    assert sheet["B3"].value == "示例防水卷材1"
    assert sheet["B3"].comment is None


def be_refused_as_the_own_approver(editor: Person, slug: str) -> None:
    editor.open_batch(slug)
    assert "须由另一人批准" in editor.text
    assert ProductLine.objects.current().count() == 0


def read_and_export(visitor: Person, slug: str) -> None:
    visitor.page.goto("/products/")
    assert "4 项" in visitor.text
    visitor.press("示例防水卷材1")
    assert "SL-1" in visitor.text
    visitor.page.goto(f"/batches/{slug}/")
    assert "示例防水卷材4" in visitor.text
    answer = visitor.context.request.get("/products/export.csv?q=示例防水")
    names = [
        row
        for row in csv.reader(io.StringIO(answer.body().decode("utf-8-sig")))
        if "示例防水卷材" in "".join(row)
    ]
    assert len(names) == 4


def remove_a_maker(chromium, url: str) -> None:
    editor = Person(chromium, url, "editor")
    line = ProductLine.objects.current().get(name="示例防水卷材1")
    slug = f"{clock.today().year}-t1"
    editor.page.goto(f"/admin/enterprises/enterprise/{line.enterprise_id}/change/")
    editor.press("移出")
    editor.page.get_by_label("质量问题").check()
    editor.page.fill("[name=reason]", "监督抽查不合格")
    editor.page.get_by_text("事实日期、认定机关、依据文件").click()
    editor.page.fill("[name=authority]", "示例市场监管局")
    editor.press("移出 4 行，放入批次")  # the directory's line and three products
    editor.take(slug, "提交并冻结")
    reviewer, publisher = Person(chromium, url, "reviewer"), Person(chromium, url, "publisher")
    reviewer.take(slug, "批准这个摘要")
    publisher.take(slug, "公布", ending="4")  # more than 5 % of a list: the number has to be typed
    for person in (editor, reviewer, publisher):
        person.context.close()


def read_the_removal(visitor: Person) -> None:
    visitor.page.goto("/products/")
    assert "示例防水卷材4" in visitor.text
    assert "示例防水卷材1" not in visitor.text
    number = ProductLine.objects.current().get(name="示例防水卷材1").number
    visitor.page.goto(f"/products/{number}/")
    assert "已移出" in visitor.text
    assert "监督抽查不合格" in visitor.text
    visitor.page.goto("/check/?number=SL-1")
    assert "监督抽查不合格" in visitor.text or "移出" in visitor.text
    before = clock.today() - datetime.timedelta(days=1)
    visitor.page.goto(f"/products/?as_of={before.isoformat()}")
    assert "示例防水卷材1" in visitor.text
    assert "4 项" in visitor.text
    assert "您看到的是" in visitor.text
