"""Makes the desk Django's default admin site, so that `admin.register` finds it."""

from django.contrib.admin.apps import AdminConfig


class DeskConfig(AdminConfig):
    default = False
    default_site = "portal.core.desk.site.DeskSite"
