from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class PagesConfig(AppConfig):
    name = "portal.core.pages"
    label = "pages"
    verbose_name = "页面"

    def ready(self) -> None:
        """Every room may bring blocks for pages of rooms below; see `portal.core.pages.blocks`."""
        autodiscover_modules("blocks")
