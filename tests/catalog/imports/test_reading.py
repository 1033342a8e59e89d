"""What a file holds is read by its content, cell by cell, at the place where Excel shows it."""

import datetime

import openpyxl
import pytest
import xlsxwriter

from catalog.imports.reading.limits import Limits
from catalog.imports.reading.refusals import Refused
from catalog.imports.reading.sheets import read

from .workbooks import rows_of, write_csv, write_xls, write_xlsx

TABLE = "企业名称,产品名称\n示例建材𠮷公司,石膏板\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_the_encoding_it_is_written_in(tmp_path, encoding):
    path = write_csv(tmp_path / "list.csv", TABLE, encoding)

    assert rows_of(path)[1] == ["示例建材𠮷公司", "石膏板"]


@pytest.mark.parametrize("mark", [",", "\t", ";", "|", "，"])
def test_the_separator_of_a_text_file_is_found(tmp_path, mark):
    text = "企业名称,产品名称,星级\n甲公司,石膏板,3\n乙公司,砖,2\n".replace(",", mark)

    assert rows_of(write_csv(tmp_path / "list.csv", text))[2] == ["乙公司", "砖", "2"]


def test_the_separator_line_of_excel_is_no_row(tmp_path):
    assert rows_of(write_csv(tmp_path / "list.csv", "sep=;\na;b\nc;d\n")) == [["a", "b"], ["c", "d"]]


def test_a_quoted_cell_keeps_its_line_breaks_and_separators(tmp_path):
    assert rows_of(write_csv(tmp_path / "l.csv", 'a,b\n"一\n二,三",""""\n')) == [
        ["a", "b"],
        ["一\n二,三", '"'],
    ]


@pytest.mark.parametrize("name", ["list.csv", "list.xls", "list.txt", "list"])
def test_the_name_of_a_file_decides_nothing(tmp_path, name):
    path = write_xlsx(tmp_path / "real.xlsx", {"一": [["a"]]}).rename(tmp_path / name)

    with read(path) as reading:
        assert reading.kind == "xlsx"


def test_rows_and_columns_are_counted_from_the_corner_of_the_sheet(tmp_path):
    for path in (
        write_xlsx(tmp_path / "a.xlsx", {"一": [[], [], ["", "x"]]}),
        write_xls(tmp_path / "a.xls", {"一": [[], [], ["", "x"]]}),
    ):
        with read(path) as reading:
            assert list(reading.rows(reading.sheets[0]))[-1] == (3, ["", "x"])


def test_dates_numbers_and_truth_keep_their_kind(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"一": [[datetime.date(2022, 6, 6), 3, 1.5, True, "2022-06-06"]]})

    assert rows_of(path) == [[["2022-06-06"], 3.0, 1.5, True, "2022-06-06"]]


def test_all_sheets_are_read_and_a_chart_is_named(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("甲").write("A1", 1)
    hidden = book.add_worksheet("乙")
    hidden.hide()
    chart = book.add_chart({"type": "line"})
    chart.add_series({"values": "=甲!$A$1:$A$1"})
    book.add_chartsheet("图").set_chart(chart)
    book.close()

    with read(tmp_path / "a.xlsx") as reading:
        assert [(sheet.name, sheet.hidden) for sheet in reading.sheets] == [("甲", False), ("乙", True)]
        assert [name for name, _ in reading.skipped] == ["图"]


def test_merged_cells_are_told(tmp_path):
    xlsx = write_xlsx(tmp_path / "a.xlsx", {"一": [["标题"], ["a"]]}, {"一": ["A1:C1", "A2:A4"]})
    xls = write_xls(tmp_path / "a.xls", {"一": []}, {"一": [(0, 0, 0, 2, "标题"), (1, 3, 0, 0, "a")]})

    for path in (xlsx, xls):
        with read(path) as reading:
            assert set(reading.sheets[0].merges) == {(1, 1, 1, 3), (2, 1, 4, 1)}


def test_error_values_and_uncalculated_formulas_are_not_lost(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("甲").write_formula("B2", "=1/0", None, "#DIV/0!")
    book.close()
    assert rows_of(tmp_path / "a.xlsx")[1] == ["", "#DIV/0!"]

    book = openpyxl.Workbook()
    book.active["B1"] = '="a"&"b"'
    book.save(tmp_path / "b.xlsx")
    assert rows_of(tmp_path / "b.xlsx")[0] == ["", '="a"&"b"']


def test_a_formula_is_read_as_the_value_it_shows(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("甲").write_formula("A1", '="三"&"星"', None, "三星")
    book.close()

    assert rows_of(tmp_path / "a.xlsx") == [["三星"]]


def test_rare_characters_of_four_bytes_survive(tmp_path):
    assert rows_of(write_xlsx(tmp_path / "a.xlsx", {"一": [["𬭎𫟼㙍"]]})) == [["𬭎𫟼㙍"]]


def test_a_sheet_can_be_walked_again_and_from_any_row(tmp_path):
    with read(write_csv(tmp_path / "a.csv", "a,1\nb,2\nc,3\n")) as reading:
        sheet = reading.sheets[0]
        assert [number for number, _ in reading.rows(sheet, first=2)] == [2, 3]
        assert [number for number, _ in reading.rows(sheet)] == [1, 2, 3]


def test_the_sheet_of_a_text_file_has_a_name_excel_allows(tmp_path):
    with read(write_csv(tmp_path / "a.csv", "a,b\n"), name="清单[2022]: 第一批.csv") as reading:
        assert reading.sheets[0].name == "清单_2022__ 第一批"


def test_a_cell_longer_than_excel_allows_is_refused_by_name(tmp_path):
    path = write_csv(tmp_path / "a.csv", "a,b\nc," + "长" * 200 + "\n")

    with pytest.raises(Refused):
        read(path, limits=Limits(cell_characters=100))


def test_nothing_is_left_behind_when_a_reading_is_closed(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "spool"))
    (tmp_path / "spool").mkdir()
    with read(write_csv(tmp_path / "a.csv", TABLE)):
        assert list((tmp_path / "spool").iterdir())
    with pytest.raises(Refused):
        read(write_csv(tmp_path / "b.csv", " \n"))

    assert not list((tmp_path / "spool").iterdir())
