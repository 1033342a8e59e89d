"""Guards an .xlsx before anything parses it: the zip directory, then every part, streamed.

A parser builds the rectangle round all cells in memory: one cell at XFD1048576 of a 5 KB file aborts the
process. So cells that hold something are looked for outside the limits first. Every part is searched,
whatever its name, because a workbook may name any part as a sheet.
"""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from typing import BinaryIO
from xml.etree import ElementTree

from .cells import cell_name, split_reference
from .limits import MEGABYTE, Limits
from .refusals import Refused

CHUNK = 1 << 20
TAIL = 1 << 12  # a tag is looked at whole, also where two chunks meet
PARTS = 5_000
ODD_CELLS = 20_000
_XML = (".xml", ".rels", ".vml")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass
class ZipFacts:
    """What the guard learned on its way: the size inside, and cells whose content a parser would lose."""

    inflated: int = 0
    odd_cells: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)
    cells: dict[str, int] = field(default_factory=dict)  # how many cells each sheet has, empty ones too


def check_zip(path: Path, limits: Limits) -> ZipFacts:
    """Refuses what is no plain, whole, harmless .xlsx."""
    _check_directory(path, limits)
    try:
        with zipfile.ZipFile(path) as archive, path.open("rb") as stream:
            parts = archive.infolist()
            _check_kind({part.filename.lower() for part in parts})
            _check_parts(parts, path.stat().st_size, limits)
            names = _sheet_names(stream, parts, limits)
            return _scan(stream, parts, names, limits)
    except (zipfile.BadZipFile, zlib.error, struct.error, OSError) as error:
        raise Refused("truncated") from error
    except (ValueError, NotImplementedError, ElementTree.ParseError, LookupError) as error:
        raise Refused("broken-workbook", what="内部目录不一致") from error


def _check_directory(path: Path, limits: Limits) -> None:
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


def _inflate(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
    """The bytes of one part, as its compressed bytes give them and not as its directory claims."""
    stream.seek(part.header_offset)
    header = stream.read(30)
    if header[:4] != b"PK\x03\x04":
        raise zipfile.BadZipFile(part.filename)
    name_size, extra_size = struct.unpack_from("<HH", header, 26)
    stream.seek(name_size + extra_size, 1)
    left, produced, checksum = part.compress_size, 0, 0
    inflater = zlib.decompressobj(-15) if part.compress_type == zipfile.ZIP_DEFLATED else None
    while left > 0 or (inflater and inflater.unconsumed_tail):
        taken = b""
        if not inflater or not inflater.unconsumed_tail:
            taken = stream.read(min(CHUNK, left))
            if not taken:
                raise zipfile.BadZipFile(part.filename)
            left -= len(taken)
        chunk = inflater.decompress(inflater.unconsumed_tail or taken, CHUNK) if inflater else taken
        produced += len(chunk)
        if produced > part.file_size:
            raise ValueError(f"{part.filename} holds more than its directory says")
        checksum = zlib.crc32(chunk, checksum)
        if chunk:
            yield chunk
    if produced != part.file_size or checksum != part.CRC or (inflater and not inflater.eof):
        raise zipfile.BadZipFile(part.filename)


def _sheet_names(stream: BinaryIO, parts: list[zipfile.ZipInfo], limits: Limits) -> dict[str, str]:
    """Part name (lower case) -> sheet name, for sentences; empty where the workbook is unusual."""
    by_name = {part.filename.lower().lstrip("/"): part for part in parts}
    book, relations = by_name.get("xl/workbook.xml"), by_name.get("xl/_rels/workbook.xml.rels")
    if not book or not relations or max(book.file_size, relations.file_size) > 8 * MEGABYTE:
        return {}
    targets = {
        item.get("Id"): "xl/" + item.get("Target", "").lower().removeprefix("/xl/").removeprefix("./")
        for item in _small_xml(stream, relations)
    }
    sheets = [item for item in _small_xml(stream, book).iter() if item.tag.endswith("}sheet")]
    if len(sheets) > limits.sheets:
        raise Refused("too-many-sheets", count=f"{len(sheets):,}", limit=limits.sheets)
    return {targets.get(sheet.get(_RELATION), ""): sheet.get("name", "") for sheet in sheets}


def _small_xml(stream: BinaryIO, part: zipfile.ZipInfo) -> ElementTree.Element:
    content = b"".join(_inflate(stream, part))
    _check_declarations(part.filename, content)
    return ElementTree.fromstring(content)  # noqa: S314 - without a DTD there is no entity to expand


def _check_declarations(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("entity-declaration", part=name)


def _scan(stream: BinaryIO, parts: list[zipfile.ZipInfo], names: dict[str, str], limits: Limits) -> ZipFacts:
    facts = ZipFacts()
    far = _outside(limits)
    for part in parts:
        sheet = names.get(part.filename.lower().lstrip("/"), part.filename)
        scanned = _SheetScan(sheet, far, limits)
        is_xml = part.filename.lower().endswith(_XML)
        kept = b""
        for chunk in _inflate(stream, part):
            if not kept and is_xml and (chunk[:2] in (b"\xff\xfe", b"\xfe\xff") or b"\0" in chunk[:4]):
                raise Refused("broken-workbook", what="编码不常见")
            facts.inflated += len(chunk)
            text = kept + chunk
            if is_xml:
                _check_declarations(part.filename, text)
            scanned.look(text, len(text) - TAIL)
            kept = text[-TAIL:]
        scanned.look(kept, len(kept))
        facts.cells[sheet] = scanned.cells
        if scanned.odd_cells:
            facts.odd_cells[sheet] = scanned.odd_cells
    return facts


def _outside(limits: Limits) -> re.Pattern[bytes]:
    """Matches a reference that may lie beyond the limits; few enough that each can be looked at."""
    first, second = divmod(limits.columns - 1, 26)
    columns = rb"[A-Za-z]{2,}"
    if 0 < first < 26:  # from AA to ZZ the letters beyond the limit can be written down
        one, two = 64 + first, 65 + second
        later, beyond = _letters(one + 1), _letters(two + 1)
        columns = rb"(?:[A-Za-z]{3,}" + (b"|" + later + b"[A-Za-z]" if later else b"")
        columns += (b"|" + _either(one) + beyond if beyond else b"") + b")"
    digits = len(str(limits.sheet_rows))
    return re.compile(
        rb"\br\s{0,9}=\s{0,9}[\"'](?:" + columns + rb"\d+|[A-Za-z]+\d{%d,}|\d{%d,})[\"']" % (digits, digits)
    )


def _letters(start: int) -> bytes:
    return (
        b"".join(_both(code) for code in range(start, 91))
        and b"[" + b"".join(_both(code) for code in range(start, 91)) + b"]"
    )


def _either(code: int) -> bytes:
    return b"[" + _both(code) + b"]"


def _both(code: int) -> bytes:
    return bytes([code, code + 32])


class _SheetScan:
    """One part, looked at chunk by chunk."""

    _EMPTY = re.compile(rb"[^<>]*(?:/>|>\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></))")
    _ERROR = re.compile(
        rb"<(?:\w+:)?c\s(?=[^<>]*\bt\s*=\s*[\"']e[\"'])[^<>]*\br\s*=\s*[\"'](\w+)[\"'][^<>]*>"
        rb"(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<",
        re.S,
    )
    _UNCALCULATED = re.compile(
        rb"<(?:\w+:)?c\s[^<>]*\br\s*=\s*[\"'](\w+)[\"'][^<>]*>\s*<(?:\w+:)?f[^<>]*>([^<]*)</(?:\w+:)?f>"
        rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v></(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
    )
    _ROW_ELEMENT = re.compile(rb"<(?:\w+:)?row\b[^<>]*$")

    def __init__(self, sheet: str, far: re.Pattern[bytes], limits: Limits):
        self.sheet, self.far, self.limits = sheet, far, limits
        self.rows = self.cells = 0
        self.odd_cells: dict[tuple[int, int], str] = {}

    def look(self, text: bytes, until: int) -> None:
        """Looks at `text`; what begins at or after `until` is looked at with the next chunk."""
        for match in self.far.finditer(text):
            if match.start() < until:
                self._judge(text, match)
        if b'"e"' in text or b"'e'" in text:
            self._remember(self._ERROR.finditer(text), "")
        if b"<f" in text or b":f" in text:
            self._remember(self._UNCALCULATED.finditer(text), "=")
        until = max(0, until)
        self.rows += text.count(b"<row", 0, until)
        self.cells += (
            text.count(b"<c ", 0, until) + text.count(b":c ", 0, until) + text.count(b"<c>", 0, until)
        )

    def _remember(self, matches: Iterator[re.Match[bytes]], prefix: str) -> None:
        for match in matches:
            place = split_reference(match[1].decode("ascii", "replace"))
            if place and len(self.odd_cells) < ODD_CELLS:
                self.odd_cells[place] = prefix + unescape(match[2].decode("utf-8", "replace"))

    def _judge(self, text: bytes, match: re.Match[bytes]) -> None:
        """Refuses a cell outside the limits, unless it is empty: styled empty cells reach far in many files."""
        reference = match[0].split(match[0][-1:])[1].decode("ascii")
        row, column = (
            (int(reference), 1) if reference.isdigit() else split_reference(reference) or (1 << 30, 1)
        )
        if row <= self.limits.sheet_rows and column <= self.limits.columns:
            return
        if reference.isdigit() and not self._row_of_unnamed_cells(text, match):
            return
        if self._EMPTY.match(text, match.end()):
            return
        raise self._refusal(row, column, text.count(b"<row", 0, match.start()))

    def _row_of_unnamed_cells(self, text: bytes, match: re.Match[bytes]) -> bool:
        """A row may carry the number, and its cells none: then the row alone places them."""
        if not self._ROW_ELEMENT.search(text, max(0, match.start() - 400), match.start()):
            return False
        first = re.match(rb"[^<>]*[^/]?>\s*<(?:\w+:)?c\b([^>]*)>", text[match.end() : match.end() + TAIL])
        return first is not None and not re.search(rb"\br\s*=", first[1])

    def _refusal(self, row: int, column: int, rows_before: int) -> Refused:
        if row > self.limits.sheet_rows and self.rows + rows_before > self.limits.rows:
            return Refused("too-many-rows", sheet=self.sheet, limit=f"{self.limits.rows:,}")
        name = cell_name(row, column)
        if row <= self.limits.sheet_rows and column <= self.limits.columns * 8:
            return Refused("too-many-columns", sheet=self.sheet, cell=name, limit=self.limits.columns)
        return Refused("far-cell", sheet=self.sheet, cell=name)
