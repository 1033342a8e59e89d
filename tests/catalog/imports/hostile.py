"""Makes files that a portal must refuse: by hand, byte by byte where no library would write them."""

import io
import re
import struct
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import xlsxwriter
import xlwt
from xlwt.CompoundDoc import XlsDoc

Maker = Callable[[Path], Path]

MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
LINKS = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
SHEET_TYPE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"


def parts(sheet: str, sheets: int = 1, prolog: str = "") -> dict[str, Any]:
    """The parts of a small workbook whose every sheet holds `sheet` as its XML."""
    numbers = range(1, sheets + 1)
    book = "".join(f'<sheet name="表{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{SHEET_TYPE}" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    relations = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    types = 'xmlns="http://schemas.openxmlformats.org/package/2006/content-types"'
    return {
        "[Content_Types].xml": f'<Types {types}><Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships {relations}><Relationship Id="r" Type="{office}" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f"<workbook {MAIN} {LINKS}><sheets>{book}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f"<Relationships {relations}>{links}</Relationships>",
    } | {f"xl/worksheets/sheet{n}.xml": f"{prolog}<worksheet {MAIN}>{sheet}</worksheet>" for n in numbers}


def zipped(path: Path, content: Mapping[str, str | bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in content.items():
            archive.writestr(name, text)
    return path


def text_cell(reference: str, text: str = "x") -> str:
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def small_book(path: Path) -> Path:
    book = xlsxwriter.Workbook(str(path))
    book.add_worksheet("产品清单").write_row(0, 0, ["企业名称", "产品名称"])
    book.close()
    return path


def far_cell(path: Path) -> Path:
    rows = f'<row r="1">{text_cell("A1")}</row><row r="1048576">{text_cell("XFD1048576")}</row>'
    return zipped(path, parts(f"<sheetData>{rows}</sheetData>"))


def far_cell_in_quotes(path: Path) -> Path:
    cell = text_cell("XFD1048576").replace('r="XFD1048576"', "r = 'XFD1048576'")
    return zipped(path, parts(f"<sheetData><row>{text_cell('A1')}</row><row>{cell}</row></sheetData>"))


def far_row_of_unnamed_cells(path: Path) -> Path:
    cells = '<c t="inlineStr"><is><t>x</t></is></c>'
    return zipped(
        path, parts(f'<sheetData><row r="1">{cells}</row><row r="1048576">{cells}</row></sheetData>')
    )


def far_cell_behind_a_picture_name(path: Path) -> Path:
    content = parts(f"<sheetData><row>{text_cell('XFD1048576')}</row></sheetData>")
    content["xl/media/image1.png"] = content.pop("xl/worksheets/sheet1.xml")
    links = content["xl/_rels/workbook.xml.rels"]
    content["xl/_rels/workbook.xml.rels"] = links.replace("worksheets/sheet1.xml", "media/image1.png")
    return zipped(path, content)


def far_column(path: Path) -> Path:
    return zipped(path, parts(f'<sheetData><row r="2">{text_cell("DQ2")}</row></sheetData>'))


def too_many_rows(path: Path) -> Path:
    rows = "".join(f'<row r="{n}">{text_cell(f"A{n}")}</row>' for n in range(1, 101_005))
    return zipped(path, parts(f"<sheetData>{rows}</sheetData>"))


def zip_bomb(path: Path) -> Path:
    blank = " " * (200 * 1024 * 1024)
    return zipped(path, parts(f"<sheetData/>{blank}"))


def lying_zip(path: Path) -> Path:
    """The directory says that a part is small; its bytes give far more."""
    zipped(path, parts(f"<sheetData/>{' ' * 5_000_000}"))
    content = bytearray(path.read_bytes())
    true_size = struct.pack("<I", len(f"<worksheet {MAIN}><sheetData/>{' ' * 5_000_000}</worksheet>"))
    content[:] = bytes(content).replace(true_size, struct.pack("<I", 1000))
    path.write_bytes(content)
    return path


def entity_bomb(path: Path) -> Path:
    lol = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    prolog = f'<?xml version="1.0"?><!DOCTYPE w [<!ENTITY l0 "lol">{lol}]>'
    return zipped(path, parts(f"<sheetData><row>{text_cell('A1', '&l9;')}</row></sheetData>", prolog=prolog))


def entity_in_the_workbook(path: Path) -> Path:
    content = parts("<sheetData/>")
    content["xl/workbook.xml"] = (
        '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>' + content["xl/workbook.xml"]
    )
    return zipped(path, content)


def macros(path: Path) -> Path:
    return zipped(path, parts("<sheetData/>") | {"xl/vbaProject.bin": b"\xd0\xcf"})


def ten_thousand_sheets(path: Path) -> Path:
    return zipped(path, parts("<sheetData/>", sheets=10_000))


def ten_thousand_names_of_one_sheet(path: Path) -> Path:
    content = parts("<sheetData/>", sheets=10_000)
    one = {
        name: text
        for name, text in content.items()
        if "worksheets/sheet" not in name or name.endswith("/sheet1.xml")
    }
    links = re.sub(r"worksheets/sheet\d+", "worksheets/sheet1", content["xl/_rels/workbook.xml.rels"])
    return zipped(path, one | {"xl/_rels/workbook.xml.rels": links})


def truncated_xlsx(path: Path) -> Path:
    small_book(path)
    path.write_bytes(path.read_bytes()[:-700])
    return path


def damaged_xlsx(path: Path) -> Path:
    """One byte inside a part is wrong, the directory is whole."""
    small_book(path)
    with zipfile.ZipFile(path) as archive:
        part = archive.getinfo("xl/worksheets/sheet1.xml")
    content = bytearray(path.read_bytes())
    content[part.header_offset + 30 + len(part.filename) + part.compress_size // 2] ^= 0xFF
    path.write_bytes(content)
    return path


def plain_zip(path: Path) -> Path:
    return zipped(path, {"readme.txt": "hello"})


def word_document(path: Path) -> Path:
    return zipped(path, {"[Content_Types].xml": "<Types/>", "word/document.xml": "<w/>"})


def spread_thin(path: Path) -> Path:
    """Two cells, and between them a rectangle of every row and column that the limits allow, on many sheets."""
    rows = f'<row r="1">{text_cell("A1")}</row><row r="101000">{text_cell("DP101000")}</row>'
    return zipped(path, parts(f"<sheetData>{rows}</sheetData>", sheets=45))


def program(path: Path) -> Path:
    path.write_bytes(b"MZ\x90\x00\x03\x00\x00\x00\x04\x00" + bytes(2000))
    return path


def pdf(path: Path) -> Path:
    path.write_bytes(b"%PDF-1.7\n1 0 obj\n")
    return path


def web_page(path: Path) -> Path:
    path.write_text("<html><body><table><tr><td>企业名称</td></tr></table></body></html>", encoding="utf-8")
    return path


def empty(path: Path) -> Path:
    path.write_bytes(b"")
    return path


def nul_bytes(path: Path) -> Path:
    path.write_bytes("企业名称,产品名称\n甲\0公司,板\n".encode())
    return path


def late_nul_byte(path: Path) -> Path:
    path.write_bytes("企业名称,产品名称\n".encode() + "甲公司,板\n".encode() * 5000 + b"a\0b\n")
    return path


def no_encoding(path: Path) -> Path:
    path.write_bytes("企业名称\n".encode() + b"\xff\xff\xff\x80\n")
    return path


def open_quote(path: Path) -> Path:
    path.write_text('企业名称,产品名称\n甲,"板\n' + "乙,砖\n" * 20, encoding="utf-8")
    return path


def long_line(path: Path) -> Path:
    path.write_text("企业名称,产品名称\n" + "长" * 40_000, encoding="utf-8")
    return path


def too_large(path: Path) -> Path:
    path.write_bytes(b"a,b\n" * (6 * 1024 * 1024))
    return path


def old_book() -> bytes:
    book = xlwt.Workbook()
    sheet = book.add_sheet("Sheet1")
    sheet.write(0, 0, "x")
    sheet.write(1, 1, 12345.678)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def old_stream() -> bytes:
    """The record stream of a small .xls, without the file system round it."""
    book = xlwt.Workbook()
    book.add_sheet("Sheet1").write(0, 0, 12345.678)
    return book.get_biff_data()


def wrapped(path: Path, stream: bytes) -> Path:
    with path.open("wb") as target:
        XlsDoc().save(target, stream)
    return path


def _rename_entry(content: bytes, old: str, new: str) -> bytes:
    at = content.index(old.encode("utf-16-le"))
    name = new.encode("utf-16-le")
    return content[:at] + name.ljust(64, b"\0") + struct.pack("<H", len(name) + 2) + content[at + 66 :]


def encrypted_xlsx(path: Path) -> Path:
    path.write_bytes(_rename_entry(old_book(), "Workbook", "EncryptedPackage"))
    return path


def encrypted_xls(path: Path) -> Path:
    stream = old_stream()
    first = 4 + struct.unpack_from("<H", stream, 2)[0]
    return wrapped(path, stream[:first] + struct.pack("<HHHHH", 0x2F, 6, 0, 1, 2) + stream[first:])


def macros_xls(path: Path) -> Path:
    content = bytearray(old_book())
    at = content.index("Workbook".encode("utf-16-le")) + 128  # the next, unused directory entry
    name = "_VBA_PROJECT_CUR".encode("utf-16-le")
    content[at : at + 67] = name.ljust(64, b"\0") + struct.pack("<HB", len(name) + 2, 1)
    path.write_bytes(content)
    return path


def far_cell_xls(path: Path) -> Path:
    stream = bytearray(old_stream())
    for kind in (struct.pack("<HH", 0x203, 14), struct.pack("<HH", 0x27E, 10)):
        at = stream.find(kind)
        if at >= 0:
            stream[at + 4 : at + 8] = struct.pack("<HH", 65535, 65535)
    return wrapped(path, bytes(stream))


def looping_xls(path: Path) -> Path:
    """The chain of sectors of the record stream bites its own tail."""
    content = bytearray(wrapped(path, old_stream()).read_bytes())
    fat = (struct.unpack_from("<I", content, 76)[0] + 1) * 512
    for number in range(128):
        if struct.unpack_from("<I", content, fat + 4 * number)[0] < 0xFFFFFFFA:
            struct.pack_into("<I", content, fat + 4 * number, 0)
    path.write_bytes(content)
    return path


def truncated_xls(path: Path) -> Path:
    path.write_bytes(old_book()[:1500])
    return path


# name of the file, maker, rule it is refused by
HOSTILE: list[tuple[str, Maker, str]] = [
    ("far.xlsx", far_cell, "far-cell"),
    ("far-quotes.xlsx", far_cell_in_quotes, "far-cell"),
    ("far-row.xlsx", far_row_of_unnamed_cells, "far-cell"),
    ("far-picture.xlsx", far_cell_behind_a_picture_name, "far-cell"),
    ("wide.xlsx", far_column, "too-many-columns"),
    ("long.xlsx", too_many_rows, "too-many-rows"),
    ("bomb.xlsx", zip_bomb, "zip-bomb"),
    ("lying.xlsx", lying_zip, "broken-workbook"),
    ("entities.xlsx", entity_bomb, "entity-declaration"),
    ("external.xlsx", entity_in_the_workbook, "entity-declaration"),
    ("macros.xlsx", macros, "macros"),
    ("sheets.xlsx", ten_thousand_sheets, "too-many-sheets"),
    ("names.xlsx", ten_thousand_names_of_one_sheet, "too-many-sheets"),
    ("cut.xlsx", truncated_xlsx, "truncated"),
    ("damaged.xlsx", damaged_xlsx, "truncated"),
    ("plain.xlsx", plain_zip, "not-a-workbook"),
    ("word.xlsx", word_document, "not-a-workbook"),
    ("thin.xlsx", spread_thin, "far-cell"),
    ("program.xlsx", program, "renamed-program"),
    ("program.csv", program, "renamed-program"),
    ("paper.xlsx", pdf, "not-a-workbook"),
    ("page.xls", web_page, "web-table"),
    ("empty.xlsx", empty, "file-empty"),
    ("nul.csv", nul_bytes, "nul-bytes"),
    ("late-nul.csv", late_nul_byte, "nul-bytes"),
    ("bytes.csv", no_encoding, "unknown-encoding"),
    ("quote.csv", open_quote, "unclosed-quote"),
    ("line.csv", long_line, "cell-too-long"),
    ("large.csv", too_large, "file-too-large"),
    ("encrypted.xlsx", encrypted_xlsx, "encrypted"),
    ("encrypted.xls", encrypted_xls, "encrypted"),
    ("macros.xls", macros_xls, "macros"),
    ("far.xls", far_cell_xls, "far-cell"),
    ("loop.xls", looping_xls, "broken-workbook"),
    ("cut.xls", truncated_xls, "truncated"),
]
