"""Create the first administrator."""

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand
from django.db import transaction

from portal.core.accounts.passwords import generated_password

NAME = "admin"


class Command(BaseCommand):
    help = "Create the superuser admin with a generated password, printed once; does nothing where a superuser exists."

    def handle(self, *args: object, **options: object) -> None:
        users = get_user_model()._default_manager
        with transaction.atomic():
            if users.filter(is_superuser=True).exists():
                return
            password = generated_password()
            users.create_superuser(username=NAME, password=password)  # type: ignore[attr-defined]
        self.stdout.write(f"{NAME}  {password}")
