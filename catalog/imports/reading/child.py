"""The child process that guards and parses one file: `python -m catalog.imports.reading.child`.

A parser fed by strangers may die, loop or eat memory. It does so here, under limits the kernel enforces, and
its parent lives. Rows go to a spool file, one JSON array a line, so that the parser's memory is given back
before anything else begins and the rows can be walked as often as needed. Imports nothing of Django.
"""

import contextlib
import datetime
import json
import resource
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, TextIO

from .cells import cell_name
from .delimited import DelimitedRows, find_separator, lines_of
from .facts import Place, SheetFacts, spans
from .guard import Guarded, guard
from .limits import MEGABYTE, Limits
from .marked_up import read_html, read_spreadsheet_xml
from .refusals import Refused

MERGES = 200_000
_NUL = r"\u0000"  # as the spool has it
_SUBSTITUTE = "\x1a"
SPARSE_AREA, SPARSE = (
    1_000_000,
    0.01,
)  # a rectangle of more cells than this, fewer than this part of them there
Row = list[Any]


def main() -> None:
    """Takes the order from stdin, answers with one JSON object on stdout."""
    order = json.load(sys.stdin)
    limits = Limits(**order["limits"])
    _hold_down(limits)
    path = Path(order["path"])
    try:
        guarded = guard(path, limits, Path(order["spool"]).parent)
        _allow_seconds(limits.seconds + guarded.inflated // (10 * MEGABYTE))
        with open(order["spool"], "w", encoding="utf-8", newline="\n") as spool:
            answer = _Spooler(spool, limits).read(guarded, order["name"])
    except Refused as refused:
        answer = {"refused": refused.rule, "values": refused.values}
    except MemoryError:
        answer = {"refused": "too-much-memory", "values": {}}
    json.dump(answer, sys.stdout)


def _hold_down(limits: Limits) -> None:
    """No core file, no more memory than allowed, no endless loop."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    _allow_seconds(limits.seconds)


def _allow_seconds(seconds: int) -> None:
    """Processor time from now on; the first limit ends the process, the hard one stays out of reach."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    resource.setrlimit(
        resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + seconds, resource.RLIM_INFINITY)
    )


class _Spooler:
    """Writes the rows of all sheets into one file and keeps where each sheet begins."""

    def __init__(self, spool: TextIO, limits: Limits):
        self.spool, self.limits = spool, limits
        self.sheets: list[dict[str, Any]] = []
        self.skipped: list[tuple[str, str]] = []
        self.encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=_moment).encode

    def read(self, guarded: Guarded, name: str) -> dict[str, Any]:
        if guarded.kind == "csv":
            self._read_text(guarded, name)
        elif guarded.kind in ("html", "xml"):
            self._read_markup(guarded, name)
        else:
            self._read_workbook(guarded)
        return {
            "kind": guarded.kind,
            "encoding": guarded.encoding,
            "sheets": self.sheets,
            "skipped": self.skipped,
        }

    def _read_text(self, guarded: Guarded, name: str) -> None:
        lines = lines_of(guarded.text)
        separator, skip = find_separator(lines)
        self._write_sheet(name, iter(DelimitedRows(lines, separator, skip, self.limits)))

    def _read_markup(self, guarded: Guarded, name: str) -> None:
        read = read_html if guarded.kind == "html" else read_spreadsheet_xml
        tables = read(guarded.text, self.limits)
        if not tables:
            raise Refused("web-table", what="网页" if guarded.kind == "html" else " XML 表格 2003 ")
        for table in tables:
            facts = SheetFacts(hidden_rows=table.hidden_rows, hidden_columns=table.hidden_columns)
            named = name if len(tables) == 1 and guarded.kind == "html" else table.name
            self._write_sheet(named, iter(table.rows), table.merges, facts, hidden=table.is_hidden)

    def _read_workbook(self, guarded: Guarded) -> None:
        from python_calamine import (
            CalamineError,
            CalamineWorkbook,
            PasswordError,
            SheetTypeEnum,
            SheetVisibleEnum,
        )

        try:
            with CalamineWorkbook.from_path(
                _named_after_its_kind(guarded.path, guarded.kind, self.spool)
            ) as book:
                self._check_count(len(book.sheets_metadata))
                for index, sheet in enumerate(book.sheets_metadata):
                    if sheet.typ is not SheetTypeEnum.WorkSheet:
                        self.skipped.append((sheet.name, "不是普通工作表（图表或宏表），未读取"))
                        continue
                    hidden = sheet.visible is not SheetVisibleEnum.Visible
                    self._read_sheet(book, index, sheet.name, hidden, guarded)
        except PasswordError as error:
            raise Refused("encrypted") from error
        except (CalamineError, ValueError, OSError) as error:
            raise Refused("broken-workbook", what=str(error)[:80] or "结构不完整") from error

    def _check_count(self, count: int) -> None:
        if count > self.limits.sheets:
            raise Refused("too-many-sheets", count=f"{count:,}", limit=self.limits.sheets)

    def _read_sheet(self, book: Any, index: int, name: str, hidden: bool, guarded: Guarded) -> None:
        sheet, facts = book.get_sheet_by_index(index), guarded.sheets.get(name) or SheetFacts()
        if sheet.end:
            self._check_density(name, sheet.start, sheet.end, facts.cells)
        merges = sheet.merged_cell_ranges or []
        if len(merges) > MERGES:
            raise Refused("too-many-merges", sheet=name, count=f"{len(merges):,}", limit=f"{MERGES:,}")
        left = sheet.start[1] if sheet.start else 0
        if sheet.end and sheet.end[1] >= self.limits.columns:
            cell = cell_name(sheet.end[0] + 1, sheet.end[1] + 1)
            raise Refused("too-many-columns", sheet=name, cell=cell, limit=self.limits.columns)
        rows = _restored(([""] * left + row for row in sheet.iter_rows()), facts)
        ranges = [(top + 1, first + 1, bottom + 1, last + 1) for (top, first), (bottom, last) in merges]
        self._write_sheet(name, rows, ranges, facts, hidden=hidden)

    @staticmethod
    def _check_density(name: str, start: tuple[int, int], end: tuple[int, int], cells: int | None) -> None:
        """A few cells far apart make the parser fill the whole rectangle between them, and on every sheet anew."""
        area = (end[0] - start[0] + 1) * (end[1] - start[1] + 1)
        if cells is not None and area > SPARSE_AREA and cells < area * SPARSE:
            raise Refused("far-cell", sheet=name, cell=cell_name(end[0] + 1, end[1] + 1))

    def _write_sheet(
        self,
        name: str,
        rows: Iterator[Row],
        merges: Sequence[tuple[int, ...]] = (),
        facts: SheetFacts | None = None,
        *,
        hidden: bool = False,
    ) -> None:
        start, height, width = self.spool.tell(), 0, 0
        for row in rows:
            height += 1
            while row and row[-1] in ("", None):
                row.pop()
            width = max(width, len(row))
            line = self.encode(row)
            if _NUL in line:
                line = self.encode([_without_nul(cell) for cell in row])
            if len(line) > self.limits.cell_characters:
                self._check_lengths(name, height, row)
            if height > self.limits.sheet_rows:
                raise Refused("too-many-rows", sheet=name, limit=f"{self.limits.rows:,}")
            if width > self.limits.columns:
                cell = cell_name(height, width)
                raise Refused("too-many-columns", sheet=name, cell=cell, limit=self.limits.columns)
            self.spool.write(line)
            self.spool.write("\n")
        kept = [merge for merge in merges if merge[0] <= height and merge[1] <= self.limits.columns]
        unseen = facts or SheetFacts()
        self.sheets.append(
            {
                "name": name,
                "hidden": hidden,
                "start": start,
                "height": height,
                "width": width,
                "merges": kept,
                "hidden_rows": spans({row for row in unseen.hidden_rows if row <= height}),
                "hidden_columns": sorted(column for column in unseen.hidden_columns if column <= width),
                "is_filtered": unseen.is_filtered,
            }
        )

    def _check_lengths(self, name: str, row_number: int, row: Row) -> None:
        for column, value in enumerate(row, 1):
            if isinstance(value, str) and len(value) > self.limits.cell_characters:
                raise Refused(
                    "cell-too-long",
                    sheet=name,
                    cell=cell_name(row_number, column),
                    size=f"{len(value):,}",
                    limit=f"{self.limits.cell_characters:,}",
                )


def _named_after_its_kind(path: Path, kind: str, spool: TextIO) -> str:
    """The parser believes a file's extension; the guard has looked inside. A link with the right one helps."""
    link = Path(spool.name).with_name(f"book.{kind}")
    link.symlink_to(path)
    return str(link)


def _moment(value: Any) -> list[str]:
    """Excel dates and times travel as a list of one text, so that no text can be taken for one."""
    if isinstance(value, datetime.timedelta):
        return [f"{value.total_seconds() / 86_400:g}"]
    return [value.isoformat()]


def _without_nul(cell: Any) -> Any:
    """No database keeps a NUL. Behind a text it is what a fixed width was filled with; within one the sign in its place is a
    control character too, and the cell is at fault for it."""
    return cell.rstrip("\0").replace("\0", _SUBSTITUTE) if isinstance(cell, str) else cell


def _restored(rows: Iterator[Row], facts: SheetFacts) -> Iterator[Row]:
    """Puts back what the parser gives as empty, and what the sheet shows in place of a number."""
    by_row: dict[int, list[tuple[int, Any, bool]]] = {}
    told: tuple[tuple[dict[Place, Any], bool], ...] = ((facts.lost, False), (facts.shown, True))
    for places, is_shown in told:
        for (at, column), text in places.items():
            by_row.setdefault(at, []).append((column, text, is_shown))
    number = 0
    for number, row in enumerate(rows, 1):
        for column, text, is_shown in by_row.get(number, ()):
            row += [""] * (column - len(row))
            row[column - 1] = text if is_shown else row[column - 1] or text
        yield row
    for below in range(number + 1, max(by_row, default=0) + 1):
        cells = {column: text for column, text, _shown in by_row.get(below, ())}
        yield [cells.get(column, "") for column in range(1, max(cells, default=0) + 1)]


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError):
        main()
