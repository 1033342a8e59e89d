from django.apps import AppConfig


class EditionsConfig(AppConfig):
    name = "portal.editions"
    verbose_name = "版次"
