from django.apps import AppConfig


class PublicationConfig(AppConfig):
    name = "catalog.publication"
    verbose_name = "批次与公布"
