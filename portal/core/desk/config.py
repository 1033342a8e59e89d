"""Makes the desk Django's default admin site, so that `admin.register` finds it."""

from django.contrib.admin.apps import AdminConfig
from django.contrib.admin.templatetags import admin_list


class DeskConfig(AdminConfig):
    default = False
    default_site = "portal.core.desk.site.DeskSite"

    def ready(self) -> None:
        super().ready()
        admin_list._boolean_icon = yes_or_no  # type: ignore[assignment]  # wherever Django shows one: its picture says 「True」


def yes_or_no(value: bool | None) -> str:
    return "—" if value is None else "是" if value else "否"
