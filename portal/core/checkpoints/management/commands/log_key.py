"""The key that signs the log: shown, and replaced."""

from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.checkpoints import keys
from portal.core.checkpoints.succession import known_keys, note_current, replace_key


class Command(BaseCommand):
    help = "Shows the keys that sign and signed the log; --replace makes a new one, which the old one signs."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--replace", metavar="REASON", default="", help="make a new key, with the reason for everybody"
        )
        parser.add_argument(
            "--note", action="store_true", help="write down that this key signs now; done at each start"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["replace"] and settings.LOG_SIGN_COMMAND:
            raise CommandError("钥匙在 LOG_SIGN_COMMAND 手里：请在那里换，再改 LOG_PUBLIC_KEY 并重新启动。")
        try:
            if options["replace"]:
                replace_key(options["replace"])
            elif options["note"]:
                note_current()
            rows = known_keys()
        except keys.CannotSign as refusal:
            raise CommandError(str(refusal)) from refusal
        for row in rows:
            self.stdout.write(f"自第{row.size}版  {row.verifier.fingerprint}  {row.key}")
