"""What the cells and columns of a product list must say, may leave out, and may say otherwise."""

import datetime

import pytest

from catalog.enterprises.models import FormerName
from catalog.products.models import Certificate, Product
from tests.make import make_enterprise

from .conftest import HEADINGS, faults_of, product_row
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("changes", "rule", "column"),
    [
        ({"企业名称": "没有登记的公司"}, "enterprise-unknown", "A"),
        ({"企业名称": ""}, "empty", "A"),
        ({"产品类别": "火箭"}, "category-unknown", "B"),
        ({"产品名称": ""}, "empty", "C"),
        ({"认证机构": "不存在的机构"}, "body-unknown", "F"),
        ({"认证机构": ""}, "empty", "F"),
        ({"证书编号": ""}, "empty", "G"),
        ({"星级": ""}, "empty", "H"),
        ({"有效期至": ""}, "empty", "I"),
        ({"有效期至": "2026-02-30"}, "date", "I"),
        ({"有效期至": "2021-06-06"}, "certificate-expired", "I"),
        ({"有效期至": "2030-01-01至2029-01-01"}, "date", "I"),
        ({"产品名称": "#N/A"}, "cell-error", "C"),
        ({"规格型号": datetime.date(2022, 9, 5)}, "became-date", "D"),
    ],
)
def test_every_fault_names_rule_and_cell(import_rows, changes, rule, column):
    imported = import_rows([HEADINGS, product_row(make_enterprise(), **changes)])

    assert faults_of(imported) == [(rule, f"清单!{column}2")]


def test_a_row_names_its_enterprise_by_code_name_or_former_name(import_rows):
    maker = make_enterprise(name="示例新名称有限公司")
    FormerName.objects.create(enterprise=maker, name="示例旧名称有限公司")
    rows = [
        [*HEADINGS, "信用代码"],
        [*product_row(maker, 1, 企业名称=""), maker.uscc.lower()],
        [*product_row(maker, 2, 企业名称="示例新名称 有限公司"), ""],
        [*product_row(maker, 3, 企业名称="示例旧名称有限公司"), ""],
    ]

    imported = import_rows(rows)

    assert imported.outcome.faults == []
    assert Product.objects.filter(enterprise=maker).count() == 3


def test_a_code_and_a_name_of_two_enterprises_are_a_fault(import_rows):
    one, other = make_enterprise(), make_enterprise()

    imported = import_rows([[*HEADINGS, "信用代码"], [*product_row(one), other.uscc]])

    assert faults_of(imported) == [("enterprise-mismatch", "清单!A2")]


def test_a_missing_column_is_said_once_for_the_sheet(import_rows):
    maker = make_enterprise()
    without = [name for name in HEADINGS if name != "产品类别"]
    rows = [
        [cell for name, cell in zip(HEADINGS, product_row(maker, n), strict=True) if name != "产品类别"]
        for n in (1, 2)
    ]

    imported = import_rows([without, *rows])

    assert faults_of(imported) == [("column-missing", "清单!1")]
    assert "2 行" in imported.outcome.faults[0].message
    assert imported.outcome.faulty_rows == 2


def test_without_their_columns_body_and_category_are_taken_from_number_and_standard(import_rows):
    maker = make_enterprise()
    rows = [
        ["企业名称", "产品名称", "证书编号", "星级", "有效期至", "认证依据"],
        [maker.name, "甲板", "CABR-01(02)-(2025)-CGP-035", "三星级", "2029-01-01", "T/CECS 10056-2019"],
        [maker.name, "纸面石膏板", "CTC-2025-1", "三星级", "2029-01-01", ""],
        [maker.name, "乙板", "XYZ-2025-1", "三星级", "2029-01-01", ""],
    ]

    imported = import_rows(rows, is_valid_only=True)

    assert set(Product.objects.values_list("category__name", "certificate__body__code")) == {
        ("纸面石膏板", "cabr"),
        ("纸面石膏板", "ctc"),
    }
    assert {rule for rule, _cell in faults_of(imported)} == {"column-missing"}


def test_two_columns_for_one_field_stop_the_sheet(import_rows):
    imported = import_rows(
        [[*HEADINGS, "产品名称"], [*product_row(make_enterprise()), "另一个名称"]], is_valid_only=True
    )

    assert {rule for rule, _cell in faults_of(imported)} == {"heading-ambiguous"}
    assert not Product.objects.exists()


def test_a_range_fills_the_day_of_issue(import_rows):
    import_rows([HEADINGS, product_row(make_enterprise(), 有效期至="2024.6.6至2029.6.5")])

    certificate = Certificate.objects.get()
    assert (certificate.issued_on, certificate.valid_until) == (
        datetime.date(2024, 6, 6),
        datetime.date(2029, 6, 5),
    )


def test_merged_cells_count_for_all_their_rows(tmp_path, import_rows):
    maker = make_enterprise()
    first, second = product_row(maker, 1), product_row(maker, 2)
    second[0] = ""
    path = write_xlsx(tmp_path / "合并.xlsx", {"清单": [HEADINGS, first, second]}, {"清单": ["A2:A3"]})

    imported = import_rows(path)

    assert imported.outcome.faults == []
    assert Product.objects.filter(enterprise=maker).count() == 2


def test_totals_notes_and_repeated_headings_are_no_data_and_named(import_rows):
    maker = make_enterprise()
    rows = [
        HEADINGS,
        product_row(maker, 1),
        HEADINGS,
        product_row(maker, 2),
        ["合计", "", "2"],
        ["注：以上信息由企业填报。"],
    ]

    imported = import_rows(rows)

    assert imported.outcome.rows == 2
    assert [number for number, _why in imported.outcome.sheets[0].passed_over] == [3, 5, 6]


def test_without_a_column_for_the_body_the_letters_of_the_number_name_it(import_rows):
    maker = make_enterprise()
    headings = [name for name in HEADINGS if name != "认证机构"]

    def row(number, certificate):
        cells = dict(zip(HEADINGS, product_row(maker, number, 证书编号=certificate), strict=True))
        return [cells[name] for name in headings]

    known = import_rows([headings, row(1, "CQC25001000001"), row(2, "CABR-01(02)-(2025)-CGP-035")])
    assert faults_of(known) == []
    assert set(Certificate.objects.values_list("body__code", flat=True)) == {"cqc", "cabr"}

    unknown = import_rows([headings, row(3, "ZZ-2025-1")])
    assert faults_of(unknown) == [("column-missing", "清单!1")]
