"""An enterprise's way in a real browser: from a stranger's sign-up to its product on the public list, and by workbook."""

import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core import mail

from catalog.publication.models import ProductLine
from portal.applications.cases.models import Application
from portal.core.editions import clock
from tests.make import make_body, make_campaign, make_category, make_division, make_uscc
from tests.portal.applications.counter.test_lines_and_workbooks import two_hundred, workbook
from tests.portal.applications.making import make_owner, picture
from tests.portal.core.entrance.people import PASSWORD, link_in

from .people import Person, Staff

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
ADDRESS = "chen@example.com"
NAME = "示例登记防水材料有限公司"


@pytest.fixture
def registers(settings, tmp_path, live_server):
    settings.FILES_ROOT = tmp_path / "files"
    settings.SITE_URL = live_server.url
    settings.STAFF_NEEDS_SECOND_FACTOR = True
    make_campaign()
    make_category()
    make_body(name="示例认证中心")
    make_division("350000", "福建省")


@pytest.fixture
def scan(tmp_path) -> Path:
    path = tmp_path / "扫描件.png"
    path.write_bytes(picture())
    return path


def newest_case() -> Application:
    return Application.objects.order_by("-pk")[0]


def sign_up(person: Person) -> None:
    page = person.page
    page.goto("/desk/")
    person.press("注册账号")
    person.fill(name="陈大明", email=ADDRESS, password1=PASSWORD, password2=PASSWORD)
    page.press("#id_password2", "Enter")
    page.wait_for_url("**/accounts/confirm-email/")
    page.goto(link_in(mail.outbox[0]))
    person.press("确认")
    person.sign_in(ADDRESS)
    page.wait_for_url("**/desk/")


def register(person: Person, scan: Path) -> str:
    person.press("登记企业")
    person.fill(uscc=make_uscc())
    person.press("查这家企业")
    person.press("登记这家企业")
    person.fill(name="示例登记防水有限公司", division="福建省", phone="0592-1234567", sells_in="全国")
    person.page.check("#id_is_legal_representative")
    person.fill(contact_person="陈大明", contact_phone="13812341234")
    person.press("保存，下一步：材料")
    hand_papers_in(person, "licence", "上传营业执照", scan)
    return newest_case().number


def hand_papers_in(person: Person, purpose: str, button: str, scan: Path) -> None:
    person.page.set_input_files(f"#file-{purpose}", str(scan))
    person.press(button)
    assert "已收到" in person.text
    person.press("下一步：核对并提交")
    person.press("确认无误，提交")
    assert "已经提交" in person.text


def return_with_two_reasons(reviewer: Staff, number: str) -> None:
    reviewer.open_case(number)
    reviewer.press("退回补正")
    reviewer.page.get_by_label("与营业执照上的名称不一致").check()
    reviewer.page.get_by_label("电话打不通").check()
    reviewer.press("退回补正")
    reviewer.page.wait_for_selector("text=已退回")


def correct(person: Person) -> None:
    person.page.goto("/desk/")
    person.press("去补正")
    person.press("去改正")
    for field, reason in (("name", "与营业执照上的名称不一致"), ("phone", "电话打不通")):
        box = person.page.locator(".field.returned", has=person.page.locator(f"#id_{field}"))
        assert reason in box.inner_text()
    person.fill(name=NAME, phone="0592-7654321")
    person.press("保存，下一步：材料")
    person.press("下一步：核对并提交")
    person.press("确认无误，提交")


def begin_product_case(person: Person, number: str) -> None:
    today = clock.today()
    person.page.goto("/desk/")
    person.press(NAME)
    person.press("登记证书和产品")
    person.press("开始填写")
    person.fill(
        body="demo",
        number=number,
        star="3",
        issued_on=(today - datetime.timedelta(days=30)).isoformat(),
        valid_until=(today + datetime.timedelta(days=1000)).isoformat(),
        standard="T/CECS 10038-2019",
    )
    person.press("保存，下一步：产品")


def approve(reviewer: Staff, number: str) -> None:
    reviewer.open_case(number)
    reviewer.take("通过")
    reviewer.page.wait_for_selector("text=已通过")


def publish(chromium: Any, url: str, editor: Staff, slug: str) -> None:
    for person, step in (
        (editor, "提交并冻结"),
        (Staff(chromium, url, "reviewer"), "批准这个摘要"),
        (Staff(chromium, url, "publisher"), "公布"),
    ):
        person.page.goto("/admin/publication/batch/")
        person.press(slug)
        person.take(step)
        if person is not editor:
            person.context.close()


def open_draft(editor: Staff) -> str:
    """An open draft of the working group, into which approvals go; without a notice period, with the reason for it."""
    editor.page.goto("/admin/publication/batch/add/")
    editor.press("开始编制")
    editor.page.fill("[name=notice_days]", "0")
    editor.page.fill("[name=notice_waiver]", "推进组〔示例〕1号：示范")
    editor.press("保存")
    return f"{clock.today().year}-1"


def test_from_a_strangers_sign_up_to_a_product_on_the_public_list(chromium, live_server, registers, scan):
    url = live_server.url
    editor, reviewer = Staff(chromium, url, "editor"), Staff(chromium, url, "reviewer")
    slug = open_draft(editor)
    person = Person(chromium, url)
    sign_up(person)
    number = register(person, scan)
    return_with_two_reasons(reviewer, number)
    correct(person)
    approve(reviewer, number)

    begin_product_case(person, "SL-WALK-1")
    person.fill(name="自粘防水卷材", category="13", models_text="1.5 mm", brand="示例牌")
    person.press("加入")
    person.press("下一步：材料")
    hand_papers_in(person, "certificate", "上传证书扫描件", scan)
    assert not ProductLine.objects.exists()
    approve(reviewer, newest_case().number)
    publish(chromium, url, editor, slug)

    visitor = Person(chromium, url)
    visitor.page.goto("/products/")
    visitor.press("自粘防水卷材")
    assert "SL-WALK-1" in visitor.text
    assert NAME in visitor.text
    person.page.goto(f"/desk/cases/{newest_case().number}/")
    assert ProductLine.objects.get().number in person.text
    for somebody in (editor, reviewer, person, visitor):
        somebody.context.close()


def test_by_workbook_200_products_of_which_five_are_bad_on_a_phone_without_scripts(
    chromium, live_server, registers, scan, tmp_path
):
    url = live_server.url
    owner = make_owner(email="owner@example.com")
    enterprise = owner.memberships.get().enterprise
    enterprise.name = NAME
    enterprise.save()
    prove(owner)
    editor, reviewer = Staff(chromium, url, "editor"), Staff(chromium, url, "reviewer")
    slug = open_draft(editor)
    person = Person(chromium, url, is_plain=True)
    person.sign_in("owner@example.com")
    begin_product_case(person, "SL-WALK-200")
    person.press("用工作簿填")
    upload(person, tmp_path / "产品.xlsx", workbook(two_hundred()))
    assert "5 行有误，195 行没有问题" in person.text
    for cell in ("B12", "A22", "A33", "E42", "A52"):
        assert cell in person.text
    person.press("加入 195 个产品")
    person.press("用工作簿填")
    person.press("产品.xlsx")
    mended = mend(person, tmp_path)
    person.press("再上传")
    upload(person, tmp_path / "产品改.xlsx", mended)
    assert "200 行都没有问题" in person.text
    person.press("加入 200 个产品")
    assert "已加入 5 个产品" in person.text
    person.press("下一步：材料")
    hand_papers_in(person, "certificate", "上传证书扫描件", scan)
    approve(reviewer, newest_case().number)
    publish(chromium, url, editor, slug)
    visitor = Person(chromium, url, is_plain=True)
    visitor.page.goto("/products/")
    assert "200 项" in visitor.text
    for somebody in (editor, reviewer, person, visitor):
        somebody.context.close()


def prove(user: Any) -> None:
    """An account whose address is verified and whose password is known."""
    from allauth.account.models import EmailAddress

    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def upload(person: Person, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    person.page.set_input_files("#id_file", str(path))
    person.press("上传并检查")


def mend(person: Person, tmp_path: Path) -> bytes:
    """The marked workbook with its five bad rows made good, as somebody does in Excel."""
    with person.page.expect_download() as download:
        person.page.get_by_role("link", name="下载标注好的工作簿", exact=True).click()
    path = tmp_path / "标注.xlsx"
    download.value.save_as(path)
    book = openpyxl.load_workbook(path)
    sheet = book["产品"]
    assert sheet["B12"].comment is not None
    for row in (12, 22, 33, 42, 52):
        for column, value in zip("ABE", (f"示例卷材改{row}号", "防水卷材", None), strict=True):
            sheet[f"{column}{row}"].value = value
    book.save(path)
    return path.read_bytes()
