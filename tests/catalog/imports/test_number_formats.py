"""A number is read as its format shows it, or is marked where the format cannot be followed."""

import pytest
import xlsxwriter
import xlwt

from catalog.imports.reading.number_formats import NotFollowed, follow, is_date

from .odd_books import parts, styles, zipped
from .workbooks import rows_of


@pytest.mark.parametrize(
    ("code", "number", "shown"),
    [
        ("00000000", 123456, "00123456"),
        ('"CTC-"0000', 17, "CTC-0017"),
        ("000000;@", 12, "000012"),
        ("0000-0000", 12345678, "1234-5678"),
        ("[Red]0000", 12, "0012"),
        ("[$-804]0000", 3, "0003"),
        ("0.00", 9.5, "9.50"),
        ("0%", 0.95, "95%"),
        ('General"级"', 3, "3级"),
        ("G/通用格式", 3, None),
        ("General", 5, None),
        ("#,##0", 1234567, None),
        ("0.00E+00", 1234567, None),
        ("@", 5, None),
        ('yyyy"年"m"月"d"日";@', 45000, None),
        ("0", 20230012, None),
        ("0.0", 1.26, None),
    ],
)
def test_a_number_is_read_as_its_format_shows_it(code, number, shown):
    shape = follow(code)

    assert (shape.show(number) if shape else None) == shown


@pytest.mark.parametrize("code", ["[<=99]00;0000", "# ?/?", ";;;"])
def test_a_format_that_cannot_be_followed_says_so(code):
    with pytest.raises(NotFollowed):
        follow(code).show(5)


@pytest.mark.parametrize(
    ("code", "number"),
    [("00000000", 1e30), ("0." + "0" * 30, 1.5), ("00000", float("inf")), ("0000%", float("nan"))],
)
def test_a_number_beyond_all_places_is_marked_and_stops_no_file(code, number):
    with pytest.raises(NotFollowed):
        follow(code).show(number)


def test_a_workbook_with_one_number_beyond_all_places_is_read(tmp_path):
    rows = '<row r="1"><c r="A1" s="1"><v>1e30</v></c><c r="B1" t="inlineStr"><is><t>x</t></is></c></row>'

    assert rows_of(zipped(tmp_path / "a.xlsx", parts(rows, formats=styles("00000000")))) == [
        [["1e+30", "format"], "x"]
    ]


def test_a_format_of_days_is_none_of_numbers():
    assert is_date('yyyy"年"m"月"')
    assert not is_date('"day"0000')


def test_leading_zeros_are_kept_in_both_kinds_of_workbook(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    book.add_worksheet("甲").write_number(0, 0, 123456, book.add_format({"num_format": "00000000"}))
    book.close()
    old = xlwt.Workbook()
    sheet = old.add_sheet("甲")
    sheet.write(0, 0, 123456, xlwt.easyxf(num_format_str="00000000"))
    sheet.write(0, 1, 0.5, xlwt.easyxf(num_format_str='0.00"吨"'))
    old.save(str(tmp_path / "a.xls"))

    assert rows_of(tmp_path / "a.xlsx") == [["00123456"]]
    assert rows_of(tmp_path / "a.xls") == [["00123456", "0.50吨"]]


def test_a_cell_whose_format_is_not_followed_is_marked(tmp_path):
    rows = '<row r="1"><c r="A1" s="1"><v>5</v></c></row>'

    assert rows_of(zipped(tmp_path / "a.xlsx", parts(rows, formats=styles("[&lt;=99]00;0000")))) == [
        [["5", "format"]]
    ]
