from django.apps import AppConfig


class IndexConfig(AppConfig):
    name = "portal.index"
    verbose_name = "检索"
