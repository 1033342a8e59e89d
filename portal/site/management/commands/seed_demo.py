"""Lay the demonstration."""

import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from catalog.publication.models import Batch, ProductLine
from portal.core.workflow import NotAllowed
from portal.site.demonstration.laying import lay


class Command(BaseCommand):
    help = (
        "Fill an empty database with fictitious makers, products and batches, and create editor, reviewer, publisher and "
        "an enterprise's account, maker, with passwords that are printed once. A second run changes nothing."
    )

    def handle(self, *args: object, **options: object) -> None:
        if not (settings.STATIC_ROOT / "staticfiles.json").exists():
            # Notices check their links by drawing the pages, and pages name their stylesheet by its digest.
            call_command("collectstatic", interactive=False, verbosity=0)
        try:
            passwords = lay()
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        if passwords is None:
            self.stdout.write("没有改动：演示数据已在库中。")
            return
        batches, lines = Batch.objects.count(), ProductLine.objects.current().count()
        self.stdout.write(f"演示数据：{batches} 个批次，公开的产品行 {lines} 条，均为虚构。")
        for username, password in passwords.items():
            self.stdout.write(f"{username}  {password}")
