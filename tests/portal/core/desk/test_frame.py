"""The frame of the desk: one line on top, the navigation, and how much of a screen is left for rows."""

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.make import make_batch, make_enterprise, make_user

ENTERPRISES = "/admin/enterprises/enterprise/"
SIZES = {"width": 1280, "height": 900}
PHONE = {"width": 360, "height": 780}


def navigation(client: Any, path: str = "/admin/") -> str:
    page = client.get(path).content.decode()
    return page.partition('<nav class="d-nav"')[2].partition("</nav>")[0]


def entries(client: Any, path: str = "/admin/") -> list[str]:
    return re.findall(r"<a href=\"[^#\"]+\"[^>]*>([^<]+)", navigation(client, path))


@pytest.mark.django_db
def test_the_frame_leads_out_of_the_desk_and_has_nothing_of_the_public_one(client):
    client.force_login(make_user("editor"))
    page = client.get(ENTERPRISES).content.decode()
    assert "公开网站" in page
    assert '<footer class="foot"' not in page
    assert 'aria-label="主导航"' not in page


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "seen", "unseen"),
    [
        ("editor", {"申报审核", "企业", "产品", "批次", "导入"}, {"账号与角色", "审计记录"}),
        ("administrator", {"账号与角色", "检索"}, {"企业", "批次", "导入", "申报审核"}),
        ("support", {"今天", "咨询投诉"}, {"企业", "批次", "账号与角色"}),
    ],
)
def test_the_navigation_has_what_the_person_may_open(client, role, seen, unseen):
    client.force_login(make_user(role))
    shown = set(entries(client))
    assert seen <= shown
    assert not unseen & shown


@pytest.mark.django_db
def test_one_entry_is_the_present_one(client):
    client.force_login(make_user("editor"))
    for path, label in (("/admin/", "今天"), (ENTERPRISES, "企业"), (f"{ENTERPRISES}add/", "企业")):
        current = re.findall(r'aria-current="page">([^<]+)', navigation(client, path))
        assert current == [label]


@pytest.mark.django_db
def test_what_waits_is_counted_beside_its_entry(client):
    client.force_login(make_user("editor"))
    assert not re.search(r'批次<span class="n">', navigation(client))
    make_batch()
    assert re.search(r'批次<span class="n">1<span class="vh"> 件在等', navigation(client))


@pytest.mark.django_db
def test_the_frame_asks_as_much_however_much_waits(client):
    client.force_login(make_user("editor", "publisher"))
    client.get("/admin/enterprises/enterprise/add/")
    with CaptureQueriesContext(connection) as few:
        client.get("/admin/enterprises/enterprise/add/")
    for ordinal in (1, 2, 3):
        make_batch(ordinal=ordinal, publisher=f"3{ordinal}0000")
    with CaptureQueriesContext(connection) as many:
        client.get("/admin/enterprises/enterprise/add/")
    assert len(few) == len(many) <= 16


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("size", [SIZES, PHONE])
def test_rows_begin_high_and_many_are_seen(browser_context, size):
    signed_in(browser_context, make_user("editor"))
    for number in range(60):
        make_enterprise(name=f"示例{number}防水材料股份有限公司")
    page = browser_context.new_page()
    page.set_viewport_size(size)
    page.goto(ENTERPRISES)
    tops = page.eval_on_selector_all(
        ".d-rows tbody tr", "rows => rows.map(r => r.getBoundingClientRect().bottom)"
    )
    edge = page.eval_on_selector(".d-act", "bar => bar.getBoundingClientRect().top")
    first = page.eval_on_selector(".d-rows tbody tr", "row => row.getBoundingClientRect().top")
    assert first <= 220
    assert edge < size["height"]
    if size is SIZES:
        assert sum(bottom <= edge + 1 for bottom in tops) >= 20
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_key_of_the_search_can_be_turned_off_and_on_again(browser_context):
    """Who speaks to the machine, or presses keys by chance, would be led off at every 「/」 (WCAG 2.1.4)."""
    signed_in(browser_context, make_user("editor"))
    page = browser_context.new_page()
    page.goto(ENTERPRISES)
    for word, is_on in (("关闭", True), ("打开", False), ("关闭", True)):
        page.locator("main").press("/")
        assert page.locator("#find").evaluate("field => field === document.activeElement") is is_on
        assert page.locator(".d-find kbd").count() == is_on
        page.locator(".d-who > summary").click()
        with page.expect_navigation():
            page.get_by_role("link", name=f"{word}快捷键「/」").click()
        assert page.url.endswith(ENTERPRISES)


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_on_a_phone_one_button_opens_the_navigation_without_a_script(chromium, live_server):
    context = chromium.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    signed_in(context, make_user("editor"))
    page = context.new_page()
    page.goto("/admin/")
    assert not page.locator("#nav").is_visible()
    page.get_by_role("link", name="目录", exact=True).click()
    assert page.locator("#nav").is_visible()
    with page.expect_navigation():
        page.locator("#nav").get_by_role("link", name="企业", exact=True).click()
    assert page.url.endswith(ENTERPRISES)
    context.close()


def signed_in(context: Any, user: Any) -> None:
    """A session of that person, without the way through the door."""
    client = Client()
    client.force_login(user)
    address = {"domain": "localhost", "path": "/"}
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, **address}])


@pytest.mark.django_db
@pytest.mark.parametrize("ticked", ["x", "\x00", "9" * 19, "9" * 5000, "1.5", "-1", ""])
def test_a_tick_that_is_no_row_chooses_nothing(client, ticked):
    make_enterprise()
    client.force_login(make_user("editor"))
    posted = {"action": "put_into_batch", "index": "0", "_selected_action": ticked}
    page = client.post(ENTERPRISES, posted, follow=True).content.decode()
    assert 'name="draft"' not in page
    assert "d-note bad" in page
