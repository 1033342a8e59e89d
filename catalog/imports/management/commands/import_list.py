"""Import a product list or an enterprise directory from a workbook into a draft batch."""

import json
import sys
from pathlib import Path
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser, OutputWrapper

from catalog.imports.checking.file import Outcome
from catalog.imports.importing import Imported, ImportRequest, import_file
from catalog.imports.reading.refusals import Refused
from catalog.imports.reporting.report import answer, left_out
from catalog.imports.understanding.faults import MENDED
from catalog.imports.understanding.heading_words import FIELDS
from catalog.imports.understanding.meanings import shown
from portal.core.workflow import NotAllowed

FAULTS_PRINTED = 200
CLEAN, REFUSED, FAULTS = 0, 1, 2


class Command(BaseCommand):
    help = (
        "Check a workbook (.xlsx, .xls, .csv) and save it into a draft batch. Exit code 0: clean, 2: faults in rows or "
        "questions about the file, 1: refused. With faults nothing is saved, unless --valid-only is given; with open "
        "questions never."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="工作簿或 CSV 文件")
        parser.add_argument("--register", required=True, choices=list(FIELDS), help="产品清单或企业名录")
        parser.add_argument("--publisher", required=True, metavar="national|CODE", help="发布方")
        parser.add_argument("--by", required=True, metavar="USER", help="办理人的账号")
        parser.add_argument("--batch", default="", metavar="SLUG", help="放入的批次，如 2022-1；没有就新建")
        parser.add_argument(
            "--scope", choices=["additions", "complete"], default="additions", help="complete：完整清单"
        )
        parser.add_argument("--valid-only", action="store_true", help="仅导入无误行")
        parser.add_argument(
            "--answer",
            action="append",
            default=[],
            metavar="KEY=CHOICE",
            help="对文件中隐藏或重复内容的决定，如 rows:清单=take；可以重复",
        )
        parser.add_argument("--dry-run", action="store_true", help="只检查，不保存")
        parser.add_argument("--json", action="store_true", help="输出一个 JSON 对象")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            imported = import_file(options["file"], self._import_request(options))
        except (Refused, NotAllowed) as refusal:
            self.stdout.write(f"refused: {refusal.rule}")
            self.stdout.write(refusal.sentence)
            sys.exit(REFUSED)
        if options["json"]:
            batch = _batch_of(imported, options["batch"])
            found = answer(options["register"], options["publisher"], imported.outcome, batch)
            self.stdout.write(json.dumps(found, ensure_ascii=False))
            self._tell_left_out(
                imported.outcome, self.stderr
            )  # the object has its keys, and scripts rely on them
        else:
            self._tell(imported, options)
        if imported.outcome.faults or imported.outcome.open_questions:
            sys.exit(FAULTS)

    @staticmethod
    def _import_request(options: dict[str, Any]) -> ImportRequest:
        person = get_user_model().objects.filter(username=options["by"]).first()
        if person is None:
            raise NotAllowed("user.unknown", f"没有「{options['by']}」这个账号。")
        return ImportRequest(
            register=options["register"],
            publisher=options["publisher"],
            by=person,
            slug=options["batch"],
            is_complete=options["scope"] == "complete",
            is_valid_only=options["valid_only"],
            is_dry=options["dry_run"],
            answers=dict(given.rpartition("=")[::2] for given in options["answer"]),
        )

    def _tell(self, imported: Imported, options: dict[str, Any]) -> None:
        outcome = imported.outcome
        self._tell_sheets(outcome)
        counts = outcome.preview.counts
        self.stdout.write(
            f"共 {outcome.rows} 行：新增 {counts['new']}，变更 {counts['changed']}，不变 {counts['unchanged']}，"
            f"有误 {outcome.faulty_rows}。"
        )
        for fault in outcome.faults[:FAULTS_PRINTED]:
            value = f"「{shown(fault.value)}」" if fault.value else ""
            self.stdout.write(f"{fault.cell} {fault.rule} {value}{fault.message}")
        if len(outcome.faults) > FAULTS_PRINTED:
            self.stdout.write(f"另有 {len(outcome.faults) - FAULTS_PRINTED} 处，用 --json 列出全部。")
        self._tell_left_out(outcome, self.stdout)
        for question in outcome.open_questions:
            choices = "，".join(
                f"--answer {question.key}={value}（{label}）" for value, label in question.choices
            )
            self.stdout.write(f"要您决定：{question.message}{choices}")
        is_complete = options["scope"] == "complete" and not outcome.open_questions
        self._tell_preview(outcome, is_complete=is_complete)
        for count in outcome.relied_on.values():
            self.stdout.write(f"其中 {count} 行已由之前的导入放入这一批次，内容相同，不重复计入。")
        self.stdout.write(_ending(imported, options["dry_run"]))

    @staticmethod
    def _tell_left_out(outcome: Outcome, to: OutputWrapper) -> None:
        for group in left_out(outcome.warnings):
            cells = "、".join(group["cells"]) + ("等" if group["count"] > len(group["cells"]) else "")
            what = "未照原样采用的值" if group["rule"] in MENDED else "未采用的值"
            to.write(f"{what} {group['count']} 处（{cells}）：{group['message']}")

    def _tell_sheets(self, outcome: Outcome) -> None:
        for sheet in outcome.sheets:
            taken = [
                f"{shown(column.written)}→{column.field}" for column in sheet.heading.columns if column.field
            ]
            left = [shown(column.written) for column in sheet.heading.columns if not column.field]
            hidden = "（隐藏）" if sheet.is_hidden else ""
            self.stdout.write(
                f"「{sheet.name}」{hidden}标题在第 {sheet.heading.first} 行：{'，'.join(taken)}"
            )
            if left:
                self.stdout.write(f"  未采用的列：{'、'.join(left)}")
            for number, why in sheet.passed_over[:20]:
                self.stdout.write(f"  第 {number} 行不是数据：{why}")
        for name, why in outcome.skipped:
            self.stdout.write(f"「{name}」未读取：{why}")

    def _tell_preview(self, outcome: Outcome, *, is_complete: bool) -> None:
        for rename in outcome.preview.renames[:20]:
            number = f"（{rename['number']}）" if rename["number"] else ""
            self.stdout.write(f"疑似更名 {rename['where']}：{rename['before']}{number} → {rename['after']}")
        if is_complete:
            self.stdout.write(
                f"现有 {outcome.preview.listed} 项中，{len(outcome.preview.missing_ids)} 项不在本文件中："
            )
            for missing in outcome.preview.missing[:50]:
                self.stdout.write(f"  {missing['number']} {missing['name']}")
            self.stdout.write("它们不会自动移出；要移出，请在导入页面逐项选择。")


def _batch_of(imported: Imported, slug: str) -> str | None:
    """The batch that was written to; the named one when there was nothing to write."""
    if imported.run is None:
        return None
    return imported.run.batch.slug if imported.run.batch else slug or None


def _ending(imported: Imported, is_dry: bool) -> str:
    outcome, run = imported.outcome, imported.run
    if outcome.open_questions and not is_dry:
        return "没有保存：请先用 --answer 回答以上问题。"
    if outcome.changes_nothing:
        return "没有变化：文件内容与名册和编制中的批次相同，什么也没有改动。"
    if is_dry:
        return "只检查，没有保存。"
    if imported.is_saved and run is not None and run.batch is not None:
        return f"已导入批次 {run.batch.slug}（导入编号 {run.pk}）。"
    return "没有保存：请改正以上各处后重新导入，或加 --valid-only 仅导入无误行。"
