"""Guards an .xls (and an encrypted .xlsx) before anything parses it: the compound file, then its records.

The compound file is a small file system of sectors; [MS-CFB]. The workbook stream in it is a row of
records: two bytes type, two bytes length; [MS-XLS]. Only what the guard asks about is read.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from .cells import cell_name
from .limits import Limits
from .refusals import Refused

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = 0xFFFFFFFA  # this and above: end of chain, free, FAT, DIFAT

_FILEPASS, _BOUNDSHEET, _BOF, _BOOLERR, _FORMULA = 0x2F, 0x85, 0x809, 0x205, 0x06
_ONE_CELL = {0x203, 0x27E, 0xFD, 0x204, _BOOLERR, _FORMULA, 0xD6}  # NUMBER RK LABELSST LABEL … RSTRING
_MANY_CELLS = 0xBD  # MULRK
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


@dataclass
class OleFacts:
    """Cells whose content a parser would lose, by sheet."""

    odd_cells: dict[str, dict[tuple[int, int], str]] = field(default_factory=dict)


def check_ole(path: Path, limits: Limits) -> OleFacts:
    """Refuses what is no plain, whole, harmless .xls."""
    try:
        compound = _Compound(path.read_bytes())
        names = set(compound.entries)
        if names & {"EncryptedPackage", "EncryptionInfo", "DRMEncryptedDataSpace"}:
            raise Refused("encrypted")
        if names & {"_VBA_PROJECT_CUR", "_VBA_PROJECT", "VBA", "Macros"}:
            raise Refused("macros")
        if names & {"WordDocument", "PowerPoint Document"}:
            raise Refused("not-a-workbook", what=" Word 文档或演示文稿")
        stream = compound.stream("Workbook") or compound.stream("Book")
        if not stream:
            raise Refused("not-a-workbook", what="别的程序的数据")
        return _check_records(stream, limits)
    except (struct.error, IndexError) as error:
        raise Refused("truncated") from error


class _Compound:
    """The directory of a compound file and its streams; every chain is at most as long as the file."""

    def __init__(self, content: bytes):
        self.content = content
        self.shift = struct.unpack_from("<H", content, 30)[0]
        if self.shift not in (9, 12):
            raise Refused("broken-workbook", what="扇区大小不对")
        self.size = 1 << self.shift
        fat_count, directory = (
            struct.unpack_from("<I", content, 44)[0],
            struct.unpack_from("<I", content, 48)[0],
        )
        self.small_limit, small_fat = (
            struct.unpack_from("<I", content, 56)[0],
            struct.unpack_from("<I", content, 60)[0],
        )
        self.fat = self._read_fat(fat_count)
        self.small_fat = self._numbers(self._chain(small_fat)) if small_fat < END else ()
        self.entries = dict(self._read_directory(self._chain(directory)))

    def stream(self, name: str) -> bytes:
        """The bytes of a stream; empty when there is none."""
        kind, start, size = self.entries.get(name, (0, END, 0))
        if kind != 2:
            return b""
        content = self._small_chain(start) if size < self.small_limit else self._chain(start)
        if len(content) < size:
            raise Refused("truncated")
        return content[:size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) << self.shift
        return self.content[start : start + self.size]

    def _read_fat(self, count: int) -> tuple[int, ...]:
        numbers = list(struct.unpack_from("<109I", self.content, 76))
        following, left = struct.unpack_from("<II", self.content, 68)
        seen: set[int] = set()
        while following < END and left and following not in seen:
            seen.add(following)
            sector = struct.unpack(f"<{self.size // 4}I", self._sector(following))
            numbers += sector[:-1]
            following, left = sector[-1], left - 1
        sectors = [number for number in numbers if number < END][
            : min(count, len(self.content) // self.size + 1)
        ]
        return self._numbers(b"".join(self._sector(number) for number in sectors))

    @staticmethod
    def _numbers(content: bytes) -> tuple[int, ...]:
        return struct.unpack(f"<{len(content) // 4}I", content[: len(content) // 4 * 4])

    def _chain(self, start: int) -> bytes:
        sectors, number, most = [], start, len(self.content) // self.size + 1
        while number < END:
            sectors.append(self._sector(number))
            if len(sectors) > most:
                raise Refused("broken-workbook", what="扇区循环")
            if number >= len(self.fat):
                raise Refused("truncated")
            number = self.fat[number]
        return b"".join(sectors)

    def _small_chain(self, start: int) -> bytes:
        root = next((entry for entry in self.entries.values() if entry[0] == 5), None)
        ministream = self._chain(root[1]) if root else b""
        pieces, number, most = [], start, len(self.content) // 64 + 1
        while number < END:
            pieces.append(ministream[number * 64 : number * 64 + 64])
            if len(pieces) > most:
                raise Refused("broken-workbook", what="扇区循环")
            number = self.small_fat[number]
        return b"".join(pieces)

    def _read_directory(self, content: bytes) -> Iterator[tuple[str, tuple[int, int, int]]]:
        for offset in range(0, len(content) - 127, 128):
            length, kind = struct.unpack_from("<HB", content, offset + 64)
            if kind in (1, 2, 5) and 2 <= length <= 64:
                name = content[offset : offset + length - 2].decode("utf-16-le", "replace")
                start, size = struct.unpack_from("<II", content, offset + 116)
                yield name, (kind, start, size)


def _check_records(stream: bytes, limits: Limits) -> OleFacts:
    """One walk over the records: password, macro sheets, number of sheets, cells outside the limits."""
    facts, sheets, sheet, position, end = OleFacts(), {}, "", 0, len(stream)
    unpack = struct.Struct("<HH").unpack_from
    while position + 4 <= end:
        kind, length = unpack(stream, position)
        body = position + 4
        if body + length > end:
            raise Refused("truncated")
        if kind == _FILEPASS:
            raise Refused("encrypted")
        if kind == _BOUNDSHEET:
            start, name = _sheet_record(stream, body, length)
            sheets[start] = name
            if len(sheets) > limits.sheets:
                raise Refused("too-many-sheets", count=f"超过 {limits.sheets}", limit=limits.sheets)
        elif kind == _BOF:
            sheet = sheets.get(position, sheet)
        elif kind in _ONE_CELL or kind == _MANY_CELLS:
            row, column = unpack(stream, body)
            if kind == _MANY_CELLS:
                column = struct.unpack_from("<H", stream, body + length - 2)[0]
            if row >= limits.sheet_rows or column >= limits.columns:
                raise _outside(sheet, row + 1, column + 1, limits)
            if kind in (_BOOLERR, _FORMULA) and (text := _error(kind, stream, body)):
                facts.odd_cells.setdefault(sheet, {})[row + 1, column + 1] = text
        position = body + length
    return facts


def _sheet_record(stream: bytes, body: int, length: int) -> tuple[int, str]:
    start, _, kind = struct.unpack_from("<IBB", stream, body)
    if kind in (1, 6):  # Excel 4 macro sheet, Visual Basic module
        raise Refused("macros")
    count, wide = stream[body + 6], stream[body + 7] & 1
    raw = stream[body + 8 : body + min(length, 8 + count * (2 if wide else 1))]
    return start, raw.decode("utf-16-le" if wide else "latin-1", "replace")


def _error(kind: int, stream: bytes, body: int) -> str:
    """The text of an error value, which a parser reads as nothing."""
    if kind == _BOOLERR:
        return _ERRORS.get(stream[body + 6], "#N/A") if stream[body + 7] else ""
    if stream[body + 12 : body + 14] == b"\xff\xff" and stream[body + 6] == 2:
        return _ERRORS.get(stream[body + 8], "#N/A")
    return ""


def _outside(sheet: str, row: int, column: int, limits: Limits) -> Refused:
    name = cell_name(row, column)
    if row <= limits.sheet_rows and column <= 256:
        return Refused("too-many-columns", sheet=sheet, cell=name, limit=limits.columns)
    return Refused("far-cell", sheet=sheet, cell=name)
