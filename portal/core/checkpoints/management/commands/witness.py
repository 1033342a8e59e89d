"""For a certification body, a province, anybody with a machine of their own: cosign the log of a portal, again and again."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from portal.core.checkpoints.keys import CannotSign
from portal.core.checkpoints.notes import NAME, BadNote
from portal.core.checkpoints.witnessing import Refused, Witness


class Command(BaseCommand):
    help = "Cosigns the log at URL after it has checked that it continues what was cosigned last. Reads no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("url", help="the site, such as https://portal.example.cn")
        parser.add_argument("--name", required=True, help="of the witness, without blanks: ca.example.cn/w1")
        parser.add_argument(
            "--key", default="", help="the key of the log, the first time and when it was replaced"
        )
        parser.add_argument("--folder", default="", help="where key and state lie; VAR_DIR/witness")

    def handle(self, *args: Any, **options: Any) -> None:
        if urlsplit(options["url"]).scheme not in {"http", "https"} or not NAME.fullmatch(options["name"]):
            raise CommandError("URL 要以 https:// 开头；--name 不能有空格和加号。")
        folder = Path(options["folder"] or settings.VAR_DIR / "witness")
        log = options["url"].rstrip("/") + "/log"
        try:
            witness = Witness(options["name"], folder, log, options["key"])
            self.stdout.write(f"见证方公钥 {witness.key}")
            said = witness.witnessed()
        except (Refused, CannotSign) as refusal:
            raise CommandError(str(refusal)) from refusal
        except BadNote as error:
            raise CommandError("--key 不是公钥。形如 portal.example.cn/log+1a2b3c4d+AQ…") from error
        self.stdout.write(f"已见证 {said.origin} 第{said.size}版")
