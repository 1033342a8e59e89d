"""What people write in lists beside the plain values: other headings, remarks, signs for the cell above, terms, places."""

import datetime

import pytest

from catalog.imports.understanding.days import Term
from catalog.imports.understanding.headings import find_heading
from catalog.products.models import Product
from tests.make import make_enterprise

from .conftest import HEADINGS, product_row

pytestmark = pytest.mark.django_db
FIRM, NAME, NUMBER = "示例晨光建材有限公司", "石膏板", "CTC-00001"


def faults_of(imported):
    return [(fault.rule, fault.cell.partition("!")[2]) for fault in imported.outcome.faults]


def told_of(imported):
    return [(told.rule, told.cell.partition("!")[2]) for told in imported.outcome.warnings]


# -- headings ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "values"),
    [
        ("单位", ["块", "㎡", "吨"]),
        ("单位", ["元/㎡", "元/吨"]),
        ("计量单位", ["块"]),
        ("包装单位", ["箱"]),
        ("施工单位", ["示例施工有限公司"]),
        ("企业类型", ["有限责任公司"]),
        ("类型", ["有限责任公司", "股份有限公司"]),
        ("公司性质", ["民营"]),
        ("经营状态", ["注销"]),
        ("状态", ["在产", "停产"]),
        ("营业期限", ["2010-01-01至2030-01-01"]),
        ("期限", ["长期", "短期"]),
        ("质保期限", ["2029-06-05"]),
        ("使用部位", ["外墙"]),
        ("等级", ["E0", "合格品"]),
        ("防火等级", ["A级"]),
        ("信用等级", ["三星"]),
        ("检测单位", ["示例检测有限公司"]),
        ("生产许可证号", ["XK-001"]),
        ("3C证书编号", ["2020-001"]),
        ("包装规格", ["25kg/桶"]),
        ("名称", ["示例甲建材有限公司", "示例乙建材厂"]),
        ("生产状态", ["有效"]),
        ("运行状态", ["有效"]),
        ("能效等级", ["一级", "二级"]),
        ("隔声等级", ["3"]),
        ("产品名称（英文）", ["Board"]),
        ("英文名称", ["Board"]),
        ("责任单位", ["示例住房城乡建设局"]),
        ("见证单位", ["示例监理有限公司"]),
        ("三星级", ["√"]),
        ("一星", []),
    ],
)
def test_a_wrong_guess_is_worse_than_none(heading, values):
    rows = [["企业名称", "产品名称", "证书编号", heading]]
    rows += [[FIRM, NAME, NUMBER, value] for value in values]

    assert find_heading(rows, "products").columns[3].field is None


@pytest.mark.parametrize("heading", ["企业类型", "经营状态", "营业期限", "注册资本", "计量单位", "使用部位"])
def test_what_has_no_place_in_the_register_is_known_as_that(heading):
    rows = [["企业名称", "产品名称", "证书编号", heading], [FIRM, NAME, NUMBER, "说明"]]

    assert find_heading(rows, "products").columns[3].how == "ignored"


@pytest.mark.parametrize(
    ("heading", "values", "field"),
    [
        ("单位", ["示例甲建材有限公司", "示例乙建材厂"], "enterprise"),
        ("状态", ["有效", "暂停"], "status"),
        ("等级", ["三星级", "二星"], "star"),
        ("期限", ["2029-06-05", "5年"], "valid_until"),
        ("有效期（年）", [5, 3], "valid_until"),
        ("产品名称 Product Name", ["石膏板"], "name"),
        ("证书编号\nCertificate No.", ["CTC-1"], "certificate_number"),
        ("Brand 品牌", ["示例牌"], "brand"),
        ("Star", ["三星级"], "star"),
        ("Certification Body", ["国检集团"], "body"),
        ("星级", ["五星", "六星"], "star"),
        ("产品名称（中文）", ["石膏板"], "name"),
        ("绿色产品认证状态", ["有效"], "status"),
        ("绿色建材产品等级", ["三星"], "star"),
        ("本次发证日期", ["2024-06-06"], "issued_on"),
    ],
)
def test_values_bear_a_heading_out(heading, values, field):
    rows = [[FIRM, "产品类别", heading], *([FIRM, "水嘴", value] for value in values)]
    rows[0][0] = "证书号" if field == "enterprise" else "企业名称"

    assert find_heading(rows, "products").columns[2].field == field


def test_of_two_languages_the_chinese_column_is_read():
    rows = [["企业名称", "产品名称（中文）", "产品名称（英文）", "证书编号"], [FIRM, NAME, "Board", NUMBER]]

    heading = find_heading(rows, "products")

    assert (heading.places()["name"], heading.ambiguous()) == ([2], [])


def test_of_two_days_of_issue_the_certificate_says_the_newer():
    rows = [
        ["产品名称", "证书编号", "首次发证日期", "本次发证日期"],
        [NAME, NUMBER, "2019-06-06", "2024-06-06"],
    ]

    assert find_heading(rows, "products").places()["issued_on"] == [4]


def test_a_row_in_another_language_belongs_to_the_heading(import_rows):
    english = [
        "Company",
        "Category",
        "Product",
        "Model",
        "Brand",
        "Body",
        "Certificate",
        "Star",
        "Valid until",
    ]

    imported = import_rows([HEADINGS, english, product_row(make_enterprise())])

    assert (imported.outcome.rows, faults_of(imported)) == (1, [])


def test_a_heading_of_three_rows_is_one(import_rows, tmp_path):
    from .workbooks import write_xlsx

    maker = make_enterprise()
    rows = [
        ["清单"],
        ["企业信息", "", "产品信息", "", "证书信息", "", "", "", ""],
        ["名称", "代码", "类别", "名称", "机构", "编号", "星级", "有效期", ""],
        ["", "", "", "", "", "", "", "起", "止"],
        [maker.name, maker.uscc, "水嘴", "水嘴一", "国检集团", "CTC-1", "三星级", "2025-01-01", "2099-01-01"],
        [maker.name, maker.uscc, "水嘴", "水嘴二", "国检集团", "CTC-2", "三星级", "2025-01-01", "2099-01-01"],
    ]
    merges = ["A1:I1", "A2:B2", "C2:D2", "E2:I2", "H3:I3", *(f"{letter}3:{letter}4" for letter in "ABCDEFG")]

    imported = import_rows(write_xlsx(tmp_path / "a.xlsx", {"清单": rows}, {"清单": merges}))

    assert (imported.outcome.rows, faults_of(imported)) == (2, [])
    assert imported.outcome.sheets[0].heading.last == 4


def test_of_two_columns_alike_only_those_are_named(import_rows):
    rows = [[*HEADINGS, "产品名称", "认证机构"], [*product_row(make_enterprise()), "别名", "CTC"]]

    messages = {fault.cell.partition("!")[2]: fault.message for fault in import_rows(rows).outcome.faults}

    assert set(messages) == {"C1", "J1", "F1", "K1"}
    assert "「产品名称」：C 列「产品名称」、J 列「产品名称」。" in messages["C1"]
    assert "「认证机构」：F 列「认证机构」、K 列「认证机构」。" in messages["F1"]


def test_two_tables_side_by_side_are_one_fault(import_rows):
    maker = make_enterprise()
    rows = [[*HEADINGS, "", *HEADINGS], [*product_row(maker, 1), "", *product_row(maker, 2)]]

    (fault,) = import_rows(rows, is_valid_only=True).outcome.faults

    assert (fault.rule, fault.cell) == ("tables-side-by-side", "清单!K1")
    assert "A 到 I 列，K 到 S 列" in fault.message
    assert not Product.objects.exists()


# -- rows -------------------------------------------------------------------------------------------------------------


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
