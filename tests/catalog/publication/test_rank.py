"""What stands first on the list: the thing itself before the maker that is called like it."""

import pytest

from catalog.publication.search.forgiving import forgiving
from catalog.publication.search.listing import Question, list_products
from catalog.publication.search.rows import product_rows
from portal.core.editions import clock
from portal.core.editions.models import Edition
from tests.make import make_category, make_certificate, make_enterprise, make_product, publish_products

pytestmark = pytest.mark.django_db
TODAY = clock.today()
PAGE = 20


def first_page(words):
    edition = Edition.objects.current_number()
    found = forgiving(list_products, Question(edition, TODAY, words))
    return [row.line for row in product_rows(found.page(1, PAGE), edition, TODAY)]


def names(words):
    return [line.name for line in first_page(words)]


def made_by(maker, category, *names, **changes):
    enterprise = make_enterprise(name=maker)
    return [make_product(name=name, category=category, enterprise=enterprise, **changes) for name in names]


@pytest.fixture
def misleading():
    """Twenty-five products of makers that are called by another thing, published after the thing itself."""
    masonry = make_category("104", "砌体材料", aliases=["砌块", "砖"])
    glass = make_category("35604", "建筑玻璃", aliases=["玻璃"])
    mortar = make_category("107", "预拌砂浆", aliases=["砂浆"])
    coating = make_category("304", "墙面涂料")
    publish_products(
        *made_by("甲建材有限公司", mortar, "普通硅酸盐水泥", "水泥（袋装）"),
        *made_by("乙建材有限公司", masonry, "蒸压加气混凝土板", "混凝土砌块"),
        *made_by("丙建材有限公司", glass, "钢化安全片", "中空玻璃"),
    )
    for word in ("水泥", "砌块", "玻璃"):
        publish_products(*made_by(f"示例{word}有限公司", coating, *(f"内墙涂料{n}" for n in range(25))))
    publish_products(*made_by("丁化工有限公司", coating, "聚合物水泥防水涂料", "玻璃胶"))


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("水泥", ["水泥（袋装）", "普通硅酸盐水泥", "聚合物水泥防水涂料"]),
        ("砌块", ["混凝土砌块", "蒸压加气混凝土板"]),
        ("玻璃", ["中空玻璃", "钢化安全片", "玻璃胶"]),
        ("水泥 防水", ["聚合物水泥防水涂料"]),
    ],
)
def test_the_thing_itself_stands_before_the_maker_that_is_called_like_it(misleading, words, expected):
    assert names(words)[: len(expected)] == expected


def test_the_kind_of_a_maker_stands_before_what_else_bears_both_words(misleading):
    masonry = make_category("104", "砌体材料")
    publish_products(*made_by("青瓦建材有限公司", masonry, "蒸压灰砂制品"))
    publish_products(*made_by("青瓦砌块有限公司", make_category("304", "墙面涂料"), "外墙涂料"))
    assert names("青瓦 砌块") == ["蒸压灰砂制品", "外墙涂料"]


def test_the_whole_stands_before_a_part_and_the_newest_first_among_equals():
    roof = make_category("302", "防水类")
    publish_products(*made_by("甲", roof, "防水卷材", "防水卷材", "自粘防水卷材"))
    publish_products(*made_by("甲二", roof, "防水卷材料桶"))
    assert names("防水卷材") == ["防水卷材", "防水卷材", "自粘防水卷材", "防水卷材料桶"]
    newest, older = first_page("防水卷材")[:2]
    assert newest.pk > older.pk


def test_words_beside_each_other_stand_before_scattered_ones():
    roof = make_category("302", "防水类")
    publish_products(*made_by("甲", roof, "自粘防水卷材"))
    publish_products(*made_by("乙", roof, "防水用自粘聚合物卷材"))
    publish_products(*made_by("自粘公司", roof, "防水卷材"))
    assert names("自粘 防水") == ["自粘防水卷材", "防水用自粘聚合物卷材", "防水卷材"]


def test_two_letters_are_initials_only_where_nothing_bears_them():
    pipes = make_category("403", "管材")
    publish_products(*made_by("甲", pipes, "聚乙烯管", models_text="PE 100"))
    publish_products(*made_by("平安", pipes, "排水用普通二型管"))
    assert names("pe") == ["聚乙烯管"]
    assert names("jy") == ["聚乙烯管"]
    assert names("pse") == []


def test_the_end_of_a_certificate_number_puts_it_first():
    wanted = make_certificate(number="CABR-01(02)-(2025)-CGP-1234567")
    other = make_certificate(number="SL-CGP-2024-123456789")
    publish_products(make_product(name="所找", certificate=wanted))
    publish_products(
        make_product(name="别的", certificate=other), make_product(name="型号", models_text="A12345678")
    )
    assert names("1234567")[0] == "所找"
    assert len(names("1234567")) == 3


def test_the_whole_name_of_a_maker_stands_before_a_longer_one():
    roof = make_category("302", "防水类")
    publish_products(*made_by("示例青瓦建材有限公司", roof, "甲"))
    publish_products(*made_by("新示例青瓦建材有限公司", roof, "乙"))
    assert names("示例青瓦建材有限公司") == ["甲", "乙"]
