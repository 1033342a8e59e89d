"""The import desk in a real Chromium: without scripts from three bad cells to the draft, and on a phone."""

import openpyxl
import pytest

from catalog.imports.models import ImportRun
from catalog.products.models import Product
from tests.catalog.publication.test_desk_browser import press, sign_in, with_password
from tests.make import make_enterprise

from .conftest import HEADINGS, product_row, seed_facts
from .workbooks import write_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def bad_list(folder):
    maker = make_enterprise()
    rows = [
        ["产品清单"],
        [*HEADINGS, "怪列"],
        product_row(maker, 1, 星级="五星"),
        product_row(maker, 2, 认证机构="甲认证"),
        product_row(maker, 3, 有效期至="某日"),
        product_row(maker, 4, 品牌="АВС牌"),
    ]
    return write_xlsx(folder / "第一批.xlsx", {"清单": rows, "说明": [["填表说明"]]})


def upload(page, path):
    page.goto("/admin/imports/importrun/add/")
    page.set_input_files("input[type=file]", str(path))
    press(page, "上传并检查")


def test_three_bad_cells_are_mended_in_the_marked_workbook_without_scripts(
    chromium, live_server, settings, tmp_path
):
    seed_facts()
    settings.SITE_URL = live_server.url
    path = bad_list(tmp_path)
    context = chromium.new_context(base_url=live_server.url, java_script_enabled=False, accept_downloads=True)
    page = context.new_page()
    sign_in(page, with_password("editor"))

    upload(page, path)
    assert "3 处错误" in page.inner_text("main")
    assert "1 处值没有采用" in page.inner_text("main")
    with page.expect_download() as caught:
        page.get_by_role("link", name="下载标注的工作簿", exact=True).click()
    caught.value.save_as(tmp_path / "标注.xlsx")

    book = openpyxl.load_workbook(tmp_path / "标注.xlsx")
    book["清单"]["H3"], book["清单"]["F4"], book["清单"]["I5"] = "三星级", "国检集团", "2029-01-01"
    book.save(tmp_path / "改正.xlsx")
    upload(page, tmp_path / "改正.xlsx")
    press(page, "导入 4 行")

    assert "已导入" in page.inner_text("main")
    assert Product.objects.count() == 4
    context.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_no_import_page_breaks_the_policy_or_scrolls_sideways(browser_page, tmp_path, width):
    seed_facts()
    sign_in(browser_page, with_password("editor"))
    browser_page.set_viewport_size({"width": width, "height": 800})
    upload(browser_page, bad_list(tmp_path))
    run = ImportRun.objects.get()

    for address in (
        "/admin/imports/importrun/",
        "/admin/imports/importrun/add/",
        f"/admin/imports/importrun/{run.pk}/change/",
        f"/admin/imports/importrun/{run.pk}/take-back/",
        "/admin/imports/headingchoice/",
    ):
        browser_page.goto(address)
        wide = browser_page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        assert wide <= 0, address


def test_two_thousand_faults_fit_on_a_page_that_people_read(browser_page, tmp_path):
    seed_facts()
    maker = make_enterprise()
    rows = [product_row(maker, place, 星级="五星", 有效期至="某日") for place in range(1, 1001)]
    path = write_xlsx(tmp_path / "很多错.xlsx", {"清单": [HEADINGS, *rows]})
    page = browser_page
    sign_in(page, with_password("editor"))
    upload(page, path)
    assert ImportRun.objects.get().report["fault_count"] == 2000
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    assert page.get_by_role("link", name="下载标注的工作簿").is_visible()  # without scrolling
    page.get_by_text("列出前").first.click()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    page.set_viewport_size({"width": 360, "height": 740})
    page.reload()
    assert page.evaluate("document.documentElement.scrollHeight") < 4000
    caption = page.locator(".mapped caption").first.bounding_box()
    assert caption["height"] < 60  # a line or two, not a letter a line
