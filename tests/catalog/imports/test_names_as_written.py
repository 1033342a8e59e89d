"""Names of firms, codes, telephone numbers, places and days among what people write round them."""

import pytest

from catalog.enterprises.models import Enterprise
from catalog.fields.invalid import InvalidValue
from catalog.imports.checking.registers import Makers
from catalog.imports.understanding.cell_text import Mended
from catalog.imports.understanding.cleaning import cleaner
from catalog.imports.understanding.firm_names import parts_of
from catalog.imports.understanding.old_places import OLD_COUNTIES, OLD_PREFECTURES
from catalog.imports.understanding.places import Places
from catalog.regions import facts as region_facts
from portal.core.text.dates import read_date
from portal.core.text.uscc import check_character, verdict
from tests.make import make_enterprise

from .conftest import HEADINGS, product_row
from .told import FIRM, faults_of, told_of

pytestmark = pytest.mark.django_db


# -- makers -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "name", "former"),
    [
        ("示例甲有限公司（原示例乙有限公司）", "示例甲有限公司", "示例乙有限公司"),
        ("示例甲有限公司(曾用名：示例乙有限公司)", "示例甲有限公司", "示例乙有限公司"),
        ("*示例甲有限公司", "示例甲有限公司", ""),
        ("3、示例甲有限公司★", "示例甲有限公司", ""),
        ("示例甲有限公司（盖章）", "示例甲有限公司", ""),
        ("示例（厦门）建材有限公司", "示例（厦门）建材有限公司", ""),
        ("3D打印建材有限公司", "3D打印建材有限公司", ""),
    ],
)
def test_a_firm_is_told_from_what_stands_round_it(written, name, former):
    parts = parts_of(written)

    assert (parts.name, parts.former) == (name, former)


@pytest.mark.parametrize("written", ["示例晨光建材有限责任公司", "示例晨光建村有限公司"])
def test_the_nearest_maker_is_offered_and_never_taken(import_rows, written):
    make_enterprise(name=FIRM)

    imported = import_rows([HEADINGS, product_row(make_enterprise(), 企业名称=written)])

    assert faults_of(imported) == [("enterprise-unknown", "A2")]
    assert FIRM in imported.outcome.faults[0].message


def test_firms_that_only_fold_alike_are_two(import_rows):
    codes = [front + check_character(front) for front in ("91350200MA0000001", "91350200MA0000002")]
    rows = [
        ["企业名称", "统一社会信用代码"],
        ["示例乾丰建材有限公司", codes[0]],
        ["示例干丰建材有限公司", codes[1]],
    ]

    imported = import_rows(rows, register="enterprises")

    assert faults_of(imported) == []
    assert Enterprise.objects.count() == 2
    assert [Makers().names[pk] for pk in Makers().called("示例乾丰建材有限公司")] == ["示例乾丰建材有限公司"]


def test_a_former_name_behind_the_name_is_kept_as_one(import_rows):
    code = "91350200MA0000001" + check_character("91350200MA0000001")
    rows = [["企业名称", "统一社会信用代码"], ["示例甲建材有限公司（原示例乙建材有限公司）", code]]

    imported = import_rows(rows, register="enterprises")

    enterprise = Enterprise.objects.get()
    assert enterprise.name == "示例甲建材有限公司"
    assert [former.name for former in enterprise.former_names.all()] == ["示例乙建材有限公司"]
    assert told_of(imported) == [("mended-name", "A2")]


@pytest.mark.parametrize("typed", ["9135O200MA0000001{}", "91350200МA0000001{}", "9135O2OOMA0000001{}"])
def test_a_code_with_a_lookalike_is_offered_as_it_should_be(typed):
    last = check_character("91350200MA0000001")

    assert f"91350200MA0000001{last}" in verdict(typed.format(last)).reason


@pytest.mark.parametrize(
    ("cell", "kept"),
    [
        ("张三 13800138000", "13800138000"),
        ("0592—1234567（销售部）", "0592-1234567"),
        ("王五（经理）0592 1234567转801", "0592-1234567 转 801"),
        ("电话：0592-1234567 手机：13800138000", "0592-1234567、13800138000"),
        ("(0592)1234567 陈", "0592-1234567"),
        ("陈 1234567 7654321", "1234567、7654321"),
    ],
)
def test_a_number_is_taken_from_among_names(cell, kept):
    taken = cleaner("enterprises", "any_phone")(cell)

    assert isinstance(taken, Mended)
    assert taken.value == kept


@pytest.mark.parametrize("cell", ["О592-1234567", "0592-l234567", "张三12345", "1234567l"])
def test_half_of_a_misspelt_number_is_none(cell):
    with pytest.raises(InvalidValue):
        cleaner("enterprises", "any_phone")(cell)


# -- places and days --------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def places():
    return Places((row.code, row.name, row.level, row.parent_id) for row in region_facts.divisions())


def test_every_autonomous_prefecture_is_found_by_its_short_name(places):
    peoples = [code for code, name in places.names.items() if name.endswith("自治州")]
    assert len(peoples) == 30
    for code in peoples:
        province = places.names[f"{code[:2]}0000"]
        short = min((name for name, codes in places.short.items() if code in codes), key=len)
        assert places.find(province, short) == places.find(province, f"{short}州") == code


@pytest.mark.parametrize("line", OLD_COUNTIES)
def test_a_county_that_was_joined_to_another_is_found(places, line):
    above, old, now = line.split()

    assert places.names[places.find("", above, old)] in (now, old)


@pytest.mark.parametrize("line", OLD_PREFECTURES)
def test_a_prefecture_of_another_name_now_is_no_district_of_that_name(places, line):
    above, old, now = line.split()

    assert places.names[places.find(above, old)] == now


@pytest.mark.parametrize(
    ("parts", "place", "rest"),
    [
        (("福建省", "厦门市思明区", ""), "思明区", ""),
        (("", "", "", "福建省厦门市火炬高新区"), "厦门市", "火炬高新区"),
        (("广东", "深圳市南山区科技园"), "南山区", "科技园"),
        (("北京市", "北京市", "市辖区"), "北京市", ""),
        (("北京市", "北京市市辖区"), "北京市", ""),
    ],
)
def test_what_a_place_says_beside_its_name_is_known(places, parts, place, rest):
    assert (places.names[places.find(*parts)], places.rest_of(*parts)) == (place, rest)


def test_a_district_keeps_the_name_of_the_old_prefecture(places):
    assert places.names[places.find("江苏省", "淮安市", "淮阴区")] == "淮阴区"
    assert places.names[places.find("广东", "惠阳")] == "惠阳区"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Tue Jun 05 00:00:00 CST 2029", "2029-06-05"),
        ("Mon Jun 04 16:00:00 UTC 2029", "2029-06-05"),
        ("1875283200000", "2029-06-05"),
        ("1875283200", "2029-06-05"),
        ("05-Jun-2029", "2029-06-05"),
        ("June 5, 2029", "2029-06-05"),
        ("20290605000000", "2029-06-05"),
        ("二〇二九年十二月三十一日", "2029-12-31"),
    ],
)
def test_a_day_is_read_as_programs_and_people_write_it(text, day):
    assert read_date(text).isoformat() == day


@pytest.mark.parametrize(
    "text", ["05-6月-29", "06/05/2029", "29-6-5", "2029060500", "05-Jun-29", "二〇二九年二月三十日", "长期"]
)
def test_a_day_that_can_mean_two_is_none(text):
    with pytest.raises(ValueError, match="“"):
        read_date(text)
