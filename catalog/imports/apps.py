from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "catalog.imports"
    verbose_name = "导入"
