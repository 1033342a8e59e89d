"""Nothing found is never the end: slips of numbers and models, former names, words too many."""

import re

import pytest

from catalog.publication.search import printed
from tests.catalog.publication.stories import text_of
from tests.make import (
    make_category,
    make_certificate,
    make_division,
    make_enterprise,
    make_product,
    publish_products,
)
from tests.module_rows import laid_for_all

pytestmark = pytest.mark.django_db


def _laid():
    fujian = make_division()
    county = make_division(
        "350524", "安溪县", "county", make_division("350500", "泉州市", "prefecture", fujian)
    )
    renamed = make_enterprise(name="示例新名建材有限公司", division=county)
    renamed.former_names.create(name="示例旧号防水厂")
    make_category("601", "设备隔振降噪装置")
    tank = make_category("408", "中水处理设备", aliases=["化粪池"])
    publish_products(
        make_product(
            name="自粘卷材",
            category=make_category("302", "防水卷材"),
            enterprise=renamed,
            certificate=make_certificate(number="SL-CGP-2022-7654321"),
            models_text="PMB-741 3.0mm",
        ),
        make_product(name="玻璃钢罐", category=tank, models_text="HFC-20", brand="OCTOTILE"),
    )


goods, goods_of_the_module = laid_for_all("goods", _laid)


@pytest.fixture(autouse=True)
def _fresh(settings, goods):
    settings.PAGE_TOKEN_SECONDS = 0


def names(client, words, **more):
    response = client.get("/products/", {"q": words, **more})
    assert response.status_code == 200
    text = text_of(response)
    found = re.findall(r'<a class="name" href="[^"]+">(.*?)</a>', text)
    return [re.sub(r"</?mark>", "", name) for name in found], text


@pytest.mark.parametrize(
    "typed",
    [
        "SL-CGP-2022-7654312",
        "SLCGP20227654321X",
        "SL-CGP-2022-765431",
        "SLCGP2O227654321",
        "7654322",
        "PMB-714",
        "PMB-742",
        "PMB-7411",
        "PMB-41",
        "pbm741",
    ],
)
def test_one_slip_in_a_number_or_model_is_mended_and_told(client, typed):
    found, text = names(client, typed)
    assert found == ["自粘卷材"]
    assert f"没有找到「{typed}」，按「" in text
    assert names(client, typed, literal="1")[0] == []


def test_a_brand_in_letters_may_have_a_slip_too(client):
    assert names(client, "octotlie")[0] == ["玻璃钢罐"]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("农村化粪池", "没有找到「农村化粪池」，按「化粪池」查找。"),
        ("化粪池哪里有卖", "按「化粪池」查找。"),
        ("我家要防水卷材", "按「防水卷材」查找。"),
        ("化粪池 德国进口", "没有找到「化粪池 德国进口」，按「化粪池」查找。"),
        ("化粪池 安溪", ""),
        ("化粪池 防水卷材", "没有同时符合「化粪池 防水卷材」的，按「防水卷材」查找。"),
        ("防谁卷材 PMB-714", "没有找到「防谁卷材 PMB-714」，按「防水卷材 PMB741」查找。"),
    ],
)
def test_words_too_many_are_left_out_and_that_is_told(client, typed, sentence):
    found, text = names(client, typed)
    assert found
    assert sentence in text


def test_a_former_name_reaches_the_products(client):
    found, text = names(client, "示例旧号防水厂")
    assert found == ["自粘卷材"]
    assert "清单上没有「示例旧号防水厂」，按企业名称（含曾用名）查找。" in text
    assert "企业：示例新名建材有限公司" in text
    assert names(client, "旧号 化粪池")[0] == ["玻璃钢罐"]


def test_a_county_is_a_place(client):
    found, text = names(client, "安溪")
    assert found == ["自粘卷材"]
    assert "企业所在地：安溪县" in text


def test_a_chosen_filter_is_never_given_up(client):
    make_division("370000", "山东省")
    found, text = names(client, "化粪池", province="370000")
    assert found == []
    assert "去掉「" in text


def test_an_empty_page_offers_kinds_and_other_places(client):
    make_division("370000", "山东省")
    found, text = names(client, "隔振降噪沟槽", validity="expired", star="1", province="370000")
    assert found == []
    assert "相近的品类：" in text
    assert ">设备隔振降噪装置</a>" in text
    for address in ("/search/?q=", "/guide/", "/enterprises/?q=", "/check/?number="):
        assert address in text.split("没有符合的")[1]


def test_what_is_near_to_nothing_stays_nothing(client):
    assert names(client, "龘龘龘")[0] == []
    assert names(client, "QQQQ-9999")[0] == []


def test_nonsense_costs_a_bounded_number_of_queries(client, django_assert_max_num_queries):
    names(client, "自粘")
    with django_assert_max_num_queries(52):
        assert names(client, " ".join(f"龘{n}怪QX-{n}7" for n in range(20)))[0] == []


def test_of_hundreds_of_models_only_parts_as_long_as_the_typed_word_are_compared(client, monkeypatch):
    compared = []
    real = printed.is_one_slip

    def counted(word, part):
        compared.append(part)
        return real(word, part)

    monkeypatch.setattr(printed, "is_one_slip", counted)
    models = "、".join(f"JS-{number}A{number % 7}" for number in range(100, 200))
    publish_products(*(make_product(models_text=models) for _ in range(3)))
    assert "按「JS123A4」查找" in text_of(client.get("/products/?q=JS-123AA"))
    assert len(compared) < 4 * 100 * 3
