"""What people write in the rows of their lists beside the plain values: remarks, signs for the cell above, titles, terms."""

import datetime

import pytest

from catalog.imports.understanding.days import Term
from catalog.products.models import Product
from tests.make import make_enterprise

from .conftest import HEADINGS, product_row
from .told import faults_of, told_of

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("sign", ["同上", "〃", "″", '"', "同前"])
def test_a_sign_for_the_cell_above_is_that_cell(import_rows, sign):
    maker = make_enterprise()
    rows = [HEADINGS, product_row(maker, 1), product_row(maker, 2, 认证机构=sign, 星级=sign, 企业名称=sign)]

    assert faults_of(import_rows(rows)) == []
    assert Product.objects.filter(enterprise=maker).count() == 2


@pytest.mark.parametrize("title", ["一、水嘴", "（二）水嘴类", "水嘴（2项）", "产品类别：水嘴", "2. 水嘴"])
def test_a_section_row_gives_its_category_to_the_rows_below(import_rows, title):
    maker = make_enterprise()
    row = product_row(maker, 1)
    rows = [[HEADINGS[0], *HEADINGS[2:]], [title], [row[0], *row[2:]]]

    imported = import_rows(rows)

    assert faults_of(imported) == []
    assert Product.objects.get().category.name == "水嘴"
    assert told_of(imported) == [("mended-category", "B3")]


def test_other_titles_and_numbered_empty_rows_are_no_data(import_rows):
    maker = make_enterprise()
    rows = [["序号", *HEADINGS], ["", "表二"], [1, *product_row(maker)], [2], [3]]

    imported = import_rows(rows)

    assert (imported.outcome.rows, faults_of(imported)) == (1, [])
    assert [number for number, _why in imported.outcome.sheets[0].passed_over] == [2, 4, 5]


def test_who_signed_below_the_list_is_no_data_and_named_nowhere(import_rows):
    rows = [HEADINGS, product_row(make_enterprise())]
    foot = [
        ["填表人：张三", "", "", "审核人：李四"],
        ["单位（盖章）：", "", "2024年6月6日"],
        ["制表：", "王五"],
        [7],
    ]

    imported = import_rows([*rows, *foot])

    assert (imported.outcome.rows, faults_of(imported), told_of(imported)) == (1, [], [])
    assert [number for number, _why in imported.outcome.sheets[0].passed_over] == [3, 4, 5, 6]


@pytest.mark.parametrize(
    ("column", "cell"), [("规格型号", "R-1b"), ("规格型号", 600), ("证书编号", "CTC-2"), ("品牌", "示例牌")]
)
def test_what_is_left_of_a_row_is_no_title(import_rows, column, cell):
    remainder = ["" for _heading in HEADINGS]
    remainder[HEADINGS.index(column)] = cell

    imported = import_rows([HEADINGS, product_row(make_enterprise()), remainder], is_valid_only=True)

    assert [rule for rule, _cell in faults_of(imported)] == ["row-remainder"]
    assert f"只有「{column}」" in imported.outcome.faults[0].message
    assert Product.objects.count() == 1


@pytest.mark.parametrize(
    ("row", "why"),
    [
        (
            [
                "必填",
                "*必填",
                "必填项",
                "选填",
                "（可不填）",
                "【见目录】",
                "必填",
                "（一/二/三）",
                "年-月-日",
            ],
            "填写要求",
        ),
        (
            ["示例：某某公司", "水嘴", "水嘴一", "R-1", "某牌", "某机构", "XX-1", "三星级", "2029-01-01"],
            "填写示例",
        ),
    ],
)
def test_how_to_fill_a_list_in_is_no_row_of_it(import_rows, row, why):
    imported = import_rows([HEADINGS, row, product_row(make_enterprise())])

    assert (imported.outcome.rows, faults_of(imported)) == (1, [])
    assert imported.outcome.sheets[0].passed_over == [(2, why)]


@pytest.mark.parametrize(
    "name", ["石膏板（新增）", "【变更】石膏板", "★ 石膏板", "*石膏板", "石膏板(新增) （变更）"]
)
def test_a_mark_about_the_row_is_no_part_of_a_name(import_rows, name):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), 产品名称=name)])

    assert (faults_of(imported), told_of(imported)) == ([], [("mended-mark", "C2")])
    assert Product.objects.get().name == "石膏板"


@pytest.mark.parametrize("name", ["石膏板（单晶）", "（新型）石膏板", "*", "石膏板（变更后）"])
def test_other_brackets_belong_to_the_name(import_rows, name):
    assert told_of(import_rows([HEADINGS, product_row(make_enterprise(), 产品名称=name)])) == []


@pytest.mark.parametrize(
    ("body", "faults"), [("国检集团（CTC）", []), ("国检集团（北京分部）", ["body-unknown"])]
)
def test_a_body_may_be_named_twice_in_a_cell(import_rows, body, faults):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), 认证机构=body)])

    assert [rule for rule, _cell in faults_of(imported)] == faults


def test_a_second_table_is_read_by_its_own_heading(import_rows):
    maker = make_enterprise()
    other = list(reversed(HEADINGS))
    rows = [HEADINGS, product_row(maker, 1), [], other, list(reversed(product_row(maker, 2)))]

    assert faults_of(import_rows(rows)) == []
    assert Product.objects.filter(enterprise=maker).count() == 2


@pytest.mark.parametrize(
    "cell",
    [
        "CTC-R001\nCTC-R002",
        "CTC-R001、CTC-R002",
        "CTC-R001；CTC-R002",
        "CTC-R001 CTC-R002",
        "CTC-R001和CTC-R002",
        "CTC-R001～CTC-R009",
        "1. CTC-R001 2. CTC-R002",
        "CTC-R001/CTC-R002",
        "（1）CTC-R001（2）CTC-R002",
        "①CTC-R001②CTC-R002",
        "CTC-R001至CTC-R009",
    ],
)
def test_several_certificates_in_a_cell_are_one_fault(import_rows, cell):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), 证书编号=cell, 有效期至="某日")])

    assert faults_of(imported) == [("several-certificates", "G2")]


@pytest.mark.parametrize(
    ("cell", "number"),
    [
        ("证书编号：CTC-R001", "CTC-R001"),
        ("CTC-R001（原CTC-A001）", "CTC-R001"),
        ("CTC-R001（有效）", "CTC-R001"),
        ("CTC-R001；", "CTC-R001"),
    ],
)
def test_a_note_beside_a_certificate_is_no_part_of_its_number(import_rows, cell, number):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), 证书编号=cell)])

    assert (faults_of(imported), told_of(imported)) == ([], [("mended-number", "G2")])
    assert Product.objects.get().certificate.number == number


@pytest.mark.parametrize(
    "number", ["CABR（2024）001", "CABR-01(02)-CABR-03", "CTC 2024 0001", "GB-2024/01-03", "绿建证字第0012号"]
)
def test_a_number_keeps_its_own_marks_and_spaces(import_rows, number):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), 证书编号=number)])

    assert (faults_of(imported), told_of(imported)) == ([], [])


@pytest.mark.parametrize(
    ("cell", "until"),
    [(5, "2029-06-05"), ("5年", "2029-06-05"), ("五年", "2029-06-05"), ("36个月", "2027-06-05")],
)
def test_a_term_counts_from_the_day_of_issue(import_rows, cell, until):
    row = product_row(make_enterprise(), 有效期至=cell)
    imported = import_rows([[*HEADINGS, "发证日期"], [*row, "2024-06-06"]])

    assert told_of(imported) == [("mended-years", "I2")]
    assert Product.objects.get().certificate.valid_until == datetime.date.fromisoformat(until)


def test_a_term_without_a_day_of_issue_is_a_fault(import_rows):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), 有效期至="5年")])

    assert faults_of(imported)[0] == ("years-without-issue", "I2")


def test_a_term_ends_the_day_before(import_rows):
    assert Term(60).end_from(datetime.date(2024, 2, 29)) == datetime.date(2029, 2, 28)
    assert Term(1).end_from(datetime.date(2024, 1, 31)) == datetime.date(2024, 2, 29)
