"""Write the database and the stored files into a folder."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.safekeeping.backup import backup
from portal.workflow import NotAllowed


class Command(BaseCommand):
    help = "Writes database, files and a manifest into an empty folder, while the portal runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: Any, folder: Path, **options: Any) -> None:
        try:
            done = backup(folder)
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        self.stdout.write(f"已备份到 {folder}：第{done.edition}版，{done.files} 个文件。")
