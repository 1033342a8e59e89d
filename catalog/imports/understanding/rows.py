"""The data rows under a heading: merged cells filled down, notes and repeated headings left out, values cleaned."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from catalog.fields.invalid import InvalidValue

from ..reading.sheets import Cell, Reading, Sheet
from .assigning import Heading
from .cell_text import LONGEST_DITTO, Mended, is_blank, is_ditto, shown
from .cleaning import LABELS, certificates_in, cleaner, may_be_left_out, quoted
from .faults import Fault, sentence
from .filling import FillDown
from .headings import heading_again
from .meanings import words_of
from .no_data import why_no_data

_SECTION = re.compile(
    r"\s*(?:[(（]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)）、.．]\s*)?(?:(?:产品)?(?:类别|品类)\s*[:：]\s*)?"
)
_SECTION_NOTE = re.compile(r"\s*[(（](?:共?\s*\d+\s*[个项种家款]?|续)[)）]\s*$|[:：]\s*$")
_DETAILS = (
    "serial",
    "uscc",
    "models_text",
    "brand",
    "certificate_number",
    "star",
    "issued_on",
    "valid_until",
)
_NAMING = ("serial", "uscc")  # details that say by themselves what a row is about
LONGEST_SECTION = 60
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
    warnings: list[Fault] = field(default_factory=list)  # values that were left out, or taken otherwise
    missing_fields: set[str] = field(
        default_factory=set
    )  # fields that it needs and the sheet has no column for
    section: str = ""  # what the row above its group says
    is_closed: bool = False  # one fault says all: nothing else is asked of it

    @property
    def is_sound(self) -> bool:
        return not self.faults and not self.missing_fields

    def require(self, name: str) -> None:
        """Say that a field without value is needed: at its cell, or for the sheet where it has no column."""
        if name not in self.places:
            self.missing_fields.add(name)
        elif not self.is_faulty(name):
            self.add_error(name, "empty", label=LABELS[self.register][name])

    def add_error(self, name: str, rule: str, /, **values: Any) -> None:
        """Note a fault at the cell of field `name`; at the row when it has no column."""
        self.faults.append(self._fault(name, rule, values))

    def tell(self, name: str, rule: str, /, **values: Any) -> None:
        """Say of the cell of field `name` what was not taken as it stands."""
        self.warnings.append(self._fault(name, rule, values))

    def _fault(self, name: str, rule: str, values: dict[str, Any]) -> Fault:
        column = self.places.get(name, [0])[0]
        cell = self.cells[column - 1] if 0 < column <= len(self.cells) else ""
        told = quoted(self.register, name, cell)
        return Fault(rule, self.sheet, self.number, column, told, sentence(rule, **{"value": told} | values))

    def blame_bad(self, name: str, bad: InvalidValue, /) -> None:
        self.add_error(name, bad.rule, **bad.values)

    def close(self, column: int, rule: str, **values: Any) -> None:
        """One fault for the whole row: what else is wrong follows from it."""
        cell = shown(self.cells[column - 1]) if column else ""
        self.faults = [Fault(rule, self.sheet, self.number, column, cell, sentence(rule, **values))]
        self.warnings, self.is_closed = [], True

    def is_faulty(self, name: str) -> bool:
        columns = self.places.get(name, [])
        return any(fault.column in columns for fault in self.faults)


@dataclass
class SheetRows:
    """Walks one sheet; on the way `skipped` fills up with rows that hold something and are no data, `unseen` with hidden ones.

    `section_of` knows a text that names what the rows below have in common, and gives it as a value; else ''.
    """

    reading: Reading
    sheet: Sheet
    heading: Heading
    register: str
    section_of: Callable[[str], str] = lambda _text: ""
    takes_hidden: bool = True
    skipped: list[tuple[int, str]] = field(default_factory=list)
    unseen: list[tuple[int, str]] = field(default_factory=list)  # number and name

    def __post_init__(self) -> None:
        self._read_under(self.heading)
        self.section = ""
        self.above: list[Cell] = []

    def _read_under(self, heading: Heading) -> None:
        self.places = heading.places()
        written = {column.number: column.written for column in heading.columns}
        self.cleaners = [
            (column, name, cleaner(self.register, name, written.get(column, "")))
            for name, columns in self.places.items()
            for column in columns
        ]
        self.fields = sorted({column for column, _name, _clean in self.cleaners})
        self.repeated = frozenset(column.written for column in heading.columns if column.field)
        self.known_words = self.repeated | words_of(self.register).keys()
        self.width = max((column.number for column in heading.columns), default=0)
        self.current = heading

    def __iter__(self) -> Iterator[SheetRow]:
        fill = FillDown(self.sheet)
        banner_rows = {top for top, left, _, right in self.sheet.merges if right - left >= 2}
        hidden = _numbers(self.sheet.hidden_rows)
        for number, cells in self.reading.rows(self.sheet):
            filled = fill(number, cells)
            if number <= self.heading.last or not any(not is_blank(cell) for cell in cells):
                continue
            if why := self._why_no_data(number, cells, filled, is_banner=number in banner_rows):
                self.skipped.append((number, why))
                continue
            filled = self._dittoed(filled)
            if number in hidden:
                self.unseen.append((number, self._name_of(filled)))
                if not self.takes_hidden:
                    continue
            yield self._row(number, filled)

    def _why_no_data(self, number: int, cells: list[Cell], filled: list[Cell], *, is_banner: bool) -> str:
        if self._may_be_heading(cells) and (
            again := heading_again(cells, number, self.current, self.register, self.repeated)
        ):
            if again.places() == self.places:
                return "重复的标题行"
            self._read_under(again)
            self.above = []
            return "另一张表的标题行，以下各行按它的列读取"
        if text := _only_text(filled):
            if section := self._section(text):
                self.section = self.section_of(section)
                return f"小标题，以下各行的产品类别是「{section[:20]}」"
            if self._is_lone_title(filled, text):
                return "说明或小标题"
        if self._is_dragged_number(cells):
            return "只有序号"
        if why := why_no_data(cells, is_banner=is_banner, heading=self.repeated):
            return why
        if not any(column <= len(filled) and not is_blank(filled[column - 1]) for column in self.fields):
            return "没有要读取的内容"
        return ""

    def _may_be_heading(self, cells: list[Cell]) -> bool:
        """A second heading stands over the columns of the first, whatever it calls them. Asked of every row: cheap."""
        width = len(cells)
        return any(
            at <= width and isinstance(cells[at - 1], str) and cells[at - 1].strip() in self.known_words
            for at in self.fields[:3]
        )

    def _section(self, text: str) -> str:
        named = _SECTION_NOTE.sub("", _SECTION.sub("", text[:LONGEST_SECTION], count=1)).strip()
        return named if self.section_of(named) else ""

    def _is_lone_title(self, cells: list[Cell], text: str) -> bool:
        """A product needs more than one cell; 「表二」 above a table is none. A model alone is what is left of a row."""
        return self.register == "products" and not self._is_detail(cells.index(text) + 1)

    def _is_detail(self, column: int) -> bool:
        return any(column in self.places.get(name, ()) for name in _DETAILS)

    def _is_dragged_number(self, cells: list[Cell]) -> bool:
        """1, 2, 3 … under the list, in whatever column; a number of a certificate or of the list says something by itself."""
        column = _only_column(cells)
        return column > 0 and isinstance(cells[column - 1], int | float) and not self._is_detail(column)

    def _dittoed(self, cells: list[Cell]) -> list[Cell]:
        """同上 and its signs mean the cell above."""
        signs = [
            at
            for at, cell in enumerate(cells)
            if isinstance(cell, str) and len(cell) <= LONGEST_DITTO and is_ditto(cell)
        ]
        if signs:
            cells = list(cells)
            for at in signs:
                if at < len(self.above) and not is_blank(self.above[at]):
                    cells[at] = self.above[at]
        self.above = cells
        return cells

    def _name_of(self, cells: list[Cell]) -> str:
        columns = self.places.get("name") or self.places.get("certificate_number") or self.fields
        return shown(cells[columns[0] - 1])[:40] if columns and columns[0] <= len(cells) else ""

    def _row(self, number: int, cells: list[Cell]) -> SheetRow:
        values: dict[str, Any] = {}
        beside: dict[str, Any] = {}
        row = SheetRow(
            self.register, self.sheet.name, number, values, self.places, cells, section=self.section
        )
        width = len(cells)
        for column, name, clean in self.cleaners:
            if column > width:
                continue
            try:
                value = clean(cells[column - 1])
            except InvalidValue as unfit:
                self._tell(row, column, name, unfit)
                continue
            if isinstance(value, Mended):
                beside |= value.beside
                value = _taken(row, column, name, value)
            if value is not None and value != "":
                values[name] = f"{values[name]} {value}" if name in values else value
        if beside:
            row.values = beside | values
        self._close_where_one_fault_says_all(row)
        return row

    def _close_where_one_fault_says_all(self, row: SheetRow) -> None:
        column = self.places.get("certificate_number", [0])[0]
        if column and column <= len(row.cells) and (count := certificates_in(row.cells[column - 1])) > 1:
            row.close(column, "several-certificates", count=count)
        elif alone := self._detail_alone(row):
            row.close(_only_column(row.cells), "row-remainder", label=LABELS[self.register][alone])
        elif self.reading.kind == "csv" and row.faults and len(row.cells) > self.width:
            row.close(0, "row-too-wide", count=len(row.cells) - self.width)

    @staticmethod
    def _detail_alone(row: SheetRow) -> str:
        """The field of a row that says nothing else, and belongs to the row above."""
        column = _only_column(row.cells)
        return next(
            (name for name in _DETAILS if column in row.places.get(name, ()) and name not in _NAMING), ""
        )

    @staticmethod
    def _tell(row: SheetRow, column: int, name: str, unfit: InvalidValue) -> None:
        """A fault of the row, or, of what may stay empty, a value that is left out of it."""
        cell = quoted(row.register, name, row.cells[column - 1])
        message = sentence(unfit.rule, **{"value": cell} | unfit.values)
        told = row.warnings if may_be_left_out(row.register, name) else row.faults
        told.append(Fault(unfit.rule, row.sheet, row.number, column, cell, message))


def _taken(row: SheetRow, column: int, name: str, mended: Mended) -> Any:
    cell = quoted(row.register, name, row.cells[column - 1])
    message = sentence(mended.rule, **{"value": cell} | mended.told)
    row.warnings.append(Fault(mended.rule, row.sheet, row.number, column, cell, message))
    return mended.value


def _only_column(cells: list[Cell]) -> int:
    """The column of the one cell that holds something; 0 where several do."""
    filled = [at for at, cell in enumerate(cells, 1) if not is_blank(cell)]
    return filled[0] if len(filled) == 1 else 0


def _only_text(cells: list[Cell]) -> str:
    """The text of a row that has no other cell; else ''."""
    found = ""
    for cell in cells:
        if is_blank(cell):
            continue
        if found or not isinstance(cell, str):
            return ""
        found = cell
    return found


def _numbers(spans: tuple[tuple[int, int], ...]) -> frozenset[int]:
    return frozenset(number for first, last in spans for number in range(first, last + 1))
