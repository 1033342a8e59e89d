"""Take a lost second factor away from an account."""

import sys

from django.core.management.base import BaseCommand, CommandParser

from portal.core.accounts.models import User
from portal.core.entrance.second_factor.losing import take_factor


class Command(BaseCommand):
    help = "Take app, passkeys and recovery codes of an account away and end its sessions; the next sign-in sets new ones up."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="账号")

    def handle(self, *args: object, user: str, **options: object) -> None:
        account = User.objects.filter(username=user).first()
        if account is None:
            self.stdout.write(f"refused: user.unknown\n没有「{user}」这个账号。")
            sys.exit(1)
        take_factor(account, by=None)
        self.stdout.write(f"已清除「{user}」的第二因素，它在所有设备上退出；下次登录须重新设置。")
