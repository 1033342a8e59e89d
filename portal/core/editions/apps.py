from django.apps import AppConfig
from django.db.models.signals import post_migrate


def install_protection(using: str, **_kwargs: object) -> None:
    from .protection import install

    install(using)


class EditionsConfig(AppConfig):
    name = "portal.core.editions"
    label = "editions"
    verbose_name = "版次"

    def ready(self) -> None:
        # Django's own hook for what must stand after any migration; nothing of the portal's flow hangs on it.
        post_migrate.connect(install_protection, sender=self)
