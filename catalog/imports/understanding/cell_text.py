"""What a cell says before any field is asked: its text, where Excel or a decoder has not spoiled it. Pure."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from catalog.fields.invalid import InvalidValue

Cell = Any
Clean = Callable[[Cell], Any]  # how a column is read
_ERROR = re.compile(r"#(?:N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|SPILL!|GETTING_DATA|CALC!)", re.I)
_TEXT_FORMULA = re.compile(r'="((?:[^"]|"")*)"')
_SAYS_MORE = (
    "=",
    "#",
    "'",
)  # a text that begins so may be a formula, an error, or a text that Excel keeps one
_LOST = "\ufffd"  # what a decoder puts for a byte that it cannot read
_DITTO = frozenset(["同上", "同上。", "同前", "〃", "″", "〞", '"', "''", "〃〃", "ditto", "同左上"])
LONGEST_DITTO = 6
_AHEAD = " \t\r\n\u3000\u00a0\u200b\u200c\u200d\u2060\ufeff"


@dataclass(frozen=True)
class Mended:
    """A value that is not all the cell says, and what is told of it. `beside`: what the cell says for other fields."""

    value: Any
    rule: str
    told: dict[str, Any]
    beside: dict[str, Any] = field(default_factory=dict)


def text_of(cell: Cell, label: str = "") -> str:
    """The text a cell shows, as it stands; '' for an empty one. Raises InvalidValue where Excel has spoiled it."""
    if cell is None or cell == "":
        return ""
    if isinstance(cell, str):
        return plain(cell)
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, list):
        raise InvalidValue("became-date" if len(cell) == 1 else "number-format", label=label)
    if not abs(cell) < 1e15:
        raise InvalidValue("digits-lost", label=label)
    return str(int(cell)) if cell == int(cell) else f"{cell:.15g}"


def plain(cell: str) -> str:
    if _LOST in cell:
        raise InvalidValue("undecodable")
    if cell[:1].isalnum():
        return cell
    text = cell.lstrip(_AHEAD)
    if not text.startswith(_SAYS_MORE):
        return cell
    text = text.rstrip(_AHEAD)
    if text[0] == "=":
        if not (match := _TEXT_FORMULA.fullmatch(text)):
            raise InvalidValue("formula-without-value")
        return match[1].replace('""', '"')
    if text[0] == "'":
        return text[1:]  # how Excel, and our own exports, keep a text a text
    if _ERROR.fullmatch(text):
        raise InvalidValue("cell-error")
    return text


def shown(cell: Cell) -> str:
    """A cell as it is quoted in a fault."""
    if isinstance(cell, list):
        return str(cell[0]).removesuffix("T00:00:00")
    if isinstance(cell, float) and cell == cell and abs(cell) < 1e15 and cell == int(cell):
        return str(int(cell))
    return "" if cell is None else str(cell)[:200]


def is_ditto(cell: Cell) -> bool:
    """Whether it means the cell above."""
    return isinstance(cell, str) and len(cell) <= LONGEST_DITTO and cell.strip().casefold() in _DITTO


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())
