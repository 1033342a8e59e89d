"""The data rows under a heading: merged cells filled down, notes and repeated headings left out, values cleaned."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.fields.unfit import Unfit

from ..reading.sheets import Cell, Reading, Sheet
from .cleaning import LABELS, cleaner, is_blank, may_be_left_out, quoted, shown
from .faults import Fault, sentence
from .headings import Heading

_NOTE = re.compile(
    r"\s*[(（]?(?:合\s*计|总\s*计|小\s*计|共\s*计|注\s*[:：1一]|备\s*注|说\s*明|填\s*表|制\s*表|审\s*核|联系人|以上|以下|本表|填报|单位[:：]|第.{1,4}页)"
)
_TOTAL = re.compile(r"\s*(?:合\s*计|总\s*计|小\s*计|共\s*计)")
_SECTION = re.compile(r"\s*[(（]?[一二三四五六七八九十]{1,3}[)）、.．]")
Place = tuple[str, int]  # sheet and row: less memory than the text of an address


@dataclass(slots=True)
class SheetRow:
    """One data row. `values` holds what its cells say; a field without a value was left empty or has no column."""

    register: str
    sheet: str
    number: int
    values: dict[str, Any]
    places: dict[str, list[int]]
    cells: list[Cell]
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)  # values that were left out
    lacking: set[str] = field(default_factory=set)  # fields that it needs and the sheet has no column for

    @property
    def is_sound(self) -> bool:
        return not self.faults and not self.lacking

    def require(self, name: str) -> None:
        """Say that a field without value is needed: at its cell, or for the sheet where it has no column."""
        if name not in self.places:
            self.lacking.add(name)
        elif not self.is_faulty(name):
            self.blame(name, "empty", label=LABELS[self.register][name])

    def blame(self, name: str, rule: str, /, **values: Any) -> None:
        """Note a fault at the cell of field `name`; at the row when it has no column."""
        column = self.places.get(name, [0])[0]
        quoted = shown(self.cells[column - 1]) if 0 < column <= len(self.cells) else ""
        values.setdefault("value", quoted)
        self.faults.append(Fault(rule, self.sheet, self.number, column, quoted, sentence(rule, **values)))

    def blame_bad(self, name: str, bad: Unfit, /) -> None:
        self.blame(name, bad.rule, **bad.values)

    def is_faulty(self, name: str) -> bool:
        columns = self.places.get(name, [])
        return any(fault.column in columns for fault in self.faults)


@dataclass
class SheetRows:
    """Walks one sheet; `skipped` fills up on the way with rows that hold something and are no data."""

    reading: Reading
    sheet: Sheet
    heading: Heading
    register: str
    skipped: list[tuple[int, str]] = field(default_factory=list)

    def __iter__(self) -> Iterator[SheetRow]:
        places = self.heading.places()
        cleaners = self._cleaners(places)
        fill = _FillDown(self.sheet)
        banner_rows = {top for top, left, _, right in self.sheet.merges if right - left >= 2}
        repeated = self._heading_texts()
        for number, cells in self.reading.rows(self.sheet):
            filled = fill(number, cells)
            if number <= self.heading.last or not any(not is_blank(cell) for cell in cells):
                continue
            if why := _is_no_data(cells, number in banner_rows, repeated):
                self.skipped.append((number, why))
                continue
            yield self._row(number, filled, places, cleaners)

    def _cleaners(self, places: dict[str, list[int]]) -> list[tuple[int, str, Callable[[Cell], Any]]]:
        return [
            (column, name, cleaner(self.register, name))
            for name, columns in places.items()
            for column in columns
        ]

    def _row(
        self,
        number: int,
        cells: list[Cell],
        places: dict[str, list[int]],
        cleaners: list[tuple[int, str, Callable[[Cell], Any]]],
    ) -> SheetRow:
        values: dict[str, Any] = {}
        row = SheetRow(self.register, self.sheet.name, number, values, places, cells)
        width = len(cells)
        for column, name, clean in cleaners:
            if column > width:
                continue
            try:
                value = clean(cells[column - 1])
            except Unfit as unfit:
                self._tell(row, column, name, unfit)
                continue
            if value is not None and value != "":
                values[name] = f"{values[name]} {value}" if name in values else value
        return row

    @staticmethod
    def _tell(row: SheetRow, column: int, name: str, unfit: Unfit) -> None:
        """A fault of the row, or, of what may stay empty, a value that is left out of it."""
        cell = quoted(row.register, name, row.cells[column - 1])
        message = sentence(unfit.rule, **{"value": cell} | unfit.values)
        told = row.warnings if may_be_left_out(row.register, name) else row.faults
        told.append(Fault(unfit.rule, row.sheet, row.number, column, cell, message))

    def _heading_texts(self) -> frozenset[Cell]:
        """What stands in the heading: a row that says the same again is a heading repeated on a new page."""
        return frozenset(column.written for column in self.heading.columns if column.field)


class _FillDown:
    """Gives every row of a vertically merged cell the value that Excel keeps in the first."""

    def __init__(self, sheet: Sheet):
        self.starting: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, _right in sheet.merges:
            if bottom > top:
                self.starting.setdefault(top, []).append((left, bottom))
        self.open: dict[int, tuple[int, Cell]] = {}  # column -> last row, value

    def __call__(self, number: int, cells: list[Cell]) -> list[Cell]:
        if self.open:
            self.open = {column: kept for column, kept in self.open.items() if kept[0] >= number}
            cells = list(cells)
            for column, (_bottom, value) in self.open.items():
                cells += [""] * (column - len(cells))
                if is_blank(cells[column - 1]):
                    cells[column - 1] = value
        for column, bottom in self.starting.get(number, ()):
            if column <= len(cells):
                self.open[column] = (bottom, cells[column - 1])
        return cells


def _is_no_data(cells: list[Cell], is_banner: bool, heading: frozenset[Cell]) -> str:
    """Why a row with content is no row of data; '' when it is one."""
    filled = [cell for cell in cells if not is_blank(cell) and not isinstance(cell, list)]
    if not filled:
        return ""
    first = filled[0] if isinstance(filled[0], str) else ""
    if len(filled) == 1 and first and (is_banner or _NOTE.match(first) or _SECTION.match(first)):
        return "说明或小标题"
    if _TOTAL.match(first) and len(filled) <= 4:
        return "合计行"
    same = sum(1 for cell in filled if cell in heading)
    if same >= 2 and same * 2 >= len(heading):
        return "重复的标题行"
    return ""
