"""Merged cells: Excel keeps their value in the first one, and people read it in all."""

from ..reading.sheets import Cell, Sheet
from .cell_text import is_blank


class FillDown:
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
