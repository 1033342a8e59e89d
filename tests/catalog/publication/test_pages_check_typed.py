"""`/check/`: a number is found however it is typed, and one that is not there gets what was meant."""

import pytest

from catalog.publication.models import ProductLine
from catalog.publication.showing.nearest import difference_in_words, near_numbers, slips
from portal.core.editions import clock
from portal.core.pages.reading import ReadAt
from tests.catalog.publication.stories import cost_of, newest
from tests.make import make_certificate, make_product, publish_products
from tests.module_rows import laid_for_all

from .check_page import NUMBER, ask, listed, verdict

pytestmark = pytest.mark.django_db


def _laid():
    return listed()


product, product_of_the_module = laid_for_all("product", _laid)


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        "cabr-01(02)-(2025)-cgp-035",
        "ＣＡＢＲ-01（02）-（2025）-CGP-035",
        "CABR-01[02]-[2025] -CGP-035",
        "CABR01022025CGP035",
        "cabr 01 02 2025 cgp 035",
        "CABR_01.02/2025·CGP:035",
        "「证书编号：CABR-01(02)-(2025)-CGP-035」",
        "《CABR-01（02）-（2025）-CGP-035》",
        "证书编号%0aCABR-01(02)-(2025)-CGP-035%0d%0a",
        "https://example.cn/check/?number=CABR-01%252802%2529-%25282025%2529-CGP-035",
    ],
)
def test_a_number_is_found_however_it_is_typed(client, product, typed):
    page = ask(client, typed)
    assert verdict(page) == "有效"
    assert NUMBER in page
    assert "自粘防水卷材" in page
    assert "现有 1 项产品列在清单上" in page


def test_an_unknown_number_gets_near_ones_and_next_steps(client, product):
    page = ask(client, NUMBER.replace("035", "036"))
    assert verdict(page) == "未查到"
    assert NUMBER in page
    assert "您输入 6" in page
    assert "cx.cnca.cn" in page
    assert "12315" in page
    assert "不等于证书是假的" in page


def test_a_product_number_or_a_code_leads_to_its_page(client, product):
    number = ProductLine.objects.get().number
    assert f"/products/{number}/" in ask(client, number.replace("-", ""))
    assert f"/enterprises/{product.enterprise.uscc}/" in ask(client, product.enterprise.uscc.lower())


def test_a_product_number_or_a_code_is_told_in_the_headline(client, product):
    number = ProductLine.objects.get().number
    for typed in (
        number,
        number.replace("-", ""),
        f"清单编号：{number}",
        f"https://x.example/products/{number}/",
    ):
        page = ask(client, typed)
        assert verdict(page) == "是清单编号"
        assert "未查到" not in page
    assert verdict(ask(client, product.enterprise.uscc.lower())) == "是统一社会信用代码"


def test_a_wrong_check_digit_is_told_and_the_right_one_offered(client, product):
    number = ProductLine.objects.get().number
    page = ask(client, f"{number[:-1]}{(int(number[-1]) + 1) % 10}")
    assert verdict(page) == "清单编号的校验位不对"
    assert f"/products/{number}/" in page


def test_a_company_name_is_told_as_such(client, product):
    page = ask(client, product.enterprise.name)
    assert verdict(page) == "按企业名称查到"
    assert f"/enterprises/{product.enterprise.uscc}/" in page


@pytest.mark.parametrize("part", ["01(02)-(2025)-CGP-035", "CABR-01(02)-(2025)-CGP", "2025CGP035", "cgp035"])
def test_a_part_of_a_number_offers_the_whole(client, product, part):
    page = ask(client, part)
    assert verdict(page) == "编号不完整"
    assert NUMBER in page


@pytest.mark.parametrize(
    "typed",
    [
        "CABR-01(02)-(2025)-CGP-046",
        "CARB-01(02)-(2025)-CGP-053",
        "CABR01022O25CGP35",
        "CAR-01(02)-(2025)-CGP-0355",
    ],
)
def test_two_slips_are_offered(client, product, typed):
    page = ask(client, typed)
    assert verdict(page) == "未查到"
    assert f">{NUMBER}</a>" in page
    assert "有两处不同" in page


def test_two_numbers_in_one_paste_are_both_answered(client, product):
    publish_products(make_product(certificate=make_certificate(number="SL-CGP-2026-0900")))
    page = ask(client, f"{NUMBER} SL-CGP-2026-0900")
    assert page.count('<section class="cert') == 2
    assert "未查到" not in page.split("<main")[1]
    assert "未查到" in ask(client, f"{NUMBER}，XX-2020-00001")


def test_whoever_writes_the_marks_gets_the_number_that_he_wrote(client):
    for number in ("A-11-2000", "A-1-12000"):
        publish_products(make_product(certificate=make_certificate(number=number)))
    assert ask(client, "A-11-2000").count('<section class="cert') == 1
    assert ask(client, "A112000").count('<section class="cert') == 2


@pytest.mark.parametrize(
    "typed", [NUMBER, "CABR01022025CGP035", "CABR-01(02)-(2025)-CGP-046", "CGP-035", "00001274"]
)
def test_an_answer_costs_the_same_in_a_longer_list(client, product, typed):
    before = cost_of(client, f"/check/?number={typed}")
    publish_products(
        *(make_product(certificate=make_certificate(number=f"ZZ-{place}")) for place in range(12))
    )
    assert cost_of(client, f"/check/?number={typed}") <= before <= 20


def test_markup_in_a_number_is_only_text(client):
    page = ask(client, "%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in page


def test_too_long_a_number_is_told(client):
    assert client.get(f"/check/?number={'9' * 500}").status_code == 400


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("A117", "A171"),
        ("AI17", "A117"),
        ("A11", "A117"),
        ("A1177", "A117"),
        ("B117", "A117"),
        ("AO17", "A017"),
    ],
)
def test_every_single_slip_is_found(asked, found):
    assert found in slips(asked)
    assert difference_in_words(asked, found)


def test_signs_that_look_alike_come_first(product):
    for number in ("X-2022-0011", "X-2022-0091", "X-2022-0001"):
        publish_products(make_product(certificate=make_certificate(number=number)))
    reading = ReadAt(newest(), clock.today(), newest(), clock.today())
    near = near_numbers("X-2022-00O1", reading)
    assert near[0].line.number == "X-2022-0001"
    assert len(near) == 3
