"""Reads exported files back."""

import csv
import io
import json

import openpyxl


def csv_of(raw: bytes) -> list[dict]:
    assert raw.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def jsonl_of(raw: bytes) -> list[dict]:
    return [json.loads(line) for line in raw.decode().splitlines()]


def xlsx_of(raw: bytes) -> list[dict]:
    sheet = openpyxl.load_workbook(io.BytesIO(raw)).worksheets[0]
    heading, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(heading, row, strict=True)) for row in rows]


def about_of(raw: bytes) -> dict:
    """The second sheet of a workbook."""
    return dict(openpyxl.load_workbook(io.BytesIO(raw)).worksheets[1].iter_rows(values_only=True))
