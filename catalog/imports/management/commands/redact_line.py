"""Take one personal value out of everything that is kept."""

import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser

from catalog.publication.compiling.restating import permit_again, was_redacted
from catalog.publication.publishing.redaction import Redaction, redact, redact_files, wipe_freed_space
from portal.core.workflow import NotAllowed


class Command(BaseCommand):
    help = (
        "Redacts FIELD of the lines with KEY, and the same value wherever else it stands for that enterprise: "
        "other lines, working rows, drafts, cases, before-images, the search index, uploaded workbooks. The chain "
        "stays whole. Lines that say the value again are refused; with --permit-again they are let through from now on."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="如 product/0000001-3/national")
        parser.add_argument("field", metavar="FIELD", help="如 enterprise_name")
        parser.add_argument("--basis", required=True, help="法律依据或当事人申请；写入公开日志，不要写姓名")
        parser.add_argument("--by", metavar="USER", help="办理人的账号")
        parser.add_argument(
            "--permit-again",
            action="store_true",
            help="不隐去：今后又写同一内容时放行（当事人要求恢复，或隐去有误）",
        )

    def handle(self, *args: Any, key: str, field: str, basis: str, by: str | None, **options: Any) -> None:
        person = get_user_model().objects.filter(username=by).first() if by else None
        if by and person is None:
            self._refuse("user.unknown", f"没有「{by}」这个账号。")
        try:
            if options["permit_again"]:
                permit_again(key, field, basis=basis, by=person)
                self.stdout.write("已放行：今后又写同一内容时不再拒绝。已经隐去的不会恢复。")
            else:
                self._redact(key, field, basis, person)
        except NotAllowed as refusal:
            self._refuse(refusal.rule, refusal.sentence)

    def _redact(self, key: str, field: str, basis: str, person: Any) -> None:
        files = redact_files(key, field, basis=basis)
        try:
            done = redact(key, field, basis=basis, by=person, told=self._tell_step)
        except NotAllowed as refusal:
            if refusal.rule != "redaction.nothing" or not was_redacted(f"{key} {field}"):
                raise
            wipe_freed_space()  # the run that redacted it may have ended before
            self.stdout.write("早已隐去；删去的旧值在数据库里占过的地方又清理了一遍。")
            return
        wipe_freed_space()
        files += done.files
        if not done.values:
            self.stdout.write(
                "上一次中断前已全部隐去，现已了结。中断前后新上传的文件里是否有原内容，无法再核对，请自行查看。"
            )
        elif done.edition is None:
            self.stdout.write("公开内容早已隐去；上一次中断后登记内容里还留着的，现已清除。")
        else:
            said = f"{len(done.lines)} 处公开内容、{files} 个上传的文件；第{done.edition.number}版"
            self.stdout.write(f"已隐去：{said}，依据：{basis}")
        self.stdout.write("备份里仍有原值：请按留存期限销毁旧备份。")

    def _tell_step(self, done: Redaction) -> None:
        edition = done.edition.number if done.edition else ""
        said = f"正在隐去：已有 {len(done.lines)} 处公开内容，第{edition}版；其余还在公开，请不要中断。"
        self.stdout.write(f"{said}中断了就把同一条命令再运行一遍。")

    def _refuse(self, rule: str, sentence: str) -> None:
        self.stdout.write(f"refused: {rule}\n{sentence}")
        sys.exit(1)
