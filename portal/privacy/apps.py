from django.apps import AppConfig


class PrivacyConfig(AppConfig):
    name = "portal.privacy"
    verbose_name = "个人信息"
