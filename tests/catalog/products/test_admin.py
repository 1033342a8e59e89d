"""The registers of products, certificates and requirements in the back end."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from catalog.products.models import (
    Category,
    CertificationBody,
    LocalRequirement,
    Product,
)
from portal.core.audit.models import Change
from tests.make import (
    make_body,
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db
PRODUCTS = "/admin/products/product/"
CERTIFICATES = "/admin/products/certificate/"
REQUIREMENTS = "/admin/products/localrequirement/"


def product_form(product, **fields):
    usual = {
        "enterprise": product.enterprise.uscc,
        "category": product.category_id,
        "brand": product.brand,
        "name": product.name,
        "models_text": product.models_text,
        "certificate": product.certificate.number if product.certificate else "",
        "requirement": product.requirement_id or "",
        "_save": "1",
    }
    return usual | fields


def test_a_product_is_edited_with_its_rows_named_by_their_codes(client, editor):
    product, enterprise, certificate = make_product(), make_enterprise(), make_certificate()
    change = f"{PRODUCTS}{product.pk}/change/"
    page = client.get(change).content.decode()
    assert f'value="{product.enterprise.uscc}"' in page
    assert f'value="{product.certificate.number}"' in page
    client.post(
        change, product_form(product, enterprise=enterprise.name, certificate=certificate.number.lower())
    )
    product.refresh_from_db()
    assert (product.enterprise, product.certificate) == (enterprise, certificate)
    assert Change.objects.get(target="products.product").before["certificate_id"] != certificate.pk


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("enterprise", "没有这家公司", "没有找到唯一的一家企业"),
        ("certificate", "SL-没有", "没有找到唯一的一张证书"),
        ("certificate", "", "须有且只有一项依据"),
        ("name", "\u200b", "这个字段是必填项"),
    ],
)
def test_what_does_not_fit_a_product_is_told(client, editor, field, value, sentence):
    product = make_product()
    page = client.post(f"{PRODUCTS}{product.pk}/change/", product_form(product, **{field: value}))
    assert sentence in page.content.decode()
    assert not Change.objects.exists()


def test_a_product_is_not_entered_twice_under_one_certificate(client, editor):
    product = make_product()
    page = client.post(f"{PRODUCTS}add/", product_form(product, name=f" {product.name}"))
    assert "同一依据下已有同名同型号的产品" in page.content.decode()
    assert Product.objects.count() == 1


def test_a_requirement_that_a_list_names_keeps_its_text(client, editor):
    requirement = make_requirement()
    product = make_product(requirement=requirement)
    change = f"{REQUIREMENTS}{requirement.pk}/change/"
    assert 'name="text"' in client.get(change).content.decode()
    make_division()
    publish_products(product, publisher="350000")
    page = client.get(change).content.decode()
    assert 'name="text"' not in page
    assert 'name="until_on"' in page
    client.post(change, {"text": "改写", "until_on": "2027-01-01", "_save": "1"})
    requirement.refresh_from_db()
    assert requirement.text != "改写"
    assert requirement.until_on == datetime.date(2027, 1, 1)
    assert Change.objects.get(target="products.localrequirement").before == {"until_on": None}


def test_a_pilot_officer_writes_requirements_only_for_the_own_province(client):
    client.force_login(make_user("pilot_officer:350000"))
    strange = make_requirement(publisher="370000")
    assert client.get(f"{REQUIREMENTS}{strange.pk}/change/").status_code == 404
    form = {
        "publisher": "370000",
        "category": make_category().pk,
        "title": "要求",
        "version": "1",
        "text": "一、\n二、",
        "from_on": "2026-01-01",
    }
    assert "不是您负责的地区" in client.post(f"{REQUIREMENTS}add/", form).content.decode()
    client.post(f"{REQUIREMENTS}add/", form | {"publisher": "350000"})
    assert LocalRequirement.objects.get(publisher="350000").text == "一、\n二、"


def test_a_pilot_officer_does_not_see_products_and_certificates_of_elsewhere(client):
    own = make_product()
    strange = make_product(enterprise=make_enterprise(division=make_division("370000", "山东省")))
    client.force_login(make_user("pilot_officer:350000"))
    page = client.get(PRODUCTS).content.decode()
    assert own.name in page
    assert strange.name not in page
    assert client.get(f"{PRODUCTS}{strange.pk}/change/").status_code == 404
    assert client.get(f"{CERTIFICATES}{strange.certificate_id}/change/").status_code == 404
    assert client.get(f"{CERTIFICATES}{own.certificate_id}/change/").status_code == 200
    moved = client.post(f"{PRODUCTS}{own.pk}/change/", product_form(own, enterprise=strange.enterprise.uscc))
    assert "没有找到唯一的一家企业" in moved.content.decode()


@pytest.mark.parametrize("register", ["category", "certificationbody", "catalogue"])
def test_what_belongs_to_the_whole_country_is_not_edited_by_a_pilot_officer(client, register):
    make_category(), make_body()
    client.force_login(make_user("pilot_officer:350000"))
    address = f"/admin/products/{register}/"
    assert client.get(address).status_code == 200
    assert client.get(f"{address}add/").status_code == 403


def test_words_of_a_body_are_typed_with_a_comma_between(client, editor):
    form = {"code": "sl", "name": "示例认证中心", "short_names": "示例、 SL，SL", "source": "", "_save": "1"}
    client.post("/admin/products/certificationbody/add/", form)
    body = CertificationBody.objects.get()
    assert body.short_names == ["示例", "SL"]
    assert (
        'value="示例、SL"'
        in client.get(f"/admin/products/certificationbody/{body.pk}/change/").content.decode()
    )


def test_the_code_of_a_category_never_changes(client, editor):
    category = make_category()
    change = f"/admin/products/category/{category.pk}/change/"
    page = client.get(change).content.decode()
    assert 'name="code"' not in page
    form = {
        "code": "99",
        "catalogue": category.catalogue_id,
        "scheme": category.scheme,
        "name": "防水卷材（改）",
        "group_code": "G3",
        "group_name": "防水",
        "position": "1",
        "house_part": "roof",
    }
    client.post(change, form)
    assert Category.objects.get().code == category.pk
    assert Change.objects.get(target="products.category").before["name"] == category.name


@pytest.mark.parametrize(
    "register", ["product", "certificate", "localrequirement", "category", "certificationbody"]
)
@pytest.mark.parametrize(
    ("role", "reads", "adds"), [("auditor", 200, 403), ("editor", 200, 200), ("administrator", 403, 403)]
)
def test_who_reads_and_who_adds(client, register, role, reads, adds):
    client.force_login(make_user(role))
    assert client.get(f"/admin/products/{register}/").status_code == reads
    assert client.get(f"/admin/products/{register}/add/").status_code == adds


def test_checks_are_read_only(client):
    client.force_login(make_user("editor", is_superuser=True))
    assert client.get("/admin/products/certificatecheck/").status_code == 200
    assert client.get("/admin/products/certificatecheck/add/").status_code == 403


@pytest.mark.parametrize(("address", "words"), [(PRODUCTS, "name"), (CERTIFICATES, "number")])
def test_a_list_asks_as_much_for_twenty_rows_as_for_one(client, editor, address, words):
    make_product()
    client.get(address)
    with CaptureQueriesContext(connection) as one:
        client.get(address)
    for _ in range(19):
        make_product()
    with CaptureQueriesContext(connection) as many:
        client.get(address)
    assert len(many) == len(one)


def test_a_product_is_found_by_enterprise_certificate_and_number(client, editor):
    product, other = make_product(), make_product()
    publish_products(product)
    product.refresh_from_db()
    for words in (product.enterprise.name, product.certificate.number, "0000001-3", product.name):
        page = client.get(PRODUCTS, {"q": words}).content.decode()
        assert product.name in page, words
        assert other.name not in page, words
