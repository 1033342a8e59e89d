"""A product list into working rows and a draft batch."""

import datetime

import pytest

from catalog.enterprises.models import FormerName
from catalog.imports.models import ImportRun
from catalog.products.models import Certificate, Product
from catalog.publication.models import Batch, BatchEntry
from portal.core.audit.models import Change
from tests.make import make_enterprise, make_requirement, make_user

from .conftest import HEADINGS, product_row
from .workbooks import write_xlsx

pytestmark = pytest.mark.django_db


def faults_of(imported):
    return [(fault.rule, fault.cell) for fault in imported.outcome.faults]


def test_sound_rows_become_products_certificates_and_entries_of_the_draft(import_rows, editor):
    maker = make_enterprise()

    imported = import_rows([HEADINGS, product_row(maker, 1), product_row(maker, 2)])

    assert imported.outcome.faults == []
    assert imported.outcome.preview.counts["new"] == 2
    product = Product.objects.get(name="石膏板1")
    assert (product.enterprise, product.category.name, product.brand) == (maker, "纸面石膏板", "示例牌")
    assert (product.certificate.body.code, product.certificate.star) == ("ctc", "3")
    assert product.name_key == "石膏板1"
    entries = BatchEntry.objects.filter(batch=imported.run.batch)
    assert {(entry.product.name, entry.action, entry.source) for entry in entries} == {
        ("石膏板1", "list", imported.run.source),
        ("石膏板2", "list", imported.run.source),
    }
    assert imported.run.batch.state == Batch.State.DRAFT
    assert Change.objects.filter(source=imported.run.source, is_created=True).count() == 4


def test_one_fault_keeps_everything_out(import_rows):
    maker = make_enterprise()

    imported = import_rows([HEADINGS, product_row(maker, 1), product_row(maker, 2, 星级="五星")])

    assert faults_of(imported) == [("star", "清单!H3")]
    assert not Product.objects.exists()
    assert imported.run.state == ImportRun.State.CHECKED


def test_only_sound_rows_are_saved_when_that_is_chosen(import_rows):
    maker = make_enterprise()

    imported = import_rows(
        [HEADINGS, product_row(maker, 1), product_row(maker, 2, 星级="五星")], is_valid_only=True
    )

    assert list(Product.objects.values_list("name", flat=True)) == ["石膏板1"]
    assert imported.outcome.faulty_rows == 1


def test_a_dry_run_saves_nothing_at_all(import_rows):
    imported = import_rows([HEADINGS, product_row(make_enterprise())], is_dry=True)

    assert imported.outcome.preview.counts["new"] == 1
    assert not Product.objects.exists()
    assert not ImportRun.objects.exists()
    assert not Batch.objects.exists()


def test_the_same_file_again_changes_nothing(import_rows):
    rows = [HEADINGS, product_row(make_enterprise(), 1)]
    import_rows(rows)
    before = list(Product.objects.values()), list(Certificate.objects.values()), BatchEntry.objects.count()

    again = import_rows(rows)

    assert again.outcome.changes_nothing
    assert again.outcome.preview.counts["unchanged"] == 1
    assert (
        list(Product.objects.values()),
        list(Certificate.objects.values()),
        BatchEntry.objects.count(),
    ) == before


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


def test_the_same_product_twice_in_a_file_is_found(import_rows):
    maker = make_enterprise()

    imported = import_rows([HEADINGS, product_row(maker, 1), product_row(maker, 1, 产品名称="石膏 板１")])

    assert faults_of(imported) == [("duplicate-in-file", "清单!C3")]
    assert "「清单」第 2 行" in imported.outcome.faults[0].message


def test_a_certificate_may_not_contradict_itself(import_rows):
    maker = make_enterprise()

    imported = import_rows(
        [HEADINGS, product_row(maker, 1), product_row(maker, 2, 证书编号="CTC-00001", 星级="二星级")]
    )

    assert faults_of(imported) == [("certificate-conflict", "清单!H3")]


def test_the_draft_s_other_file_is_met_in_peace_or_named(import_rows):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 1)], name="甲省.xlsx")

    same = import_rows([HEADINGS, product_row(maker, 1), product_row(maker, 2)], name="乙省.xlsx")
    other = import_rows([HEADINGS, product_row(maker, 1, 品牌="别的牌")], name="丙省.xlsx")

    assert (same.outcome.preview.counts["unchanged"], same.outcome.preview.counts["new"]) == (1, 1)
    assert faults_of(other) == [("duplicate-in-draft", "清单!C2")]
    assert "甲省.xlsx" in other.outcome.faults[0].message


def test_what_changed_is_told_field_by_field(import_rows):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 1)])
    BatchEntry.objects.update(source="")  # as if compiled by hand

    changed = import_rows([HEADINGS, product_row(maker, 1, 品牌="新牌", 星级="二星级")])

    assert changed.outcome.preview.counts["changed"] == 1
    (sample,) = changed.outcome.preview.samples["changed"]
    assert sample["difference"] == [("品牌", "示例牌", "新牌"), ("认证等级", "三星级", "二星级")]
    assert Product.objects.get().brand == "新牌"
    assert Certificate.objects.get().star == "2"
    change = Change.objects.get(source=changed.run.source, target="products.product")
    assert change.before == {"brand": "示例牌"}


def test_a_number_is_matched_before_identity(import_rows):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 1)])
    Product.objects.update(serial=127)
    BatchEntry.objects.update(source="")

    renamed = import_rows(
        [["清单编号", *HEADINGS], ["0000127-5", *product_row(maker, 1, 产品名称="改名后的石膏板")]]
    )

    assert renamed.outcome.faults == []
    assert list(Product.objects.values_list("name", "name_key")) == [("改名后的石膏板", "改名后的石膏板")]


def test_an_unknown_number_or_one_of_another_maker_is_a_fault(import_rows):
    maker, other = make_enterprise(), make_enterprise()
    import_rows([HEADINGS, product_row(maker, 1)])
    Product.objects.update(serial=127)

    imported = import_rows(
        [
            ["清单编号", *HEADINGS],
            ["0000001-7", *product_row(maker, 2)],
            ["0000127-5", *product_row(other, 3)],
        ],
        is_dry=True,
    )

    assert [rule for rule, _cell in faults_of(imported)] == ["serial", "serial-of-another"]


def test_empty_cells_erase_nothing(import_rows):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 1)])

    again = import_rows([HEADINGS, product_row(maker, 1, 品牌="", 规格型号="9.5 mm", 星级="", 有效期至="")])

    assert again.outcome.changes_nothing
    assert Product.objects.get().brand == "示例牌"


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


def test_a_local_list_takes_uncertified_products_on_its_requirement(import_rows):
    maker, requirement = make_enterprise(), make_requirement()
    rows = [
        ["企业名称", "产品类别", "产品名称", "地方技术要求"],
        [maker.name, "防水卷材", "本地卷材", requirement.title],
    ]

    imported = import_rows(rows, publisher="350000", by=make_user("pilot_officer:350000"))

    assert imported.outcome.faults == []
    assert Product.objects.get().requirement == requirement


def test_a_national_list_does_not_know_local_requirements(import_rows):
    maker, requirement = make_enterprise(), make_requirement()
    rows = [
        ["企业名称", "产品类别", "产品名称", "地方技术要求"],
        [maker.name, "防水卷材", "本地卷材", requirement.title],
    ]

    assert faults_of(import_rows(rows)) == [("requirement-unknown", "清单!D2")]


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


def test_the_number_of_queries_does_not_grow_with_the_rows(import_rows, django_assert_max_num_queries):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 0)])

    with django_assert_max_num_queries(90):
        import_rows([HEADINGS, *(product_row(maker, number) for number in range(1, 300))])


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
