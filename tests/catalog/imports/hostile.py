"""Files that a portal must refuse, each with the rule it is refused by; here those that are no workbook at all."""

from collections.abc import Callable
from pathlib import Path

from . import hostile_xls, hostile_xlsx

Maker = Callable[[Path], Path]


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
    path.write_bytes("企业名称,产品名称\n".encode() + "甲\0公司\0,\0板\n".encode() * 20)
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


# name of the file, maker, rule it is refused by
HOSTILE: list[tuple[str, Maker, str]] = [
    ("far.xlsx", hostile_xlsx.far_cell, "far-cell"),
    ("far-quotes.xlsx", hostile_xlsx.far_cell_in_quotes, "far-cell"),
    ("far-row.xlsx", hostile_xlsx.far_row_of_unnamed_cells, "far-cell"),
    ("far-picture.xlsx", hostile_xlsx.far_cell_behind_a_picture_name, "far-cell"),
    ("wide.xlsx", hostile_xlsx.far_column, "too-many-columns"),
    ("long.xlsx", hostile_xlsx.too_many_rows, "too-many-rows"),
    ("bomb.xlsx", hostile_xlsx.zip_bomb, "zip-bomb"),
    ("lying.xlsx", hostile_xlsx.lying_zip, "broken-workbook"),
    ("entities.xlsx", hostile_xlsx.entity_bomb, "entity-declaration"),
    ("external.xlsx", hostile_xlsx.entity_in_the_workbook, "entity-declaration"),
    ("macros.xlsx", hostile_xlsx.macros, "macros"),
    ("sheets.xlsx", hostile_xlsx.ten_thousand_sheets, "too-many-sheets"),
    ("names.xlsx", hostile_xlsx.ten_thousand_names_of_one_sheet, "too-many-sheets"),
    ("cut.xlsx", hostile_xlsx.truncated_xlsx, "truncated"),
    ("damaged.xlsx", hostile_xlsx.damaged_xlsx, "truncated"),
    ("plain.xlsx", hostile_xlsx.plain_zip, "not-a-workbook"),
    ("word.xlsx", hostile_xlsx.word_document, "not-a-workbook"),
    ("thin.xlsx", hostile_xlsx.spread_thin, "far-cell"),
    ("program.xlsx", program, "renamed-program"),
    ("program.csv", program, "renamed-program"),
    ("paper.xlsx", pdf, "not-a-workbook"),
    ("page.xls", web_page, "web-table"),
    ("empty.xlsx", empty, "file-empty"),
    ("nul.csv", nul_bytes, "not-a-workbook"),
    ("bytes.csv", no_encoding, "unknown-encoding"),
    ("quote.csv", open_quote, "unclosed-quote"),
    ("line.csv", long_line, "cell-too-long"),
    ("large.csv", too_large, "file-too-large"),
    ("encrypted.xlsx", hostile_xls.encrypted_xlsx, "encrypted"),
    ("encrypted.xls", hostile_xls.encrypted_xls, "encrypted"),
    ("macros.xls", hostile_xls.macros_xls, "macros"),
    ("far.xls", hostile_xls.far_cell_xls, "far-cell"),
    ("loop.xls", hostile_xls.looping_xls, "broken-workbook"),
    ("cut.xls", hostile_xls.truncated_xls, "truncated"),
]
