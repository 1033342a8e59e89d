"""What is read out of a text that was typed or pasted."""

import pytest

from portal.core.text import pasted
from portal.core.text.normalise import bare_number
from portal.core.text.numbers import format_number, mended_numbers, parse_number
from portal.core.text.pasted import candidates_in, is_code, numbers_in

NUMBER = "CABR-01(02)-(2025)-CGP-035"
OTHER = "SL-CGP-2026-0900"
KNOWN = {bare_number(number) for number in (NUMBER, OTHER, "闽绿认字2025001号")}


def read(text: str) -> list[str]:
    return [
        bare_number(one) for one in numbers_in(text, lambda one: is_code(one) or bare_number(one) in KNOWN)
    ]


@pytest.mark.parametrize(
    "text",
    [
        NUMBER,
        "「证书编号：CABR-01(02)-(2025)-CGP-035」",
        "《CABR-01（02）-（2025）-CGP-035》",
        "证书编号 ＣＡＢＲ－０１（０２）－（２０２５）－ＣＧＰ－０３５。",
        "CABR 01 02 2025 CGP 035",
        "CABR-01(02)-\n(2025)-CGP-035".replace("\n", " "),
        "请问CABR-01(02)-(2025)-CGP-035有效吗？",
        '"cabr0102 2025cgp035"',
        "No. CABR-01(02)-(2025)-CGP-035",
        "https://example.cn/check/?as_of=2026-01-01&number=CABR-01%2802%29-%282025%29-CGP-035#r1",
        "认证委托人：示例有限公司\n证书编号：CABR-01(02)-(2025)-CGP-035\n有效期至：2028-01-31",
    ],
)
def test_one_number_is_read_whatever_stands_around_it(text):
    assert read(text) == [bare_number(NUMBER)]
    assert bare_number(NUMBER) == "CABR01022025CGP035"


@pytest.mark.parametrize("between", [" ", "\n", "，", "；", "、", " 和 ", "\t", "证书编号："])
def test_two_numbers_in_one_paste_are_two(between):
    assert read(f"{NUMBER}{between}{OTHER}") == [bare_number(NUMBER), bare_number(OTHER)]


def test_two_unknown_numbers_are_two_and_the_same_twice_is_one():
    assert read("XX-2020-00001 XX-2020-00002") == ["XX202000001", "XX202000002"]
    assert read(f"{NUMBER}\n{NUMBER.lower()}") == [bare_number(NUMBER)]


def test_a_number_with_chinese_inside_stays_whole():
    assert read("闽绿认字〔2025〕001号") == ["闽绿认字2025001号"]


@pytest.mark.parametrize(
    "address", ["https://x.example/products/00001275/", "/products/0000127-5/", "x.cn/products/00001275"]
)
def test_an_address_of_a_product_is_its_number(address):
    assert read(address) == ["00001275"]


def test_a_name_and_nothing_readable_come_back_as_they_are():
    assert numbers_in("福建示例防水有限公司", lambda one: False) == ["福建示例防水有限公司"]
    assert numbers_in("！！", lambda one: False) == ["！！"]


def test_a_wrong_check_digit_offers_the_right_one_first():
    assert mended_numbers("0000127-4")[0] == "0000127-5"
    assert format_number(127) in mended_numbers("0000172-5")  # exchanged
    assert all(parse_number(number) for number in mended_numbers("00001274"))
    assert mended_numbers("0000127-5") == mended_numbers("CABR-1") == []


@pytest.mark.parametrize("piece", ["a", "/", "/check/?&", "/products", "编号", "示 ", "NO."])
def test_what_a_stranger_pastes_is_read_in_one_pass(piece):
    """Ends at once; with a pattern that may begin anywhere it would not end within the day."""
    assert candidates_in(piece * (100_000 // len(piece)))


def test_what_is_said_again_is_read_once(monkeypatch):
    folded = []
    monkeypatch.setattr(pasted, "bare_number", lambda text: folded.append(text) or bare_number(text))
    pasted.pieces("CABR-1," * 10_000)
    assert len(folded) < 10


def test_an_address_of_a_check_is_the_number_that_it_asks_for():
    assert read("https://x.example/check/?utm_source=a&number=CABR-01&edition=3") == ["CABR01"]
