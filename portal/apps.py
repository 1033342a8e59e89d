"""The front door as an application: it brings the system checks of the whole house."""

from django.apps import AppConfig
from django.conf import settings

from portal import error_tracking


class PortalConfig(AppConfig):
    name = "portal"
    verbose_name = "绿色建材下乡信息平台"

    def ready(self) -> None:
        from portal import checks  # noqa: F401 - importing registers them

        if settings.SENTRY_DSN:
            error_tracking.begin(settings.SENTRY_DSN)
