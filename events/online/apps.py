from django.apps import AppConfig


class OnlineConfig(AppConfig):
    name = "events.online"
    verbose_name = "线上平台"
