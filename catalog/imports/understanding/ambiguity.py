"""What is said of a heading in which several columns name the same field."""

from .assigning import Column, Heading
from .cleaning import LABELS
from .faults import Fault, sentence
from .meanings import shown

FEWEST_BESIDE = 3  # fields named twice, from left to right, that make a second table beside the first


def ambiguities(sheet: str, heading: Heading, register: str) -> list[Fault]:
    """One for each column; one for all where a second table stands beside the first."""
    columns = heading.ambiguous()
    left, right = (
        [column for column in columns if bool(column.field) is is_first] for is_first in (True, False)
    )
    if len({column.meant for column in right}) < FEWEST_BESIDE or left[-1].number > right[0].number:
        return [_ambiguity(sheet, heading, column, register) for column in columns]
    message = sentence("tables-side-by-side", left=_span(left), right=_span(right))
    return [
        Fault("tables-side-by-side", sheet, heading.last, right[0].number, shown(right[0].written), message)
    ]


def _span(columns: list[Column]) -> str:
    return f"{columns[0].letters} 到 {columns[-1].letters} 列"


def _ambiguity(sheet: str, heading: Heading, column: Column, register: str) -> Fault:
    same = [other for other in heading.ambiguous() if other.meant == column.meant]
    names = "、".join(f"{other.letters} 列「{shown(other.written)}」" for other in same)
    label = LABELS[register].get(column.meant or "", shown(column.written))
    message = sentence("heading-ambiguous", label=label, columns=names)
    return Fault("heading-ambiguous", sheet, heading.last, column.number, shown(column.written), message)
