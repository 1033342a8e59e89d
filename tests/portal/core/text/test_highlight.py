import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.text.highlight import highlight, is_reason


def marked(text, query):
    return "".join(f"[{part}]" if is_hit else part for part, is_hit in highlight(text, query))


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("示例防水卷材", "防水", "示例[防水]卷材"),
        ("示例防水捲材", "卷材", "示例防水[捲材]"),
        ("示例防水卷材", "fangshui", "示例[防水]卷材"),
        ("示例防水卷材", "fangsh", "示例[防水]卷材"),
        ("示例防水卷材", "fsjc", "示例[防水卷材]"),
        ("Octo Tile 瓷砖", "octo t", "[Octo] [T]ile 瓷砖"),
        ("H.L.F 系列", "HLF", "[H.L.F] 系列"),
        ("CABR-01(02)-(2025)-CGP-035", "cgp035", "CABR-01(02)-(2025)-[CGP-035]"),
        ("示例（厦门）建材", "厦门建材", "示例（[厦门）建材]"),
        ("规格 ６００×６００", "600*600", "规格 [６００×６００]"),
        ("𠀀𪚥建材", "𪚥", "𠀀[𪚥]建材"),
        ("示例防水卷材", "瓷砖", "示例防水卷材"),
        ("示例防水卷材", "？", "示例防水卷材"),
        ("示例防水有限公司", "防水卷材", "示例防水有限公司"),
        ("防水材料与水卷、卷材", "防水卷材", "[防水]材料与[水卷]、[卷材]"),
        ("CTC-2022-777", "ctc2023777", "CTC-2022-777"),
        ("示例防水卷材", "fs", "示例防水卷材"),
        ("FS-20 防水", "fs", "[FS]-20 防水"),
        ("福建示例", "fu", "[福]建示例"),
        ("", "防水", ""),
    ],
)
def test_the_part_that_a_query_hits_is_marked(text, query, shown):
    assert marked(text, query) == shown


def test_a_field_is_a_reason_only_when_something_in_it_is_hit():
    assert is_reason("示例防水卷材", "fsjc")
    assert not is_reason("陶瓷砖", "fsjc")


@given(st.text(st.characters()), st.text(st.characters()))
def test_the_parts_of_any_text_joined_are_the_text(text, query):
    parts = highlight(text, query)
    assert "".join(part for part, _ in parts) == text
    assert all(part for part, _ in parts)
