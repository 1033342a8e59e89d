"""Recompute the chain from the rows and, where asked, read the stored files."""

import sys
from collections.abc import Iterable
from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from catalog.publication.publishing.verify import all_faults
from portal.core.editions.models import Edition
from portal.core.files.verify import FileFault, file_faults, sampled_faults

MOST = 200


class Command(BaseCommand):
    help = "Recomputes every digest and head from the rows; exits 1 and names batch, key and field where one differs."

    def add_arguments(self, parser: CommandParser) -> None:
        reading = parser.add_mutually_exclusive_group()
        reading.add_argument("--files", action="store_true", help="也读每一个存放的文件，逐字节核对")
        reading.add_argument(
            "--files-sample", type=int, metavar="N", help="只核对 N 个文件，每天换一批，轮着核对到全部"
        )

    def handle(self, *args: Any, files: bool, files_sample: int | None, **options: Any) -> None:
        altered = list(islice(all_faults(), MOST))
        for fault in altered:
            self.stdout.write(f"altered: {fault}")
        broken = self.tell_files(file_faults() if files else sampled_faults(files_sample or 0))
        if altered:
            more = "（只列出前 200 处）" if len(altered) == MOST else ""
            self.stdout.write(f"发现 {len(altered)} 处不符{more}。请保留现场，查审计记录，用备份核对。")
        if altered or broken:
            sys.exit(1)
        self.tell_head()

    def tell_files(self, faults: Iterable[FileFault]) -> bool:
        """Whether a file is not as it should be. Orphans are told, and are nothing that was lost."""
        found = list(faults)
        for fault in found:
            self.stdout.write(f"file: {fault}")
        broken = [fault for fault in found if not fault.is_orphan]
        if broken:
            self.stdout.write(
                f"{len(broken)} 个文件有问题。重新上传同一份文件，或用 restore 从备份找回；找回以后再核对一次。"
            )
        if len(found) > len(broken):
            self.stdout.write(
                f"{len(found) - len(broken)} 个文件没有记录指向它：多半是没有存完的上传，或恢复备份以后留下的，可以移走。"
            )
        return bool(broken)

    def tell_head(self) -> None:
        newest = Edition.objects.order_by("-number").first()
        self.stdout.write(f"完好：{newest}，链头 {newest.head}" if newest else "尚未公布任何内容。")
