"""Guards an .xls (and an encrypted .xlsx) before anything parses it: the compound file, then its records.

The compound file is a small file system of sectors; [MS-CFB]. The workbook stream in it is a row of
records: two bytes type, two bytes length; [MS-XLS]. Only what the guard asks about is read.
"""

import struct
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from .cells import cell_name
from .facts import SheetFacts
from .limits import Limits
from .number_formats import BUILT_IN, Shape, follow
from .refusals import Refused
from .sheet_scan import shown_as

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
END = 0xFFFFFFFA  # this and above: end of chain, free, FAT, DIFAT

_FILEPASS, _BOUNDSHEET, _BOF, _BOOLERR, _FORMULA = 0x2F, 0x85, 0x809, 0x205, 0x06
_NUMBER, _RK, _FORMAT, _XF, _ROW, _COLUMNS, _FILTERED = 0x203, 0x27E, 0x41E, 0xE0, 0x208, 0x7D, 0x9E
_ONE_CELL = {0x203, 0x27E, 0xFD, 0x204, _BOOLERR, _FORMULA, 0xD6}  # NUMBER RK LABELSST LABEL … RSTRING
_MANY_CELLS = 0xBD  # MULRK
_OTHERS = {_FILEPASS, _BOUNDSHEET, _FORMAT, _XF, _ROW, _COLUMNS, _FILTERED}
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}


Sheets = dict[str, SheetFacts]


def check_ole(path: Path, limits: Limits) -> Sheets:
    """Refuses what is no plain, whole, harmless .xls. Names of streams are compared as Excel does, without case."""
    try:
        compound = _Compound(path.read_bytes())
        names = set(compound.entries)
        if names & {"encryptedpackage", "encryptioninfo", "drmencrypteddataspace"}:
            raise Refused("encrypted")
        if names & {"_vba_project_cur", "_vba_project", "vba", "macros"}:
            raise Refused("macros")
        if names & {"worddocument", "powerpoint document"}:
            raise Refused("not-a-workbook", what=" Word 文档或演示文稿")
        stream = compound.stream("workbook") or compound.stream("book")
        if not stream:
            raise Refused("not-a-workbook", what="别的程序的数据")
        return _Records(stream, limits).check()
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
                yield name.lower(), (kind, start, size)


class _Records:
    """One walk over the records: password, macro sheets, number of sheets, cells outside the limits, what is hidden."""

    def __init__(self, stream: bytes, limits: Limits):
        self.stream, self.limits = stream, limits
        self.found: Sheets = {}
        self.starts: dict[int, str] = {}
        self.sheet = ""
        self.codes = dict(BUILT_IN)
        self.shapes: list[Shape | None] = []  # by the style of a cell

    @property
    def facts(self) -> SheetFacts:
        return self.found.setdefault(self.sheet, SheetFacts())

    def check(self) -> Sheets:
        position, end, unpack = 0, len(self.stream), struct.Struct("<HH").unpack_from
        while position + 4 <= end:
            kind, length = unpack(self.stream, position)
            body = position + 4
            if body + length > end:
                raise Refused("truncated")
            if kind == _BOF:
                self.sheet = self.starts.get(position, self.sheet)
            elif kind in _ONE_CELL or kind == _MANY_CELLS:
                self._cell(kind, body, length)
            elif kind in _OTHERS:
                self._other(kind, body, length)
            position = body + length
        return self.found

    def _other(self, kind: int, body: int, length: int) -> None:
        if kind == _FILEPASS:
            raise Refused("encrypted")
        if kind == _BOUNDSHEET:
            start, name = _sheet_record(self.stream, body, length)
            self.starts[start] = name
            if len(self.starts) > self.limits.sheets:
                most = self.limits.sheets
                raise Refused("too-many-sheets", count=f"超过 {most}", limit=most)
        elif kind == _FORMAT and length >= 5:
            number, count, wide = struct.unpack_from("<HHB", self.stream, body)
            raw = self.stream[body + 5 : body + min(length, 5 + count * (2 if wide & 1 else 1))]
            self.codes[number] = raw.decode("utf-16-le" if wide & 1 else "latin-1", "replace")
        elif kind == _XF:
            number = struct.unpack_from("<H", self.stream, body + 2)[0]
            self.shapes.append(follow(self.codes.get(number, "")))
        else:
            self._hidden(kind, body)

    def _hidden(self, kind: int, body: int) -> None:
        if kind == _ROW:
            if self.stream[body + 12] & 0x20:
                self.facts.hidden_rows.add(struct.unpack_from("<H", self.stream, body)[0] + 1)
        elif kind == _COLUMNS:
            first, last, _width, _style, flags = struct.unpack_from("<5H", self.stream, body)
            if flags & 1:
                self.facts.hidden_columns.update(range(first + 1, min(last + 1, self.limits.columns) + 1))
        else:
            self.facts.is_filtered = True

    def _cell(self, kind: int, body: int, length: int) -> None:
        row, column = struct.unpack_from("<HH", self.stream, body)
        last = struct.unpack_from("<H", self.stream, body + length - 2)[0] if kind == _MANY_CELLS else column
        if row >= self.limits.sheet_rows or last >= self.limits.columns:
            raise _outside(self.sheet, row + 1, last + 1, self.limits)
        if kind in (_BOOLERR, _FORMULA) and (text := _error(kind, self.stream, body)):
            self.facts.lost[row + 1, column + 1] = text
        elif kind == _MANY_CELLS:
            for at in range(last - column + 1):
                self._show(row, column + at, body + 4 + 6 * at, "<HI", _rk)
        elif kind == _RK:
            self._show(row, column, body + 4, "<HI", _rk)
        elif kind == _NUMBER or (kind == _FORMULA and self.stream[body + 12 : body + 14] != b"\xff\xff"):
            self._show(row, column, body + 4, "<Hd", float)

    def _show(self, row: int, column: int, at: int, packed: str, read: Callable[[Any], float]) -> None:
        """`at`: where the style and the value of a cell stand."""
        style, value = struct.unpack_from(packed, self.stream, at)
        shape = self.shapes[style] if style < len(self.shapes) else None
        if shape and (shown := shown_as(shape, read(value))) is not None:
            self.facts.shown[row + 1, column + 1] = shown


def _rk(packed: int) -> float:
    """A number in 30 bits: whole or the upper part of a float, and perhaps a hundredfold."""
    if packed & 2:
        whole = packed >> 2
        number = float(whole - (1 << 30) if whole >> 29 else whole)
    else:
        number = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & 1 else number


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
