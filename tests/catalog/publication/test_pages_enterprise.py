"""The page of one enterprise."""

import pytest

from catalog.enterprises.models import FormerName
from catalog.publication.compiling import compile
from tests.catalog.publication.stories import act, announce, cost_of, newest, next_ordinal, text_of
from tests.make import (
    make_batch,
    make_enterprise,
    make_product,
    make_uscc,
    publish,
    publish_products,
)

pytestmark = pytest.mark.django_db


def read(client, address: str) -> str:
    response = client.get(address)
    assert response.status_code == 200
    return text_of(response)


def change_enterprise(enterprise, **values):
    for name, value in values.items():
        setattr(enterprise, name, value)
    enterprise.save()
    batch = make_batch(kind="adjustment", ordinal=next_ordinal())
    compile.enter_enterprises(batch, [enterprise], by=batch.created_by)
    return publish(batch)


@pytest.fixture
def maker():
    maker = make_enterprise(
        name="示例甲防水材料有限公司", phone="0000-7654321", website="https://example.cn/"
    )
    publish_products(make_product(name="自粘防水卷材", enterprise=maker))
    return maker


def test_a_page_shows_the_enterprise_and_its_products(client, maker):
    page = read(client, f"/enterprises/{maker.uscc}/")
    for words in (maker.name, maker.uscc, "0000-7654321", "https://example.cn/", "自粘防水卷材", "福建省"):
        assert words in page
    assert "首次列入国家清单" in page


def test_a_rename_keeps_the_address_and_shows_the_former_name(client, maker):
    FormerName.objects.create(enterprise=maker, name=maker.name)
    change_enterprise(maker, name="示例甲新材料股份有限公司")
    page = read(client, f"/enterprises/{maker.uscc}/")
    assert "<h1>示例甲新材料股份有限公司</h1>" in page
    assert "曾用名" in page
    assert "示例甲防水材料有限公司" in page
    past = read(client, f"/enterprises/{maker.uscc}/?edition={newest() - 1}")
    assert "<h1>示例甲防水材料有限公司</h1>" in past
    assert "新材料股份" not in past


def test_a_corrected_code_leaves_an_alias_that_says_why(client, maker):
    old, before = maker.uscc, newest()
    new = make_uscc()
    change_enterprise(maker, uscc=new)
    response = client.get(f"/enterprises/{old}/")
    assert (response.status_code, response["Location"]) == (301, f"/enterprises/{new}/")
    assert f"曾登记为 {old}" in read(client, f"/enterprises/{new}/")
    assert client.get(f"/enterprises/{old}/?edition={before}").status_code == 200


def test_a_code_in_small_letters_leads_to_its_address(client):
    maker = make_enterprise(uscc="9135000000000TTT0X")
    publish_products(make_product(enterprise=maker))
    response = client.get(f"/enterprises/{maker.uscc.lower()}/")
    assert (response.status_code, response["Location"]) == (301, f"/enterprises/{maker.uscc}/")


def test_a_removed_enterprise_stays_readable_with_its_reason(client, maker):
    act(maker)
    page = read(client, f"/enterprises/{maker.uscc}/")
    assert "已移出" in page
    assert "监督检验不合格" in page
    assert "自粘防水卷材" in page


def test_an_enterprise_that_was_never_public_is_told(client):
    maker = make_enterprise()
    announce(make_product(enterprise=maker))
    response = client.get(f"/enterprises/{maker.uscc}/")
    assert response.status_code == 404
    assert "没有公布过" in text_of(response)


@pytest.mark.parametrize("code", ["-", "%00", "企业", "91'--", "9" * 300])
def test_what_is_no_code_is_told(client, code):
    assert client.get(f"/enterprises/{code}/").status_code == 404


def test_before_it_was_public_the_page_says_so(client, maker):
    first = newest()
    late = make_enterprise(name="后来的企业")
    publish_products(make_product(enterprise=late))
    page = read(client, f"/enterprises/{late.uscc}/?edition={first}")
    assert "当时尚未公布" in page
    assert "后来的企业" not in page


def test_many_products_are_paged_at_the_same_cost(client, maker):
    before = cost_of(client, f"/enterprises/{maker.uscc}/")
    publish_products(*(make_product(enterprise=maker) for _ in range(25)))
    assert cost_of(client, f"/enterprises/{maker.uscc}/") == before <= 20
    assert "第 1 至 20 项，共 26 项" in read(client, f"/enterprises/{maker.uscc}/")
    assert client.get(f"/enterprises/{maker.uscc}/?page=2").status_code == 200
    assert client.get(f"/enterprises/{maker.uscc}/?page=3").status_code == 400
