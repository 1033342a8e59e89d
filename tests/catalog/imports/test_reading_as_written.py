"""Neighbours of the workbooks in ../shared/cases: formulas, parts, hidden rows, and files of markup called workbooks."""

import base64
import datetime
import io
import quopri

import msoffcrypto.format.ooxml
import pytest
import xlsxwriter
import xlwt

from catalog.imports.reading.refusals import Refused
from catalog.imports.reading.sheets import read

from .odd_books import parts, styles, zipped
from .workbooks import rows_of, write_xlsx


@pytest.mark.parametrize(
    ("cell", "read_as"),
    [
        ('<c r="A1" t="str"><f>B1</f><v></v></c>', []),
        ('<c r="A1" t="str"><f>B1</f><v/></c>', []),
        ('<c r="A1"><f>B1</f><v></v></c>', ["=B1"]),
        ('<c r="A1"><f>B1</f></c>', ["=B1"]),
        ('<c r="A1" t="str"><f>B1</f></c>', ["=B1"]),
        ('<c r="A1"><f t="shared" si="0"/></c>', ["="]),
        ('<c t="e" r="A1"><f>NA()</f><v>#N/A</v></c>', ["#N/A"]),
        ('<c r="A1"><f>B1</f><v>0</v></c>', [0]),
    ],
)
def test_a_formula_is_its_result_and_none_is_not_nothing(tmp_path, cell, read_as):
    kept = '<c r="C1" t="inlineStr"><is><t>x</t></is></c>'

    found = rows_of(zipped(tmp_path / "a.xlsx", parts(f'<row r="1">{cell}{kept}</row>')))

    assert [value for value in found[0] if value not in ("", "x")] == read_as


def test_a_zero_of_a_program_that_leaves_the_sums_to_excel_is_no_result(tmp_path):
    rows = '<row r="1"><c r="A1"><f>B1&amp;"x"</f><v>0</v></c></row>'
    book = '<calcPr calcId="1" fullCalcOnLoad="1"/>'

    assert rows_of(zipped(tmp_path / "a.xlsx", parts(rows, book=book))) == [['=B1&"x"']]


TEXT = '<row r="1"><c r="A1" t="inlineStr"><is><t>企业名称</t></is></c><c r="B1"><v>5</v></c></row>'


@pytest.mark.parametrize(
    "part", ["xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/styles.xml", "_rels/.rels"]
)
@pytest.mark.parametrize("encoding", ["utf-16", "gbk"])
def test_a_part_may_be_in_another_encoding(tmp_path, part, encoding):
    assert rows_of(zipped(tmp_path / "a.xlsx", parts(TEXT), {part: encoding})) == [["企业名称", 5]]


def test_a_declaration_is_found_in_a_part_of_any_encoding(tmp_path):
    written = parts(TEXT)
    name = "xl/worksheets/sheet1.xml"
    written[name] = written[name].replace("<worksheet", '<!DOCTYPE a [<!ENTITY b "c">]><worksheet', 1)

    with pytest.raises(Refused, match="entity-declaration"):
        read(zipped(tmp_path / "a.xlsx", written, {name: "utf-16"}))


@pytest.mark.parametrize(
    "target", ["worksheets/sheet1.xml", "/xl/worksheets/sheet1.xml", "./worksheets/sheet1.xml"]
)
def test_a_part_may_be_named_in_any_way(tmp_path, target):
    assert rows_of(zipped(tmp_path / "a.xlsx", parts(TEXT, target=target))) == [["企业名称", 5]]


def test_cells_without_references_stand_where_they_follow(tmp_path):
    rows = '<row hidden="1"><c s="1"><v>7</v></c><c><v>5</v></c></row><row><c><f>B1</f></c></row>'

    path = zipped(tmp_path / "a.xlsx", parts(rows, formats=styles("0000")))

    assert rows_of(path) == [["0007", 5], ["=B1"]]
    with read(path) as reading:
        assert reading.sheets[0].hidden_rows == ((1, 1),)


def test_strict_workbooks_and_prefixed_elements_lose_nothing(tmp_path):
    rows = '<x:row r="1"><x:c r="A1"><x:f>B1</x:f></x:c><x:c r="B1" s="1"><x:v>7</x:v></x:c></x:row>'
    written = parts(rows, formats=styles("0000"))
    name = "xl/worksheets/sheet1.xml"
    written[name] = (
        written[name]
        .replace("<worksheet xmlns=", "<x:worksheet xmlns:x=")
        .replace("</worksheet", "</x:worksheet")
    )
    written[name] = (
        written[name].replace("sheetData>", "x:sheetData>").replace("</x:sheetData", "</x:sheetData")
    )
    written[name] = written[name].replace("<x:sheetData", "<x:sheetData")
    strict = {
        part: text.replace(
            "schemas.openxmlformats.org/spreadsheetml/2006/main", "purl.oclc.org/ooxml/spreadsheetml/main"
        ).replace(
            "schemas.openxmlformats.org/officeDocument/2006/relationships",
            "purl.oclc.org/ooxml/officeDocument/relationships",
        )
        for part, text in written.items()
    }

    assert rows_of(zipped(tmp_path / "a.xlsx", written)) == [["=B1", "0007"]]
    assert rows_of(zipped(tmp_path / "b.xlsx", strict)) == [["=B1", "0007"]]


def test_hidden_rows_and_columns_and_filters_are_told(tmp_path):
    book = xlsxwriter.Workbook(str(tmp_path / "a.xlsx"))
    sheet = book.add_worksheet("甲")
    for row in range(6):
        sheet.write_row(row, 0, ["a", "b", "c"])
    for row in (2, 3, 5):
        sheet.set_row(row, None, None, {"hidden": True})
    sheet.set_column(1, 1, None, None, {"hidden": True})
    sheet.autofilter(0, 0, 5, 2)
    sheet.filter_column(0, "x == a")
    book.close()
    old = xlwt.Workbook()
    page = old.add_sheet("甲")
    page.write(0, 0, "a")
    page.write(1, 0, "b")
    page.row(1).hidden = True
    page.col(0).hidden = True
    old.save(str(tmp_path / "a.xls"))

    with read(tmp_path / "a.xlsx") as reading:
        found = reading.sheets[0]
        assert (found.hidden_rows, found.hidden_columns, found.is_filtered) == (((3, 4), (6, 6)), (2,), True)
    with read(tmp_path / "a.xls") as reading:
        assert (reading.sheets[0].hidden_rows, reading.sheets[0].hidden_columns) == (((2, 2),), (1,))


@pytest.mark.parametrize(("password", "is_read"), [("VelvetSweatshop", True), ("geheim", False)])
def test_a_workbook_that_excel_opens_by_itself_is_opened(tmp_path, password, is_read):
    rows = [[f"企业{number * 7919 % 1000}", f"b{number * number}"] for number in range(200)]
    plain = write_xlsx(tmp_path / "a.xlsx", {"清单": rows})
    with (tmp_path / "b.xlsx").open("wb") as target:
        msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(plain.read_bytes())).encrypt(password, target)

    if is_read:
        assert rows_of(tmp_path / "b.xlsx") == rows
        return
    with pytest.raises(Refused, match="encrypted"):
        read(tmp_path / "b.xlsx")


PAGE = """<!-- export --><html><head><meta charset="gbk"></head><body><table>
<tr><th>企业<br>名称</th><th colspan=2>证书</th></tr><tr><td rowspan="2">甲&amp;乙</td><td>1</td><td>2</td></tr>
<tr style="display: none"><td>3</td><td>4</td></tr></table></body></html>"""


@pytest.mark.parametrize("encoding", ["utf-8", "gbk"])
def test_a_web_page_that_is_called_a_workbook_is_read(tmp_path, encoding):
    (tmp_path / "a.xls").write_bytes(PAGE.encode(encoding))

    with read(tmp_path / "a.xls") as reading:
        (sheet,) = reading.sheets
        assert [cells for _number, cells in reading.rows(sheet)] == [
            ["企业\n名称", "证书"],
            ["甲&乙", "1", "2"],
            ["", "3", "4"],
        ]
        assert (sheet.merges, sheet.hidden_rows) == (((1, 2, 1, 3), (2, 1, 3, 1)), ((3, 3),))


@pytest.mark.parametrize("packing", ["quoted-printable", "base64"])
def test_a_web_archive_that_is_called_a_workbook_is_read(tmp_path, packing):
    pack = quopri.encodestring if packing == "quoted-printable" else base64.encodebytes
    head = b'MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\nContent-Type: multipart/related; boundary="=_x"\r\n\r\n'
    frame = b"--=_x\r\nContent-Type: text/html\r\n\r\n<html><frameset></frameset></html>\r\n"
    kind = f"--=_x\r\nContent-Transfer-Encoding: {packing}\r\nContent-Type: text/html; charset=gb2312\r\n\r\n".encode()
    (tmp_path / "a.xls").write_bytes(head + frame + kind + pack(PAGE.encode("gbk")) + b"\r\n--=_x--\r\n")

    with read(tmp_path / "a.xls") as reading:
        (sheet,) = reading.sheets
        assert next(reading.rows(sheet))[1] == ["企业\n名称", "证书"]


def test_a_web_archive_without_a_table_is_named(tmp_path):
    (tmp_path / "a.xls").write_bytes(b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n<p>x</p>")

    with pytest.raises(Refused, match="网页存档（MHT）"):
        read(tmp_path / "a.xls")


BOOK = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet" xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="z"><NumberFormat ss:Format="0000"/></Style></Styles><Worksheet ss:Name="清单"><Table>
<Row><Cell><Data ss:Type="String">a</Data></Cell><Cell ss:Index="3"><Data ss:Type="DateTime">2029-06-05T00:00:00.000</Data></Cell></Row>
<Row ss:Index="3" ss:Hidden="1"><Cell ss:StyleID="z"><Data ss:Type="Number">17</Data></Cell></Row></Table></Worksheet></Workbook>"""


def test_a_spreadsheet_of_2003_in_xml_is_read(tmp_path):
    (tmp_path / "a.xls").write_text(BOOK, encoding="utf-8")

    with read(tmp_path / "a.xls") as reading:
        (sheet,) = reading.sheets
        assert sheet.name == "清单"
        assert [cells for _number, cells in reading.rows(sheet)] == [
            ["a", "", ["2029-06-05T00:00:00"]],
            [],
            ["0017"],
        ]
        assert sheet.hidden_rows == ((3, 3),)


def test_a_page_or_book_with_declarations_is_refused(tmp_path):
    (tmp_path / "a.xls").write_text(
        BOOK.replace("<Workbook", '<!DOCTYPE a [<!ENTITY b "c">]><Workbook', 1), encoding="utf-8"
    )

    with pytest.raises(Refused, match="entity-declaration"):
        read(tmp_path / "a.xls")


def test_days_before_1904_are_told_from_those_after(tmp_path):
    rows = '<row r="1"><c r="A1" s="1"><v>45812</v></c></row>'
    book = '<workbookPr date1904="1"/>'
    written = parts(rows, formats=styles("yyyy-mm-dd"))
    written["xl/workbook.xml"] = written["xl/workbook.xml"].replace("<sheets>", f"{book}<sheets>")

    assert rows_of(zipped(tmp_path / "a.xlsx", written)) == [[[datetime.date(2029, 6, 5).isoformat()]]]
