from django.apps import AppConfig


class EntranceConfig(AppConfig):
    name = "portal.core.entrance"
    label = "entrance"
    verbose_name = "登录与账号"
