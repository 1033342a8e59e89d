from django.apps import AppConfig


class SheetsConfig(AppConfig):
    name = "portal.site.sheets"
    label = "sheets"
    verbose_name = "核验单"
