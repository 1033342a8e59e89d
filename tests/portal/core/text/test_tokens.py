import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.tokens import (
    MAX_QUERY,
    MAX_TERM,
    index_terms,
    literal_tiers,
    name_terms,
    query_terms,
    whole_terms,
)

HAN = st.text(st.sampled_from("防水卷材瓷磚厦門重慶长綠色建示例有限公司𠀀𪚥〇"), min_size=1, max_size=12)
ANY_TEXT = st.text(st.characters())


def finds(query, text, terms=name_terms):
    groups = query_terms(query)
    return bool(groups) and all(any(alternative <= terms(text) for alternative in group) for group in groups)


def tier_of(query, text):
    """0 for a whole match, 1 for a literal one, 2 for the rest."""
    terms = name_terms(text) | whole_terms(text)
    for tier, groups in enumerate(literal_tiers(query)):
        if all(any(alternative <= terms for alternative in group) for group in groups):
            return tier
    return 2


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("防水", "示例防水卷材"),
        ("卷", "示例防水卷材"),
        ("防水捲材", "示例防水卷材"),
        ("防水卷材", "示例防水捲材"),
        ("卷材 示例", "示例防水卷材"),
        ("示例厦门", "示例（厦门）建材有限公司"),
        ("sbs防水", "SBS 防水卷材"),
        ("𪚥建", "𠀀𪚥建材"),
    ],
)
def test_chinese_is_found_by_one_character_by_two_and_in_either_script(query, name):
    assert finds(query, name)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        *[
            (typed, "示例防水卷材")
            for typed in ("fangshui", "fsjc", "juancai", "fangsh", "FangShui", "fáng shuǐ", "fs")
        ],
        *[
            ("chongqing", "重庆示例建材"),
            ("cq", "重庆示例建材"),
            ("xiamen", "厦门示例"),
            ("xian", "西安示例"),
        ],
        *[
            ("changsha", "长沙示例"),
            ("changxing", "长兴建材"),
            ("lvse", "绿色建材"),
            ("luse", "绿色建材"),
            ("lüse", "绿色建材"),
        ],
        *[("slxmjc", "示例（厦门）建材有限公司"), ("jieneng", "節能門窗")],
    ],
)
def test_a_name_is_found_by_pinyin_and_by_initials(query, name):
    assert finds(query, name)
    assert not finds(query, name, terms=index_terms)


@pytest.mark.parametrize(
    ("query", "printed"),
    [
        *[
            (part, "CABR-01(02)-(2025)-CGP-035")
            for part in ("cabr", "cgp-035", "2025", "CABR01022025CGP035", "02)-(20", "035", "5")
        ],
        *[
            ("octo", "Octo Tile"),
            ("octo t", "Octo Tile"),
            ("octotile", "Octo Tile"),
            ("tile octo", "Octo Tile"),
        ],
        *[("HLF", "H.L.F"), ("H.L.F", "HLF"), ("h-l-f", "H.L.F 系列")],
        *[
            ("600*600", "600×600×12mm"),
            ("ＳＢＳ", "sbs改性"),
            ("II", "Ⅱ型"),
            ("cafe", "Café"),
            ("0702704539", "91330702704539338F"),
        ],
    ],
)
def test_a_code_or_latin_name_is_found_by_any_part_and_without_its_marks(query, printed):
    assert finds(query, printed, terms=index_terms)


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("防火", "示例防水卷材"),
        ("水材", "示例防水卷材"),
        ("防水 瓷砖", "示例防水卷材"),
        ("fangshui ci", "示例防水卷材"),
        ("juanfang", "示例防水卷材"),
        ("octos", "Octo Tile"),
        ("cabr-02", "CABR-01"),
        ("0080", "600 800"),
        ("卷材瓷砖", "卷材、瓷砖"),
        ("？！", "示例！？"),
        ("", "示例"),
    ],
)
def test_what_is_not_there_is_not_found(query, name):
    assert not finds(query, name)


def test_a_word_that_is_only_marks_asks_for_nothing():
    assert query_terms(" - ！ ") == []
    assert literal_tiers(" - ！ ") == []
    assert query_terms("防水 -") == query_terms("防水")


def test_literal_hits_stand_before_spelled_ones_and_whole_ones_before_parts():
    assert tier_of("防水卷材", "防水卷材") == tier_of("防水卷材", "SBS防水卷材（I型）") == 0
    assert tier_of("防水卷材", "示例防水卷材料") == 1
    assert tier_of("防水卷材", "防水水卷卷材") == 2
    assert finds("防水卷材", "防水水卷卷材")
    assert (tier_of("sbs", "SBS卷材"), tier_of("sbs", "PSBST"), tier_of("sbs", "上柏示")) == (0, 1, 2)


def test_a_query_is_cut_at_the_limit():
    assert query_terms("防" * MAX_QUERY + "x") == query_terms("防" * MAX_QUERY)


def test_a_long_run_of_letters_asks_for_a_bounded_number_of_terms():
    for word in ("xianan" * 40, "a" * 500, "fangsh" * 30, "zz" * 90):
        groups = query_terms(word)
        assert sum(len(alternative) for group in groups for alternative in group) < 1500


@given(HAN, st.data())
def test_every_part_of_a_chinese_run_finds_the_whole(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    (group,) = query_terms(part)
    assert any(alternative <= index_terms(f"A1，{text}b") for alternative in group)


@given(st.text(st.sampled_from("aB1-(). 2中é×/"), min_size=1), st.data())
def test_every_part_of_any_text_finds_the_whole(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    part = text[start : data.draw(st.integers(start + 1, len(text)))]
    assert not query_terms(part) or finds(part, text, terms=index_terms)


@given(ANY_TEXT)
def test_any_text_has_terms_that_a_posting_can_hold(text):
    for term in name_terms(text) | whole_terms(text) | {t for g in query_terms(text) for a in g for t in a}:
        assert 1 <= len(term) <= MAX_TERM
        assert not any(char.isspace() for char in term)
        term.encode()


@given(ANY_TEXT)
def test_a_text_finds_itself_unless_it_is_longer_than_a_query(text):
    assert not query_terms(text[:MAX_QUERY]) or finds(text[:MAX_QUERY], text[:MAX_QUERY])
