"""The parts of an .xlsx: their bytes, and a copy in UTF-8 of a workbook that is written otherwise.

The standard allows parts in UTF-16 (a Power Query leaves one in every workbook), cells without a reference, and names that
begin with ./; not every parser reads them.
"""

import codecs
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from .cells import cell_name, split_reference
from .refusals import Refused

CHUNK = 1 << 20
XML = (".xml", ".rels", ".vml")
_MARKS = ((b"\xef\xbb\xbf", ""), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_UNMARKED = ((b"<\0", "utf-16-le"), (b"\0<", "utf-16-be"))
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_SHEET = re.compile(rb"<(?:\w+:)?worksheet\b")
_UNPLACED = re.compile(rb"<(?:\w+:)?c(?:\s(?![^<>]*\br\s*=)[^<>]*|/)?>")
_TAG = re.compile(r"<(?:(\w+):)?(row|c)(?=[\s/>])([^<>]*)>")
_REFERENCE = re.compile(r"""\br\s*=\s*["'](\w+)["']""")
_TARGET = re.compile(rb"""(\bTarget\s*=\s*["'])(?:\./)+""")


def inflate(stream: BinaryIO, part: zipfile.ZipInfo) -> Iterator[bytes]:
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


def check_declarations(name: str, content: bytes) -> None:
    if b"<!DOCTYPE" in content or b"<!ENTITY" in content:
        raise Refused("entity-declaration", part=name)


def plain_copy(stream: BinaryIO, parts: list[zipfile.ZipInfo], folder: Path) -> Path | None:
    """The workbook once more, as every parser reads it; None where it is so already."""
    odd = {part.filename for part in parts if _is_odd(stream, part)}
    if not odd:
        return None
    copy = folder / "plain.xlsx"
    with zipfile.ZipFile(copy, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as target:
        for part in parts:
            content = b"".join(inflate(stream, part))
            target.writestr(
                part.filename, _plain(part.filename, content) if part.filename in odd else content
            )
    return copy


def _is_odd(stream: BinaryIO, part: zipfile.ZipInfo) -> bool:
    if not part.filename.lower().endswith(XML):
        return False
    start = next(inflate(stream, part), b"")
    if _encoding(start) != "utf-8":
        return True
    if part.filename.lower().endswith(".rels"):
        return _TARGET.search(start) is not None
    return _SHEET.search(start, 0, 4096) is not None and _UNPLACED.search(start) is not None


def _encoding(start: bytes) -> str:
    for mark, name in _MARKS + _UNMARKED:
        if start.startswith(mark) and name:
            return name
    declared = _DECLARED.match(start.removeprefix(_MARKS[0][0]))
    name = declared[1].decode().lower() if declared else "utf-8"
    return "utf-8" if name in ("utf-8", "utf8", "us-ascii", "ascii") else name


def _plain(name: str, content: bytes) -> bytes:
    encoding = _encoding(content)
    if encoding != "utf-8":
        try:
            text = codecs.decode(content, encoding)
        except (LookupError, UnicodeDecodeError) as error:
            raise Refused("broken-workbook", what="编码不常见") from error
        content = _DECLARATION.sub("", text.lstrip("\ufeff"), count=1).encode("utf-8")
    check_declarations(name, content)
    if name.lower().endswith(".rels"):
        return _TARGET.sub(rb"\1", content)
    return _placed(content) if _SHEET.search(content, 0, 4096) and _UNPLACED.search(content) else content


def _placed(content: bytes) -> bytes:
    """Every row and cell with the reference that its place gives it."""
    at = [0, 0]

    def place(match: re.Match[str]) -> str:
        prefix, kind, rest = match.groups()
        given = _REFERENCE.search(rest)
        if kind == "row":
            at[:] = [int(given[1]) if given and given[1].isdigit() else at[0] + 1, 0]
            reference = str(at[0])
        else:
            found = split_reference(given[1]) if given else None
            at[1] = found[1] if found else at[1] + 1
            reference = cell_name(at[0], at[1])
        if given:
            return match[0]
        return f'<{prefix + ":" if prefix else ""}{kind} r="{reference}"{rest}>'

    return _TAG.sub(place, content.decode("utf-8", "replace")).encode("utf-8")
