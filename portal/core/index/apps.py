from django.apps import AppConfig


class IndexConfig(AppConfig):
    name = "portal.core.index"
    label = "index"
    verbose_name = "检索"
