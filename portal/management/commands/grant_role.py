"""Give an account a role. It stands at the front door because it records the act and knows the divisions."""

import sys
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandParser
from django.db import transaction

from catalog.regions.models import Division
from portal.accounts.models import Grant, User
from portal.accounts.roles import ROLES
from portal.audit.record import record
from portal.workflow import NotAllowed


class Command(BaseCommand):
    help = (
        "Give an account a role, and let it sign in to the desk. Giving it again changes nothing and says so."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("user", help="账号")
        parser.add_argument("role", help=f"角色：{'、'.join(ROLES)}")
        parser.add_argument("--division", default="", help="区划代码，只用于分地区的角色，如 350000")

    def handle(self, *args: Any, user: str, role: str, division: str, **options: Any) -> None:
        try:
            check_scope(role, division)
            self.stdout.write(granted_words(account(user), role, division))
        except NotAllowed as refusal:
            self.stdout.write(f"refused: {refusal.rule}\n{refusal.sentence}")
            sys.exit(1)


def account(username: str) -> User:
    user = get_user_model().objects.filter(username=username).first()
    if user is None:
        raise NotAllowed("user.unknown", f"没有「{username}」这个账号，请先建立账号。")
    return user


def check_scope(role: str, division: str) -> None:
    if role not in ROLES:
        raise NotAllowed("role.unknown", f"没有「{role}」这个角色，可用的有：{'、'.join(ROLES)}。")
    label = ROLES[role].label
    if ROLES[role].is_scoped and not division:
        raise NotAllowed("role.division", f"「{label}」须用 --division 写明区划代码，如 350000。")
    if division and not ROLES[role].is_scoped:
        raise NotAllowed("role.division", f"「{label}」不分地区，请去掉 --division。")
    if division and not Division.objects.filter(pk=division).exists():
        raise NotAllowed("division.unknown", f"没有「{division}」这个区划代码，请写 GB/T 2260 的六位代码。")


def granted_words(user: User, role: str, division: str = "") -> str:
    """Grant the role where the account does not hold it; returns what to print."""
    with transaction.atomic():
        given, is_new = Grant.objects.get_or_create(user=user, role=role, division=division)
        if not is_new:
            return f"没有改动：{user.username} 已是「{given}」。"
        if not user.is_staff:
            user.is_staff = True
            user.save(update_fields=["is_staff"])
        record("grant.given", user, role=role, division=division)
    return f"已授权：{user.username} 为「{given}」。"
