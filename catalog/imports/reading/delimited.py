"""The rows of a text with separators, as spreadsheets, databases and people write them.

Quotation marks are kept wherever they enclose no cell: 1/2" is a size. A program that writes \\" for a quote is understood;
a cell that is opened and never closed is refused instead of eating the rest of the file.
"""

import csv
import re
from collections.abc import Iterator
from statistics import median
from typing import Any

from .limits import Limits
from .refusals import Refused

MOST_LINES = 1_000  # of one cell
_LOOKED_AT = 40  # lines
Row = list[Any]


def lines_of(text: str) -> list[str]:
    """Split at the ends of lines of any system, and at nothing else that Python would take for one."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return lines[:-1] if lines[-1] == "" else lines


def find_separator(lines: list[str]) -> tuple[str, int]:
    """The separator, and how many lines to skip before the rows (Excel's own `sep=;` line)."""
    first = lines[0].strip().strip('"') if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return first[4], 1
    widths = {mark: usual_width(lines, mark) for mark in (",", "\t", ";", "|")}
    best = max(widths, key=lambda mark: widths[mark])
    if widths[best] <= 1 and usual_width(lines, "，") > 2:
        return "，", 0
    return best, 0


def usual_width(lines: list[str], mark: str) -> float:
    try:
        sample = (f"{line[:32_768]}\n" for line in lines[:_LOOKED_AT])
        widths = [len(row) for row in csv.reader(sample, delimiter=mark) if row]
    except csv.Error:
        return 0
    return median(widths) if widths else 0


class DelimitedRows:
    """Walks the lines once."""

    def __init__(self, lines: list[str], separator: str, skip: int, limits: Limits):
        self.lines, self.separator, self.at, self.limits = lines, separator, skip, limits
        self.width = usual_width(lines[skip:], separator)
        mark, end = re.escape(separator), f"(?={re.escape(separator)}|\\Z)"
        self.quoted = re.compile(rf'[ ]*"((?:[^"]|"")*)"[ ]*{end}')
        self.escaped = re.compile(rf'[ ]*"((?:[^"\\]|\\.|"")*)"[ ]*{end}', re.S)
        self.open = re.compile(r'[ ]*"(?:[^"\\]|\\.|"")*\\?\Z', re.S)
        self.plain = re.compile(rf"[^{mark}]*")

    def __iter__(self) -> Iterator[Row]:
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            yield line.split(self.separator) if '"' not in line else self._row(line)

    def _row(self, line: str) -> Row:
        row = self._fields(line)
        if row is None:
            row = self._over_lines(line)
        return row

    def _over_lines(self, line: str) -> Row:
        """A cell goes on in the next lines; where joining them makes no whole row, the line stands for itself."""
        started, joined = self.at, [line]
        for at in range(self.at, min(len(self.lines), self.at + MOST_LINES)):
            joined.append(self.lines[at])
            if '"' not in self.lines[at]:
                continue
            row = self._fields("\n".join(joined), is_strict=True)
            if row is not None:
                self.at = at + 1
                return row
            if not self._is_open("\n".join(joined)):
                break
        else:
            if started + MOST_LINES >= len(self.lines):
                raise Refused("unclosed-quote", line=started)
        return self._fields(line, is_loose=True) or []

    def _is_open(self, text: str) -> bool:
        return self._fields(text) is None

    def _fields(self, line: str, *, is_strict: bool = False, is_loose: bool = False) -> Row | None:
        """The cells of a line; None where one of them goes on in the next, or, strictly, where one is malformed."""
        if '\\"' not in line:
            return self._parsed(line, (self.quoted,), is_strict, is_loose)
        readings = [self._parsed(line, order, is_strict, is_loose) for order in self._orders()]
        whole = [row for row in readings if row is not None]
        return min(whole, key=lambda row: abs(len(row) - self.width), default=None)

    def _orders(self) -> tuple[tuple[re.Pattern[str], ...], ...]:
        return (self.quoted, self.escaped), (self.escaped, self.quoted)

    def _parsed(
        self, line: str, order: tuple[re.Pattern[str], ...], is_strict: bool, is_loose: bool
    ) -> Row | None:
        row: Row = []
        at = 0
        while True:
            found = next((match for one in order if (match := one.match(line, at))), None)
            if found:
                text = found[1].replace('""', '"')
                row.append(re.sub(r"\\(.)", r"\1", text, flags=re.S) if found.re is self.escaped else text)
            elif line[at:].lstrip(" ").startswith('"') and not is_loose and self.open.match(line, at):
                return None
            else:
                found = self.plain.match(line, at)
                text = found[0] if found else ""
                if is_strict and text.lstrip(" ").startswith('"'):
                    return None
                row.append(_literal(text))
            at = found.end() if found else len(line)
            if at >= len(line):
                return row
            at += len(self.separator)


def _literal(text: str) -> str:
    """A text with quotes that enclose nothing. `"1/2" 球阀` was opened like a cell, and means inches."""
    if re.match(r'"[\d./ ]*\d"(?!\Z)', text):
        return text[1:]
    return text
