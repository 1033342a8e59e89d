"""Looks through the parts of an .xlsx, chunk by chunk, for cells outside the limits and for what a parser would lose.

Only tags are looked at, and only those that say something unusual: a workbook has cells by the million.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from xml.etree import ElementTree

from .cells import cell_name, split_reference
from .facts import Place, SheetFacts
from .limits import Limits
from .number_formats import BUILT_IN, DATES_BUILT_IN, NotFollowed, Shape, follow, is_date
from .refusals import Refused

TAIL = 1 << 12  # a tag is looked at whole, also where two chunks meet
NOT_FOLLOWED = "format"  # beside a number in a list: what the sheet shows of it cannot be told


@dataclass(frozen=True)
class Styles:
    """The cell styles under which a number shows more than its digits, and those that make it a day, by their index."""

    shapes: dict[str, Shape] = field(default_factory=dict)
    days: frozenset[str] = frozenset()

    @classmethod
    def of(cls, root: ElementTree.Element) -> "Styles":
        codes = dict(BUILT_IN)
        for item in root.iter():
            if item.tag.endswith("}numFmt") and (number := item.get("numFmtId", "")).isdigit():
                codes[int(number)] = item.get("formatCode", "")
        none: list[ElementTree.Element] = []
        styles = next((item for item in root.iter() if item.tag.endswith("}cellXfs")), none)
        numbers = [int(style.get("numFmtId") or 0) for style in styles]
        shapes = {
            str(at): shape for at, number in enumerate(numbers) if (shape := follow(codes.get(number, "")))
        }
        days = {
            str(at)
            for at, number in enumerate(numbers)
            if is_date(codes.get(number, "")) or number in DATES_BUILT_IN
        }
        return cls(shapes, frozenset(days))


def outside(limits: Limits) -> re.Pattern[bytes]:
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


_CELL = rb"<(?:\w+:)?c\s"
_FORMULA = rb"<(?:\w+:)?f\b(?:[^<>]*/>|[^<>]*>([^<]*)</(?:\w+:)?f>)\s*"
_GENERAL = 200  # styles; above that a pattern that names each is slower than one for all
_NO = rb"\s*=\s*[\"'](?:1|true)[\"']"
_ZERO = rb"\s*=\s*[\"']0(?:\.0+)?[\"']"


def _styled(ids: Iterable[str], value: bytes) -> re.Pattern[bytes] | None:
    """Cells of these styles with a value such as `value`, written down or worked out."""
    if not (wanted := sorted(ids)):
        return None
    names = b"|".join(one.encode() for one in wanted) if len(wanted) <= _GENERAL else rb"\d+"
    formula = _FORMULA.replace(b"([^<]*)", b"[^<]*")
    return re.compile(
        _CELL
        + rb"([^<>]*\bs\s*=\s*[\"'](?:"
        + names
        + rb")[\"'][^<>]*)>\s*(?:"
        + formula
        + rb")?"
        + rb"<(?:\w+:)?v>("
        + value
        + rb")<"
    )


class SheetScan:
    """One part, looked at chunk by chunk."""

    _EMPTY = re.compile(rb"[^<>]*(?:/>|>\s*(?:</(?:\w+:)?c>|<(?:\w+:)?v\s*/>|<(?:\w+:)?v></))")
    _ERROR = re.compile(
        _CELL + rb"((?=[^<>]*\bt\s*=\s*[\"']e[\"'])[^<>]*)>(?:(?!</(?:\w+:)?c>).)*?<(?:\w+:)?v>([^<]*)<", re.S
    )
    _UNCALCULATED = re.compile(
        _CELL
        + rb"([^<>]*)>\s*"
        + _FORMULA
        + rb"(<(?:\w+:)?v\s*/>|<(?:\w+:)?v>0?</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
    )
    _HIDDEN = re.compile(
        rb"<(?:\w+:)?(row|col)\s([^<>]*\b(?:hidden" + _NO + rb"|(?:ht|width)" + _ZERO + rb")[^<>]*)>"
    )
    _ROW_ELEMENT = re.compile(rb"<(?:\w+:)?row\b[^<>]*$")
    _ATTRIBUTE = re.compile(rb"(?<![\w:])(r|t|s|min|max)\s*=\s*[\"']([^\"']*)[\"']")

    def __init__(
        self, sheet: str, far: re.Pattern[bytes], limits: Limits, styles: Styles, *, is_uncalculated: bool
    ):
        self.sheet, self.far, self.limits, self.styles = sheet, far, limits, styles
        self.is_uncalculated = is_uncalculated
        self.shaped = _styled(styles.shapes, rb"[^<]*")
        self.before_days = _styled(styles.days, rb"-[^<]*")
        self.rows = 0
        self.facts = SheetFacts(cells=0)

    def look(self, text: bytes, until: int) -> None:
        """Looks at `text`; what begins at or after `until` is looked at with the next chunk."""
        for match in self.far.finditer(text):
            if match.start() < until:
                self._judge(text, match)
        if b'"e"' in text or b"'e'" in text:
            self._remember_errors(text)
        if b"<f" in text or b":f" in text:
            self._remember_formulas(text)
        self._remember_shown(text)
        if b"hidden" in text or b'"0"' in text:
            self._remember_hidden(text)
        self.facts.is_filtered |= b"filterColumn" in text
        until = max(0, until)
        self.rows += text.count(b"<row", 0, until)
        self.facts.cells = (self.facts.cells or 0) + (
            text.count(b"<c ", 0, until) + text.count(b":c ", 0, until) + text.count(b"<c>", 0, until)
        )

    def _attributes(self, written: bytes) -> dict[str, str]:
        return {
            name.decode(): value.decode("utf-8", "replace")
            for name, value in self._ATTRIBUTE.findall(written)
        }

    def _remember_errors(self, text: bytes) -> None:
        for match in self._ERROR.finditer(text):
            if place := split_reference(self._attributes(match[1]).get("r", "")):
                self.facts.lost[place] = unescape(match[2].decode("utf-8", "replace"))

    def _remember_formulas(self, text: bytes) -> None:
        """Formulas that no program has worked out yet; one that shows the empty text has been."""
        for match in self._UNCALCULATED.finditer(text):
            cell, is_zero = self._attributes(match[1]), b">0<" in (match[3] or b"")
            place = split_reference(cell.get("r", ""))
            if place is None or (match[3] and cell.get("t") == "str"):
                continue
            formula = "=" + unescape((match[2] or b"").decode("utf-8", "replace"))
            if not is_zero:
                self.facts.lost[place] = formula
            elif self.is_uncalculated:
                self.facts.shown[place] = formula

    def _remember_shown(self, text: bytes) -> None:
        for match in self.shaped.finditer(text) if self.shaped else ():
            cell = self._attributes(match[1])
            shape = self.styles.shapes.get(cell.get("s", ""))
            if shape and cell.get("t", "n") == "n" and (place := split_reference(cell.get("r", ""))):
                self._show(place, shape, match[2])
        for match in self.before_days.finditer(text) if self.before_days and b"v>-" in text else ():
            cell = self._attributes(match[1])
            if cell.get("s") in self.styles.days and (place := split_reference(cell.get("r", ""))):
                self.facts.shown[place] = _number(match[2])  # a parser makes midnight of it

    def _show(self, place: Place, shape: Shape, value: bytes) -> None:
        if (number := _number(value)) is None:
            return
        if (shown := shown_as(shape, number)) is not None:
            self.facts.shown[place] = shown

    def _remember_hidden(self, text: bytes) -> None:
        for kind, written in self._HIDDEN.findall(text):
            found = self._attributes(written)
            if kind == b"row" and found.get("r", "").isdigit():
                self.facts.hidden_rows.add(int(found["r"]))
            elif kind == b"col" and found.get("min", "").isdigit() and found.get("max", "").isdigit():
                last = min(int(found["max"]), self.limits.columns)
                self.facts.hidden_columns.update(range(int(found["min"]), last + 1))

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


def _number(value: bytes) -> float | None:
    try:
        return float(value)
    except ValueError:
        return None


def shown_as(shape: Shape, number: float) -> Any:
    """What stands for the number in the row: a text, or, where that cannot be worked out, a pair that says so."""
    try:
        return shape.show(number)
    except NotFollowed:
        return [f"{number:.15g}", NOT_FOLLOWED]
