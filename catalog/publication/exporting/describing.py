"""What the columns of the files are, for programs: JSON Schema of a line of JSON Lines, CSVW of the tables."""

from typing import Any

from .columns import Column, certificate_columns, edition_columns, enterprise_columns, product_columns
from .shelves import LISTS, TITLES, Shelf

COLUMNS = {
    "products": product_columns,
    "enterprises": enterprise_columns,
    "certificates": certificate_columns,
    "editions": edition_columns,
}
KEYS = {
    "products": ["number", "publisher_word"],
    "enterprises": ["uscc", "publisher_word"],
    "certificates": ["certificate", "body"],
    "editions": ["number"],
}


def schema(shelf: Shelf, register: str) -> dict[str, Any]:
    """Of one line. Every name is always there; null where nothing is said."""
    columns = COLUMNS[register](shelf.reading)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": TITLES[register],
        "type": "object",
        "properties": {column.name: property_of(column) for column in columns},
        "required": [column.name for column in columns],
        "additionalProperties": False,
    }


def tables(shelf: Shelf) -> dict[str, Any]:
    """Of the CSV files; their addresses are relative to this description."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "tables": [_table(shelf, register) for register in LISTS],
    }


def property_of(column: Column) -> dict[str, Any]:
    titled = {"title": column.heading} if column.heading else {}
    if column.is_number:
        return {**titled, "type": ["integer"]}
    return {**titled, "type": ["string", "null"], **({"format": "date"} if column.is_day else {})}


def _table(shelf: Shelf, register: str) -> dict[str, Any]:
    columns = [column for column in COLUMNS[register](shelf.reading) if column.heading]
    return {
        "url": f"{register}.csv",
        "dc:title": TITLES[register],
        "tableSchema": {
            "columns": [
                {"name": column.name, "titles": column.heading, "datatype": _datatype(column)}
                for column in columns
            ],
            "primaryKey": KEYS[register],
        },
    }


def _datatype(column: Column) -> str:
    if column.is_number:
        return "integer"
    return "date" if column.is_day else "string"
