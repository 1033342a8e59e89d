"""Django's flush, which a real database refuses and which steps round the triggers of an empty or demonstration one."""

from typing import Any

from django.conf import settings
from django.core.management.base import CommandError
from django.core.management.commands.flush import Command as Flush

from portal.core.editions import protection
from portal.core.editions.models import Installation


class Command(Flush):
    def handle(self, **options: Any) -> None:
        real = Installation.objects.using(options["database"]).filter(kind=Installation.Kind.REAL).exists()
        if real and not getattr(
            settings, "DISPOSABLE_DATABASE", False
        ):  # only the settings of the tests say so
            raise CommandError("refused: database.real\n本数据库已公布正式内容，不能清空。")
        protection.remove(options["database"])
        try:
            super().handle(**options)
        finally:
            protection.install(options["database"])
