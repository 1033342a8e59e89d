"""Write the database and the stored files into a folder."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from portal.core.workflow import NotAllowed
from portal.site.safekeeping.backup import backup

MOST = 20


class Command(BaseCommand):
    help = (
        "Writes database, files and a manifest into an empty folder, while the portal runs. "
        "Exit 2: written, but a stored file here is damaged."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")

    def handle(self, *args: object, folder: Path, **options: object) -> None:
        try:
            done = backup(folder)
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        self.stdout.write(f"已备份到 {folder}：第{done.edition}版，{len(done.files)} 个文件。")
        for path in done.damaged[:MOST]:
            self.stdout.write(f"damaged: {path}")
        if done.damaged:
            self.stdout.write(
                f"备份可用，但 {len(done.damaged)} 个存放的文件已损坏，没有带上。请从更早的备份找回它们，或重新上传。"
            )
            sys.exit(2)
