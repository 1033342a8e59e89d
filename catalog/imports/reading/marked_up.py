"""Tables that carry the name .xls and are something else: a web page, as many systems export it, or XML Spreadsheet 2003."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from xml.parsers import expat

from portal.core.text.digits import whole

from .limits import Limits
from .number_formats import follow
from .refusals import Refused
from .sheet_scan import shown_as

Row = list[Any]
_NOT_SHOWN = re.compile(r"display\s*:\s*none", re.I)
_SPREADSHEET = "urn:schemas-microsoft-com:office:spreadsheet "
_EXCEL = "urn:schemas-microsoft-com:office:excel "


@dataclass
class Table:
    """Rows as they stand; merges as top, left, bottom, right, counted from 1."""

    name: str
    rows: list[Row] = field(default_factory=list)
    merges: list[tuple[int, int, int, int]] = field(default_factory=list)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    is_hidden: bool = False

    def put(self, row: int, column: int, value: Any) -> None:
        """Counted from 1."""
        while len(self.rows) < row:
            self.rows.append([])
        cells = self.rows[row - 1]
        cells += [""] * (column - len(cells))
        cells[column - 1] = value


def read_html(text: str, limits: Limits) -> list[Table]:
    """The tables of a page; one inside of another is a table of its own."""
    page = _Page(limits)
    page.feed(text)
    page.close()
    tables = [table for table in page.tables if any(len(row) > 1 for row in table.rows)]
    return tables[: limits.sheets]


class _Page(HTMLParser):
    def __init__(self, limits: Limits):
        super().__init__()
        self.limits = limits
        self.tables: list[Table] = []
        self.open: list[_OpenTable] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "table":
            self.tables.append(Table(f"表{len(self.tables) + 1}"))
            self.open.append(_OpenTable(self.tables[-1], self.limits))
        elif self.open and tag == "tr":
            self.open[-1].begin_row(is_hidden=bool(_NOT_SHOWN.search(given.get("style", ""))))
        elif self.open and tag in ("td", "th"):
            self.open[-1].begin_cell(_span(given, "colspan"), _span(given, "rowspan"))
        elif self.open and tag in ("br", "p", "div"):
            self.open[-1].text.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if self.open and tag in ("td", "th", "tr", "table"):
            self.open[-1].end_cell()
            if tag == "table":
                self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.open:
            self.open[-1].text.append(re.sub(r"\s+", " ", data))


def _span(given: dict[str, str], name: str) -> int:
    return whole(given.get(name, "").strip()[:6]) or 1


class _OpenTable:
    """A table while its tags come in; cells that reach down keep their place in the rows below."""

    def __init__(self, table: Table, limits: Limits):
        self.table, self.limits = table, limits
        self.row = self.column = 0
        self.text: list[str] = []
        self.cell: tuple[int, int] | None = None  # spans of the cell that is open
        self.taken: dict[int, int] = {}  # column -> last row that a cell above reaches

    def begin_row(self, *, is_hidden: bool) -> None:
        self.end_cell()
        self.row, self.column = self.row + 1, 0
        if self.row > self.limits.sheet_rows:
            raise Refused("too-many-rows", sheet=self.table.name, limit=f"{self.limits.rows:,}")
        if is_hidden:
            self.table.hidden_rows.add(self.row)

    def begin_cell(self, across: int, down: int) -> None:
        self.end_cell()
        if not self.row:
            self.begin_row(is_hidden=False)
        self.column += 1
        while self.taken.get(self.column, 0) >= self.row:
            self.column += 1
        self.cell, self.text = (min(across, self.limits.columns), min(down, self.limits.sheet_rows)), []

    def end_cell(self) -> None:
        if self.cell is None:
            return
        (across, down), self.cell = self.cell, None
        last = min(self.column + across - 1, self.limits.columns + 1)
        lines = (line.strip() for line in "".join(self.text).split("\n"))
        self.table.put(self.row, min(self.column, self.limits.columns + 1), "\n".join(filter(None, lines)))
        if across > 1 or down > 1:
            self.table.merges.append((self.row, self.column, self.row + down - 1, last))
            self.taken |= dict.fromkeys(range(self.column, last + 1), self.row + down - 1)
        self.column = last


def read_spreadsheet_xml(text: str, limits: Limits) -> list[Table]:
    """The sheets of an XML Spreadsheet 2003. Raises Refused for declarations that no table needs, and for broken XML."""
    book = _SpreadsheetXml(limits)
    try:
        book.parse(text)
    except expat.ExpatError as error:
        raise Refused("broken-workbook", what="XML 不完整") from error
    return book.tables


class _SpreadsheetXml:
    def __init__(self, limits: Limits):
        self.limits = limits
        self.tables: list[Table] = []
        self.formats: dict[str, str] = {}
        self.style = self.data_type = self.cell_style = ""
        self.row = self.column = self.across = 0
        self.text: list[str] | None = None

    def parse(self, text: str) -> None:
        parser = expat.ParserCreate("utf-8", namespace_separator=" ")
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = self._refuse
        parser.StartElementHandler, parser.EndElementHandler = self._begin, self._end
        parser.CharacterDataHandler = self._hear
        parser.Parse(text.lstrip("\ufeff").lstrip().encode(), True)

    @staticmethod
    def _refuse(*_declared: Any) -> None:
        raise Refused("entity-declaration", part="XML")

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.removeprefix(_SPREADSHEET)
        given = {key.removeprefix(_SPREADSHEET): value for key, value in attributes.items()}
        if name == "Style":
            self.style = given.get("ID", "")
        elif name == "NumberFormat":
            self.formats[self.style] = given.get("Format", "")
        elif name == "Worksheet":
            self._begin_sheet(given.get("Name", f"表{len(self.tables) + 1}"))
        elif not self.tables:
            return
        elif name == "Column" and self.tables:
            self._begin_column(given)
        elif name == "Row":
            self._begin_row(given)
        elif name == "Cell":
            self._begin_cell(given)
        elif name == "Data" or tag == f"{_EXCEL}Visible":
            self.data_type, self.text = given.get("Type", "String"), []

    def _begin_sheet(self, name: str) -> None:
        self.tables.append(Table(name[:31]))
        self.row = self.column = 0
        if len(self.tables) > self.limits.sheets:
            raise Refused("too-many-sheets", count=f"超过 {self.limits.sheets}", limit=self.limits.sheets)

    def _begin_column(self, given: dict[str, str]) -> None:
        first = _number(given, "Index", self.column + 1)
        self.column = first + _number(given, "Span", 0)
        if given.get("Hidden") == "1":
            last = min(self.column, self.limits.columns)
            self.tables[-1].hidden_columns.update(range(first, last + 1))

    def _begin_row(self, given: dict[str, str]) -> None:
        self.row, self.column = _number(given, "Index", self.row + 1), 0
        if self.row > self.limits.sheet_rows:
            raise Refused("too-many-rows", sheet=self.tables[-1].name, limit=f"{self.limits.rows:,}")
        if given.get("Hidden") == "1":
            self.tables[-1].hidden_rows.add(self.row)

    def _begin_cell(self, given: dict[str, str]) -> None:
        self.column = _number(given, "Index", self.column + 1)
        if self.column > self.limits.columns:
            name = self.tables[-1].name
            raise Refused(
                "too-many-columns", sheet=name, cell=f"第 {self.column} 列", limit=self.limits.columns
            )
        self.cell_style = given.get("StyleID", "")
        across, down = _number(given, "MergeAcross", 0), _number(given, "MergeDown", 0)
        if across or down:
            self.tables[-1].merges.append((self.row, self.column, self.row + down, self.column + across))
        if formula := given.get("Formula"):
            self.tables[-1].put(self.row, self.column, formula)  # until its value comes
        self.across = across

    def _hear(self, text: str) -> None:
        if self.text is not None:
            self.text.append(text)

    def _end(self, tag: str) -> None:
        if self.text is not None and tag == f"{_SPREADSHEET}Data":
            self.tables[-1].put(self.row, self.column, self._value("".join(self.text)))
            self.text = None
        elif self.text is not None and tag == f"{_EXCEL}Visible":
            self.tables[-1].is_hidden, self.text = "Hidden" in "".join(self.text), None
        elif tag == f"{_SPREADSHEET}Cell":
            self.column += self.across

    def _value(self, text: str) -> Any:
        if self.data_type == "DateTime":
            return [text.strip()[:19]]
        if self.data_type == "Boolean":
            return text.strip() == "1"
        if self.data_type != "Number":
            return text
        try:
            number = float(text)
        except ValueError:
            return text
        shape = follow(self.formats.get(self.cell_style, ""))
        shown = shown_as(shape, number) if shape else None
        return number if shown is None else shown


def _number(given: dict[str, str], name: str, otherwise: int) -> int:
    said = whole(given.get(name, ""), 7)
    return otherwise if said is None else said
