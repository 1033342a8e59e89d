"""The page of one product, in every state that it can be in."""

import gzip
from datetime import date, timedelta

import pytest

from catalog.publication.models import Action, ProductLine
from catalog.publication.publishing import holds
from portal.core.editions import clock
from tests.catalog.publication.stories import (
    act,
    announce,
    change,
    change_certificate,
    cost_of,
    newest,
    on,
    text_of,
)
from tests.make import (
    make_certificate,
    make_enterprise,
    make_product,
    make_requirement,
    make_user,
    publish_products,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def product():
    maker = make_enterprise(name="示例甲防水材料有限公司", phone="0000-7654321")
    certificate = make_certificate(number="SL-CGP-2022-0117", star="3", standard="T/CECS 10038-2019")
    product = make_product(name="自粘防水卷材", enterprise=maker, certificate=certificate)
    publish_products(product)
    product.refresh_from_db()
    return product


def address(product=None) -> str:
    lines = ProductLine.objects.filter(product=product) if product else ProductLine.objects
    return f"/products/{lines.values_list('number', flat=True)[0]}/"


def read(client, product=None, query: str = "") -> str:
    response = client.get(address(product) + query)
    assert response.status_code == 200
    return text_of(response)


def test_a_page_says_what_it_is_who_makes_it_and_on_which_certificate(client, product):
    page = read(client)
    for words in ("自粘防水卷材", "SL-CGP-2022-0117", "三星级", "示例甲防水材料有限公司", "0000-7654321"):
        assert words in page
    for words in ("有效", "首次列入国家清单", "T/CECS 10038-2019", "还没有核验记录"):
        assert words in page
    assert f"第{newest()}版" in page


def test_internal_columns_are_on_no_public_page(client, product):
    product.enterprise.contact_person, product.enterprise.contact_phone = "王某某", "13812345678"
    product.enterprise.save()
    for where in (address(), f"/enterprises/{product.enterprise.uscc}/", "/enterprises/export.csv"):
        response = client.get(where)
        body = b"".join(response) if response.streaming else response.content
        assert "王某某" not in body.decode()
        assert "13812345678" not in body.decode()


def test_a_removed_product_stays_readable_with_its_reason(client, product):
    batch = act(product)
    page = read(client)
    for words in ("已移出", "质量问题", "监督检验不合格", "示例省市场监督管理局", "示例函〔2023〕1号"):
        assert words in page
    assert "现在不在任何清单上" in page
    assert f"/batches/{batch.slug}/" in page


def test_a_suspension_and_its_end_are_told(client, product):
    act(product, Action.SUSPEND)
    assert "暂停" in read(client)
    act(product, Action.RESUME)
    page = read(client)
    assert "在 1 份清单上现行" in page
    assert "国家清单恢复" in page


@pytest.mark.parametrize(
    ("status", "word"), [("suspended", "暂停"), ("revoked", "撤销"), ("cancelled", "注销")]
)
def test_a_certificate_out_of_force_is_told_with_day_and_reason(client, product, status, word):
    change_certificate(
        product.certificate, status=status, status_on=date(2023, 9, 1), status_reason="年度监督未通过"
    )
    page = read(client)
    assert f">{word}<" in page.replace("</svg>", ">")
    assert "2023年9月1日" in page
    assert "年度监督未通过" in page


def test_the_last_day_is_still_valid_and_the_next_is_not(client):
    last = clock.today() + timedelta(days=3)
    publish_products(make_product(certificate=make_certificate(valid_until=last)))
    with on(3):
        page = read(client)
        assert "即将到期" in page
        assert "今天是最后一天" in page
    with on(4):
        assert "过期" in read(client)


def test_a_hold_is_told_while_it_lasts(client, product):
    hold = holds.set_hold(product.enterprise, by=make_user("publisher"), reason="收到举报")
    page = read(client)
    assert "核查中" in page
    assert "收到举报" in page
    with on((hold.until_on - clock.today()).days + 1):
        assert "收到举报" not in read(client)


def test_an_uncertified_product_says_so(client):
    publish_products(make_product(requirement=make_requirement(), certificate=None), publisher="350000")
    page = read(client)
    assert "地方清单·未经认证" in page
    assert "福建省乡村建设用材技术要求" in page
    assert "★" not in page


def test_each_publisher_is_shown_by_itself(client, product):
    publish_products(product, publisher="350000")
    act(product)
    page = read(client)
    assert "国家清单移出" in page
    assert "福建省列入" in page
    assert "在 1 份清单上现行" in page


def test_a_change_is_shown_before_and_after(client, product):
    change(product, brand="新牌子")
    page = read(client)
    assert "<del>示例牌</del>" in page
    assert "<ins>新牌子</ins>" in page


def test_a_corrected_line_is_marked_and_the_past_is_not_rewritten(client, product):
    before = newest()
    change(product, kind="erratum", name="自粘防水卷材（更正）")
    page = read(client)
    assert "已勘误" in page
    assert "自粘防水卷材（更正）" in page
    past = read(client, query=f"?edition={before}")
    assert "（更正）" not in past
    assert "已勘误" not in past
    assert "您看到的是" in past


def test_a_renewed_certificate_leads_to_the_new_one(client, product):
    new = make_certificate(number="SL-CGP-2024-0900", renews=product.certificate)
    publish_products(make_product(enterprise=product.enterprise, certificate=new))
    page = read(client, product)
    assert "已换证" in page
    assert "SL-CGP-2024-0900" in page


def test_an_earlier_edition_says_that_it_was_not_yet_public(client):
    publish_products()
    first = newest()
    late = make_product(name="后来的产品")
    publish_products(late)
    response = client.get(f"{address(late)}?edition={first}")
    assert response.status_code == 200
    assert "当时尚未公布" in text_of(response)
    assert "后来的产品" not in text_of(response)


def test_a_product_in_notice_has_no_page(client):
    product = make_product()
    announce(product)
    number = ProductLine.objects.get().number
    assert client.get(f"/products/{number}/").status_code == 404


def test_a_number_written_otherwise_leads_to_its_address(client, product):
    number = ProductLine.objects.get().number
    response = client.get(f"/products/{number.replace('-', '')}/?edition={newest()}")
    assert (response.status_code, response["Location"]) == (301, f"/products/{number}/?edition={newest()}")


def test_numbers_that_were_never_public_are_told_in_words(client):
    response = client.get("/products/0000001-9/")
    assert response.status_code == 404
    assert "校验码" in text_of(response)
    assert client.get("/products/0000001-3/").status_code == 404


def test_an_unknown_parameter_is_told(client, product):
    response = client.get(address() + "?colour=red")
    assert response.status_code == 400
    assert "colour" in text_of(response)


def test_a_page_costs_the_same_for_a_short_and_a_long_history(client, product):
    before = cost_of(client, address())
    for number in range(6):
        change(product, brand=f"牌子{number}")
    publish_products(product, publisher="350000")
    assert cost_of(client, address()) == before <= 20


def test_a_page_is_light(client, product):
    response = client.get(address(), headers={"Accept-Encoding": "gzip"})
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 14 * 1024
    assert "自粘防水卷材" in gzip.decompress(response.content).decode()
