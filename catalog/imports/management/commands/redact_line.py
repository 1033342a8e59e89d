"""Take one personal value out of everything that is kept."""

import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser

from catalog.imports.redaction import redact_imports
from catalog.publication.redaction import redact, wipe_freed_space
from portal.workflow import NotAllowed


class Command(BaseCommand):
    help = (
        "Redacts FIELD of the lines with KEY, and the same value wherever else it stands for that enterprise: "
        "other lines, working rows, before-images, the search index, uploaded workbooks. The chain stays whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("key", metavar="KEY", help="如 product/0000001-3/national")
        parser.add_argument("field", metavar="FIELD", help="如 enterprise_name")
        parser.add_argument("--basis", required=True, help="法律依据或当事人申请")
        parser.add_argument("--by", metavar="USER", help="办理人的账号")

    def handle(self, *args: Any, key: str, field: str, basis: str, by: str | None, **options: Any) -> None:
        person = get_user_model().objects.filter(username=by).first() if by else None
        if by and person is None:
            self._refuse("user.unknown", f"没有「{by}」这个账号。")
        try:
            done = redact(key, field, basis=basis, by=person)
        except NotAllowed as refusal:
            self._refuse(refusal.rule, refusal.sentence)
        files = redact_imports(done.values)
        wipe_freed_space()
        assert done.edition is not None  # noqa: S101 - a redaction that was done has one
        self.stdout.write(
            f"已隐去：{len(done.lines)} 处公开内容、{files} 次导入的文件；第{done.edition.number}版，依据：{basis}"
        )
        self.stdout.write("备份里仍有原值：请按留存期限销毁旧备份。")

    def _refuse(self, rule: str, sentence: str) -> None:
        self.stdout.write(f"refused: {rule}\n{sentence}")
        sys.exit(1)
