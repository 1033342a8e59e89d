"""Bring a backup back."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from portal.safekeeping.backup import restore
from portal.workflow import NotAllowed


class Command(BaseCommand):
    help = "Brings a backup back and proves it by the chain. Stop the portal first."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument("--replace", action="store_true", help="替换本数据库里已公布的内容")

    def handle(self, *args: Any, folder: Path, replace: bool, **options: Any) -> None:
        try:
            done = restore(folder, replacing=replace)
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        self.stdout.write(f"已恢复到第{done.edition}版，链完好。")
