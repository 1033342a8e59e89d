"""The accounts of the demonstration: three persons of staff, so that nobody approves what is their own, and a maker."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.contrib.auth import get_user_model

from portal.core.accounts.models import User
from portal.core.accounts.passwords import generated_password
from portal.site.grants import give_role

NAMES = {"editor": "编辑（演示）", "reviewer": "审核员（演示）", "publisher": "发布员（演示）"}


@dataclass(frozen=True)
class People:
    editor: User
    reviewer: User
    publisher: User
    maker: User


def gathered() -> tuple[People, dict[str, str]]:
    """The accounts, staff with the role of their name, and the passwords of those that are new."""
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
    passwords["maker"] = generated_password()
    users["maker"] = enterprise_account("maker", "企业经办人（演示）", passwords["maker"])
    return People(**users), passwords


def enterprise_account(username: str, name: str, password: str | None = None) -> User:
    """With a verified address that nobody has; without a password nobody signs in."""
    address = f"{username}@example.com"
    user = User.objects.create_user(username, address, password, first_name=name)
    EmailAddress.objects.create(user=user, email=address, primary=True, verified=True)
    return user
