"""The walk: what an enterprise and four offices press, from a registration to a batch."""

import datetime
import io
from typing import Any

from .person import Person

NAME = "示例青竹防水有限公司"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def code_of_enterprise() -> str:
    from portal.core.text.uscc import check_character

    front = "91350200DEM900001"
    return front + check_character(front)


def scan(words: str) -> bytes:
    """A sheet that stands for a scanned paper."""
    from PIL import Image, ImageDraw

    sheet = Image.new("RGB", (620, 877), "#fdfdf8")
    draw = ImageDraw.Draw(sheet)
    draw.rectangle((30, 30, 590, 847), outline="#7a7a70", width=3)
    draw.text((250, 90), words, fill="#333333")
    for row in range(12):
        draw.line((90, 190 + row * 44, 530 - 40 * (row % 3), 190 + row * 44), fill="#8a8a80", width=4)
    target = io.BytesIO()
    sheet.save(target, "PNG")
    return target.getvalue()


def register(owner: Person) -> str:
    """From the front page of the desk to a registration that was handed in; its number."""
    page = owner.page
    page.goto("/accounts/signup/")
    owner.shoot("signup")
    owner.enter("/accounts/login/")
    page.goto("/desk/")
    owner.shoot("desk")
    page.goto("/desk/find/")
    page.fill("main input[name=uscc]", code_of_enterprise())
    with page.expect_navigation():
        page.press("main input[name=uscc]", "Enter")
    owner.shoot("find")
    owner.press("登记这家企业")
    owner.fill(name=NAME, division="福建省", phone="0592-1234567", address="示例路 1 号", sells_in="全国")
    owner.fill(contact_person="张三", contact_phone="13800001234")
    page.locator("#id_is_legal_representative").check()
    owner.shoot("fill")
    owner.press("保存，下一步：材料")
    upload(owner, "licence", "营业执照")
    owner.shoot("papers")
    owner.press("下一步：核对并提交")
    owner.shoot("hand-in")
    owner.press("确认无误，提交")
    owner.shoot("case")
    return page.url.rstrip("/").rpartition("/")[2]


def upload(owner: Person, purpose: str, label: str) -> None:
    owner.page.set_input_files(
        f"#file-{purpose}", {"name": f"{label}.png", "mimeType": "image/png", "buffer": scan(purpose.upper())}
    )
    owner.press(f"上传{label}")


def send_back(officer: Person, number: str) -> None:
    """The officer's first day: the second factor, the first page, the queue, a case, a return."""
    page = officer.page
    officer.enter("/admin/")
    officer.set_up_factor("second-factor")
    page.goto("/admin/")
    officer.shoot("officer-home")
    page.goto("/admin/desk/application/?waits=mine")
    officer.shoot("officer-queue")
    officer.press(number)
    officer.shoot("officer-case")
    officer.press("退回补正")
    page.get_by_label("与营业执照上的住所不一致").first.check()
    page.get_by_label("扫描件看不清").check()
    page.fill("#id_text_documents", "请重新扫描，四角都要在画面里。")
    officer.shoot("return")
    officer.press("退回补正")


def correct(owner: Person, number: str) -> None:
    page = owner.page
    page.goto(f"/desk/cases/{number}/")
    owner.shoot("returned")
    owner.press("去改正")
    owner.fill(address="示例路 18 号")
    owner.press("保存，下一步：材料")
    upload(owner, "licence", "营业执照")
    owner.press("下一步：核对并提交")
    owner.press("确认无误，提交")


def approve(person: Person, number: str, picture: str) -> None:
    open_case(person, number)
    person.shoot(picture)
    person.press("通过")
    person.shoot(f"{picture}-approve")
    person.press("通过")


def open_case(person: Person, number: str) -> None:
    person.page.goto(f"/admin/desk/application/?q={number}")
    person.press(number)


def apply(owner: Person) -> str:
    """A certificate with two products, handed in; the number of the case."""
    page = owner.page
    today = datetime.date.today()
    page.goto(f"/desk/enterprises/{code_of_enterprise()}/")
    owner.shoot("enterprise")
    owner.press("登记证书和产品")
    owner.press("开始填写")
    body = page.locator("#id_body option", has_text="示例").first.get_attribute("value")
    owner.fill(body=body, number="SL-CGP-2026-0901", star="3", standard="T/CECS 10038-2019")
    owner.fill(applicant_name=NAME, maker_name=NAME, factory_name=NAME)
    owner.fill(issued_on=f"{today.year}-03-01", valid_until=f"{today.year + 5}-02-28")
    owner.shoot("certificate")
    owner.press("保存，下一步：产品")
    for place in (1, 2):
        owner.fill(name=f"示例自粘防水卷材 {place} 型", models_text=f"{place}.5 mm", brand="示例青竹")
        page.fill("#id_category", "防水卷材") if is_typed(page) else page.locator(
            "#id_category"
        ).select_option(label=category_label(page))
        owner.press("加入")
    owner.shoot("products")
    owner.press("用工作簿填")
    owner.shoot("workbook")
    page.go_back()
    owner.press("下一步：材料")
    upload(owner, "certificate", "证书扫描件")
    owner.press("下一步：核对并提交")
    owner.press("确认无误，提交")
    return page.url.rstrip("/").rpartition("/")[2]


def is_typed(page: Any) -> bool:
    return page.locator("#id_category").evaluate("node => node.tagName") != "SELECT"


def category_label(page: Any) -> str:
    labels = page.locator("#id_category option").all_inner_texts()
    return next(label for label in labels if "防水卷材" in label)


def give_opinion(officer: Person, number: str) -> None:
    officer.page.goto("/admin/desk/application/?waits=opinion")
    officer.press(number)
    officer.press("填写地区意见")
    officer.page.get_by_label("同意", exact=True).check()
    officer.shoot("opinion")
    officer.press("填写地区意见")


def review(reviewer: Person, number: str) -> None:
    page = reviewer.page
    reviewer.enter("/admin/")
    reviewer.set_up_factor()
    page.goto("/admin/")
    reviewer.shoot("reviewer-home")
    page.goto("/admin/desk/application/")
    reviewer.shoot("queue")
    for box in page.locator("input[name=_selected_action]").all()[:2]:
        box.check()
    reviewer.press("一起办理")
    reviewer.shoot("many")
    open_case(reviewer, number)
    reviewer.press("逐项审核")
    reviewer.shoot("items")
    approve(reviewer, number, "review-case")


def publish(editor: Person, publisher: Person) -> None:
    """The draft that the approval filled: submitted by one, approved by another; who approved its cases approves no batch."""
    editor.enter("/admin/")
    editor.set_up_factor()
    registers(editor)
    draft = batch_page(editor)
    editor.page.goto(draft)
    editor.shoot("batch-draft")
    rehearse(editor, draft)
    editor.page.goto(draft)
    editor.press("标题与公示")
    editor.shoot("batch-head")
    editor.page.fill("#id_basis", "推进组〔示例〕2026年第 9 号")
    editor.press("保存")
    editor.press("提交并冻结")
    editor.shoot("batch-submit")
    editor.press("提交并冻结")
    publisher.enter("/admin/")
    publisher.set_up_factor()
    publisher.page.goto("/admin/")
    publisher.shoot("publisher-home")
    publisher.page.goto(draft)
    publisher.press("批准这个摘要")
    publisher.shoot("batch-approve")
    publisher.press("批准这个摘要")
    publisher.page.goto(draft)
    publisher.shoot("batch-approved")


def list_of_products() -> bytes:
    """The portal's own template, filled in; two cells are wrong, each in its own way."""
    import openpyxl

    from catalog.enterprises.models import Enterprise
    from catalog.imports.reporting.template import for_register

    maker = Enterprise.objects.order_by("pk").first()
    assert maker is not None  # noqa: S101 - the demonstration has some
    book = openpyxl.load_workbook(io.BytesIO(for_register("products")))
    sheet = book.worksheets[0]
    until = f"{datetime.date.today().year + 4}-06-05"
    for place in range(1, 7):
        row = {
            "企业名称": maker.name,
            "产品名称": f"示例卷材 {place} 型",
            "产品类别": "防水卷村" if place == 2 else "防水卷材",
            "规格型号": f"{place}.5 mm",
            "认证机构": "国检集团",
            "证书编号": f"SL-CGP-2026-08{place:02d}",
            "认证等级": "三星级",
            "有效期至": "某日" if place == 5 else until,
        }
        sheet.append([row.get(str(cell.value), "") for cell in sheet[1]])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def registers(editor: Person) -> None:
    """A list, a record, and a workbook that is read before anything is saved."""
    page = editor.page
    page.goto("/admin/products/product/")
    editor.shoot("register-list")
    page.goto("/admin/enterprises/enterprise/")
    page.locator("tbody th a").first.click()
    page.wait_for_url("**/change/**")
    editor.shoot("record")
    page.goto("/admin/imports/importrun/add/")
    page.set_input_files(
        "#id_file", {"name": "第九批产品.xlsx", "mimeType": XLSX, "buffer": list_of_products()}
    )
    page.locator("#id_register").select_option("products")
    page.locator("#id_draft").select_option("national:batch")
    editor.press("上传并检查")
    page.wait_for_selector("#faults", timeout=60_000)
    editor.shoot("import")


def rehearse(editor: Person, draft: str) -> None:
    editor.page.goto(draft)
    editor.press("预演公开页面")
    editor.shoot("rehearsal")


def batch_page(editor: Person) -> str:
    """The address of the national draft."""
    editor.page.goto("/admin/publication/batch/?state__exact=draft&publisher=national")
    href = editor.page.locator("tbody th a").first.get_attribute("href")
    assert href is not None  # noqa: S101 - the approval filled one
    return href


def walk(browser: Any) -> None:
    people = {name: Person(browser, name) for name in ("fujian", "reviewer", "editor", "publisher")}
    owner, officer = Person(browser, "qingzhu"), people["fujian"]
    number = register(owner)
    send_back(officer, number)
    correct(owner, number)
    approve(officer, number, "officer-again")
    product = apply(owner)
    give_opinion(officer, product)
    review(people["reviewer"], product)
    owner.page.goto(f"/desk/cases/{product}/")
    owner.shoot("approved")
    publish(people["editor"], people["publisher"])
