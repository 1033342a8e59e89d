"""Sheets that the portal itself puts into a workbook, known again when it is uploaded: faults, and choices of a template."""

from ..reading.sheets import Reading, Sheet

LIST_NAME = "问题清单"
CHOICES_NAME = "可选内容"
LIST_HEADINGS = ["序号", "位置", "单元格内容", "问题和处理办法", "规则"]


def is_fault_list(reading: Reading, sheet: Sheet) -> bool:
    """Whether a sheet is the list that an earlier round added."""
    if not sheet.name.startswith(LIST_NAME) or not sheet.height:
        return False
    return next(reading.rows(sheet))[1][: len(LIST_HEADINGS)] == LIST_HEADINGS
