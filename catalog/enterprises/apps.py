from django.apps import AppConfig


class EnterprisesConfig(AppConfig):
    name = "catalog.enterprises"
    verbose_name = "企业"
