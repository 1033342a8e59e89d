"""Whatever a list holds: every row is imported or named, and the same list a second time changes nothing."""

import datetime

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from catalog.enterprises.models import Enterprise
from catalog.imports.models import ImportRun
from catalog.products.models import Certificate, Product
from catalog.publication.models import Batch, BatchEntry
from portal.core.audit.models import Change
from tests.make import make_enterprise, make_uscc

from .conftest import HEADINGS
from .test_import_enterprises import HEADINGS as DIRECTORY

pytestmark = pytest.mark.django_db
FEW = settings(
    max_examples=12,
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],  # shrinking would take minutes
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
MAKERS = ["示例甲建材有限公司", "示例乙（厦门）建材有限公司"]
ODD = st.sampled_from(
    ["", None, " ", "#N/A", "=1+1", "无", 3.5, True, "一\n二", "𠮷" * 130, datetime.date(2022, 6, 6)]
)
PRODUCT_CELLS = [
    st.sampled_from([*MAKERS, "示例乙(厦门)建材有限公司", "没有的公司"]),
    st.sampled_from(["纸面石膏板", "砌块", "水嘴", "火箭"]),
    st.sampled_from(["产品一", "产品 一", "产品二", "产品三", "產品一"]),
    st.sampled_from(["", "A-1", "a-1", 600, "600"]),
    st.sampled_from(["", "示例牌"]),
    st.sampled_from(["CTC", "国检集团", "建研院认证中心", "甲"]),
    st.sampled_from(["C-1", "ｃ-1", "C-2", 123456]),
    st.sampled_from(["三星级", "★★★", 3, "二星", "绿色产品", "五星"]),
    st.sampled_from(["2029-06-05", datetime.date(2029, 6, 5), "2024.6.6-2029.6.5", "2020-01-01", "某日"]),
]
CODES = [make_uscc() for _ in range(3)]
DIRECTORY_CELLS = [
    st.sampled_from([*MAKERS, "示例丙建材有限公司", "示例丙 建材有限公司"]),
    st.sampled_from([*CODES, CODES[0].lower(), "123", ""]),
    st.sampled_from(["福建", "福建省", "浙江", ""]),
    st.sampled_from(["泉州", "金华市", "自贸区", ""]),
    st.sampled_from(["张某", ""]),
    st.sampled_from(["0591-12345678", 13812341234, "无", "找张三"]),
    st.sampled_from(["www.example.com", "网站"]),
    st.sampled_from(["全国", "福建、浙江", "火星", ""]),
]


def rows_of(cells):
    usual = st.tuples(*cells)
    spoiled = st.tuples(*(st.one_of(cell, cell, cell, ODD) for cell in cells))
    return st.lists(st.one_of(usual, spoiled).map(list), min_size=1, max_size=12)


def empty_registers():
    for model in (BatchEntry, ImportRun, Product, Certificate, Enterprise, Batch):
        model._base_manager.all().delete()


def check_both_times(import_rows, rows, register, count):
    first = import_rows(rows, register=register, is_valid_only=True)
    counts = first.outcome.preview.counts
    assert (
        first.outcome.rows
        == counts["new"] + counts["changed"] + counts["unchanged"] + first.outcome.faulty_rows
    )
    named = {fault.row for fault in first.outcome.faults}
    assert len(named - {1}) == first.outcome.faulty_rows
    assert count() == counts["new"]
    changes = Change.objects.count()

    again = import_rows(rows, register=register, is_valid_only=True).outcome

    # A row that was faulty may have become sound, since its certificate is known by now; nothing else moves.
    assert again.preview.counts["changed"] == 0
    assert count() == counts["new"] + again.preview.counts["new"]
    if not first.outcome.faults:
        assert again.changes_nothing
        assert Change.objects.count() == changes


@FEW
@given(rows=rows_of(PRODUCT_CELLS))
def test_every_product_row_is_imported_or_named(import_rows, rows):
    empty_registers()
    for name in MAKERS:
        make_enterprise(name=name)

    check_both_times(import_rows, [HEADINGS, *rows], "products", Product.objects.count)


@FEW
@given(rows=rows_of(DIRECTORY_CELLS))
def test_every_directory_row_is_imported_or_named(import_rows, rows):
    empty_registers()

    check_both_times(import_rows, [DIRECTORY, *rows], "enterprises", Enterprise.objects.count)
