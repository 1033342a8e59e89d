import sys

from django.core.management.base import BaseCommand, CommandError

from portal.core.index import health
from portal.core.index.alone import AlreadyRunning
from portal.core.index.building import Overtaken
from portal.core.index.collections import kept
from portal.core.index.rebuilding import rebuild
from portal.core.index.tasks import rebuild_outdated


class Command(BaseCommand):
    help = (
        "Builds the search index anew beside the old one, which is read until the new one is whole. --check only compares, "
        "and exits 1 where they differ; --outdated orders a job where something has to be built again."
    )

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，不改动")
        parser.add_argument("--outdated", action="store_true", help="检索已过时才重建，由后台任务办理")

    def handle(self, *args, check, outdated, **options):
        if check:
            self.check_all()
        elif outdated:
            self.order()
        else:
            self.build()

    def build(self) -> None:
        try:
            count = sum(rebuild(room) for room in kept())
        except (AlreadyRunning, Overtaken) as refusal:
            raise CommandError(str(refusal)) from refusal
        self.stdout.write(f"已重建检索：{count} 项")

    def check_all(self) -> None:
        faults = [fault for room in kept() for fault in room.faults()]
        for fault in faults[:50]:
            self.stdout.write(f"differs: {fault}")
        if faults:
            self.stdout.write(f"检索与数据有 {len(faults)} 处不符，请运行 build_index 重建。")
            sys.exit(1)
        self.stdout.write("检索与数据相符。")

    def order(self) -> None:
        health.take_stock()
        faults = health.faults()
        for fault in faults:
            self.stdout.write(f"检索过时：{fault}。")
        if faults:
            rebuild_outdated.enqueue()
            self.stdout.write("已安排后台任务重建；重建期间照常查找。")
