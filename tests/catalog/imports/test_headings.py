"""Finds the heading row and says which heading stands for which field."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog.imports.understanding import meanings
from catalog.imports.understanding.heading_words import ENTERPRISES, FIELDS, IGNORED, PRODUCTS
from catalog.imports.understanding.headings import find_heading
from catalog.imports.understanding.meanings import How, meaning, normalise, without_note

PRODUCT_ROW = [
    "序号",
    "企业名称",
    "产品类别",
    "产品名称",
    "规格型号",
    "认证机构",
    "证书编号",
    "星级",
    "有效期至",
]


def fields(rows, register=PRODUCTS, **options):
    heading = find_heading(rows, register, **options)
    return {column.written: column.field for column in heading.columns} if heading else None


@pytest.mark.parametrize("register", [PRODUCTS, ENTERPRISES])
def test_every_word_names_one_field(register: str) -> None:
    owners: dict[str, set[str]] = {}
    for entry in FIELDS[register]:
        for word in f"{entry.words} {entry.weak}".split():
            assert normalise(word) == word, word
            owners.setdefault(word, set()).add(entry.name)

    assert {word: names for word, names in owners.items() if len(names) > 1} == {}
    assert not set(owners) & set(IGNORED[register].split())


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("获证企业", "enterprise"),
        ("单位名称", "enterprise"),
        ("生产企业", "enterprise"),
        ("证书号", "certificate_number"),
        ("认证等级", "star"),
        ("等级", "star"),
        ("有效期", "valid_until"),
        ("证书有效期", "valid_until"),
        ("型号规格", "models_text"),
        ("规格", "models_text"),
        ("信用代码", "uscc"),
        ("税号", "uscc"),
        ("申报企业", "enterprise"),
        ("生产厂家", "enterprise"),
        ("产品规格", "models_text"),
        ("商标", "brand"),
        ("建材种类", "category"),
        ("绿色建材评价标识等级", "star"),
        ("颁证日期", "issued_on"),
        ("起止日期", "valid_until"),
        ("证书状态", "status"),
        ("认证依据", "standard"),
        ("清单编号", "serial"),
        ("企 业 名 称", "enterprise"),
        ("证书\n编号", "certificate_number"),
        ("*产品名称", "name"),
        ("产品名称：", "name"),
        ("星级（一/二/三）", "star"),
        ("规格型号（可另附页）", "models_text"),
        ("有效期（至）", "valid_until"),
        ("（一）证书编号", "certificate_number"),
        ("3、产品名称", "name"),
        ("绿色建材产品认证证书编号", "certificate_number"),
        ("企业统一社会信用代码", "uscc"),
        ("获证产品名称（与证书一致）", "name"),
        ("Certificate No.", "certificate_number"),
        ("產品名稱", "name"),
        ("\ufeff企业\u200b名称", "enterprise"),
        ("认证机构联系电话", None),
        ("产品名称及规格型号", None),
        ("曾用企业名称", None),
        ("甲", None),
    ],
)
def test_a_heading_is_understood_however_it_is_written(written, field):
    assert meaning(written, PRODUCTS).field == field


@pytest.mark.parametrize(
    ("written", "field"),
    [
        ("企业名称", "name"),
        ("所属地市", "city"),
        ("省份", "province"),
        ("省（自治区、直辖市）", "province"),
        ("所在地", "division"),
        ("联系电话", "any_phone"),
        ("单位电话", "phone"),
        ("手机", "contact_phone"),
        ("联系人电话", "contact_phone"),
        ("官网", "website"),
        ("曾用名", "former_names"),
        ("法定代表人", None),
        ("注册日期", None),
    ],
)
def test_headings_of_the_directory_are_understood(written, field):
    assert meaning(written, ENTERPRISES).field == field


def test_the_heading_row_is_found_under_title_rows():
    rows = [
        ["绿色建材下乡活动产品清单（第一批）"],
        [],
        ["填报单位：某协会", "", "2022年6月6日"],
        PRODUCT_ROW,
        ["1", "甲公司"],
    ]

    assert find_heading(rows, PRODUCTS).first == 4


def test_columns_may_stand_in_any_order():
    assert fields([list(reversed(PRODUCT_ROW))]) == fields([PRODUCT_ROW])


def test_a_sheet_without_heading_has_none():
    assert find_heading([["说明", "一"], ["甲公司", "石膏板", "三星"]], PRODUCTS) is None
    assert find_heading([["星级", "等级说明"]], PRODUCTS) is None
    assert find_heading([], PRODUCTS) is None


@pytest.mark.parametrize("merges", [[], [(1, 1, 2, 1), (1, 2, 2, 2), (1, 3, 1, 5), (1, 6, 2, 6)]])
def test_two_rows_of_headings_are_read_together(merges):
    rows = [
        ["序号", "企业名称", "证书信息", "", "", "产品"],
        ["", "", "编号", "有效期", "等级", ""],
        ["1", "甲", "C-1", "2027-1-1", "3", "板"],
    ]

    heading = find_heading(rows, PRODUCTS, merges)

    assert (heading.first, heading.last) == (1, 2)
    assert [column.field for column in heading.columns] == [
        None,
        "enterprise",
        "certificate_number",
        "valid_until",
        "star",
        "name",
    ]


def test_a_data_row_is_not_taken_for_a_second_row_of_headings():
    rows = [["企业名称", "产品名称", "规格型号"], ["甲公司", "产品", "规格"], ["乙公司", "板", ""]]

    assert find_heading(rows, PRODUCTS).last == 1


def test_two_columns_for_one_field_are_reported():
    heading = find_heading([["企业名称", "获证企业", "产品名称"]], PRODUCTS)

    assert [column.letters for column in heading.ambiguous()] == ["A", "B"]


def test_a_better_heading_leaves_the_other_its_second_meaning():
    heading = find_heading([["企业名称", "生产厂家", "产品名称", "认证单元"]], PRODUCTS)

    assert heading.places() == {"enterprise": [1], "factory_name": [2], "name": [3], "category": [4]}


def test_the_applicant_is_the_enterprise_where_no_other_is_named():
    heading = find_heading([["认证委托人", "制造商", "产品名称"]], PRODUCTS)

    assert heading.places() == {"enterprise": [1], "applicant_name": [1], "maker_name": [2], "name": [3]}


def test_model_and_specification_in_two_columns_are_joined():
    assert find_heading([["企业名称", "型号", "规格"]], PRODUCTS).places()["models_text"] == [2, 3]


def test_a_choice_by_hand_goes_before_all_words():
    choices = {normalise("我们的叫法"): "name", normalise("产品名称"): None}

    assert fields([["企业名称", "我们的叫法", "产品名称"]], choices=choices) == {
        "企业名称": "enterprise",
        "我们的叫法": "name",
        "产品名称": None,
    }


def test_what_is_understood_but_not_kept_is_told_from_what_is_not_understood():
    columns = find_heading([[*PRODUCT_ROW, "备注", "奇怪的列"]], PRODUCTS).columns

    assert [columns[0].how, columns[-2].how, columns[-1].how] == [How.IGNORED, How.IGNORED, How.UNKNOWN]


@given(st.text(max_size=80))
def test_no_heading_whatever_breaks_the_reading(text):
    assert normalise(normalise(text)) is not None
    assert without_note(text) is not None
    assert meaning(text, PRODUCTS).how in How


@given(
    st.lists(
        st.lists(st.one_of(st.text(max_size=8), st.floats(), st.none(), st.booleans()), max_size=6),
        max_size=6,
    )
)
def test_no_sheet_whatever_breaks_the_search(rows):
    find_heading(rows, PRODUCTS)


@given(st.permutations(PRODUCT_ROW), st.integers(0, 5))
def test_order_and_titles_change_nothing(row, titles):
    rows = [["标题", "", "附件一"]] * titles + [list(row)]

    heading = find_heading(rows, PRODUCTS)

    assert heading.first == titles + 1
    assert {column.written: column.field for column in heading.columns} == fields([PRODUCT_ROW])


def test_a_long_heading_that_was_given_its_field_by_hand_keeps_it():
    long = "产品在证书上所写的全称" * 15
    choices = {normalise(long)[:100]: "name"}  # as the desk keeps it
    assert fields([[long, "证书编号"], ["防水卷材", "CABR-1"]], choices=choices)[long] == "name"


def test_no_cell_is_read_further_than_a_heading_goes(monkeypatch):
    read = []
    monkeypatch.setattr(meanings, "clean", lambda text: read.append(len(text)) or text)
    find_heading([["ﷺ" * 32_000, "产品名称", "证书编号"], ["（" * 32_000, "甲", "乙"]], PRODUCTS)
    assert 0 < max(read) <= 400
