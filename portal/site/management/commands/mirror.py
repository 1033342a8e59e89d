"""Write the public site of one edition into a folder that needs no server."""

import os
import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandParser

from portal.core.workflow import NotAllowed
from portal.site.mirror.mirror import mirror
from portal.site.mirror.subject import Subject


class Command(BaseCommand):
    help = (
        "Writes the public site of one edition as files with relative links, or brings such a folder up to date: only what "
        "differs is written. Exit 1: refused, the folder is as it was. Exit 2: written, but not signed."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("folder", type=Path, metavar="DIR")
        parser.add_argument(
            "--edition",
            type=int,
            metavar="N",
            help="as on the day of its publication; else the newest, today",
        )
        parser.add_argument(
            "--region", nargs="+", default=[], metavar="CODE", help="only enterprises of these provinces"
        )
        parser.add_argument("--processes", type=int, default=len(os.sched_getaffinity(0)), metavar="N")

    def handle(
        self,
        *args: object,
        folder: Path,
        edition: int | None,
        region: list[str],
        processes: int,
        **options: object,
    ) -> None:
        try:
            copied = mirror(Subject.asked(edition, region), folder, processes)
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        done = copied.done
        self.stdout.write(
            f"{copied.subject.words}：{done.files} 个文件，写了 {done.written} 个，删了 {done.removed} 个。"
        )
        if copied.trouble:
            self.stdout.write(f"没有签名：{copied.trouble}")
            sys.exit(2)
