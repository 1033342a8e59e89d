"""The front door as an application: it brings the system checks of the whole house."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "绿色建材下乡信息平台"

    def ready(self) -> None:
        from portal import checks  # noqa: F401 - importing registers them
