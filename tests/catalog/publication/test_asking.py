"""What everyday queries mean, over the shipped kinds, synonyms and divisions; no database."""

import pytest

from catalog.products.facts import DATA as PRODUCT_DATA
from catalog.products.synonyms import table as synonyms
from catalog.publication.search.asking.slips import is_one_slip, known_near
from catalog.publication.search.asking.standards import standards_in, typed_standard
from catalog.publication.search.asking.understanding import literally, understand
from catalog.publication.search.asking.vocabulary import Kind, Place, vocabulary_of
from catalog.regions.facts import DATA as REGION_DATA
from portal.core.facts import read_table, read_words
from portal.core.text.tokens import index_terms, query_terms

ROWS = read_table(PRODUCT_DATA / "categories.csv")
VOCABULARY = vocabulary_of(
    [
        Kind(
            row["code"],
            row["name"],
            (*read_words(row["aliases"]), *synonyms().get(row["name"], ())),
            row["standard_number"],
        )
        for row in ROWS
    ],
    [Place(row["code"], row["name"]) for row in read_table(REGION_DATA / "divisions.csv")],
    [("2022-1", "2022年第一批绿色建材下乡活动产品清单和企业名录")],
)

# The query, what must be understood, and the words that stay literal.
EVERYDAY = [
    ("二星 防水涂料", "star:2 category:303", ""),
    ("三星级瓷砖 福建", "star:3 category:208 province:350000", ""),
    ("绿色产品 涂料", "star:green category:35602", ""),
    ("★★ 瓷砖", "star:2 category:208", ""),
    ("★★★瓷砖", "star:3 category:208", ""),
    ("2星地板", "star:2 category:35601", ""),
    ("瓷砖三星", "star:3 category:208", ""),
    ("福建三星级瓷砖", "province:350000 star:3 category:208", ""),
    ("马桶", "category:209 category:35603", ""),
    ("坐便器 三星", "category:209 star:3", ""),
    ("抽水马桶", "category:209", ""),
    ("彩钢瓦", "category:102", ""),
    ("水龙头", "category:401", ""),
    ("节能灯", "category:506", ""),
    ("下水管", "category:403", ""),
    ("乳胶漆", "category:304", ""),
    ("保温板", "category:105", ""),
    ("断桥铝", "category:201", ""),
    ("断桥铝门窗", "category:201", ""),
    ("窗户", "category:201", ""),
    ("防盗门", "category:206", ""),
    ("红砖", "category:104", ""),
    ("加气块", "category:104", ""),
    ("油毡", "category:302", ""),
    ("屋顶防水", "category:302 category:303", ""),
    ("太阳能板", "category:505", ""),
    ("热水器", "category:501 category:35606", ""),
    ("净水器", "category:405", ""),
    ("化粪池", "category:408", ""),
    ("水表", "category:602", ""),
    ("玻璃胶", "category:301", ""),
    ("玻璃", "category:203 category:35604", ""),
    ("砌块", "category:104", ""),
    ("天花板", "category:214", ""),
    ("磁砖", "category:208 category:35610", ""),
    ("PPR管", "category:403", ""),
    ("LED灯", "category:506", ""),
    ("SBS", "category:302", ""),
    ("商砼", "category:106", ""),
    ("福建", "province:350000", ""),
    ("福建省 水管", "province:350000 category:403", ""),
    ("闽 门窗", "province:350000 category:201", ""),
    ("xiamen", "division:350200", ""),
    ("厦门防水卷材", "division:350200 category:302", ""),
    ("fujian 瓷砖", "province:350000 category:208", ""),
    ("guangdong", "province:440000", ""),
    ("shaanxi 地板", "province:610000 category:35601", ""),
    ("福建水泥", "province:350000 category:106", ""),
    ("内蒙古 保温板", "province:150000 category:105", ""),
    ("GB/T 35609", "standard:gbt35609 category:35609", ""),
    ("35609", "standard:35609 category:35609", ""),
    ("T/CECS 10038", "standard:tcecs10038 category:302", ""),
    ("GBT35602-2017 二星", "standard:gbt35602 star:2", ""),
    ("过期 防水卷材", "validity:expired category:302", ""),
    ("暂停", "validity:suspended", ""),
    ("现行 瓷砖", "validity:current category:208", ""),
    ("2022-1", "batch:2022-1", ""),
    ("第一批 涂料", "batch:2022-1 category:35602", ""),
    ("示例青瓦防水科技有限公司", "", "示例青瓦防水科技有限公司"),
    ("SL-CGP-777", "", "SL-CGP-777"),
]


def terms_of(query):
    return {one.term for piece in understand(query, VOCABULARY).understood for one in piece.meanings}


@pytest.mark.parametrize(("query", "meant", "literal"), EVERYDAY)
def test_everyday_words_mean_what_people_mean(query, meant, literal):
    assert set(meant.split()) <= terms_of(query)
    assert bool(meant) == bool(terms_of(query))
    assert understand(query, VOCABULARY).literal == literal


def test_sixty_queries_are_held():
    assert len(EVERYDAY) == 60 == len({query for query, *_rest in EVERYDAY})


def test_synonyms_belong_to_kinds_and_are_many():
    assert set(synonyms()) == {row["name"] for row in ROWS}
    assert len({word for words in synonyms().values() for word in words}) >= 200
    assert all(len(words) == len(set(words)) for words in synonyms().values())


def test_one_word_is_taken_away_and_the_others_stay():
    asked = understand("三星级瓷砖 福建", VOCABULARY)
    assert [asked.without(piece) for piece in asked.understood] == ["瓷砖 福建", "三星级 福建", "三星级 瓷砖"]


@pytest.mark.parametrize("query", [query for query, *_rest in EVERYDAY])
def test_the_letters_of_a_word_are_always_asked_for_too(query):
    """Whatever has all terms of the literal query satisfies the understood one."""
    if "★" in query:
        return
    everything = index_terms(query.replace(" ", ""))
    for group in understand(query, VOCABULARY).groups:
        assert any(alternative <= everything for alternative in group), group


def test_words_can_be_taken_as_they_stand():
    assert literally("三星级瓷砖 福建").groups == query_terms("三星级瓷砖 福建")
    assert not literally("二星 福建").understood


@pytest.mark.parametrize("query", ["", "   ", "，。", "★", "(", "省", "A", "GB/T", "第", "的" * 150])
def test_odd_queries_are_read_without_harm(query):
    asked = understand(query, VOCABULARY)
    assert all(group for group in asked.groups)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("防谁卷材", "防水卷材"),
        ("聚氨脂", "聚氨酯"),
        ("防水卷才", "防水卷材"),
        ("马捅", "马桶"),
        ("瓷钻", "瓷砖"),
        ("防水徒料", "防水涂料"),
        ("兰图", ""),
        ("cizuan", "cizhuan"),
        ("fangshiujuancai", "fangshuijuancai"),
        ("防涂水料", "防水涂料"),
        ("塑料管管材管件", "塑料管材管件"),
        ("示例什么", ""),
        ("CTC-12", ""),
        ("", ""),
    ],
)
def test_a_slip_is_mended_only_where_something_known_is_near(typed, meant):
    assert known_near(typed, VOCABULARY) == meant


def test_what_one_slip_is():
    assert is_one_slip("防火卷材", "防水卷材")
    assert is_one_slip("防卷材", "防水卷材")
    assert is_one_slip("防水水卷材", "防水卷材")
    assert is_one_slip("水防卷材", "防水卷材")
    assert not is_one_slip("防水卷材", "防水卷材")
    assert not is_one_slip("防火板材", "防水卷材")


def test_standards_are_read_from_what_is_printed():
    assert standards_in("GB/T 35609-2017《绿色产品评价》、T/CECS 10038-2019") == {
        "gbt35609",
        "35609",
        "tcecs10038",
        "10038",
    }
    assert standards_in("SL-CGP-777 2022年") == set()
    assert typed_standard("CECS 10038") == typed_standard("T/CECS 10038") == "tcecs10038"
    assert typed_standard("SLCGP 777") == typed_standard("CTC 35609") == ""
