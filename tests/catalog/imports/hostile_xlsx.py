"""Makes workbooks that a portal must refuse: part by part where no library would write them."""

import re
import struct
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import xlsxwriter

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
