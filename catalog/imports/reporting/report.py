"""The outcome of a check as it is kept with its run and shown to people; and as the command prints it."""

import re
from typing import Any

from ..checking.file import CheckedSheet, Outcome, column_note
from ..models import ImportRun
from ..reading.cells import column_letters
from ..understanding.assigning import Column
from ..understanding.cell_text import shown as shown_cell
from ..understanding.cleaning import LABELS, is_personal
from ..understanding.faults import MENDED, Fault
from ..understanding.meanings import shown

LONGEST_SAMPLE = 40
_NAMES_PERSONS = re.compile(r"人|姓名|手机|电话|联系|身份证|账号|账户|邮箱|微信|qq|mail|phone", re.I)

GROUPS_SHOWN, CELLS_NAMED, CELLS_LISTED = 25, 5, 40
PRINTED_AS = {
    "certificate_number": "certificate",
    "applicant_name": "applicant",
    "maker_name": "maker",
    "factory_name": "factory",
    "models_text": "models",
}  # what scripts were promised before a field was called as its column
FAULTS_SHOWN = 500  # on the page; the annotated workbook has them all


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
        "groups": groups(outcome.faults, outcome.sheets, register),
        "warning_count": sum(fault.rule not in MENDED for fault in outcome.warnings),
        "left_out": left_out([fault for fault in outcome.warnings if fault.rule not in MENDED]),
        "mended": left_out([fault for fault in outcome.warnings if fault.rule in MENDED]),
        "questions": [question.as_dict() for question in outcome.questions],
        "elsewhere": preview.elsewhere,
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


def groups(faults: list[Fault], sheets: list[CheckedSheet], register: str) -> list[dict[str, Any]]:
    """Faults by rule and column: how many, the first cells with what they hold, and what to write. Most frequent first."""
    labels = {
        (sheet.name, column.number): LABELS[register].get(column.field or "", shown(column.written))
        for sheet in sheets
        for column in sheet.heading.columns
    }
    found: dict[tuple[str, str, int], list[Fault]] = {}
    for fault in faults:
        found.setdefault((fault.rule, fault.sheet, fault.column), []).append(fault)
    return [
        {
            "rule": rule,
            "sheet": sheet,
            "column": labels.get((sheet, column), "整行"),
            "count": len(members),
            "message": members[0].message,
            "cells": [fault.as_dict() for fault in members[:CELLS_LISTED]],
        }
        for (rule, sheet, column), members in sorted(found.items(), key=lambda group: -len(group[1]))
    ][:GROUPS_SHOWN]


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
        "unheaded": [column_letters(number) for number in sheet.heading.unheaded],
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
                "samples": _samples(column, register),
            }
            for column in sheet.heading.columns
        ],
        "passed_over": [list(pair) for pair in sheet.passed_over[:100]],
        "passed_over_count": len(sheet.passed_over),
    }


def _samples(column: Column, register: str) -> list[str]:
    """The first values of a column; none of one that names persons."""
    if is_personal(register, column.field) or (
        column.field is None and _NAMES_PERSONS.search(column.written)
    ):
        return ["（内部信息）"]
    return [shown_cell(cell)[:LONGEST_SAMPLE] for cell in column.samples]


def answer(run_register: str, publisher: str, outcome: Outcome, batch: str | None) -> dict[str, Any]:
    """What `import_list --json` prints; scripts rely on these keys. A question that is open stops a file as a fault does."""
    counts = outcome.preview.counts
    return {
        "register": run_register,
        "publisher": publisher,
        "rows": outcome.rows,
        "new": counts["new"],
        "changed": counts["changed"],
        "unchanged": counts["unchanged"],
        "faults": [question.as_fault() for question in outcome.open_questions]
        + [fault.as_dict() for fault in outcome.faults],
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
