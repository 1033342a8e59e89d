"""Give an account a role."""

import sys

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser

from portal.core.accounts.models import User
from portal.core.accounts.roles import ROLES
from portal.core.workflow import NotAllowed
from portal.site.grants import give_role


class Command(BaseCommand):
    help = (
        "Give an account a role, and let it sign in to the desk. Giving it again changes nothing and says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="账号")
        parser.add_argument("role", help=f"角色：{'、'.join(ROLES)}")
        parser.add_argument("--division", default="", help="区划代码，只用于分地区的角色，如 350000")

    def handle(self, *args: object, user: str, role: str, division: str, **options: object) -> None:
        try:
            grant, is_new = give_role(account(user), role, division)
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)
        told = "已授权：{} 为「{}」。" if is_new else "没有改动：{} 已是「{}」。"
        self.stdout.write(told.format(user, grant))


def account(username: str) -> User:
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise NotAllowed("user.unknown", f"没有「{username}」这个账号，请先建立账号。")
    return user
