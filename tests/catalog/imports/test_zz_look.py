import pytest
from tests.make import make_enterprise, make_user, make_campaign
from catalog.products import facts as pf
from catalog.regions import facts as rf
from .conftest import HEADINGS, product_row
from .workbooks import write_xlsx

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_look(browser_context, live_server, client, tmp_path, settings):
    rf.seed()
    pf.seed()
    make_campaign()
    u = make_user("editor", username="editor")
    client.force_login(u)
    c = client.cookies["sessionid"].value
    browser_context.add_cookies([{"name": "sessionid", "value": c, "url": live_server.url}])
    maker = make_enterprise()
    rows = [
        ["产品清单"],
        [*HEADINGS, "怪列", "备注"],
        product_row(maker, 1),
        product_row(maker, 2, 星级="五星", 认证机构="甲认证"),
        product_row(maker, 3, 有效期至="某日"),
        ["合计", "3"],
    ]
    path = write_xlsx(tmp_path / "第一批产品清单.xlsx", {"清单": rows, "说明": [["无"]]})
    p = browser_context.new_page()
    p.goto("/admin/imports/importrun/add/")
    p.screenshot(path="/tmp/imp/upload.png", full_page=True)
    p.set_input_files("input[type=file]", str(path))
    p.click("text=上传并检查")
    p.wait_for_selector("text=处错误")
    p.screenshot(path="/tmp/imp/run.png", full_page=True)
    p.set_viewport_size({"width": 360, "height": 800})
    p.screenshot(path="/tmp/imp/run360.png", full_page=True)
    p.set_viewport_size({"width": 1280, "height": 800})
    p.click("text=仅导入无误行")
    p.wait_for_selector("text=撤回这次导入")
    p.screenshot(path="/tmp/imp/saved.png", full_page=True)
    p.goto("/admin/imports/importrun/")
    p.screenshot(path="/tmp/imp/list.png", full_page=True)
