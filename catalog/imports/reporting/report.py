"""The outcome of a check as it is kept with its run and shown to people; and as the command prints it."""

from typing import Any

from ..checking.file import CheckedSheet, Outcome, column_note
from ..models import ImportRun
from ..understanding.cleaning import LABELS
from ..understanding.faults import Fault
from ..understanding.headings import shown

GROUPS_SHOWN, CELLS_NAMED = 50, 5
PRINTED_AS = {
    "certificate_number": "certificate",
    "applicant_name": "applicant",
    "maker_name": "maker",
    "factory_name": "factory",
    "models_text": "models",
}  # what scripts were promised before a field was called as its column
FAULTS_SHOWN = 500  # on the page; the marked workbook has them all


def report_of(outcome: Outcome, register: str, reading_kind: str, encoding: str) -> dict[str, Any]:
    preview = outcome.preview
    return {
        "kind": reading_kind,
        "encoding": encoding,
        "rows": outcome.rows,
        "faulty_rows": outcome.faulty_rows,
        "new": preview.counts["new"],
        "changed": preview.counts["changed"],
        "unchanged": preview.counts["unchanged"],
        "fault_count": len(outcome.faults),
        "rules": dict(outcome.faults_by_rule.most_common()),
        "faults": [fault.as_dict() for fault in outcome.faults[:FAULTS_SHOWN]],
        "warning_count": len(outcome.warnings),
        "left_out": left_out(outcome.warnings),
        "sheets": [_sheet(sheet, register) for sheet in outcome.sheets],
        "skipped": [list(pair) for pair in outcome.skipped],
        "samples": {
            kind: [
                sample | {"difference": [list(part) for part in sample["difference"]]} for sample in samples
            ]
            for kind, samples in preview.samples.items()
        },
        "renames": preview.renames,
        "missing": preview.missing,
        "missing_ids": preview.missing_ids,
        "listed": preview.listed,
        "relied_on": outcome.relied_on,
    }


def left_out(warnings: list[Fault]) -> list[dict[str, Any]]:
    """Values that were not taken, by column and sentence: how many, and the first cells."""
    groups: dict[tuple[str, int, str, str], list[str]] = {}
    for told in warnings:
        groups.setdefault((told.sheet, told.column, told.rule, told.message), []).append(told.cell)
    return [
        {"rule": rule, "message": message, "count": len(cells), "cells": cells[:CELLS_NAMED]}
        for (_sheet, _column, rule, message), cells in sorted(
            groups.items(), key=lambda group: -len(group[1])
        )
    ][:GROUPS_SHOWN]


def _sheet(sheet: CheckedSheet, register: str) -> dict[str, Any]:
    labels = LABELS[register]
    return {
        "name": sheet.name,
        "is_hidden": sheet.is_hidden,
        "heading_row": sheet.heading.first,
        "rows": sheet.rows,
        "columns": [
            {
                "letters": column.letters,
                "written": shown(column.written),
                "field": column.field,
                "label": labels.get(column.field or "", ""),
                "how": column.how.value,
                "note": column_note(column),
            }
            for column in sheet.heading.columns
        ],
        "passed_over": [list(pair) for pair in sheet.passed_over[:100]],
        "passed_over_count": len(sheet.passed_over),
    }


def answer(run_register: str, publisher: str, outcome: Outcome, batch: str | None) -> dict[str, Any]:
    """What `import_list --json` prints; scripts rely on these keys."""
    counts = outcome.preview.counts
    return {
        "register": run_register,
        "publisher": publisher,
        "rows": outcome.rows,
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "faults": [fault.as_dict() for fault in outcome.faults],
        "headings": {written: PRINTED_AS.get(name or "", name) for written, name in outcome.headings.items()},
        "batch": batch,
    }


def summary(run: ImportRun) -> str:
    """One sentence about what a run found."""
    report = run.report
    return (
        f"共 {report['rows']:,} 行：新增 {report['new']:,}，变更 {report['changed']:,}，"
        f"不变 {report['unchanged']:,}，有误 {report['faulty_rows']:,}。"
    )
