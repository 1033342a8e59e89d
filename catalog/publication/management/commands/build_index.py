import sys

from django.core.management.base import BaseCommand

from catalog.publication.search import masks, preparation
from portal.index import collections


class Command(BaseCommand):
    help = "Builds the search index anew from the frozen lines; --check only compares, and exits 1 where they differ."

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，不改动")

    def handle(self, *args, check, **options):
        if not check:
            count = preparation.rebuild() + sum(room.rebuild() for room in collections.kept())
            masks.forget()
            self.stdout.write(f"已重建检索：{count} 项")
            return
        faults = preparation.faults() + [fault for room in collections.kept() for fault in room.faults()]
        for fault in faults[:50]:
            self.stdout.write(f"differs: {fault}")
        if faults:
            self.stdout.write(f"检索与数据有 {len(faults)} 处不符，请运行 build_index 重建。")
            sys.exit(1)
        self.stdout.write("检索与数据相符。")
