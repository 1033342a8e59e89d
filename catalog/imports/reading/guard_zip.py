"""Guards an .xlsx before anything parses it: the zip directory, then every part, streamed.

A parser builds the rectangle round all cells in memory: one cell at XFD1048576 of a 5 KB file aborts the
process. So cells that hold something are looked for outside the limits first. Every part is searched,
whatever its name, because a workbook may name any part as a sheet.
"""

import struct
import zipfile
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from .facts import SheetFacts
from .limits import MEGABYTE, Limits
from .refusals import Refused
from .sheet_scan import TAIL, SheetScan, Styles, outside
from .zip_parts import XML, check_declarations, inflate, plain_copy

PARTS = 5_000
LARGEST_STYLES = 32 * MEGABYTE


@dataclass
class ZipFacts:
    """What the guard learned on its way. `path`: the file itself, or a copy that every parser reads."""

    path: Path = Path()
    inflated: int = 0
    sheets: dict[str, SheetFacts] = field(default_factory=dict)


@dataclass(frozen=True)
class _Book:
    sheets: dict[str, str] = field(default_factory=dict)  # part name (lower case) -> sheet name
    styles: Styles = field(default_factory=Styles)
    is_uncalculated: bool = False  # written by a program that leaves the sums to Excel


def check_zip(path: Path, limits: Limits, folder: Path) -> ZipFacts:
    """Refuses what is no plain, whole, harmless .xlsx. A copy in plain writing goes to `folder`, where one is needed."""
    _check_directory(path)
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            parts = archive.infolist()
            _check_kind({part.filename.lower() for part in parts})
            _check_parts(parts, path.stat().st_size, limits)
            if copy := plain_copy(stream, parts, folder):
                return check_zip(copy, limits, folder)
            facts = _scan(stream, parts, _book(stream, parts, limits), limits)
            facts.path = path
            return facts
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError) as error:
        raise Refused("truncated") from error
    except (ValueError, NotImplementedError, ElementTree.ParseError, LookupError) as error:
        raise Refused("broken-workbook", what="内部目录不一致") from error


def _check_directory(path: Path) -> None:
    """The end record must be there, and must not announce so many parts that listing them costs seconds."""
    size = path.stat().st_size
    with path.open("rb") as stream:
        stream.seek(max(0, size - 65_557))
        tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise Refused("truncated")
    count = struct.unpack_from("<H", tail, end + 10)[0]
    directory = struct.unpack_from("<I", tail, end + 12)[0]
    if directory > 12 * MEGABYTE or count == 0xFFFF:
        raise Refused("too-many-parts", count=f"至少 {count:,}", limit=f"{PARTS:,}")


def _check_kind(names: set[str]) -> None:
    if any(name.endswith("vbaproject.bin") or name.startswith("xl/macrosheets/") for name in names):
        raise Refused("macros")
    if "xl/workbook.bin" in names:
        raise Refused("old-format", what=" .xlsb ")
    if any(name.startswith("word/") for name in names):
        raise Refused("not-a-workbook", what=" Word 文档")
    if any(name.startswith("ppt/") for name in names):
        raise Refused("not-a-workbook", what=" PowerPoint 演示文稿")
    if "content.xml" in names and "mimetype" in names:
        raise Refused("old-format", what=" OpenDocument（.ods）")
    if not any(name.endswith("workbook.xml") or name.startswith("xl/") for name in names):
        raise Refused("not-a-workbook", what="普通压缩包")


def _check_parts(parts: list[zipfile.ZipInfo], size: int, limits: Limits) -> None:
    sheets = sum(
        "/worksheets/" in f"/{part.filename.lower()}" and part.filename.endswith(".xml") for part in parts
    )
    if sheets > limits.sheets:
        raise Refused("too-many-sheets", count=f"{sheets:,}", limit=limits.sheets)
    if len(parts) > PARTS:
        raise Refused("too-many-parts", count=f"{len(parts):,}", limit=f"{PARTS:,}")
    if any(part.flag_bits & 0x1 for part in parts):
        raise Refused("encrypted")
    if any(part.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for part in parts):
        raise Refused("broken-workbook", what="压缩方式不常见")
    if len({part.filename.lower() for part in parts}) != len(parts):
        raise Refused("broken-workbook", what="部件重名")
    _check_inflated(sum(part.file_size for part in parts), size, limits)


def _check_inflated(inflated: int, size: int, limits: Limits) -> None:
    allowed = min(limits.inflated_bytes, max(30 * MEGABYTE, size * limits.ratio))
    if inflated > allowed:
        raise Refused("zip-bomb", size=f"{inflated / MEGABYTE:,.0f}", limit=f"{allowed / MEGABYTE:,.0f}")


def _book(stream: BinaryIO, parts: list[zipfile.ZipInfo], limits: Limits) -> _Book:
    """What the workbook says of its sheets; nothing where it is unusual."""
    by_name = {part.filename.lower().lstrip("/").replace("\\", "/"): part for part in parts}
    book, relations = by_name.get("xl/workbook.xml"), by_name.get("xl/_rels/workbook.xml.rels")
    if not book or not relations or max(book.file_size, relations.file_size) > 8 * MEGABYTE:
        return _Book()
    targets = {
        item.get("Id"): "xl/" + item.get("Target", "").lower().removeprefix("/xl/")
        for item in _small_xml(stream, relations)
    }
    root = _small_xml(stream, book)
    sheets = [item for item in root.iter() if item.tag.endswith("}sheet")]
    if len(sheets) > limits.sheets:
        raise Refused("too-many-sheets", count=f"{len(sheets):,}", limit=limits.sheets)
    named = {targets.get(_relation(sheet), ""): sheet.get("name", "") for sheet in sheets}
    sums = next((item for item in root.iter() if item.tag.endswith("}calcPr")), None)
    is_uncalculated = sums is not None and sums.get("fullCalcOnLoad") in ("1", "true")
    found = by_name.get("xl/styles.xml")
    styles = Styles()
    if found and found.file_size <= LARGEST_STYLES:
        styles = Styles.of(_small_xml(stream, found))
    return _Book(named, styles, is_uncalculated)


def _relation(sheet: ElementTree.Element) -> str:
    """Its r:id, in the namespace of either edition of the standard."""
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def _small_xml(stream: BinaryIO, part: zipfile.ZipInfo) -> ElementTree.Element:
    content = b"".join(inflate(stream, part))
    check_declarations(part.filename, content)
    return ElementTree.fromstring(content)  # noqa: S314 - without a DTD there is no entity to expand


def _scan(stream: BinaryIO, parts: list[zipfile.ZipInfo], book: _Book, limits: Limits) -> ZipFacts:
    facts = ZipFacts()
    far = outside(limits)
    for part in parts:
        sheet = book.sheets.get(part.filename.lower().lstrip("/"), part.filename)
        scanned = SheetScan(sheet, far, limits, book.styles, is_uncalculated=book.is_uncalculated)
        is_xml = part.filename.lower().endswith(XML)
        kept = b""
        for chunk in inflate(stream, part):
            facts.inflated += len(chunk)
            text = kept + chunk
            if is_xml:
                check_declarations(part.filename, text)
            scanned.look(text, len(text) - TAIL)
            kept = text[-TAIL:]
        scanned.look(kept, len(kept))
        facts.sheets[sheet] = scanned.facts
    return facts
