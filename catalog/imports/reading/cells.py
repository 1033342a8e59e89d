"""Cell addresses as people read them: C5, Sheet!C5."""

import re

_REFERENCE = re.compile(r"([A-Za-z]{1,4})(\d{1,9})")


def column_letters(column: int) -> str:
    """1 -> A, 27 -> AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def column_number(letters: str) -> int:
    """A -> 1, AA -> 27."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + ord(letter) - 64
    return number


def cell_name(row: int, column: int) -> str:
    """Both counted from 1."""
    return f"{column_letters(column)}{row}"


def address(sheet: str, row: int, column: int) -> str:
    """The address in a fault; `column` 0 means the whole row."""
    return f"{sheet}!{cell_name(row, column) if column else row}"


def row_words(sheet: str, row: int) -> str:
    """A whole row as sentences name it: people know `Sheet!C5` from Excel, `Sheet!5` from nowhere."""
    return f"「{sheet}」第 {row} 行"


def split_reference(reference: str) -> tuple[int, int] | None:
    """'C5' -> (5, 3); None when it is no cell reference."""
    match = _REFERENCE.fullmatch(reference)
    return (int(match[2]), column_number(match[1])) if match else None
