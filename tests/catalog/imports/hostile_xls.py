"""Makes old workbooks that a portal must refuse, byte by byte: also what is encrypted, which lies in the same file system."""

import io
import struct
from pathlib import Path

import xlwt
from xlwt.CompoundDoc import XlsDoc


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
