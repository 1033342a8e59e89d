"""Bring a backup back."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from portal.core.workflow import NotAllowed
from portal.site.safekeeping.restoring import restore

MOST = 20


class Command(BaseCommand):
    help = "Checks a backup whole, proves it by the chain and puts it in the place of what is here. Stop the portal first."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--replace", action="store_true", help="替换本数据库里已公布的内容")

    def handle(self, *args: object, folder: Path, replace: bool, **options: object) -> None:
        try:
            done = restore(folder, replacing=replace)
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        self.stdout.write(f"已恢复到第{done.manifest.edition}版，链完好；修复了 {done.mended} 个文件。")
        for path in done.lost[:MOST]:
            self.stdout.write(f"lost: {path}")
        if done.lost:
            self.stdout.write(
                f"注意：{len(done.lost)} 个文件这份备份里也没有。请从更早的备份找，或请人重新上传同一份文件。"
            )
