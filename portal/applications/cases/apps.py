from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "portal.applications.cases"
    label = "desk"
    verbose_name = "企业申报"
