"""The accounts of the demonstration: three persons, so that nobody approves what is their own."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model

from portal.accounts.models import User
from portal.accounts.passwords import generated_password
from portal.grants import give_role

NAMES = {"editor": "编辑（演示）", "reviewer": "审核员（演示）", "publisher": "发布员（演示）"}


@dataclass(frozen=True)
class People:
    editor: User
    reviewer: User
    publisher: User


def gathered() -> tuple[People, dict[str, str]]:
    """The three accounts with the role of their name, and the passwords of those that are new."""
    users, passwords = {}, {}
    for username, name in NAMES.items():
        user = get_user_model().objects.filter(username=username).first()
        if user is None:
            passwords[username] = generated_password()
            user = get_user_model().objects.create_user(
                username, password=passwords[username], first_name=name
            )
        give_role(user, username)
        users[username] = user
    return People(**users), passwords
