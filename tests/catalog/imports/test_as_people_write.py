"""How people name the columns of their lists: other words, two languages, several rows, tables side by side."""

import pytest

from catalog.imports.understanding.headings import find_heading
from catalog.products.models import Product
from tests.make import make_enterprise

from .conftest import HEADINGS, product_row
from .told import FIRM, NAME, NUMBER, faults_of

pytestmark = pytest.mark.django_db


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
