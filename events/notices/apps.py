from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "events.notices"
    verbose_name = "通知公告"
