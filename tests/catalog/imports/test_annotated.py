"""The operator gets the same workbook back, with the bad cells coloured, commented and listed."""

import datetime

import openpyxl
import pytest

from catalog.imports.reading.sheets import read
from catalog.imports.reporting.annotated import write_annotated
from catalog.imports.understanding.fault_list import LIST_NAME
from catalog.imports.understanding.faults import Fault

from .workbooks import write_csv, write_xls, write_xlsx

ROWS = [
    ["企业名称", "产品名称", "星级", "发证日期"],
    ["甲公司", "=1+1", 3, datetime.date(2022, 6, 6)],
    ["乙公司", "http://a.b", "四星", "2022-06-06"],
]


def marked(path, faults, tmp_path):
    with read(path) as reading:
        return openpyxl.load_workbook(write_annotated(reading, faults, tmp_path / "marked.xlsx"))


def test_bad_cells_are_coloured_and_commented_and_the_others_untouched(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": ROWS})

    book = marked(path, [Fault("star", "清单", 3, 3, "四星", "请填写一星级至三星级。")], tmp_path)

    sheet = book["清单"]
    assert sheet["C3"].fill.start_color.rgb == "FFF8E6DF"
    assert sheet["C3"].comment.text == "请填写一星级至三星级。"
    assert sheet["C2"].fill.start_color.rgb == "00000000"
    assert sheet["C2"].comment is None


def test_values_come_back_as_they_were(tmp_path):
    sheet = marked(write_xlsx(tmp_path / "a.xlsx", {"清单": ROWS}), [], tmp_path)["清单"]

    values = [[cell.value for cell in row] for row in sheet.iter_rows()]
    assert values[1] == ["甲公司", "=1+1", 3, datetime.datetime(2022, 6, 6)]
    assert sheet["B2"].data_type == "s"
    assert sheet["B3"].hyperlink is None
    assert values[2] == ROWS[2]


def test_every_fault_is_listed_with_a_link_to_its_cell(tmp_path):
    faults = [
        Fault("empty", "第 2 批", 3, 2, "", "请补上。"),
        Fault("duplicate-in-file", "第 2 批", 2, 0, "", "请只留一行。"),
    ]

    listed = marked(write_xlsx(tmp_path / "a.xlsx", {"第 2 批": ROWS}), faults, tmp_path)[LIST_NAME]

    assert [cell.value for cell in listed[2]][1:] == ["第 2 批!2", "", "请只留一行。", "duplicate-in-file"]
    assert listed["B3"].hyperlink.location == "'第 2 批'!B3"


def test_an_empty_bad_cell_beyond_the_end_of_its_row_is_marked_too(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": [["甲", "乙", "丙"], ["1"]]})

    sheet = marked(path, [Fault("empty", "清单", 2, 3, "", "请补上。")], tmp_path)["清单"]

    assert sheet["C2"].comment.text == "请补上。"


@pytest.mark.parametrize("suffix", ["csv", "xls"])
def test_text_files_and_old_workbooks_come_back_as_xlsx(tmp_path, suffix):
    if suffix == "csv":
        path = write_csv(tmp_path / "名单.csv", "企业名称,电话\n甲公司,0591-1\n", "gb18030")
    else:
        path = write_xls(tmp_path / "名单.xls", {"名单": [["企业名称", "电话"], ["甲公司", "0591-1"]]})

    book = marked(path, [Fault("phone", "名单", 2, 2, "0591-1", "请核对。")], tmp_path)

    assert book["名单"]["A2"].value == "甲公司"
    assert book["名单"]["B2"].comment.text == "请核对。"


def test_merged_and_hidden_stay_so_and_all_sheets_are_there(tmp_path):
    path = write_xlsx(
        tmp_path / "a.xlsx",
        {"甲": [["标题"], ["a", "b"], ["", "c"]], "乙": [["x"]]},
        {"甲": ["A1:B1", "A2:A3"]},
    )

    book = marked(path, [], tmp_path)

    assert {str(merged) for merged in book["甲"].merged_cells.ranges} == {"A1:B1", "A2:A3"}
    assert book.sheetnames == ["甲", "乙", LIST_NAME]


def test_the_list_of_an_earlier_round_is_replaced(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"清单": ROWS})
    faults = [Fault("star", "清单", 3, 3, "四星", "请改。")]
    with read(path) as reading:
        first = write_annotated(reading, faults, tmp_path / "first.xlsx")

    assert marked(first, faults, tmp_path).sheetnames == ["清单", LIST_NAME]
