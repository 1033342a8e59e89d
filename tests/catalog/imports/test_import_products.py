"""A product list into working rows and a draft batch."""

import pytest

from catalog.imports.models import ImportRun
from catalog.products.models import Certificate, Product
from catalog.publication.models import Batch, BatchEntry
from portal.core.audit.models import Change
from tests.make import make_enterprise, make_requirement, make_user

from .conftest import HEADINGS, faults_of, product_row

pytestmark = pytest.mark.django_db


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


def test_the_number_of_queries_does_not_grow_with_the_rows(import_rows, django_assert_max_num_queries):
    maker = make_enterprise()
    import_rows([HEADINGS, product_row(maker, 0)])

    with django_assert_max_num_queries(90):
        import_rows([HEADINGS, *(product_row(maker, number) for number in range(1, 300))])
