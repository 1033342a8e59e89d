"""Products of a certificate: line by line, and by workbook with the same checks as a staff import."""

import io

import openpyxl
import pytest
import python_calamine
import xlsxwriter

from catalog.imports.reporting.template import for_register
from portal.applications.cases.models import Application, Workbook
from portal.applications.cases.workflow import starting
from tests.make import make_category, make_certificate, make_product
from tests.portal.applications.making import (
    certificate_values,
    draft_product,
    draft_renewal,
    enterprise_of,
    make_owner,
)

from .world import form_data, upload_of

HEADINGS = ("产品名称", "产品类别", "规格型号", "品牌", "认证等级")
pytestmark = pytest.mark.django_db


@pytest.fixture
def owner(client):
    owner = make_owner()
    client.force_login(owner)
    return owner


def product_case(owner, count: int = 0) -> Application:
    if count:
        return draft_product(owner, count=count)
    enterprise = enterprise_of(owner)
    return starting.start("product", by=owner, enterprise=enterprise, values=certificate_values(enterprise))


def path_of(application: Application, rest: str = "products/") -> str:
    return f"/desk/cases/{application.number}/{rest}"


def typed(application: Application, **changes) -> dict:
    application.refresh_from_db()
    category = make_category()
    values = {"name": "自粘防水卷材", "category": category.pk, "models_text": "1.5 mm", "brand": "示例牌"}
    return form_data(application, application.created_by, **values, revision=application.revision) | changes


# -- line by line -------------------------------------------------------------------------------------------------------


def test_lines_are_added_changed_copied_and_removed(client, owner):
    application = product_case(owner)
    assert client.post(path_of(application), typed(application)).status_code == 302
    item = application.items.get()
    assert (item.name, item.category_id) == ("自粘防水卷材", "13")

    copied = client.post(path_of(application, f"products/{item.pk}/copy/")).content.decode()
    assert 'value="自粘防水卷材"' in copied
    assert application.items.count() == 1
    assert client.post(path_of(application), typed(application, models_text="2.0 mm")).status_code == 302
    assert application.items.count() == 2

    changed = client.post(path_of(application, f"products/{item.pk}/"), typed(application, name="改名卷材"))
    assert changed.status_code == 302
    item.refresh_from_db()
    assert item.name == "改名卷材"

    application.refresh_from_db()
    client.post(path_of(application, f"products/{item.pk}/remove/"), {"revision": application.revision})
    assert application.items.count() == 1


def test_kind_and_brand_carry_over_to_the_next_product(client, owner):
    application = product_case(owner)
    client.post(path_of(application), typed(application, brand="示例青竹"))
    form = client.get(path_of(application)).context["form"]
    assert form["brand"].value() == "示例青竹"
    assert form["category"].value() == application.items.get().category_id
    assert not form["name"].value()


def test_the_same_line_twice_is_told(client, owner):
    application = product_case(owner)
    client.post(path_of(application), typed(application))
    again = client.post(path_of(application), typed(application))
    assert again.status_code == 409
    assert "相同" in again.content.decode()
    assert application.items.count() == 1


def test_a_line_from_an_older_window_is_told_and_stands_in_the_form(client, owner):
    application = product_case(owner)
    old = typed(application, name="旧窗口卷材")
    client.post(path_of(application), typed(application))
    response = client.post(path_of(application), old)
    assert response.status_code == 409
    assert "旧窗口卷材" in response.content.decode()
    assert application.items.count() == 1


def test_a_decided_line_is_not_changed_any_more(client, owner):
    application = product_case(owner, count=2)
    item = application.items.order_by("pk")[0]
    item.state = "approved"
    item.save()
    assert client.post(path_of(application, f"products/{item.pk}/"), typed(application)).status_code == 404
    client.post(path_of(application, f"products/{item.pk}/remove/"), {"revision": application.revision})
    assert application.items.count() == 2


def test_a_renewal_has_every_product_ticked_and_one_can_be_left_behind(client, owner):
    old = make_certificate()
    products = [make_product(enterprise=enterprise_of(owner), certificate=old) for _ in range(3)]
    application = draft_renewal(owner, old)
    page = client.get(path_of(application)).content.decode()
    assert page.count(" checked") == 3
    client.post(
        path_of(application),
        form_data(
            application, owner, product=[products[0].pk, products[1].pk], revision=application.revision
        ),
    )
    assert set(application.items.values_list("product_id", flat=True)) == {products[0].pk, products[1].pk}


def test_products_of_another_enterprise_cannot_be_ticked(client, owner):
    application = starting.start("withdraw", by=owner, enterprise=enterprise_of(owner))
    foreign = make_product()
    response = client.post(
        path_of(application),
        form_data(application, owner, product=[foreign.pk], revision=application.revision),
    )
    assert response.status_code == 409
    assert application.items.count() == 0


def test_more_ticks_than_a_page_of_django_takes_are_read(client, owner, settings):
    application = starting.start("withdraw", by=owner, enterprise=enterprise_of(owner))
    ticks = list(range(1, settings.CASE_MAX_ITEMS + 1))
    response = client.post(
        path_of(application), form_data(application, owner, product=ticks, revision=application.revision)
    )
    assert response.status_code == 409
    assert "刷新页面后重选" in response.content.decode()


# -- by workbook --------------------------------------------------------------------------------------------------------


def workbook(rows: list[tuple], headings=HEADINGS) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"strings_to_formulas": False})
    sheet = book.add_worksheet("产品")
    for number, row in enumerate([headings, *rows]):
        sheet.write_row(number, 0, row)
    book.close()
    return target.getvalue()


def two_hundred() -> list[tuple]:
    """200 products, five of them bad in five ways."""
    rows = [(f"示例卷材{number}号", "防水卷材", "1.5 mm", "示例牌", "") for number in range(200)]
    rows[10] = ("示例卷材10号", "没有这一类", "1.5 mm", "示例牌", "")
    rows[20] = ("", "防水卷材", "1.5 mm", "示例牌", "")
    rows[30] = ("示例卷材31号", "防水卷材", "1.5 mm", "示例牌", "")
    rows[40] = ("示例卷材40号", "防水卷材", "1.5 mm", "示例牌", "一星级")
    rows[50] = ("长" * 121, "防水卷材", "1.5 mm", "示例牌", "")
    return rows


def send(client, application: Application, content: bytes, name: str = "产品.xlsx"):
    return client.post(path_of(application, "workbook/"), {"file": upload_of(content, name)}, follow=True)


def test_the_template_offers_categories_and_stars_and_is_read_back(client, owner):
    make_category()
    content = client.get("/desk/template.xlsx").content
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
    assert book.get_sheet_by_name("产品").to_python()[0] == list(HEADINGS)
    assert ["防水卷材", "一星级"] in book.get_sheet_by_name("可选内容").to_python()


def test_of_200_products_five_bad_ones_are_named_and_the_others_taken_over(client, owner):
    make_category()
    application = product_case(owner)
    response = send(client, application, workbook(two_hundred()))
    page = response.content.decode()
    kept = Workbook.objects.get()
    assert (kept.rows, kept.faulty_rows, len(kept.sound)) == (200, 5, 195)
    assert {fault["cell"].rpartition("!")[2] for fault in kept.faults} == {"B12", "A22", "A33", "E42", "A52"}
    assert "品类目录里没有" in page

    application.refresh_from_db()
    taken = client.post(
        path_of(application, f"workbook/{kept.pk}/take/"), {"revision": application.revision}, follow=True
    )
    assert "已加入 195 个产品" in taken.content.decode()
    assert application.items.count() == 195
    assert not application.items.filter(category=None).exists()

    marked = client.get(path_of(application, f"workbook/{kept.pk}/marked.xlsx"))
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(marked.content))
    assert "问题清单" in book.sheet_names
    assert book.get_sheet_by_name("产品").to_python()[11][1] == "没有这一类"

    mended = two_hundred()
    for place in (10, 20, 30, 40, 50):
        mended[place] = (f"示例卷材改{place}号", "防水卷材", "1.5 mm", "示例牌", "")
    send(client, application, workbook(mended))
    second = Workbook.objects.first()
    assert second.faulty_rows == 0
    application.refresh_from_db()
    client.post(path_of(application, f"workbook/{second.pk}/take/"), {"revision": application.revision})
    assert application.items.count() == 200


def test_a_list_of_ones_own_is_understood_by_its_headings(client, owner):
    make_category()
    application = product_case(owner)
    content = workbook([("甲型卷材", "1.2 mm", "防水卷材")], headings=("获证产品", "型号规格", "品类"))
    send(client, application, content)
    assert Workbook.objects.get().sound == [
        {"name": "甲型卷材", "models_text": "1.2 mm", "brand": "", "category": "13"}
    ]


def filled(template: bytes, row: dict[str, str]) -> bytes:
    """A template of the portal with one row under its headings."""
    book = openpyxl.load_workbook(io.BytesIO(template))
    sheet = book.worksheets[0]
    sheet.append([row.get(cell.value, "") for cell in sheet[1]])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def test_the_template_of_the_desk_is_taken_at_the_counter_and_another_certificate_in_it_is_named(
    client, owner
):
    make_category()
    application = product_case(owner)
    row = {"产品名称": "甲型卷材", "产品类别": "防水卷材", "规格型号": "1.2 mm"}
    send(client, application, filled(for_register("products"), row))
    assert [one["name"] for one in Workbook.objects.get().sound] == ["甲型卷材"]
    send(client, application, filled(for_register("products"), row | {"证书编号": "SL-ANOTHER-1"}))
    assert [fault["cell"] for fault in Workbook.objects.first().faults] == ["清单!H2"]


def test_without_the_certificate_no_workbook_is_judged(client, owner):
    application = starting.start("product", by=owner, enterprise=enterprise_of(owner))
    page = send(client, application, workbook([("甲", "防水卷材", "", "", "")])).content.decode()
    assert "请先在「证书」一页填好" in page
    assert not Workbook.objects.exists()


def test_a_stranger_neither_sees_nor_takes_a_workbook(client, owner):
    make_category()
    application = product_case(owner)
    send(client, application, workbook([("甲型卷材", "防水卷材", "", "", "")]))
    kept = Workbook.objects.get()
    client.force_login(make_owner())
    for rest in ("", "marked.xlsx"):
        assert client.get(path_of(application, f"workbook/{kept.pk}/{rest}")).status_code == 404
    assert client.post(path_of(application, f"workbook/{kept.pk}/take/")).status_code == 404
    assert application.items.count() == 0
