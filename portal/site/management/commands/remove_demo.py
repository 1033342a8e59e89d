"""Empty a demonstration database."""

import sys

from django.core.management.base import BaseCommand

from portal.core.workflow import NotAllowed
from portal.site.demonstration.removal import remove


class Command(BaseCommand):
    help = "Empty a demonstration database, accounts included. Refused where anything real was published."

    def handle(self, *args: object, **options: object) -> None:
        try:
            is_removed = remove()
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        if is_removed:
            self.stdout.write(
                "演示数据已全部移除，数据库现在是空的。请重新运行 create_admin 和 seed_facts（make run 会一并完成）。"
            )
        else:
            self.stdout.write("没有改动：本数据库里没有演示数据。")
